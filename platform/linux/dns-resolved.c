/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-resolved.c: the tunnel device's servers become resolved's only ones, and become it again when it restarts or forgets. */
#define G_LOG_DOMAIN "adit-dns"

#include "platform/linux/dns-resolved.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/resolved-client.h"

#define JOURNAL_GROUP "dns-resolved"
#define SETTLE_MS     100
#define RETRY_MS      1000

struct _AditDnsResolved
{
  GObject parent_instance;

  GDBusConnection *bus;
  AditJournal     *journal;     /* borrowed: it outlives the platform */
  AditAddress      servers[ADIT_TUNNEL_MAX_DNS];
  guint            n_servers;   /* 0 while nothing is applied */

  guint            owner_watch, changes_watch, check_source;
  GFileMonitor    *monitor;
};

static void adit_dns_resolved_iface_init (AditDnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditDnsResolved, adit_dns_resolved, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_DNS, adit_dns_resolved_iface_init))

static int
find_link (GError **error)
{
  guint link = if_nametoindex (ADIT_TUNNEL_DEVICE);

  if (link == 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "The tunnel device " ADIT_TUNNEL_DEVICE " is not there");
  return (int) link;
}

/* Takes from every other link the names that belong to no link.  "~." on the tunnel does that already for names that no other
 * link claims with "~." as well; some DHCP servers and VPN profiles make a link claim it. */
static gboolean
silence_others (AditDnsResolved *self, int ours, GError **error)
{
  struct if_nameindex *links = if_nameindex ();
  gboolean good = TRUE;

  for (guint i = 0; good && links != NULL && links[i].if_index != 0; i++)
    {
      g_autofree char *key = g_strdup_printf ("link-%u", links[i].if_index);
      g_autoptr (GError) refused = NULL;
      gboolean is_default;

      if ((int) links[i].if_index == ours || strcmp (links[i].if_name, "lo") == 0)
        continue;
      if (!adit_resolved_get_default_route (self->bus, (int) links[i].if_index, &is_default, NULL) || !is_default)
        continue;
      good = adit_journal_note (self->journal, JOURNAL_GROUP, key, links[i].if_name, error);
      /* A link that systemd-networkd manages is refused to others.  Its queries do not pass the lock. */
      if (good && !adit_resolved_call_optional (self->bus, "SetLinkDefaultRoute",
                                                g_variant_new ("(ib)", (int) links[i].if_index, FALSE), &refused))
        g_message ("link %u keeps its default route for names: %s", links[i].if_index, refused->message);
    }
  if (links != NULL)
    if_freenameindex (links);
  return good;
}

static gboolean
put (AditDnsResolved *self, GError **error)
{
  int link = find_link (error);

  return link != 0 &&
         adit_journal_note (self->journal, JOURNAL_GROUP, "applied", "yes", error) &&
         adit_resolved_set_servers (self->bus, link, self->servers, self->n_servers, error) &&
         adit_resolved_call_optional (self->bus, "SetLinkDefaultRoute", g_variant_new ("(ib)", link, TRUE), error) &&
         adit_resolved_call_optional (self->bus, "SetLinkDNSOverTLS", g_variant_new ("(is)", link, "no"), error) &&
         adit_resolved_call_optional (self->bus, "SetLinkLLMNR", g_variant_new ("(is)", link, "no"), error) &&
         adit_resolved_call_optional (self->bus, "SetLinkMulticastDNS", g_variant_new ("(is)", link, "no"), error) &&
         silence_others (self, link, error) &&
         /* What was learned outside the tunnel must not be believed inside it, and the other way round. */
         adit_resolved_call_optional (self->bus, "FlushCaches", NULL, error) &&
         adit_resolved_has_servers (self->bus, link, self->servers, self->n_servers, error);
}

