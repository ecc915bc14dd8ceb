/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-sign-in.c: calls that are answered to whoever asked and not by "changed": signing in, and how all such calls are made.
 * A credential crosses the bus as a descriptor and is not kept here. */
#include "config.h"
#include "ui/mirror-private.h"

#define NUMBER_MAX_BYTES 600    /* what the helper keeps of a credential */

typedef struct
{
  AditMirrorReader read;           /* (nullable): what is answered says nothing */
  GDestroyNotify   free_answer;
} Reading;

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Reading *reading = g_task_get_task_data (task);
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, &fds, &error);
  gpointer read = NULL;

  if (answer != NULL && reading->read == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (answer != NULL)
    read = reading->read (answer, fds, &error);
  if (read != NULL)
    g_task_return_pointer (task, read, reading->free_answer);
  else
    g_task_return_error (task, error);
}

/**
 * adit_mirror_task_new:
 * @self: a mirror
 * @tag: the public function that was called
 * @callback: for its caller
 * @user_data: for @callback
 *
 * Returns: (transfer full): a task for adit_mirror_ask()
 */
GTask *
adit_mirror_task_new (AditMirror *self, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, self->cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

/**
 * adit_mirror_ask:
 * @self: a mirror
 * @task: (transfer full): ends with the answer: a pointer where there is @read, otherwise a boolean
 * @method: a method of the helper
 * @arguments: (transfer floating): its arguments
 * @secret: (nullable): goes along as descriptor 0
 * @read: (nullable): makes something of the answer
 * @free_answer: frees that
 */
void
adit_mirror_ask (AditMirror *self, GTask *task, const char *method, GVariant *arguments, AditSecret *secret,
                 AditMirrorReader read, GDestroyNotify free_answer)
{
  g_autoptr (GTask) taken = task;
  g_autoptr (GVariant) sunk = g_variant_ref_sink (arguments);
  g_autoptr (GUnixFDList) fds = NULL;
  Reading *reading = g_new0 (Reading, 1);
  GError *error = NULL;

  reading->read = read;
  reading->free_answer = free_answer;
  g_task_set_task_data (task, reading, g_free);
  if (self->client == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "There is no helper");
  else if (secret != NULL)
    fds = adit_client_wrap_secret (secret, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  adit_client_call_async (self->client, method, sunk, fds, self->cancellable, on_answered, g_steal_pointer (&taken));
}

static GVariant *
make_options (gboolean force, gboolean has_answer)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "force", g_variant_new_boolean (force));
  if (has_answer)
    g_variant_builder_add (&options, "{sv}", "answer", g_variant_new_handle (0));
  return g_variant_builder_end (&options);
}

/**
 * adit_mirror_log_in_async:
 * @self: a mirror
 * @service: a service's id
 * @credential: what it knows the person by, as it was typed; anything where one signs in with a browser
 * @force: whether all other computers of the account are signed out for it
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Signs in, or begins to: %ADIT_ERROR_ANSWER_NEEDED leads to adit_mirror_get_question_async().
 */
void
adit_mirror_log_in_async (AditMirror *self, const char *service, AditSecret *credential, gboolean force,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_log_in_async, callback, user_data), "LogIn",
                   g_variant_new ("(sh@a{sv})", service, 0, make_options (force, FALSE)), credential, NULL, NULL);
}

/**
 * adit_mirror_answer_sign_in_async:
 * @self: a mirror
 * @answer: (nullable): to the question; nothing to a page in a browser, which is asked whether it is done
 * @force: as it was said to adit_mirror_log_in_async()
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_answer_sign_in_async (AditMirror *self, AditSecret *answer, gboolean force, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_answer_sign_in_async, callback, user_data), "AnswerSignIn",
                   g_variant_new ("(@a{sv})", make_options (force, answer != NULL)), answer, NULL, NULL);
}

/**
 * adit_mirror_sign_in_finish:
 * @self: a mirror
 * @result: what the callback of either was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether the account is signed in
 */
gboolean
adit_mirror_sign_in_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
read_question (GVariant *answer, GUnixFDList *fds, GError **error)
{
  return adit_answer_read_question (answer, fds, error);
}

/**
 * adit_mirror_get_question_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks what the sign-in waits for.
 */
void
adit_mirror_get_question_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_question_async, callback, user_data), "GetSignInQuestion",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_question,
                   (GDestroyNotify) adit_sign_in_question_free);
}

/**
 * adit_mirror_get_question_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the question
 */
AditSignInQuestion *
adit_mirror_get_question_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_number (GVariant *answer, GUnixFDList *fds, GError **error)
{
  g_autoptr (GBytes) bytes = adit_answer_read_file (answer, 0, fds, NUMBER_MAX_BYTES, error);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (text != NULL && (length == 0 || !g_utf8_validate (text, (gssize) length, NULL)))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper sent no account");
  else if (text != NULL)
    return adit_secret_new (text, length);
  return NULL;
}

/**
 * adit_mirror_create_account_async:
 * @self: a mirror
 * @service: a service where that is one call
 * @callback: ends it by adit_mirror_number_finish()
 * @user_data: for @callback
 */
void
adit_mirror_create_account_async (AditMirror *self, const char *service, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_create_account_async, callback, user_data), "CreateAccount",
                   g_variant_new ("(s@a{sv})", service, adit_mirror_no_options ()), NULL, read_number,
                   (GDestroyNotify) adit_secret_unref);
}

/**
 * adit_mirror_reveal_account_async:
 * @self: a mirror
 * @id: an account of this person's
 * @callback: ends it by adit_mirror_number_finish()
 * @user_data: for @callback
 *
 * Asks for what stands for the account; for that the helper asks the person.
 */
void
adit_mirror_reveal_account_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_reveal_account_async, callback, user_data), "RevealAccount",
                   g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL, read_number,
                   (GDestroyNotify) adit_secret_unref);
}

/**
 * adit_mirror_number_finish:
 * @self: a mirror
 * @result: what the callback of either was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): what stands for the account, as text without an end
 */
AditSecret *
adit_mirror_number_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
