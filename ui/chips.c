/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chips.c: from the status and the settings to what is worth a glance; what is as it is for most has none. */
#include "config.h"
#include "ui/chips.h"

#include <glib/gi18n.h>

#define LOCKED "changes-prevent-symbolic"
#define OPEN   "changes-allow-symbolic"

static AditChip
find_lock (const AditStatus *status)
{
  if (g_str_equal (status->lock, "off"))
    return (AditChip) { _("Lock: open"), OPEN, "lockdown", TRUE };
  if (g_str_equal (status->lock, "tunnel") || g_str_equal (status->lock, "peer"))
    return (AditChip) { _("Lock: only the tunnel"), LOCKED, "lockdown", FALSE };
  return (AditChip) { _("Lock: nothing leaves"), LOCKED, "lockdown", FALSE };
}

/* Whether a list of words says something else than that one, which stands for how it is by itself. */
static gboolean
is_other (GVariant *settings, const char *name, const char *usual)
{
  g_autofree const char **texts = NULL;

  return settings != NULL && g_variant_lookup (settings, name, "^a&s", &texts) && texts[0] != NULL &&
         g_strcmp0 (texts[0], usual) != 0;
}

/**
 * adit_chips_find:
 * @status: what the helper told
 * @settings: (nullable): an a{sv} of GetSettings, where it is known
 * @chips: (out caller-allocates): what is on or open
 *
 * Returns: how many there are
 */
guint
adit_chips_find (const AditStatus *status, GVariant *settings, AditChip chips[ADIT_CHIPS_MAX])
{
  gboolean is_tunnelled = status->state == ADIT_STATE_CONNECTED, multicast = FALSE;
  guint n = 0;

  chips[n++] = find_lock (status);
  if (status->lockdown)
    chips[n++] = status->pause_left_s > 0 ? (AditChip) { _("Lockdown paused"), OPEN, "lockdown", TRUE }
                                          : (AditChip) { _("Lockdown on"), LOCKED, "lockdown", FALSE };
  if (status->entry_country[0] != '\0' || status->entry_city[0] != '\0' || status->entry_server[0] != '\0')
    chips[n++] = (AditChip) { _("By two servers"), "go-jump-symbolic", "multihop", FALSE };
  if (is_other (settings, "dns", "service"))
    chips[n++] = (AditChip) { _("Names: own resolvers"), "edit-find-symbolic", "dns", FALSE };
  else if (is_tunnelled && status->dns_blocks[0] != NULL)
    chips[n++] = (AditChip) { _("Names: some left out"), "edit-find-symbolic", "dns", FALSE };
  else if (is_tunnelled && status->dns_servers[0] != NULL)
    chips[n++] = (AditChip) { _("Names: in the tunnel"), "edit-find-symbolic", "dns", FALSE };
  if (is_other (settings, "lan", "off"))
    chips[n++] = (AditChip) { _("Local network open"), "network-wired-symbolic", "lan", TRUE };
  if (settings != NULL && g_variant_lookup (settings, "multicast", "b", &multicast) && multicast)
    chips[n++] = (AditChip) { _("Announcements open"), "network-wireless-symbolic", "multicast", TRUE };
  if (is_other (settings, "guests", NULL))
    chips[n++] = (AditChip) { _("Virtual machines open"), "computer-symbolic", "guests", TRUE };
  return n;
}
