/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checks.c: NetworkManager asks a page of its distribution's by each uplink, past the tunnel.  The lock stops that, and it would
 * tell the desktop that there is no internet although there is one.
 *
 * It is told to rest by a file of ours among its own, NetworkManager.conf(5), section "connectivity".  The file lies under /run,
 * so a loss of power undoes it.  Its property ConnectivityCheckEnabled would be kept on disk and found again after a reboot. */
#define G_LOG_DOMAIN "adit-network"
#include "platform/linux/checks.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "client/base/file.h"
#include "platform/linux/networkmanager-client.h"

#define FOLDER        "/run/NetworkManager"
#define DIRECTORY     FOLDER "/conf.d"
#define CONFIGURATION DIRECTORY "/adit-while-locked.conf"
#define CONTENT       "# Written by Adit while this computer is locked.\n[connectivity]\nenabled=false\n"

struct _AditChecks
{
  GDBusConnection *bus;    /* (nullable): then a change is found at NetworkManager's next start */
  gboolean         is_locked;
  guint            watch;
};

static void
put (AditChecks *self)
{
  g_autoptr (GError) error = NULL;

  /* Without it NetworkManager has not run yet, and is waited for. */
  if (!adit_file_exists (FOLDER) || adit_file_exists (CONFIGURATION))
    return;
  if ((mkdir (DIRECTORY, 0755) < 0 && errno != EEXIST) ||
      !adit_file_write (CONFIGURATION, CONTENT, strlen (CONTENT), 0644, &error))
    g_warning ("NetworkManager may say that there is no network: %s", error != NULL ? error->message : g_strerror (errno));
  else if (self->bus != NULL)
    adit_networkmanager_read_soon (self->bus);
}

static void
take (AditChecks *self)
{
  g_autoptr (GError) error = NULL;

  if (!adit_file_exists (CONFIGURATION))
    return;
  if (!adit_file_remove (CONFIGURATION, &error))
    g_warning ("NetworkManager does not check the network any more: %s", error->message);
  else if (self->bus != NULL)
    adit_networkmanager_read_soon (self->bus);
}

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  AditChecks *self = user_data;

  if (self->is_locked)
    put (self);
}

/**
 * adit_checks_new:
 * @bus: (nullable): the system bus
 *
 * Returns: (transfer full): what has not changed anything yet
 */
AditChecks *
adit_checks_new (GDBusConnection *bus)
{
  AditChecks *self = g_new0 (AditChecks, 1);

  self->bus = bus != NULL ? g_object_ref (bus) : NULL;
  return self;
}

/**
 * adit_checks_hush:
 * @self: checks
 * @is_locked: whether they are to rest
 *
 * Also undoes what an earlier helper has left.
 */
void
adit_checks_hush (AditChecks *self, gboolean is_locked)
{
  if (is_locked && self->is_locked)
    return;
  self->is_locked = is_locked;
  if (!is_locked)
    {
      take (self);
      return;
    }
  put (self);
  if (self->watch == 0 && self->bus != NULL)
    self->watch = g_bus_watch_name_on_connection (self->bus, ADIT_NETWORKMANAGER_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                                  NULL, self, NULL);
}

/**
 * adit_checks_free:
 * @self: (nullable): checks, which stay as they are
 */
void
adit_checks_free (AditChecks *self)
{
  if (self == NULL)
    return;
  if (self->watch != 0)
    g_bus_unwatch_name (self->watch);
  g_clear_object (&self->bus);
  g_free (self);
}
