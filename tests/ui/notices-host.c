/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notices-host.c: what a desktop has on her session bus, answered in GDBus's own thread, since a test waits and runs
 * no loop. */
#include "tests/ui/notices-host.h"

#include <unistd.h>

#include "tests/lab/world.h"

#define ADDRESS   "unix:path=/run/user/61011/bus"
#define NAME      "org.freedesktop.Notifications"
#define PATH      "/org/freedesktop/Notifications"
#define WATCHER   "org.kde.StatusNotifierWatcher"
#define STARTER   "org.freedesktop.impl.portal.Background"
#define CALL_MS   10000
#define FLAGS     (G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION)

struct _NoticesHost
{
  GDBusConnection *bus;
  GAsyncQueue     *told;      /* of char *: "TITLE | BODY", or "closed" */
  GAsyncQueue     *started;   /* of char *: what the portal wants to be started at login, or "nothing" */
  gint             refuses;   /* to start anything */
  gint             holds;     /* the answer to that */
  GAsyncQueue     *held;      /* of GDBusMessage: answers */
  GAsyncQueue     *items;     /* of char *: who has one */
  guint            filter;
  gint             last_id;
};

/* For the portal, which has been asked by a program. */
static GVariant *
take_autostart (NoticesHost *self, GVariant *body)
{
  g_autofree const char **command = NULL;
  gboolean on;

  g_variant_get (body, "(&sb^a&su)", NULL, &on, &command, NULL);
  g_async_queue_push (self->started, on ? g_strjoinv (" ", (char **) command) : g_strdup ("nothing"));
  return g_variant_new ("(b)", on && !g_atomic_int_get (&self->refuses));
}

static GDBusMessage *
on_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  NoticesHost *self = user_data;
  g_autoptr (GDBusMessage) reply = NULL;
  const char *method = g_dbus_message_get_member (message), *title, *body;
  char *told = NULL;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL ||
      (g_strcmp0 (g_dbus_message_get_interface (message), NAME) != 0 &&
       g_strcmp0 (g_dbus_message_get_interface (message), WATCHER) != 0 &&
       g_strcmp0 (g_dbus_message_get_interface (message), STARTER) != 0))
    return message;
  reply = g_dbus_message_new_method_reply (message);
  if (g_str_equal (method, "Notify"))
    {
      g_variant_get (g_dbus_message_get_body (message), "(&su&s&s&sasa{sv}i)", NULL, NULL, NULL, &title, &body, NULL, NULL, NULL);
      g_dbus_message_set_body (reply, g_variant_new ("(u)", (guint) g_atomic_int_add (&self->last_id, 1) + 1));
      told = g_strdup_printf ("%s | %s", title, body);
    }
  else if (g_str_equal (method, "RegisterStatusNotifierItem"))
    g_async_queue_push (self->items, g_strdup (g_dbus_message_get_sender (message)));
  else if (g_str_equal (method, "EnableAutostart"))
    g_dbus_message_set_body (reply, take_autostart (self, g_dbus_message_get_body (message)));
  else if (g_str_equal (method, "GetAppState"))
    g_dbus_message_set_body (reply, g_variant_new ("(a{sv})", NULL));
  else if (g_str_equal (method, "CloseNotification"))
    told = g_strdup ("closed");
  if (g_str_equal (method, "EnableAutostart") && g_atomic_int_get (&self->holds))
    g_async_queue_push (self->held, g_steal_pointer (&reply));
  else
    (void) g_dbus_connection_send_message (bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  if (told != NULL)
    g_async_queue_push (self->told, told);    /* last: what is pressed then comes behind the answer */
  g_object_unref (message);
  return NULL;
}

static void
own (NoticesHost *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", name, 0), NULL, G_DBUS_CALL_FLAGS_NONE, CALL_MS,
                                        NULL, &error);
  if (answer == NULL)
    g_error ("%s", error->message);
}

/**
 * notices_host_new:
 *
 * Call it while there is a display.
 *
 * Returns: (transfer full): somebody whom programs tell what there is to show
 */
NoticesHost *
notices_host_new (void)
{
  NoticesHost *self = g_new0 (NoticesHost, 1);
  g_autoptr (GError) error = NULL;

  self->told = g_async_queue_new_full (g_free);
  self->items = g_async_queue_new_full (g_free);
  self->started = g_async_queue_new_full (g_free);
  self->held = g_async_queue_new_full (g_object_unref);
  /* Her bus lets in nobody else, not even root. */
  g_assert_cmpint (seteuid (ADIT_WORLD_ALICE_UID), ==, 0);
  self->bus = g_dbus_connection_new_for_address_sync (ADDRESS, FLAGS, NULL, NULL, &error);
  g_assert_cmpint (seteuid (0), ==, 0);
  if (self->bus == NULL)
    g_error ("%s", error->message);
  self->filter = g_dbus_connection_add_filter (self->bus, on_message, self, NULL);
  own (self, NAME);
  own (self, WATCHER);
  own (self, NOTICES_HOST_PORTAL);
  return self;
}

