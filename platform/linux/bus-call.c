/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-call.c: waits for another service, but for one that hangs only once and not at each call. */
#include "platform/linux/bus-call.h"

#define CALL_TIMEOUT_MS   2000    /* systemd-resolved and NetworkManager answer in 6 ms */
#define DEAF_FOR_US       G_TIME_SPAN_SECOND    /* longer than one apply or revert takes when nothing is sent */

static gboolean
name_is_listed (GDBusConnection *bus, const char *name, const char *method)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                             "org.freedesktop.DBus", method, NULL, G_VARIANT_TYPE ("(as)"),
                                                             G_DBUS_CALL_FLAGS_NONE, CALL_TIMEOUT_MS, NULL, NULL);
  g_autofree const char **names = NULL;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(^a&s)", &names);
  return g_strv_contains (names, name);
}

/**
 * adit_bus_has_name:
 * @bus: the system bus
 * @name: a service's name
 * @or_activatable: whether one that the bus would start counts
 *
 * Returns: whether somebody answers to @name
 */
gboolean
adit_bus_has_name (GDBusConnection *bus, const char *name, gboolean or_activatable)
{
  return name_is_listed (bus, name, "ListNames") || (or_activatable && name_is_listed (bus, name, "ListActivatableNames"));
}

/**
 * adit_bus_call:
 * @bus: the system bus
 * @peer: whom to ask; kept by the caller from call to call
 * @path: the object
 * @interface: the interface
 * @method: the method
 * @arguments: (nullable) (transfer floating): its arguments
 * @type: (nullable): what it must answer with
 * @flags: how
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the answer
 */
GVariant *
adit_bus_call (GDBusConnection *bus, AditBusPeer *peer, const char *path, const char *interface, const char *method,
               GVariant *arguments, const GVariantType *type, GDBusCallFlags flags, GError **error)
{
  g_autoptr (GVariant) taken = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  GError *local = NULL;
  GVariant *answer;

  /* Meanwhile nothing else is done here, the repair of the lock included: one that hangs is waited for once, not at each call. */
  if (g_get_monotonic_time () < peer->deaf_until_us)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it has just not answered in time");
      return NULL;
    }
  answer = g_dbus_connection_call_sync (bus, peer->name, path, interface, method, taken, type, flags, CALL_TIMEOUT_MS, NULL,
                                        &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    peer->deaf_until_us = g_get_monotonic_time () + DEAF_FOR_US;
  if (local != NULL)
    g_propagate_error (error, local);
  return answer;
}

/**
 * adit_bus_get:
 * @bus: the system bus
 * @peer: whom to ask, who is not started for it
 * @path: the object
 * @interface: the interface
 * @name: of a property
 * @type: what it must be
 *
 * Returns: (transfer full) (nullable): its value
 */
GVariant *
adit_bus_get (GDBusConnection *bus, AditBusPeer *peer, const char *path, const char *interface, const char *name,
              const char *type)
{
  g_autoptr (GVariant) answer = adit_bus_call (bus, peer, path, "org.freedesktop.DBus.Properties", "Get",
                                               g_variant_new ("(ss)", interface, name), G_VARIANT_TYPE ("(v)"),
                                               G_DBUS_CALL_FLAGS_NO_AUTO_START, NULL);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(v)", &value);
  return g_variant_is_of_type (value, G_VARIANT_TYPE (type)) ? g_steal_pointer (&value) : NULL;
}
