/* SPDX-License-Identifier: GPL-2.0-or-later */
/* background.c: org.freedesktop.portal.Background.  It is one method and its answer, which comes as a signal; libportal has more
 * than that, and is under a licence (LGPL-3) that this program's would have to become stricter for. */
#include "config.h"
#include "ui/background.h"

#include <glib/gi18n.h>

#define BUS         "org.freedesktop.DBus"
#define BUS_PATH    "/org/freedesktop/DBus"
#define PORTAL      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define REQUEST     "org.freedesktop.portal.Request"
#define BACKGROUND  "org.freedesktop.portal.Background"
#define TOKEN       "adit_background"
#define PROGRAM     "adit-gtk"
#define OPTION      "--background"    /* as in application.c */

typedef struct
{
  GDBusConnection *bus;
  guint            subscription, watch;
  gboolean         at_login;
} Request;

static void
stop_listening (Request *self)
{
  g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_dbus_connection_signal_unsubscribe (self->bus, self->watch);
  self->subscription = self->watch = 0;
}

static void
request_free (Request *self)
{
  if (self->subscription != 0)
    stop_listening (self);
  g_object_unref (self->bus);
  g_free (self);
}

/* Once; the portal may answer a second time, and the bus may be gone before. */
static void
end (GTask *task, AditBackgroundAnswer answer)
{
  Request *self = g_task_get_task_data (task);

  if (self->subscription == 0)
    return;
  stop_listening (self);
  g_task_return_int (task, answer);
  g_object_unref (task);
}

/* Response 0 is that it was done; what was done is in the results. */
static void
on_response (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
             GVariant *parameters, gpointer user_data)
{
  GTask *task = user_data;
  Request *self = g_task_get_task_data (task);
  gboolean autostart = FALSE, background = TRUE, is_done;
  g_autoptr (GVariant) results = NULL;
  guint32 response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      end (task, ADIT_BACKGROUND_REFUSED);
      return;
    }
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup (results, "background", "b", &background);
  g_variant_lookup (results, "autostart", "b", &autostart);
  is_done = response == 0 && (self->at_login ? background && autostart : !autostart);
  end (task, is_done ? ADIT_BACKGROUND_DONE : ADIT_BACKGROUND_REFUSED);
}

/* A portal that has gone answers no more. */
static void
on_owner_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                  GVariant *parameters, gpointer user_data)
{
  const char *owner = "";

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    g_variant_get (parameters, "(&s&s&s)", NULL, NULL, &owner);
  if (owner[0] == '\0')
    end (user_data, ADIT_BACKGROUND_NO_PORTAL);
}

static void
on_requested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    end (task, ADIT_BACKGROUND_NO_PORTAL);
}

/**
 * adit_background_set_async:
 * @bus: the session's
 * @at_login: whether the program is to be started at each login, without a window
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks the desktop, which may ask the person.
 */
void
adit_background_set_async (GDBusConnection *bus, gboolean at_login, GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const command[] = { PROGRAM, OPTION, NULL };
  static guint n_asked;    /* one that is asked for again is not answered by the answer of the one before */
  GTask *task = g_task_new (bus, NULL, callback, user_data);
  g_autofree char *sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (bus) + 1), ".", '_');
  g_autofree char *token = g_strdup_printf (TOKEN "%u", ++n_asked);
  g_autofree char *path = g_strconcat (PORTAL_PATH "/request/", sender, "/", token, NULL);
  Request *self = g_new0 (Request, 1);
  GVariantBuilder options;

  g_task_set_source_tag (task, adit_background_set_async);
  self->bus = g_object_ref (bus);
  self->at_login = at_login;
  g_task_set_task_data (task, self, (GDestroyNotify) request_free);
  /* Listened for before it is asked: the answer may be there before the call has returned. */
  self->subscription = g_dbus_connection_signal_subscribe (bus, PORTAL, REQUEST, "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                           on_response, task, NULL);
  self->watch = g_dbus_connection_signal_subscribe (bus, BUS, BUS, "NameOwnerChanged", BUS_PATH, PORTAL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                    on_owner_changed, task, NULL);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  /* Translators: the desktop shows it where it asks whether Adit may run in the background */
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_("To show the state of the VPN, and to tell when something is wrong with it")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (at_login));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  g_dbus_connection_call (bus, PORTAL, PORTAL_PATH, BACKGROUND, "RequestBackground", g_variant_new ("(sa{sv})", "", &options),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_requested, g_object_ref (task));
}

/**
 * adit_background_set_finish:
 * @result: what the callback was given
 *
 * Returns: what became of it
 */
AditBackgroundAnswer
adit_background_set_finish (GAsyncResult *result)
{
  return (AditBackgroundAnswer) g_task_propagate_int (G_TASK (result), NULL);
}
