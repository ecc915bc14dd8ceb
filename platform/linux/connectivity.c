/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connectivity.c: NetworkManager tells each change of what its check has found; that check rests while this computer is locked
 * (checks.c), and what it said before says nothing then. */
#include "platform/connectivity.h"

#include "platform/linux/networkmanager-client.h"

#define ROOT_PATH "/org/freedesktop/NetworkManager"
#define PORTAL    2    /* NM_CONNECTIVITY_PORTAL: NMConnectivityState in its D-Bus documentation */

struct _AditConnectivity
{
  GDBusConnection     *bus;
  guint                subscription;
  GCancellable        *cancellable;
  AditConnectivityTold told;
  gpointer             user_data;
};

static void
on_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer user_data)
{
  AditConnectivity *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  guint32 state;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (changed, "Connectivity", "u", &state))
    self->told (state == PORTAL, self->user_data);
}

static void
on_got (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error), value = NULL;
  AditConnectivity *self = user_data;

  if (answer == NULL)    /* it does not run, or we are gone */
    return;
  g_variant_get (answer, "(v)", &value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    self->told (g_variant_get_uint32 (value) == PORTAL, self->user_data);
}

/**
 * adit_connectivity_new:
 * @bus: the system bus
 * @told: called with each change, and once for what is so now
 * @user_data: for @told
 *
 * Returns: (transfer full): a watch
 */
AditConnectivity *
adit_connectivity_new (GDBusConnection *bus, AditConnectivityTold told, gpointer user_data)
{
  AditConnectivity *self = g_new0 (AditConnectivity, 1);

  self->bus = g_object_ref (bus);
  self->told = told;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->subscription = g_dbus_connection_signal_subscribe (bus, ADIT_NETWORKMANAGER_NAME, "org.freedesktop.DBus.Properties",
                                                           "PropertiesChanged", ROOT_PATH, ADIT_NETWORKMANAGER_NAME,
                                                           G_DBUS_SIGNAL_FLAGS_NONE, on_changed, self, NULL);
  g_dbus_connection_call (bus, ADIT_NETWORKMANAGER_NAME, ROOT_PATH, "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", ADIT_NETWORKMANAGER_NAME, "Connectivity"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable, on_got, self);
  return self;
}

/**
 * adit_connectivity_free:
 * @self: (nullable): a watch
 */
void
adit_connectivity_free (AditConnectivity *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_object_unref (self->cancellable);
  g_object_unref (self->bus);
  g_free (self);
}
