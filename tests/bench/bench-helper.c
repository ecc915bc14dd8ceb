/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-helper.c: the helper from exec to its first answer on the bus, and what it keeps in memory when it has nothing to do. */
#include "config.h"
#include "tests/bench/bench.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client/api/names.h"
#include "tests/lab/world.h"

#define BUS     "unix:path=/run/dbus/system_bus_socket"
#define ROUNDS  10
#define REST_US (500 * 1000)

typedef struct { GDBusConnection *bus; gboolean there; } Watch;

static void
on_owner (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
          GVariant *parameters, gpointer user_data)
{
  Watch *watch = user_data;
  const char *owner;

  g_variant_get (parameters, "(&s&s&s)", NULL, NULL, &owner);
  watch->there = owner[0] != '\0';
}

static void
wait_for (Watch *watch, gboolean there)
{
  while (watch->there != there)
    g_main_context_iteration (NULL, TRUE);
}

static void
ask (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_sync (watch->bus, ADIT_DBUS_NAME, ADIT_DBUS_PATH, "org.freedesktop.DBus.Properties", "Get",
                                 g_variant_new ("(ss)", ADIT_DBUS_INTERFACE, "State"), G_VARIANT_TYPE ("(v)"),
                                 G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, &error);

  if (answer == NULL)
    g_error ("the helper did not answer: %s", error->message);
}

int
main (int argc, char **argv)
{
  const char *const helper[] = { ADIT_LIBEXECDIR "/aditd", NULL };
  const BenchCaller root = { .space = "client" };
  g_autoptr (BenchResult) start = bench_result_new ("helper-start", "ms", BENCH_GOAL_FIGURE, 15);
  g_autoptr (BenchResult) memory = bench_result_new ("helper-pss", "MiB", BENCH_GOAL_FIGURE, 7);
  g_autoptr (AditWorld) world = NULL;
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 };

  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world != NULL)
    watch.bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                        G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  if (watch.bus == NULL)
    g_error ("%s", error->message);
  g_dbus_connection_signal_subscribe (watch.bus, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                                      "/org/freedesktop/DBus", ADIT_DBUS_NAME, G_DBUS_SIGNAL_FLAGS_NONE, on_owner, &watch, NULL);
  for (guint i = 0; i <= ROUNDS; i++)
    {
      BenchChild child = bench_prepare (&root, helper);
      gint64 start_us = g_get_monotonic_time ();
      double ms;

      bench_release (&child);
      wait_for (&watch, TRUE);
      ask (&watch);
      ms = bench_get_ms_since (start_us);
      g_usleep (REST_US);
      if (i > 0)    /* the first one reads the program from the disk */
        {
          bench_result_add_ours (start, ms);
          bench_result_add_ours (memory, bench_read_pss_mib (child.pid));
        }
      kill (child.pid, SIGTERM);
      bench_finish (child.pid, helper[0]);
      wait_for (&watch, FALSE);
    }
  bench_result_write (start);
  bench_result_write (memory);
  g_object_unref (watch.bus);
  return 0;
}
