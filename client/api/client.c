/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.c: plain calls without a proxy object, because a proxy asks for every property before it says its first word. */
#define G_LOG_DOMAIN "adit-client"

#include "client/api/client.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/api/errors.h"
#include "client/api/names.h"
#include "client/api/owner.h"

/* Longer than a person thinks about a password, and than the slowest service takes. */
#define CALL_TIMEOUT_MS (5 * 60 * 1000)

struct _AditClient
{
  GObject          parent_instance;
  GDBusConnection *bus;
  AditStatus      *status;
  char            *build_id;
  gboolean         asked_build_id;
  guint            signal_subscription, name_watch;
};

G_DEFINE_FINAL_TYPE (AditClient, adit_client, G_TYPE_OBJECT)

enum { SIGNAL_STATUS, SIGNAL_ACCOUNTS, SIGNAL_REPORTS, SIGNAL_GONE, SIGNAL_FOUND, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
adit_client_dispose (GObject *object)
{
  AditClient *self = ADIT_CLIENT (object);

  if (self->signal_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signal_subscription);
  self->signal_subscription = 0;
  if (self->name_watch != 0)
    g_bus_unwatch_name (self->name_watch);
  self->name_watch = 0;
  g_clear_pointer (&self->status, adit_status_free);
  g_clear_pointer (&self->build_id, g_free);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (adit_client_parent_class)->dispose (object);
}

static void
adit_client_class_init (AditClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_client_dispose;

  signals[SIGNAL_STATUS] = g_signal_new ("status", ADIT_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_POINTER);
  signals[SIGNAL_ACCOUNTS] = g_signal_new ("accounts", ADIT_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REPORTS] = g_signal_new ("reports", ADIT_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GONE] = g_signal_new ("gone", ADIT_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FOUND] = g_signal_new ("found", ADIT_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
adit_client_init (AditClient *self)
{
}

/* What the bus itself answers, in our words. */
static const struct { GDBusError from; AditError to; const char *text; } bus_errors[] = {
  { G_DBUS_ERROR_SERVICE_UNKNOWN, ADIT_ERROR_HELPER_UNREACHABLE, "Nobody on the system bus has its name" },
  { G_DBUS_ERROR_NAME_HAS_NO_OWNER, ADIT_ERROR_HELPER_UNREACHABLE, "Nobody on the system bus has its name" },
  { G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND, ADIT_ERROR_HELPER_UNREACHABLE, "The helper is not installed" },
  { G_DBUS_ERROR_SPAWN_FAILED, ADIT_ERROR_HELPER_UNREACHABLE, "The helper could not be started" },
  { G_DBUS_ERROR_SPAWN_CHILD_EXITED, ADIT_ERROR_HELPER_UNREACHABLE, "The helper ended as it was started" },
  { G_DBUS_ERROR_TIMED_OUT, ADIT_ERROR_HELPER_UNREACHABLE, "The helper could not be started" },    /* by systemd */
  { G_DBUS_ERROR_NO_REPLY, ADIT_ERROR_HELPER_UNREACHABLE, "The helper went away" },
  { G_DBUS_ERROR_DISCONNECTED, ADIT_ERROR_HELPER_UNREACHABLE, "The system bus went away" },
  { G_DBUS_ERROR_ACCESS_DENIED, ADIT_ERROR_NOT_ALLOWED, "The system bus does not let this user talk to the helper" },
  { G_DBUS_ERROR_UNKNOWN_METHOD, ADIT_ERROR_OTHER_VERSION, "The helper is of another version" },
  { G_DBUS_ERROR_UNKNOWN_OBJECT, ADIT_ERROR_HELPER_UNREACHABLE, "The helper is still starting" },
  { G_DBUS_ERROR_UNKNOWN_INTERFACE, ADIT_ERROR_OTHER_VERSION, "The helper is of another version" },
  { G_DBUS_ERROR_INVALID_ARGS, ADIT_ERROR_OTHER_VERSION, "The helper is of another version" },
  { G_DBUS_ERROR_TIMEOUT, ADIT_ERROR_TIMED_OUT, "The helper did not answer in time" },
};

static GError *
translate_error (GError *error)
{
  g_dbus_error_strip_remote_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (bus_errors); i++)
    if (g_error_matches (error, G_DBUS_ERROR, (gint) bus_errors[i].from))
      {
        g_error_free (error);
        return g_error_new_literal (ADIT_ERROR, (gint) bus_errors[i].to, bus_errors[i].text);
      }
  if (error->domain == G_IO_ERROR && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gboolean late = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      GError *ours = g_error_new_literal (ADIT_ERROR, late ? ADIT_ERROR_TIMED_OUT : ADIT_ERROR_HELPER_UNREACHABLE,
                                          error->message);

      g_error_free (error);
      return ours;
    }
  return error;
}

/**
 * adit_client_new:
 * @bus: the system bus
 *
 * Returns: (transfer full): a client; nothing is sent yet
 */
AditClient *
adit_client_new (GDBusConnection *bus)
{
  AditClient *self = g_object_new (ADIT_TYPE_CLIENT, NULL);

  adit_errors_register ();
  self->bus = g_object_ref (bus);
  return self;
}

static void
on_build_id (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditClient) self = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    return;
  g_variant_get (answer, "(v)", &value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return;
  g_free (self->build_id);
  self->build_id = g_variant_dup_string (value, NULL);
}

/* Sent ahead of the first call and answered before it, so knowing the helper's build costs nobody a round trip. */
static void
ask_build_id (AditClient *self)
{
  if (self->asked_build_id)
    return;
  self->asked_build_id = TRUE;
  g_dbus_connection_call (self->bus, ADIT_DBUS_NAME, ADIT_DBUS_PATH, "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", ADIT_DBUS_INTERFACE, "BuildId"), G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE,
                          CALL_TIMEOUT_MS, NULL, on_build_id, g_object_ref (self));
}

typedef struct
{
  GVariant    *answer;
  GUnixFDList *fds;
} Answer;

static void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->answer, g_variant_unref);
  g_clear_object (&answer->fds);
  g_free (answer);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Answer *answer = g_new0 (Answer, 1);
  GError *error = NULL;

  answer->answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &answer->fds, result, &error);
  if (answer->answer == NULL)
    {
      answer_free (answer);
      g_task_return_error (task, translate_error (error));
      return;
    }
  g_task_return_pointer (task, answer, (GDestroyNotify) answer_free);
}

