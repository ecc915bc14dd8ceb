/* SPDX-License-Identifier: GPL-2.0-or-later */
/* platform.c: what Linux offers, best first. */
#include "platform/platform.h"

#include "platform/linux/dns-file.h"
#include "platform/linux/dns-networkmanager.h"
#include "platform/linux/dns-resolved.h"
#include "platform/linux/network-linux.h"
#include "platform/linux/nft.h"
#include "platform/linux/polkit.h"
#include "platform/linux/route-linux.h"
#include "platform/linux/wg-kernel.h"
#include "platform/linux/wg-userspace.h"

#define RESOLV_CONF_PATH "/etc/resolv.conf"    /* resolv.conf(5) */

/**
 * adit_platform_new:
 * @journal: what has to be undone; must outlive the result
 * @bus: (nullable): the system bus; without it there is neither systemd-resolved nor anybody to ask for permission
 *
 * Gathers the back ends.  Nothing is changed and nothing is probed yet.
 *
 * Returns: (transfer full): all of this operating system
 */
AditPlatform *
adit_platform_new (AditJournal *journal, GDBusConnection *bus)
{
  AditPlatform *self = g_new0 (AditPlatform, 1);

  self->firewall = adit_nft_firewall_new ();
  self->route = adit_linux_route_new (journal);
  self->network = adit_linux_network_new (bus);
  self->tunnels[self->n_tunnels++] = adit_wg_kernel_new ();
  self->tunnels[self->n_tunnels++] = adit_wg_userspace_new ();
  if (bus != NULL)
    {
      self->authority = adit_polkit_new (bus);
      self->dns[self->n_dns++] = adit_dns_resolved_new (bus, journal);
    }
  self->dns[self->n_dns++] = adit_dns_networkmanager_new (bus, journal, RESOLV_CONF_PATH);
  self->dns[self->n_dns++] = adit_dns_file_new (journal, RESOLV_CONF_PATH);
  return self;
}

/**
 * adit_platform_free:
 * @self: (nullable): a platform; what it has set on the computer stays set
 */
void
adit_platform_free (AditPlatform *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->firewall);
  g_clear_object (&self->route);
  g_clear_object (&self->network);
  g_clear_object (&self->authority);
  for (guint i = 0; i < self->n_tunnels; i++)
    g_clear_object (&self->tunnels[i]);
  for (guint i = 0; i < self->n_dns; i++)
    g_clear_object (&self->dns[i]);
  g_free (self);
}
