/* SPDX-License-Identifier: GPL-2.0-or-later */
/* polkit.c: asks org.freedesktop.PolicyKit1 about a caller's unique bus name.
 *
 * The subject is the bus name and never a process id: a name is not used again, and polkit asks the bus itself who holds it. */
#define G_LOG_DOMAIN "adit-polkit"

#include "platform/linux/polkit.h"

#include <string.h>

#include "client/base/error.h"

#define POLKIT_NAME      "org.freedesktop.PolicyKit1"
#define POLKIT_PATH      "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE "org.freedesktop.PolicyKit1.Authority"

#define FLAG_ALLOW_INTERACTION 1    /* AllowUserInteraction: polkit's D-Bus reference, CheckAuthorizationFlags */

#define ANSWER_TIMEOUT_MS (5 * 1000)
#define PERSON_TIMEOUT_MS (5 * 60 * 1000)    /* a person looks for a password; longer than that, nobody is there */

struct _AditPolkit
{
  GObject parent_instance;

  GDBusConnection *bus;
  guint            next_id;
};

typedef struct
{
  char    *cancellation_id;
  gboolean may_ask;
} Question;

static void adit_polkit_iface_init (AditAuthorityInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditPolkit, adit_polkit, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_AUTHORITY, adit_polkit_iface_init))

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->cancellation_id);
  g_free (question);
}

/* A dialog that nobody waits for must not stay on the screen, where a later password would answer an old question. */
static void
take_dialog_away (AditPolkit *self, const Question *question)
{
  if (question->may_ask)
    g_dbus_connection_call (self->bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CancelCheckAuthorization",
                            g_variant_new ("(s)", question->cancellation_id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                            ANSWER_TIMEOUT_MS, NULL, NULL, NULL);
}

static const char *
why_not (gboolean is_challenge, gboolean may_ask, gboolean dismissed)
{
  if (dismissed)
    return "The question for the password was dismissed";
  if (is_challenge && may_ask)
    return "This needs a password, and no program in this session can ask for it";
  if (is_challenge)
    return "This needs a password, and the caller did not allow asking for it";
  return "The system's policy does not allow this to you";
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  AditPolkit *self = g_task_get_source_object (task);
  const Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) details = NULL;
  gboolean is_authorized, is_challenge;
  const char *dismissed = NULL;

  answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (answer == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      take_dialog_away (self, question);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (answer == NULL)
    {
      if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
          g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND))
        {
          g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED,
                                   "polkit is not there to be asked, so only root may do this");
          return;
        }
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
          g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
          g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT))
        take_dialog_away (self, question);
      g_dbus_error_strip_remote_error (error);
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "polkit gave no answer: %s", error->message);
      return;
    }

  g_variant_get (answer, "((bb@a{ss}))", &is_authorized, &is_challenge, &details);
  (void) g_variant_lookup (details, "polkit.dismissed", "&s", &dismissed);
  if (is_authorized)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "%s",
                             why_not (is_challenge, question->may_ask, dismissed != NULL && strcmp (dismissed, "true") == 0));
}

static void
polkit_check_async (AditAuthority *authority, const char *sender, guint32 uid, const char *action, gboolean may_ask,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  AditPolkit *self = ADIT_POLKIT (authority);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  GVariantBuilder subject;

  g_task_set_source_tag (task, polkit_check_async);
  question->cancellation_id = g_strdup_printf ("adit-%u", self->next_id++);
  question->may_ask = may_ask;
  g_task_set_task_data (task, question, question_free);

  /* Root could change the policy itself; asking would only make the rescue of a computer depend on one more service. */
  if (uid == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!g_dbus_is_unique_name (sender))
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED, "The caller has no unique name on the bus");
      return;
    }

  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (sender));
  g_dbus_connection_call (self->bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CheckAuthorization",
                          g_variant_new ("((sa{sv})sa{ss}us)", "system-bus-name", &subject, action, NULL,
                                         may_ask ? FLAG_ALLOW_INTERACTION : 0u, question->cancellation_id),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, may_ask ? PERSON_TIMEOUT_MS : ANSWER_TIMEOUT_MS,
                          cancellable, on_answer, g_steal_pointer (&task));
}

static gboolean
polkit_check_finish (AditAuthority *authority, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, authority), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
adit_polkit_iface_init (AditAuthorityInterface *iface)
{
  iface->check_async = polkit_check_async;
  iface->check_finish = polkit_check_finish;
}

static void
adit_polkit_finalize (GObject *object)
{
  g_clear_object (&ADIT_POLKIT (object)->bus);
  G_OBJECT_CLASS (adit_polkit_parent_class)->finalize (object);
}

static void
adit_polkit_class_init (AditPolkitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_polkit_finalize;
}

static void
adit_polkit_init (AditPolkit *self)
{
}

/**
 * adit_polkit_new:
 * @bus: the system bus
 *
 * Returns: (transfer full): an authority that asks polkit for everyone but root, and says no when there is no polkit
 */
AditAuthority *
adit_polkit_new (GDBusConnection *bus)
{
  AditPolkit *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus), NULL);

  self = g_object_new (ADIT_TYPE_POLKIT, NULL);
  self->bus = g_object_ref (bus);
  return ADIT_AUTHORITY (self);
}