static gboolean
others_are_silent (AditDnsResolved *self, int ours)
{
  struct if_nameindex *links = if_nameindex ();
  gboolean silent = TRUE;

  for (guint i = 0; silent && links != NULL && links[i].if_index != 0; i++)
    {
      gboolean is_default = FALSE;

      if ((int) links[i].if_index != ours && strcmp (links[i].if_name, "lo") != 0 &&
          adit_resolved_get_default_route (self->bus, (int) links[i].if_index, &is_default, NULL))
        silent = !is_default;
    }
  if (links != NULL)
    if_freenameindex (links);
  return silent;
}

static gboolean
on_check (gpointer user_data)
{
  AditDnsResolved *self = user_data;
  g_autoptr (GError) error = NULL;
  int link = (int) if_nametoindex (ADIT_TUNNEL_DEVICE);

  self->check_source = 0;
  /* A device that is gone is the tunnel's event, not ours. */
  if (self->n_servers == 0 || link == 0)
    return G_SOURCE_REMOVE;
  if (adit_resolved_has_servers (self->bus, link, self->servers, self->n_servers, NULL))
    {
      /* A link that came up after us is no disturbance, but it must not be asked either. */
      if (!others_are_silent (self, link) && !silence_others (self, link, &error))
        g_warning ("%s", error->message);
      return G_SOURCE_REMOVE;
    }

  if (put (self, &error))
    g_message ("systemd-resolved had lost the tunnel's resolvers: they were put back");
  else
    {
      g_warning ("systemd-resolved has lost the tunnel's resolvers: %s", error->message);
      self->check_source = g_timeout_add (RETRY_MS, on_check, self);
    }
  adit_dns_emit_disturbed (ADIT_DNS (self), error == NULL);
  return G_SOURCE_REMOVE;
}

static void
check_soon (AditDnsResolved *self)
{
  if (self->n_servers > 0 && self->check_source == 0)
    self->check_source = g_timeout_add (SETTLE_MS, on_check, self);
}

static void
on_bus_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
               GVariant *arguments, gpointer user_data)
{
  check_soon (user_data);
}

static void
on_file_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  check_soon (user_data);
}

static void
watch (AditDnsResolved *self)
{
  g_autoptr (GFile) directory = g_file_new_for_path (ADIT_RESOLVED_DIRECTORY);

  if (self->owner_watch != 0)
    return;
  self->owner_watch = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.DBus", "org.freedesktop.DBus",
                                                          "NameOwnerChanged", "/org/freedesktop/DBus", ADIT_RESOLVED_NAME,
                                                          G_DBUS_SIGNAL_FLAGS_NONE, on_bus_signal, self, NULL);
  self->changes_watch = g_dbus_connection_signal_subscribe (self->bus, ADIT_RESOLVED_NAME, "org.freedesktop.DBus.Properties",
                                                            "PropertiesChanged", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                            on_bus_signal, self, NULL);
  /* Version 252 tells of few changes to a link on the bus, but writes this file on each change to any link's servers. */
  self->monitor = g_file_monitor_directory (directory, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_file_changed), self);
}

static void
unwatch (AditDnsResolved *self)
{
  if (self->owner_watch != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->owner_watch);
  if (self->changes_watch != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->changes_watch);
  self->owner_watch = self->changes_watch = 0;
  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
}

static const char *
resolved_get_name (AditDns *dns)
{
  return "resolved";
}

static gboolean
resolved_probe (AditDns *dns, GError **error)
{
  AditDnsResolved *self = ADIT_DNS_RESOLVED (dns);

  if (!adit_resolved_is_there (self->bus, TRUE))
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "systemd-resolved is not on the bus");
  else if (!adit_resolved_rules_file ("/etc/resolv.conf"))
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "/etc/resolv.conf does not lead to systemd-resolved");
  else
    return TRUE;
  return FALSE;
}