/**
 * notices_host_free:
 * @self: a host
 */
void
notices_host_free (NoticesHost *self)
{
  g_dbus_connection_remove_filter (self->bus, self->filter);
  (void) g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  g_async_queue_unref (self->told);
  g_async_queue_unref (self->items);
  g_async_queue_unref (self->started);
  g_async_queue_unref (self->held);
  g_free (self);
}

/**
 * notices_host_wait:
 * @self: a host
 * @max_ms: how long at the most
 *
 * Returns: (transfer full) (nullable): the next that was told: title and body, or "closed" where one was taken back
 */
char *
notices_host_wait (NoticesHost *self, guint max_ms)
{
  return g_async_queue_timeout_pop (self->told, (guint64) max_ms * 1000);
}

/**
 * notices_host_press:
 * @self: a host that was told something
 * @action: what is pressed in the last one: a button's action, or "default"
 */
void
notices_host_press (NoticesHost *self, const char *action)
{
  g_autoptr (GError) error = NULL;

  if (!g_dbus_connection_emit_signal (self->bus, NULL, PATH, NAME, "ActionInvoked",
                                      g_variant_new ("(us)", (guint) g_atomic_int_get (&self->last_id), action), &error))
    g_error ("%s", error->message);
}

/**
 * notices_host_wait_started:
 * @self: a host
 *
 * Returns: (transfer full): what is to be started at login from now on, or "nothing"
 */
char *
notices_host_wait_started (NoticesHost *self)
{
  char *started = g_async_queue_timeout_pop (self->started, (guint64) CALL_MS * 1000);

  if (started == NULL)
    g_error ("the portal did not say what is to be started");
  return started;
}

/**
 * notices_host_refuse:
 * @self: a host
 * @refuses: whether nothing may be started at login
 */
void
notices_host_refuse (NoticesHost *self, gboolean refuses)
{
  g_atomic_int_set (&self->refuses, refuses);
}

/**
 * notices_host_hold:
 * @self: a host
 * @holds: whether the portal is kept waiting for what becomes of a start at login; otherwise it hears that now
 */
void
notices_host_hold (NoticesHost *self, gboolean holds)
{
  g_atomic_int_set (&self->holds, holds);
  if (holds)
    return;
  for (GDBusMessage *reply; (reply = g_async_queue_try_pop (self->held)) != NULL; g_object_unref (reply))
    (void) g_dbus_connection_send_message (self->bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

/**
 * notices_host_ask:
 * @self: a host
 * @name: whom
 * @path: of the object
 * @interface: of the method
 * @method: what is asked
 * @arguments: (transfer floating): its arguments
 *
 * Returns: (transfer full): the answer
 */
GVariant *
notices_host_ask (NoticesHost *self, const char *name, const char *path, const char *interface, const char *method,
                  GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (self->bus, name, path, interface, method, arguments, NULL,
                                                  G_DBUS_CALL_FLAGS_NONE, CALL_MS, NULL, &error);

  if (answer == NULL)
    g_error ("%s: %s", method, error->message);
  return answer;
}

/**
 * notices_host_forget_items:
 * @self: a host
 *
 * Those that are there already, whose programs may have ended.
 */
void
notices_host_forget_items (NoticesHost *self)
{
  for (char *item; (item = g_async_queue_try_pop (self->items)) != NULL;)
    g_free (item);
}

/**
 * notices_host_dup_item:
 * @self: a host
 *
 * Waits until there is one.
 *
 * Returns: (transfer full): the bus name of who has an item beside the clock
 */
char *
notices_host_dup_item (NoticesHost *self)
{
  char *item = g_async_queue_timeout_pop (self->items, (guint64) CALL_MS * 1000);

  if (item == NULL)
    g_error ("there is no item beside the clock");
  return item;
}

/**
 * notices_host_ask_item:
 * @self: a host
 * @interface: of the method
 * @method: what the item beside the clock is asked, as its host would
 * @arguments: (transfer floating): its arguments
 *
 * Waits until there is one.
 *
 * Returns: (transfer full): the answer
 */
GVariant *
notices_host_ask_item (NoticesHost *self, const char *interface, const char *method, GVariant *arguments)
{
  g_autofree char *item = notices_host_dup_item (self);
  GVariant *answer = notices_host_ask (self, item, "/StatusNotifierItem", interface, method, arguments);

  g_async_queue_push_front (self->items, g_steal_pointer (&item));
  return answer;
}
