/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-ins.c: the same key, credential and earlier answers go with each new answer, as the service wants them again. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/sign-ins.h"

#include <string.h>
#include <unistd.h>

#include "client/base/error.h"

#define WAIT_US (10 * 60 * G_TIME_SPAN_SECOND)    /* a mail with a code takes a while; a page in a browser, too */
#define MAX_WAITING 32

struct _AditSignIns { GPtrArray *waiting; };    /* of AditWaitingSignIn, oldest first */

/**
 * adit_waiting_sign_in_free:
 * @self: (nullable): a sign-in; its secrets are wiped
 */
void
adit_waiting_sign_in_free (AditWaitingSignIn *self)
{
  if (self == NULL)
    return;
  if (self->picture_fd >= 0)
    close (self->picture_fd);
  g_clear_pointer (&self->account, adit_account_free);
  g_clear_pointer (&self->captcha, adit_secret_unref);
  adit_wipe (self, sizeof *self);
  g_free (self);
}

/**
 * adit_waiting_sign_in_new:
 * @account: (transfer full): what it is to become
 *
 * Returns: (transfer full): a sign-in about which nothing has been asked
 */
AditWaitingSignIn *
adit_waiting_sign_in_new (AditAccount *account)
{
  AditWaitingSignIn *self = g_new0 (AditWaitingSignIn, 1);

  self->account = account;
  self->picture_fd = -1;
  return self;
}

/**
 * adit_waiting_sign_in_ask:
 * @self: a sign-in
 * @words: what a worker has said, with a question; its picture is taken over
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it can be asked: a person is sent to no page but the service's own
 */
gboolean
adit_waiting_sign_in_ask (AditWaitingSignIn *self, AditWorkerAnswer *words, GError **error)
{
  const AditService *service = self->account->service;
  const AditWireQuestion *question = &words->question;

  if (question->kind == ADIT_WIRE_ASKS_BROWSER &&
      (service->sign_in_at == NULL || !g_str_has_prefix (question->text, service->sign_in_at) || question->handle[0] == '\0'))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker for %s names a page that is not the service's",
                   service->name);
      return FALSE;
    }
  if (self->picture_fd >= 0)
    close (self->picture_fd);
  self->picture_fd = words->picture_fd;
  words->picture_fd = -1;
  self->question = *question;
  self->has_too_many = FALSE;
  self->asked_at_us = g_get_monotonic_time ();
  if (question->kind == ADIT_WIRE_ASKS_CAPTCHA)
    g_clear_pointer (&self->captcha, adit_secret_unref);    /* a new picture: the old one's words are worth nothing */
  if (question->handle[0] != '\0')
    g_strlcpy (self->handle, question->handle, sizeof self->handle);
  return TRUE;
}

/**
 * adit_waiting_sign_in_answer:
 * @self: a sign-in
 * @answer: (nullable): what a person says to its question; nothing to a page in a browser
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it is an answer to that question
 */
gboolean
adit_waiting_sign_in_answer (AditWaitingSignIn *self, AditSecret *answer, GError **error)
{
  gboolean wants = self->question.kind != ADIT_WIRE_ASKS_BROWSER;
  gsize size = answer != NULL ? adit_secret_get_size (answer) : 0;

  if (wants == (size > 0) && size < ADIT_WIRE_CAPTCHA_MAX_BYTES)
    return TRUE;
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                       size > 0 && wants ? "That is too long for an answer" : wants ? "No answer came with the call"
                                                                                    : "That question is answered in a browser");
  return FALSE;
}

/**
 * adit_waiting_sign_in_lend:
 * @self: a sign-in
 * @answer: (nullable): what adit_waiting_sign_in_answer() has found good
 * @request: (inout): a request to log in
 *
 * Fills in all that has been answered.
 */
void
adit_waiting_sign_in_lend (AditWaitingSignIn *self, AditSecret *answer, AditWireRequest *request)
{
  AditWireAnswers *answers = &request->answers;

  if (self->question.kind == ADIT_WIRE_ASKS_CAPTCHA)
    self->captcha = adit_secret_ref (answer);
  else if (self->question.kind == ADIT_WIRE_ASKS_CODE)
    adit_secret_copy_to (answer, answers->code, sizeof answers->code - 1);
  adit_secret_copy_to (self->captcha, answers->captcha, sizeof answers->captcha - 1);
  g_strlcpy (answers->handle, self->handle, sizeof answers->handle);
}

/**
 * adit_sign_ins_new:
 *
 * Returns: (transfer full): nobody is signing in
 */
AditSignIns *
adit_sign_ins_new (void)
{
  AditSignIns *self = g_new0 (AditSignIns, 1);

  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_waiting_sign_in_free);
  return self;
}

/**
 * adit_sign_ins_free:
 * @self: (nullable): all that wait; forgotten
 */
void
adit_sign_ins_free (AditSignIns *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

/**
 * adit_sign_ins_keep:
 * @self: all that wait
 * @waiting: (transfer full): one more, in the place of the same person's last one
 */
void
adit_sign_ins_keep (AditSignIns *self, AditWaitingSignIn *waiting)
{
  adit_waiting_sign_in_free (adit_sign_ins_take (self, waiting->account->owner_uid));
  if (self->waiting->len >= MAX_WAITING)
    g_ptr_array_remove_index (self->waiting, 0);
  g_ptr_array_add (self->waiting, waiting);
}

/**
 * adit_sign_ins_find:
 * @self: all that wait
 * @uid: a person
 *
 * Returns: (transfer none) (nullable): theirs, if it has not waited too long
 */
AditWaitingSignIn *
adit_sign_ins_find (AditSignIns *self, guint32 uid)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = self->waiting->len; i > 0; i--)
    if (((AditWaitingSignIn *) self->waiting->pdata[i - 1])->asked_at_us + WAIT_US < now_us)
      g_ptr_array_remove_index (self->waiting, i - 1);
  for (guint i = 0; i < self->waiting->len; i++)
    if (((AditWaitingSignIn *) self->waiting->pdata[i])->account->owner_uid == uid)
      return self->waiting->pdata[i];
  return NULL;
}

/**
 * adit_sign_ins_take:
 * @self: all that wait
 * @uid: a person
 *
 * Returns: (transfer full) (nullable): theirs, which waits no longer
 */
AditWaitingSignIn *
adit_sign_ins_take (AditSignIns *self, guint32 uid)
{
  AditWaitingSignIn *found = adit_sign_ins_find (self, uid);
  guint index;

  if (found == NULL || !g_ptr_array_find (self->waiting, found, &index))
    return NULL;
  return g_ptr_array_steal_index (self->waiting, index);
}