static gboolean
resolved_apply (AditDns *dns, const AditAddress *servers, guint n_servers, GError **error)
{
  AditDnsResolved *self = ADIT_DNS_RESOLVED (dns);

  for (guint i = 0; i < n_servers; i++)
    if (!adit_address_is_valid (&servers[i]))
      {
        g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "A resolver's address is not valid");
        return FALSE;
      }
  memcpy (self->servers, servers, n_servers * sizeof *servers);
  self->n_servers = n_servers;
  watch (self);
  if (put (self, error))
    return TRUE;
  /* Half of it may be in force; the caller reverts, and the journal knows what. */
  unwatch (self);
  self->n_servers = 0;
  return FALSE;
}

/* Only what we changed, and only where it is still as we left it. */
static gboolean
give_back_others (AditDnsResolved *self, GError **error)
{
  g_auto (GStrv) keys = adit_journal_dup_keys (self->journal, JOURNAL_GROUP);

  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *name = adit_journal_dup (self->journal, JOURNAL_GROUP, keys[i]);
      char now[IF_NAMESIZE] = "";
      gboolean is_default = TRUE;
      g_autoptr (GError) refused = NULL;
      guint link;

      if (!g_str_has_prefix (keys[i], "link-") || name == NULL)
        continue;
      /* A number can have been given to another link since, and a name to another number. */
      link = (guint) strtoul (keys[i] + strlen ("link-"), NULL, 10);
      if (link == 0 || if_indextoname (link, now) == NULL || strcmp (now, name) != 0)
        continue;
      if (!adit_resolved_get_default_route (self->bus, (int) link, &is_default, error))
        return FALSE;
      if (!is_default && !adit_resolved_call_optional (self->bus, "SetLinkDefaultRoute", g_variant_new ("(ib)", (int) link, TRUE),
                                                       &refused))
        g_message ("link %u did not take its default route for names back: %s", link, refused->message);
    }
  return TRUE;
}

static gboolean
resolved_revert (AditDns *dns, GError **error)
{
  AditDnsResolved *self = ADIT_DNS_RESOLVED (dns);
  guint link = if_nametoindex (ADIT_TUNNEL_DEVICE);

  unwatch (self);
  self->n_servers = 0;
  if (!adit_journal_has (self->journal, JOURNAL_GROUP))
    return TRUE;
  if (!adit_resolved_is_there (self->bus, TRUE))
    {
      /* Nobody asks it now.  What it keeps of other links under /run it would read again, so the journal keeps its items too. */
      g_message ("systemd-resolved is gone; there is nothing to give back to");
      return TRUE;
    }
  if (link != 0 && !adit_resolved_revert_link (self->bus, (int) link, error))
    return FALSE;
  return give_back_others (self, error) && adit_resolved_call_optional (self->bus, "FlushCaches", NULL, error) &&
         adit_journal_forget (self->journal, JOURNAL_GROUP, error);
}

static void
adit_dns_resolved_iface_init (AditDnsInterface *iface)
{
  iface->get_name = resolved_get_name;
  iface->probe = resolved_probe;
  iface->apply = resolved_apply;
  iface->revert = resolved_revert;
}

static void
adit_dns_resolved_finalize (GObject *object)
{
  AditDnsResolved *self = ADIT_DNS_RESOLVED (object);

  unwatch (self);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (adit_dns_resolved_parent_class)->finalize (object);
}

static void
adit_dns_resolved_class_init (AditDnsResolvedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_dns_resolved_finalize;
}

static void
adit_dns_resolved_init (AditDnsResolved *self)
{
}

/**
 * adit_dns_resolved_new:
 * @bus: the system bus
 * @journal: where is noted what is to be given back; must outlive the back end
 *
 * Returns: (transfer full): the back end for systemd-resolved
 */
AditDns *
adit_dns_resolved_new (GDBusConnection *bus, AditJournal *journal)
{
  AditDnsResolved *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus) && journal != NULL, NULL);

  self = g_object_new (ADIT_TYPE_DNS_RESOLVED, NULL);
  self->bus = g_object_ref (bus);
  self->journal = journal;
  return ADIT_DNS (self);
}
