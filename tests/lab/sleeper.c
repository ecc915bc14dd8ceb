/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sleeper.c: logind asks everybody, waits for who holds an inhibitor, and then starts suspend.target.  That is systemd's, which
 * does not run in the lab: we stand in for it, stop the programs that would stand still, and say when the job is over. */
#include "tests/lab/sleeper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <glib/gstdio.h>

#define BUS      "unix:path=/run/dbus/system_bus_socket"
#define SYSTEMD  "org.freedesktop.systemd1"
#define LOGIND   "org.freedesktop.login1"
#define PATH     "/org/freedesktop/login1"
#define STATES   "/run/lab-sleep-states"
#define JOB      "/org/freedesktop/systemd1/job/1"
#define LIMIT_US (10 * G_USEC_PER_SEC)

static const char xml[] =
  "<node><interface name='org.freedesktop.systemd1.Manager'>"
  "<method name='Subscribe'/><method name='Unsubscribe'/>"
  "<method name='StartUnit'><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<signal name='JobRemoved'><arg type='u'/><arg type='o'/><arg type='s'/><arg type='s'/></signal></interface>"
  "<interface name='org.freedesktop.systemd1.Unit'><property name='LoadState' type='s' access='read'/></interface></node>";

struct _Sleeper
{
  GDBusConnection *bus;
  char            *unit;      /* (nullable): that logind wants started */
  gboolean         is_over;   /* logind has told everybody that it is */
};

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *arguments, GDBusMethodInvocation *call, gpointer user_data)
{
  Sleeper *self = user_data;

  if (!g_str_equal (method, "StartUnit"))
    {
      g_dbus_method_invocation_return_value (call, NULL);
      return;
    }
  g_free (self->unit);
  g_variant_get (arguments, "(ss)", &self->unit, NULL);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", JOB));
}

static GVariant *
on_get (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name, GError **error,
        gpointer user_data)
{
  return g_variant_new_string ("loaded");
}

static void
on_prepare (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
            GVariant *arguments, gpointer user_data)
{
  Sleeper *self = user_data;
  gboolean is_going;

  g_variant_get (arguments, "(b)", &is_going);
  self->is_over = !is_going;
}

static gboolean
is_on_client (const char *process)
{
  g_autofree char *path = g_build_filename ("/proc", process, "ns", "net", NULL);
  GStatBuf there, here;

  return g_stat (path, &there) == 0 && g_stat ("/run/netns/client", &here) == 0 && there.st_ino == here.st_ino;
}

/* What would stand still with the processor: of the computer's own programs those that matter here.  The relay is up. */
static void
signal_all (int number)
{
  static const char *const names[] = { "aditd", "adit-worker", "wireguard-go", "NetworkManager", NULL };
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", entry, "comm", NULL), *name = NULL;

      if (!g_ascii_isdigit (entry[0]) || !g_file_get_contents (path, &name, NULL, NULL))
        continue;
      if (g_strv_contains (names, g_strstrip (name)) && is_on_client (entry))
        kill (atoi (entry), number);
    }
}

static GVariant *
ask (Sleeper *self, const char *method, GVariant *arguments, const char *type)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (self->bus, LOGIND, PATH, LOGIND ".Manager", method, arguments,
                                                  G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);

  if (answer == NULL)
    g_error ("logind: %s: %s", method, error->message);
  return answer;
}

/**
 * sleeper_new:
 *
 * In a world with %ADIT_WORLD_LOGIND.
 *
 * Returns: (transfer full): an awake computer
 */
Sleeper *
sleeper_new (void)
{
  static const GDBusInterfaceVTable calls = { .method_call = on_call, .get_property = on_get };
  static const struct { const char *path; guint interface; } objects[] = {
    { "/org/freedesktop/systemd1", 0 }, { "/org/freedesktop/systemd1/unit/suspend_2etarget", 1 },
  };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  Sleeper *self = g_new0 (Sleeper, 1);

  /* What the kernel says that it can; this one's may be able to do nothing, and nothing of it is done. */
  g_assert_true (g_file_set_contents (STATES, "freeze mem\n", -1, NULL));
  if (mount (STATES, "/sys/power/state", NULL, MS_BIND, NULL) != 0)
    g_error ("/sys/power/state: %s", g_strerror (errno));
  self->bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                      G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_dbus_connection_register_object (self->bus, objects[i].path, info->interfaces[objects[i].interface], &calls, self, NULL,
                                         &error);
      g_assert_no_error (error);
    }
  g_dbus_connection_signal_subscribe (self->bus, LOGIND, LOGIND ".Manager", "PrepareForSleep", PATH, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_prepare, self, NULL);
  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", SYSTEMD, 4u), NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);
  return self;
}

/**
 * sleeper_is_waited_for:
 * @self: a computer
 * @who: as it calls itself
 *
 * Returns: whether sleep waits for it
 */
gboolean
sleeper_is_waited_for (Sleeper *self, const char *who)
{
  g_autoptr (GVariant) answer = ask (self, "ListInhibitors", NULL, "(a(ssssuu))"), list = g_variant_get_child_value (answer, 0);
  const char *what, *name, *mode;
  GVariantIter all;

  g_variant_iter_init (&all, list);
  while (g_variant_iter_next (&all, "(&s&s&s&suu)", &what, &name, NULL, &mode, NULL, NULL))
    if (g_str_equal (what, "sleep") && g_str_equal (name, who) && g_str_equal (mode, "delay"))
      return TRUE;
  return FALSE;
}

/**
 * sleeper_fall:
 * @self: an awake computer
 *
 * Returns: after how many milliseconds everybody had agreed and it slept
 */
guint
sleeper_fall (Sleeper *self)
{
  gint64 began = g_get_monotonic_time ();
  guint ms;

  g_clear_pointer (&self->unit, g_free);
  g_dbus_connection_call (self->bus, LOGIND, PATH, LOGIND ".Manager", "Suspend", g_variant_new ("(b)", FALSE), NULL,
                          G_DBUS_CALL_FLAGS_NONE, 10000, NULL, NULL, NULL);
  while (self->unit == NULL && g_get_monotonic_time () - began < LIMIT_US)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  ms = (guint) ((g_get_monotonic_time () - began) / 1000);
  if (g_strcmp0 (self->unit, "suspend.target") != 0)
    g_error ("the computer does not fall asleep");
  signal_all (SIGSTOP);
  return ms;
}

/**
 * sleeper_wake:
 * @self: a computer that sleeps
 *
 * Returns when everybody has been told.
 */
void
sleeper_wake (Sleeper *self)
{
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  self->is_over = FALSE;
  signal_all (SIGCONT);
  g_dbus_connection_emit_signal (self->bus, NULL, "/org/freedesktop/systemd1", SYSTEMD ".Manager", "JobRemoved",
                                 g_variant_new ("(uoss)", 1, JOB, "suspend.target", "done"), &error);
  g_assert_no_error (error);
  while (!self->is_over && g_get_monotonic_time () - began < LIMIT_US)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  if (!self->is_over)
    g_error ("the computer does not wake up");
}

/**
 * sleeper_free:
 * @self: an awake computer
 */
void
sleeper_free (Sleeper *self)
{
  g_object_unref (self->bus);
  g_free (self->unit);
  g_free (self);
}
