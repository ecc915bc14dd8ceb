/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answers.c: an answer holds until a server has taken or refused it; a token until it is refused, or something else is wanted.
 * With a token a lost connection comes back without a person. */
#include "client/helper/answers.h"

#include "client/model/settings.h"

struct _AditAnswers
{
  char         profile[ADIT_ACCOUNT_ID_MAX_BYTES];    /* whose these are; "": nobody's */
  AditSecret  *answer;      /* (nullable): a person's */
  AditSecret  *handle;      /* (nullable): of the question that @answer is for */
  AditSecret  *token;       /* (nullable): the server's */
  gboolean     is_lent;     /* the try that is under way has the token */
  gboolean     is_asked;
  AditQuestion question;
};

static void
forget_answer (AditAnswers *self)
{
  g_clear_pointer (&self->answer, adit_secret_unref);
  g_clear_pointer (&self->handle, adit_secret_unref);
}

/**
 * adit_answers_new:
 *
 * Returns: (transfer full): nothing asked, nothing answered
 */
AditAnswers *
adit_answers_new (void)
{
  return g_new0 (AditAnswers, 1);
}

/**
 * adit_answers_free:
 * @self: (nullable) (transfer full): answers
 */
void
adit_answers_free (AditAnswers *self)
{
  if (self == NULL)
    return;
  forget_answer (self);
  g_clear_pointer (&self->token, adit_secret_unref);
  g_free (self);
}

/**
 * adit_answers_begin:
 * @self: answers
 * @profile: what a person wants to connect to now; "": nothing
 * @answer: (nullable): what they say to the question that stands
 *
 * Without an answer the question is forgotten, since the server may ask another one by now.  Another profile gets nothing of it.
 */
void
adit_answers_begin (AditAnswers *self, const char *profile, AditSecret *answer)
{
  gboolean same = profile[0] != '\0' && g_str_equal (self->profile, profile);

  g_clear_pointer (&self->answer, adit_secret_unref);
  if (!same || answer == NULL)
    g_clear_pointer (&self->handle, adit_secret_unref);
  if (!same)
    g_clear_pointer (&self->token, adit_secret_unref);
  self->is_asked = self->is_lent = FALSE;
  self->question = (AditQuestion) { 0 };
  self->answer = answer != NULL ? adit_secret_ref (answer) : NULL;
  g_strlcpy (self->profile, profile, sizeof self->profile);
}

/**
 * adit_answers_ask:
 * @self: answers
 * @text: the question; checked by whoever has read it
 * @echo: what is typed may be seen
 * @handle: (nullable): what goes back with the answer
 *
 * The try that led to it is over.
 */
void
adit_answers_ask (AditAnswers *self, const char *text, gboolean echo, AditSecret *handle)
{
  forget_answer (self);
  self->is_asked = TRUE;
  self->question.echo = echo;
  g_strlcpy (self->question.text, text, sizeof self->question.text);
  self->handle = handle != NULL ? adit_secret_ref (handle) : NULL;
}

/**
 * adit_answers_keep_token:
 * @self: answers
 * @token: what the next try may say in the place of password and answer
 */
void
adit_answers_keep_token (AditAnswers *self, AditSecret *token)
{
  g_clear_pointer (&self->token, adit_secret_unref);
  self->token = adit_secret_ref (token);
}

static AditSecret *
lend (AditSecret *secret)
{
  return secret != NULL ? adit_secret_ref (secret) : NULL;
}

/**
 * adit_answers_lend:
 * @self: answers
 * @secrets: where answer, question and token are %NULL
 *
 * Fills them in for one try.
 *
 * Returns: whether there is an answer, or a token that does without
 */
gboolean
adit_answers_lend (AditAnswers *self, AditTunnelSecrets *secrets)
{
  secrets->answer = lend (self->answer);
  secrets->question = self->answer != NULL ? lend (self->handle) : NULL;
  secrets->token = lend (self->token);
  self->is_lent = self->token != NULL;
  return self->answer != NULL || self->token != NULL;
}

/**
 * adit_answers_accepted:
 * @self: answers
 *
 * The server has let us in: what was answered has done its work.
 */
void
adit_answers_accepted (AditAnswers *self)
{
  forget_answer (self);
  self->is_asked = self->is_lent = FALSE;
}

/**
 * adit_answers_refused:
 * @self: answers
 * @code: how the try has ended
 *
 * Forgets what a server has refused.
 *
 * Returns: whether that was a token, so that a try without it may succeed
 */
gboolean
adit_answers_refused (AditAnswers *self, AditError code)
{
  gboolean was_lent = self->is_lent;

  self->is_lent = FALSE;
  if (code != ADIT_ERROR_LOGIN_REFUSED && code != ADIT_ERROR_CREDENTIAL_MALFORMED && code != ADIT_ERROR_ANSWER_NEEDED)
    return FALSE;
  g_clear_pointer (&self->token, adit_secret_unref);
  if (was_lent)
    return code != ADIT_ERROR_ANSWER_NEEDED;
  if (code != ADIT_ERROR_ANSWER_NEEDED)
    forget_answer (self);
  return FALSE;
}

/**
 * adit_answers_get_question:
 * @self: answers
 *
 * Returns: (transfer none) (nullable): what a person is asked now
 */
const AditQuestion *
adit_answers_get_question (AditAnswers *self)
{
  return self->is_asked ? &self->question : NULL;
}
