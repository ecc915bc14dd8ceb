/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sleep.c: org.freedesktop.login1 as its D-Bus documentation describes it.  Who holds an inhibitor of the kind "delay" is waited
 * for: the computer sleeps when its descriptor is closed, or after five seconds. */
#define G_LOG_DOMAIN "adit-sleep"
#include "platform/sleep.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define NAME       "org.freedesktop.login1"
#define PATH       "/org/freedesktop/login1"
#define INTERFACE  NAME ".Manager"

struct _AditSleepWatch
{
  GDBusConnection *bus;
  AditSleepTold    told;
  gpointer         user_data;
  GCancellable    *cancellable;    /* of a question that is under way */
  guint            name_watch, signal;
  int              inhibitor;      /* -1: none */
};

static void
release (AditSleepWatch *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

static void
on_inhibited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditSleepWatch *self = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result,
                                                                                 &error);
  gint32 number;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;    /* whoever has cancelled may be gone */
  g_clear_object (&self->cancellable);
  if (answer != NULL)
    {
      g_variant_get (answer, "(h)", &number);
      self->inhibitor = fds != NULL ? g_unix_fd_list_get (fds, number, &error) : -1;
    }
  if (self->inhibitor < 0)
    g_message ("sleep does not wait for us: %s", error != NULL ? error->message : "no descriptor came");
}

static void
inhibit (AditSleepWatch *self)
{
  release (self);
  self->cancellable = g_cancellable_new ();
  g_dbus_connection_call_with_unix_fd_list (self->bus, NAME, PATH, INTERFACE, "Inhibit",
                                            g_variant_new ("(ssss)", "sleep", "Adit", "The tunnel is made again afterwards",
                                                           "delay"),
                                            G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                                            self->cancellable, on_inhibited, self);
}

static void
on_prepare (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
            GVariant *arguments, gpointer user_data)
{
  AditSleepWatch *self = user_data;
  gboolean is_going;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (arguments, "(b)", &is_going);
  self->told (is_going, self->user_data);
  if (is_going)
    release (self);
  else
    inhibit (self);
}

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  inhibit (user_data);
}

static void
on_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  release (user_data);
}

/**
 * adit_sleep_watch_new:
 * @bus: the system bus
 * @told: called from the main loop before and after each sleep; the computer waits until it has returned, where it can be made to
 * @user_data: for @told
 *
 * Where nobody tells of sleep, which is no error, nothing is told.
 *
 * Returns: (transfer full): a watch
 */
AditSleepWatch *
adit_sleep_watch_new (GDBusConnection *bus, AditSleepTold told, gpointer user_data)
{
  AditSleepWatch *self = g_new0 (AditSleepWatch, 1);

  self->bus = g_object_ref (bus);
  self->told = told;
  self->user_data = user_data;
  self->inhibitor = -1;
  self->signal = g_dbus_connection_signal_subscribe (bus, NAME, INTERFACE, "PrepareForSleep", PATH, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, on_prepare, self, NULL);
  self->name_watch = g_bus_watch_name_on_connection (bus, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished, self,
                                                     NULL);
  return self;
}

/**
 * adit_sleep_watch_free:
 * @self: (nullable): a watch; sleep waits for it no longer
 */
void
adit_sleep_watch_free (AditSleepWatch *self)
{
  if (self == NULL)
    return;
  g_bus_unwatch_name (self->name_watch);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signal);
  release (self);
  g_object_unref (self->bus);
  g_free (self);
}
