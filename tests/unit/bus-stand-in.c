/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-stand-in.c: whoever asks waits for the answer, so it comes from another thread. */
#include "tests/unit/bus-stand-in.h"

#define CONNECTION_FLAGS (G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION)

static GTestDBus *dbus;
static GDBusConnection *client;

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (dbus), CONNECTION_FLAGS,
                                                                        NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static gpointer
answer (gpointer data)
{
  const BusStandIn *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (self->interfaces, NULL);
  GDBusConnection *connection;

  g_main_context_push_thread_default (context);
  connection = connect_to_bus ();
  for (guint i = 0; node->interfaces[i] != NULL; i++)
    g_assert_cmpuint (g_dbus_connection_register_object (connection, self->paths[i], node->interfaces[i], &self->table, NULL,
                                                         NULL, NULL), >, 0);
  g_bus_own_name_on_connection (connection, self->name, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

static gboolean
is_there (const char *name)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (client, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                            "org.freedesktop.DBus", "NameHasOwner", g_variant_new ("(s)", name),
                                                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean is_owned = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &is_owned);
  return is_owned;
}

/**
 * bus_stand_in_start:
 * @self: who is played, until the program ends
 *
 * Waits until it is there.
 *
 * Returns: (transfer none): whoever asks
 */
GDBusConnection *
bus_stand_in_start (const BusStandIn *self)
{
  dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (dbus);
  client = connect_to_bus ();
  g_thread_unref (g_thread_new ("stand-in", answer, (gpointer) self));
  while (!is_there (self->name))
    g_usleep (10000);
  return client;
}

/**
 * bus_stand_in_stop:
 *
 * The bus goes, and whoever asked.
 */
void
bus_stand_in_stop (void)
{
  g_test_dbus_stop (dbus);
  g_clear_object (&client);
  g_clear_object (&dbus);
}
