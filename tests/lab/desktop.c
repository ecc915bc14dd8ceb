/* SPDX-License-Identifier: GPL-2.0-or-later */
/* desktop.c: everything it starts dies with the test, as the rest of its process namespace (a service that gives up root loses
 * the parent's death signal), and everything it mounts goes with the mount namespace. */
#include "tests/lab/desktop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>

#define BUS_PATH "/run/dbus/system_bus_socket"

void
lab_desktop_enter (void)
{
  adit_lab_enter ();
  g_assert_cmpint (g_mkdir_with_parents ("/run/lab/upper", 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/run/lab/work", 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/run/dbus", 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents ("/run/systemd", 0755), ==, 0);
  if (mount ("overlay", "/etc", "overlay", 0, "lowerdir=/etc,upperdir=/run/lab/upper,workdir=/run/lab/work") < 0)
    {
      g_printerr ("SKIP: no overlay to be had\n");
      exit (ADIT_LAB_SKIP);
    }
  lab_desktop_run ("ip link set lo up");
}

void
lab_desktop_run (const char *command)
{
  g_autoptr (GError) error = NULL;

  (void) adit_lab_run_line (NULL, command, &error);
  g_assert_no_error (error);
}

GPid
lab_desktop_spawn (const char *const *argv, const char *const *environment)
{
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, (char **) environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                 NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

void
lab_desktop_end (GPid pid)
{
  g_assert_cmpint (kill (pid, SIGTERM), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

GDBusConnection *
lab_desktop_start_bus (const char *extra_policy)
{
  /* The defaults of Debian's own /usr/share/dbus-1/system.conf. */
  g_autofree char *configuration = g_strdup_printf (
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
    "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
    "<busconfig><type>system</type><listen>unix:path=" BUS_PATH "</listen><auth>EXTERNAL</auth>\n"
    "<policy context=\"default\"><allow user=\"*\"/><deny own=\"*\"/><deny send_type=\"method_call\"/>"
    "<allow send_type=\"signal\"/><allow send_requested_reply=\"true\" send_type=\"method_return\"/>"
    "<allow send_requested_reply=\"true\" send_type=\"error\"/><allow receive_type=\"method_call\"/>"
    "<allow receive_type=\"method_return\"/><allow receive_type=\"error\"/><allow receive_type=\"signal\"/>"
    "<allow send_destination=\"org.freedesktop.DBus\" send_interface=\"org.freedesktop.DBus\"/></policy>\n"
    "%s</busconfig>\n", extra_policy);
  const char *const argv[] = { "/usr/bin/dbus-daemon", "--config-file=/run/lab/bus.conf", "--nofork", NULL };
  GDBusConnection *bus = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents ("/run/lab/bus.conf", configuration, -1, NULL));
  (void) lab_desktop_spawn (argv, NULL);
  for (guint i = 0; i < 500 && bus == NULL; i++)
    {
      g_clear_error (&error);
      bus = g_dbus_connection_new_for_address_sync ("unix:path=" BUS_PATH, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
      if (bus == NULL)
        g_usleep (10000);
    }
  g_assert_no_error (error);
  return bus;
}

gboolean
lab_desktop_wait_name (GDBusConnection *bus, const char *name, guint max_ms)
{
  for (guint waited_ms = 0; waited_ms < max_ms; waited_ms += 10)
    {
      g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                                                 "NameHasOwner", g_variant_new ("(s)", name),
                                                                 G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, 1000, NULL,
                                                                 NULL);
      gboolean has = FALSE;

      if (answer != NULL)
        g_variant_get (answer, "(b)", &has);
      if (has)
        return TRUE;
      g_usleep (10000);
    }
  return FALSE;
}

static gboolean
on_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
lab_desktop_iterate (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
