/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-networkmanager.c: NetworkManager itself writes our resolvers, through its restarts and new leases, until told otherwise.
 *
 * It is told by a file of ours among its own, NetworkManager.conf(5): [global-dns-domain-*] stands over the name servers of all
 * connections.  The file lies under /run, so power lost while connected undoes it; it is all ours, so going back is to remove it,
 * also while NetworkManager is not running; and NetworkManager reads it before it first writes anything, so there is no moment at
 * its start at which the uplink's resolvers stand in the file.  The same by its property GlobalDnsConfiguration would be kept on
 * disk and found again after a reboot, and what it was before would have to be remembered.  Settings of the tunnel's own device
 * (Reapply) are ignored for devices that NetworkManager does not manage, since 1.26.6. */
#define G_LOG_DOMAIN "adit-dns"

#include "platform/linux/dns-networkmanager.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "platform/linux/networkmanager-client.h"
#include "platform/linux/resolv-conf.h"

#define JOURNAL_GROUP  "dns-networkmanager"
#define DIRECTORY      "/run/NetworkManager/conf.d"
#define CONFIGURATION  DIRECTORY "/adit-while-connected.conf"
#define FILE_MAX_BYTES (64 * 1024)
#define SETTLE_MS      100
#define RETRY_MS       1000
#define FOUND_MS       1000    /* so long what a probe found need not be asked for again: somebody waits for each answer */
#define WRITTEN_MS     500     /* 1.42 has written the file before it answers; one that does so a moment later is waited for */

struct _AditDnsNetworkmanager
{
  GObject parent_instance;

  GDBusConnection *bus;        /* NULL during recovery without a bus */
  AditJournal     *journal;    /* borrowed: it outlives the platform */
  char            *path;       /* "/etc/resolv.conf" */
  char            *file;       /* what that is in truth, while something is applied */
  char            *found;      /* (nullable): the same as it was found at: */
  gint64           found_us;
  AditAddress      servers[ADIT_TUNNEL_MAX_DNS];
  guint            n_servers;  /* 0 while nothing is applied */

  guint            owner_watch, check_source;
  GFileMonitor    *monitors[2];    /* of its configuration, and of what it writes */
};

static void adit_dns_networkmanager_iface_init (AditDnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditDnsNetworkmanager, adit_dns_networkmanager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_DNS, adit_dns_networkmanager_iface_init))

static char *
dup_servers (const AditAddress *servers, guint n_servers, const char *between)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_servers; i++)
    {
      g_autofree char *address = adit_address_dup_text (&servers[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? between : "", address);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_configuration (AditDnsNetworkmanager *self)
{
  g_autofree char *servers = dup_servers (self->servers, self->n_servers, ",");

  return g_strdup_printf ("# Written by Adit while it is connected.\n[global-dns-domain-*]\nservers=%s\n", servers);
}

static gboolean
names_only (const char *file, const AditAddress *servers, guint n_servers)
{
  g_autofree char *text = adit_file_read (file, FILE_MAX_BYTES, NULL, NULL);

  return text != NULL && adit_resolv_conf_names_only (text, servers, n_servers);
}

static gboolean
is_undisturbed (AditDnsNetworkmanager *self)
{
  g_autofree char *now = adit_file_read (CONFIGURATION, FILE_MAX_BYTES, NULL, NULL), *wanted = dup_configuration (self);

  return g_strcmp0 (now, wanted) == 0 && names_only (self->file, self->servers, self->n_servers);
}

static gboolean
put (AditDnsNetworkmanager *self, GError **error)
{
  g_autofree char *wanted = dup_configuration (self);

  if (mkdir (DIRECTORY, 0755) < 0 && errno != EEXIST)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "Could not make %s: %s", DIRECTORY, g_strerror (errno));
      return FALSE;
    }
  if (!adit_file_write (CONFIGURATION, wanted, strlen (wanted), 0644, error) || !adit_networkmanager_reload (self->bus, error))
    return FALSE;
  for (guint waited_ms = 0; waited_ms < WRITTEN_MS; waited_ms += 10)
    {
      if (names_only (self->file, self->servers, self->n_servers))
        return TRUE;
      g_usleep (10 * 1000);
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "NetworkManager did not write the tunnel's resolvers into %s",
               self->file);
  return FALSE;
}

