/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-task.c: one question to an adapter, walked to its end, and what is worth telling the helper before the last word. */
#include "client/worker/provider-role.h"

#include <unistd.h>

#include "client/worker/list-file.h"
#include "client/worker/walk.h"

G_STATIC_ASSERT (ADIT_QUESTION_MAX_BYTES == ADIT_WIRE_HANDLE_MAX_BYTES);

static void
copy_secret (AditSecret *secret, char *field, gsize size_bytes)
{
  if (secret != NULL)
    adit_secret_copy_to (secret, field, size_bytes - 1);
}

/* A token is worth keeping also when what came after it failed. */
static gboolean
send_token (AditWorker *worker, AditProviderTask *task, GError **error)
{
  AditWireMessage message;
  gboolean sent;

  if (task->fresh_token == NULL)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_TOKEN, worker->attempt);
  copy_secret (task->fresh_token, message.token.token, sizeof message.token.token);
  message.token.expires_at_s = task->fresh_token_expires_at_s;
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

/* So is what stands for the account. */
static gboolean
send_login (AditWorker *worker, const AditProviderResult *result, GError **error)
{
  AditWireMessage message;
  gboolean sent;

  if (result->credential == NULL && result->openvpn_username == NULL && result->openvpn_password == NULL)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_LOGIN, worker->attempt);
  copy_secret (result->credential, message.login.credential, sizeof message.login.credential);
  copy_secret (result->openvpn_username, message.login.username, sizeof message.login.username);
  copy_secret (result->openvpn_password, message.login.password, sizeof message.login.password);
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

/* Always fails: nothing comes of this task before a person has answered. */
static gboolean
send_question (AditWorker *worker, const AditProviderQuestion *question, GError **error)
{
  static const guint8 kinds[ADIT_N_QUESTIONS] = {
    [ADIT_QUESTION_CAPTCHA] = ADIT_WIRE_ASKS_CAPTCHA, [ADIT_QUESTION_CODE] = ADIT_WIRE_ASKS_CODE,
    [ADIT_QUESTION_BROWSER] = ADIT_WIRE_ASKS_BROWSER,
  };
  AditWireMessage message;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_QUESTION, worker->attempt);
  message.question.kind = kinds[question->kind];
  message.question.was_wrong = question->was_wrong ? 1 : 0;
  g_strlcpy (message.question.text, question->text, sizeof message.question.text);
  g_strlcpy (message.question.handle, question->handle, sizeof message.question.handle);
  if (question->picture != NULL)
    {
      message.question.size_picture_bytes = (guint32) g_bytes_get_size (question->picture);
      fd = adit_list_file_seal (question->picture, error);
      if (fd < 0)
        return FALSE;
    }
  sent = adit_worker_send (worker, &message, fd, error);
  if (fd >= 0)
    close (fd);
  if (sent)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED, "The service asks for one more answer");
  return FALSE;
}

/**
 * adit_provider_run:
 * @worker: the worker, whose sockets are asked by
 * @ops: an adapter
 * @wanted: the question; it has to outlive @done
 * @done: (out): the answered task; set only where it succeeds
 * @error: return location; what the service said, %ADIT_ERROR_ANSWER_NEEDED, or that the helper has gone
 *
 * Tokens and what stands for an account go to the helper even where the rest fails.
 *
 * Returns: whether there is an answer
 */
gboolean
adit_provider_run (AditWorker *worker, const AditProviderOps *ops, const AditProviderRequest *wanted, AditProviderTask **done,
                   GError **error)
{
  g_autoptr (AditProviderTask) task = adit_provider_task_new (ops, wanted, error);
  gboolean walked, said;

  if (task == NULL)
    return FALSE;
  walked = adit_worker_walk (worker, task, error);
  said = send_token (worker, task, walked ? error : NULL) && send_login (worker, &task->result, walked ? error : NULL);
  if (!said || !walked)
    return FALSE;
  if (task->result.question.kind != ADIT_QUESTION_NONE)
    return send_question (worker, &task->result.question, error);
  *done = g_steal_pointer (&task);
  return TRUE;
}