/* A call that carries a secret. */
typedef struct
{
  char        *method;
  GVariant    *arguments;
  GUnixFDList *fds;
} Secret;

static void
secret_free (Secret *secret)
{
  g_free (secret->method);
  g_variant_unref (secret->arguments);
  g_object_unref (secret->fds);
  g_free (secret);
}

static void
send_call (AditClient *self, const char *to, const char *method, GVariant *arguments, GUnixFDList *fds, GTask *task)
{
  g_dbus_connection_call_with_unix_fd_list (self->bus, to, ADIT_DBUS_PATH, ADIT_DBUS_INTERFACE, method, arguments, NULL,
                                            G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, CALL_TIMEOUT_MS, fds,
                                            g_task_get_cancellable (task), on_called, task);
}

static void
on_owner_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditClient *self = g_task_get_source_object (task);
  Secret *secret = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *owner = adit_owner_find_finish (result, &error);

  if (owner == NULL)
    g_task_return_error (task, translate_error (error));
  else
    send_call (self, owner, secret->method, secret->arguments, secret->fds, g_steal_pointer (&task));
}

/**
 * adit_client_call_async:
 * @self: a client
 * @method: a method of org.aditvpn.Adit1
 * @arguments: (transfer floating): its arguments
 * @fds: (nullable): descriptors that @arguments refer to: a secret, which is sent to nobody but root
 * @cancellable: (nullable): stops waiting; the helper goes on
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Calls the helper, which the bus starts where it is installed and not running.
 */
void
adit_client_call_async (AditClient *self, const char *method, GVariant *arguments, GUnixFDList *fds, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, adit_client_call_async);
  ask_build_id (self);
  if (fds == NULL)
    send_call (self, ADIT_DBUS_NAME, method, arguments, NULL, task);
  else
    {
      Secret *secret = g_new0 (Secret, 1);

      secret->method = g_strdup (method);
      secret->arguments = g_variant_ref_sink (arguments);
      secret->fds = g_object_ref (fds);
      g_task_set_task_data (task, secret, (GDestroyNotify) secret_free);
      adit_owner_find_async (self->bus, CALL_TIMEOUT_MS, cancellable, on_owner_found, task);
    }
}

/**
 * adit_client_call_finish:
 * @self: a client
 * @result: what the callback was given
 * @fds: (out) (optional) (nullable) (transfer full): descriptors that the answer refers to
 * @error: return location; %ADIT_ERROR, also for what the bus itself answers
 *
 * Returns: (transfer full) (nullable): the answer's tuple
 */
GVariant *
adit_client_call_finish (AditClient *self, GAsyncResult *result, GUnixFDList **fds, GError **error)
{
  Answer *answer = g_task_propagate_pointer (G_TASK (result), error);
  GVariant *tuple;

  if (answer == NULL)
    return NULL;
  tuple = g_steal_pointer (&answer->answer);
  if (fds != NULL)
    *fds = g_steal_pointer (&answer->fds);
  answer_free (answer);
  return tuple;
}