static gboolean
on_check (gpointer user_data)
{
  AditDnsNetworkmanager *self = user_data;
  g_autoptr (GError) error = NULL;

  self->check_source = 0;
  if (self->n_servers == 0 || is_undisturbed (self))
    return G_SOURCE_REMOVE;
  if (put (self, &error))
    g_message ("another program changed NetworkManager's resolvers: ours were put back");
  else
    {
      g_warning ("another program changed NetworkManager's resolvers: %s", error->message);
      self->check_source = g_timeout_add (RETRY_MS, on_check, self);
    }
  adit_dns_emit_disturbed (ADIT_DNS (self), error == NULL);
  return G_SOURCE_REMOVE;
}

static void
check_soon (AditDnsNetworkmanager *self)
{
  if (self->n_servers > 0 && self->check_source == 0)
    self->check_source = g_timeout_add (SETTLE_MS, on_check, self);
}

static void
on_owner_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
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
watch (AditDnsNetworkmanager *self)
{
  const char *const paths[] = { CONFIGURATION, self->file };

  if (self->owner_watch != 0)
    return;
  self->owner_watch = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.DBus", "org.freedesktop.DBus",
                                                          "NameOwnerChanged", "/org/freedesktop/DBus", ADIT_NETWORKMANAGER_NAME,
                                                          G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, self, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (paths[i]);

      self->monitors[i] = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
      if (self->monitors[i] == NULL)
        continue;
      g_file_monitor_set_rate_limit (self->monitors[i], SETTLE_MS);
      g_signal_connect (self->monitors[i], "changed", G_CALLBACK (on_file_changed), self);
    }
}

static void
unwatch (AditDnsNetworkmanager *self)
{
  if (self->owner_watch != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->owner_watch);
  self->owner_watch = 0;
  g_clear_handle_id (&self->check_source, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (self->monitors); i++)
    {
      if (self->monitors[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->monitors[i], self);
      g_clear_object (&self->monitors[i]);
    }
}

static const char *
networkmanager_get_name (AditDns *dns)
{
  return "networkmanager";
}

static gboolean
networkmanager_probe (AditDns *dns, GError **error)
{
  AditDnsNetworkmanager *self = ADIT_DNS_NETWORKMANAGER (dns);

  g_clear_pointer (&self->found, g_free);
  if (self->bus == NULL || !adit_networkmanager_is_there (self->bus))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "NetworkManager is not on the bus");
      return FALSE;
    }
  self->found = adit_networkmanager_find_file (self->bus, self->path, error);
  self->found_us = g_get_monotonic_time ();
  if (self->found == NULL)
    return FALSE;
  /* The administrator's own would win over ours: then the file is written over instead. */
  if (!adit_file_exists (CONFIGURATION) && adit_networkmanager_has_global_dns (self->bus))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "NetworkManager has name servers for all links already");
      return FALSE;
    }
  return TRUE;
}

/* Once.  If it is not NetworkManager's any more, that is seen when the resolvers do not come to stand in it. */
static char *
take_found (AditDnsNetworkmanager *self, GError **error)
{
  g_autofree char *found = g_steal_pointer (&self->found);

  if (self->bus == NULL)
    return NULL;
  if (found != NULL && g_get_monotonic_time () - self->found_us < FOUND_MS * G_TIME_SPAN_MILLISECOND)
    return g_steal_pointer (&found);
  return adit_networkmanager_find_file (self->bus, self->path, error);
}

/* For the case that NetworkManager does not run any more when it is to go back. */
static gboolean
note (AditDnsNetworkmanager *self, GError **error)
{
  g_autofree char *servers = dup_servers (self->servers, self->n_servers, " "), *former = NULL;

  if (!adit_journal_has (self->journal, JOURNAL_GROUP))
    {
      former = adit_file_read (self->file, FILE_MAX_BYTES, NULL, NULL);
      if (!adit_journal_note (self->journal, JOURNAL_GROUP, "file", self->file, error) ||
          !adit_journal_note (self->journal, JOURNAL_GROUP, "former", former != NULL ? former : "", error))
        return FALSE;
    }
  return adit_journal_note (self->journal, JOURNAL_GROUP, "servers", servers, error);
}

