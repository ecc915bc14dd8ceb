/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owner.c: the bus lets only root have the helper's name.  Where its policy is missing or was loosened somebody else could have
 * it, and a credential that has been handed over cannot be taken back: so the client looks for itself. */
#include "client/api/owner.h"

#include "client/api/names.h"
#include "client/base/error.h"

#define BUS_TIMEOUT_MS 5000    /* the bus daemon answers this one itself, at once */

static void
on_uid (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 uid;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_get (answer, "(u)", &uid);
  if (uid == 0)
    g_task_return_pointer (task, g_strdup (g_task_get_task_data (task)), g_free);
  else
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_FALSE_HELPER, "Its name on the system bus belongs to user %u", uid);
}

static void
on_pong (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GDBusMessage) answer =
    g_dbus_connection_send_message_with_reply_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *sender = answer != NULL ? g_dbus_message_get_sender (answer) : NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (answer == NULL || g_dbus_message_to_gerror (answer, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (sender == NULL)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_FALSE_HELPER, "It answers without the system bus");
      return;
    }
  g_task_set_task_data (task, g_strdup (sender), g_free);
  g_dbus_connection_call (G_DBUS_CONNECTION (source), "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "GetConnectionUnixUser", g_variant_new ("(s)", sender), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, BUS_TIMEOUT_MS, cancellable, on_uid, g_steal_pointer (&task));
}

/**
 * adit_owner_find_async:
 * @bus: the system bus
 * @timeout_ms: how long the helper may take to start
 * @cancellable: (nullable): stops waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out who has the helper's name, which the bus starts where it is installed and not running, and whether that is root.
 */
void
adit_owner_find_async (GDBusConnection *bus, int timeout_ms, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (bus, cancellable, callback, user_data);
  g_autoptr (GDBusMessage) ping = g_dbus_message_new_method_call (ADIT_DBUS_NAME, ADIT_DBUS_PATH, "org.freedesktop.DBus.Peer",
                                                                  "Ping");

  g_task_set_source_tag (task, adit_owner_find_async);
  g_dbus_connection_send_message_with_reply (bus, ping, G_DBUS_SEND_MESSAGE_FLAGS_NONE, timeout_ms, NULL, cancellable, on_pong,
                                             task);
}

/**
 * adit_owner_find_finish:
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_FALSE_HELPER where it is not root, or what the bus answers
 *
 * Returns: (transfer full) (nullable): its unique name.  What is sent to that, and not to the helper's, reaches nobody else,
 * whoever takes the helper's name meanwhile.
 */
char *
adit_owner_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