static void
take_status (AditClient *self, GVariant *dict)
{
  g_clear_pointer (&self->status, adit_status_free);
  self->status = adit_status_new_from_variant (dict);
  g_signal_emit (self, signals[SIGNAL_STATUS], 0, self->status);
}

static void
on_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                   GVariant *parameters, gpointer user_data)
{
  g_autoptr (GVariant) dict = NULL;

  if (g_str_equal (signal, "AccountsChanged"))
    g_signal_emit (user_data, signals[SIGNAL_ACCOUNTS], 0);
  if (g_str_equal (signal, "ReportsChanged"))
    g_signal_emit (user_data, signals[SIGNAL_REPORTS], 0);
  if (!g_str_equal (signal, "StatusChanged") || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(a{sv})")))
    return;
  g_variant_get (parameters, "(@a{sv})", &dict);
  take_status (user_data, dict);
}

static void
on_helper_found (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_FOUND], 0);
}

static void
on_helper_gone (GDBusConnection *bus, const char *name, gpointer user_data)
{
  AditClient *self = user_data;

  /* The next one may be of another build. */
  self->asked_build_id = FALSE;
  g_clear_pointer (&self->build_id, g_free);
  g_clear_pointer (&self->status, adit_status_free);
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
}

static void
on_subscribed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditClient *self = ADIT_CLIENT (source);
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (self, result, NULL, &error);
  g_autoptr (GVariant) dict = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper is of another version");
      return;
    }
  g_variant_get (answer, "(@a{sv})", &dict);
  take_status (self, dict);
  g_task_return_boolean (task, TRUE);
}

/**
 * adit_client_subscribe_async:
 * @self: a client
 * @cancellable: (nullable): stops waiting
 * @callback: called when the first status is there
 * @user_data: for @callback
 *
 * From now on "status" tells each change, "gone" that the helper has left, and "found" that one is there, which then wants to be
 * asked again.
 */
void
adit_client_subscribe_async (AditClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GVariantBuilder options;

  g_task_set_source_tag (task, adit_client_subscribe_async);
  if (self->signal_subscription == 0)
    self->signal_subscription = g_dbus_connection_signal_subscribe (self->bus, ADIT_DBUS_NAME, ADIT_DBUS_INTERFACE, NULL,
                                                                    ADIT_DBUS_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal,
                                                                    self, NULL);
  if (self->name_watch == 0)
    self->name_watch = g_bus_watch_name_on_connection (self->bus, ADIT_DBUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                       on_helper_found, on_helper_gone, self, NULL);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  adit_client_call_async (self, "Subscribe", g_variant_new ("(a{sv})", &options), NULL, cancellable, on_subscribed, task);
}

/**
 * adit_client_subscribe_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether the helper tells its status from now on
 */
gboolean
adit_client_subscribe_finish (AditClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * adit_client_get_status:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): the newest status; %NULL before the first and after the helper has gone
 */
const AditStatus *
adit_client_get_status (AditClient *self)
{
  return self->status;
}

/**
 * adit_client_get_build_id:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): which build the helper is of
 */
const char *
adit_client_get_build_id (AditClient *self)
{
  return self->build_id;
}

static GUnixFDList *
wrap (const char *name, const guint8 *bytes, gsize length, GError **error)
{
  int fd = memfd_create (name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize written = 0;

  while (fd >= 0 && written < length)
    {
      gssize n = write (fd, bytes + written, length - written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      written += (gsize) n;
    }
  /* From its beginning: whoever is given it may read it without asking for a place. */
  if (fd >= 0 && written == length && lseek (fd, 0, SEEK_SET) == 0 &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return g_unix_fd_list_new_from_array (&fd, 1);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "It could not be handed over: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return NULL;
}

/**
 * adit_client_wrap_files:
 * @files: a person's files in one piece (client/model/import-files.h)
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * As adit_client_wrap_secret().
 *
 * Returns: (transfer full) (nullable): a list with that one descriptor, handle 0
 */
GUnixFDList *
adit_client_wrap_files (GBytes *files, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (files, &length);

  return wrap ("adit-files", bytes, length, error);
}

/**
 * adit_client_wrap_secret:
 * @secret: a credential
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Puts a credential where it crosses the bus as a descriptor, so that no bus monitor sees it: memory that cannot change any more.
 *
 * Returns: (transfer full) (nullable): a list with that one descriptor, handle 0
 */
GUnixFDList *
adit_client_wrap_secret (AditSecret *secret, GError **error)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (secret, &length);

  return wrap ("adit-credential", bytes, length, error);
}