static gboolean
networkmanager_apply (AditDns *dns, const AditAddress *servers, guint n_servers, GError **error)
{
  AditDnsNetworkmanager *self = ADIT_DNS_NETWORKMANAGER (dns);
  g_autofree char *file = take_found (self, error);

  if (file == NULL)
    return FALSE;
  for (guint i = 0; i < n_servers; i++)
    if (!adit_address_is_valid (&servers[i]))
      {
        g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "A resolver's address is not valid");
        return FALSE;
      }
  unwatch (self);
  g_free (self->file);
  self->file = g_steal_pointer (&file);
  memcpy (self->servers, servers, n_servers * sizeof *servers);
  self->n_servers = n_servers;
  if (note (self, error) && (watch (self), put (self, error)))
    return TRUE;
  /* The caller reverts. */
  unwatch (self);
  self->n_servers = 0;
  return FALSE;
}

/* NetworkManager will not write the file: what it wrote before us comes back, if ours is still there. */
static gboolean
give_back_file (AditDnsNetworkmanager *self, GError **error)
{
  g_autofree char *file = adit_journal_dup (self->journal, JOURNAL_GROUP, "file");
  g_autofree char *former = adit_journal_dup (self->journal, JOURNAL_GROUP, "former");
  g_autofree char *text = adit_journal_dup (self->journal, JOURNAL_GROUP, "servers");
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);
  AditAddress servers[ADIT_TUNNEL_MAX_DNS];
  guint n = 0;

  while (n < G_N_ELEMENTS (servers) && words[n] != NULL && adit_address_parse (words[n], &servers[n]))
    n++;
  if (file == NULL || former == NULL || former[0] == '\0' || !names_only (file, servers, n))
    return TRUE;
  return adit_file_write (file, former, strlen (former), 0644, error);
}

static gboolean
networkmanager_revert (AditDns *dns, GError **error)
{
  AditDnsNetworkmanager *self = ADIT_DNS_NETWORKMANAGER (dns);
  gboolean noted = adit_journal_has (self->journal, JOURNAL_GROUP) || adit_file_exists (CONFIGURATION);

  unwatch (self);
  self->n_servers = 0;
  if (!noted)
    return TRUE;
  if (!adit_file_remove (CONFIGURATION, error))
    return FALSE;
  if (self->bus != NULL && adit_networkmanager_is_there (self->bus) ? !adit_networkmanager_reload (self->bus, error)
                                                                     : !give_back_file (self, error))
    return FALSE;
  return adit_journal_forget (self->journal, JOURNAL_GROUP, error);
}

static void
adit_dns_networkmanager_iface_init (AditDnsInterface *iface)
{
  iface->get_name = networkmanager_get_name;
  iface->probe = networkmanager_probe;
  iface->apply = networkmanager_apply;
  iface->revert = networkmanager_revert;
}

static void
adit_dns_networkmanager_finalize (GObject *object)
{
  AditDnsNetworkmanager *self = ADIT_DNS_NETWORKMANAGER (object);

  unwatch (self);
  g_clear_object (&self->bus);
  g_free (self->file);
  g_free (self->found);
  g_free (self->path);
  G_OBJECT_CLASS (adit_dns_networkmanager_parent_class)->finalize (object);
}

static void
adit_dns_networkmanager_class_init (AditDnsNetworkmanagerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_dns_networkmanager_finalize;
}

static void
adit_dns_networkmanager_init (AditDnsNetworkmanager *self)
{
}

/**
 * adit_dns_networkmanager_new:
 * @bus: (nullable): the system bus; without it there is only the way back
 * @journal: where is noted what is to be given back; must outlive the back end
 * @path: the resolver file, "/etc/resolv.conf"
 *
 * Returns: (transfer full): the back end for NetworkManager
 */
AditDns *
adit_dns_networkmanager_new (GDBusConnection *bus, AditJournal *journal, const char *path)
{
  AditDnsNetworkmanager *self;

  g_return_val_if_fail (journal != NULL && path != NULL, NULL);

  self = g_object_new (ADIT_TYPE_DNS_NETWORKMANAGER, NULL);
  self->bus = bus != NULL ? g_object_ref (bus) : NULL;
  self->journal = journal;
  self->path = g_strdup (path);
  return ADIT_DNS (self);
}
