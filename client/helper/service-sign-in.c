/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-sign-in.c: the methods by which somebody signs in: with a credential, and answers to what is asked then. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <string.h>
#include <gio/gunixfdlist.h>

#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "client/helper/sealed.h"
#include "platform/keys.h"

/* A service is asked about @waiting, which the service's sign-ins do not have meanwhile. */
typedef struct
{
  AditCall          *call;
  AditWaitingSignIn *waiting;
} SignIn;

static void
complete (AditCall *call, const char *id)
{
  if (g_str_equal (g_dbus_method_invocation_get_method_name (call->invocation), "LogIn"))
    adit_dbus_adit1_complete_log_in (call->service->skeleton, call->invocation, NULL, id);
  else
    adit_dbus_adit1_complete_answer_sign_in (call->service->skeleton, call->invocation, NULL, id);
  adit_call_free (call);
}

/* Takes both. */
static void
finish_sign_in (AditCall *call, AditAccount *account, const AditWorkerAnswer *answer)
{
  AditVault *vault = call->service->parts.vault;
  const AditService *service = account->service;
  g_autofree char *id = g_strdup (account->id);
  guint32 owner_uid = account->owner_uid;
  GError *error = NULL;

  (void) adit_account_take_answer (account, answer);
  if (account->credential == NULL)
    {
      adit_account_free (account);
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "%s has given nothing to come back with",
                                         service->name));
      return;
    }
  /* adit_vault_add() frees it where it cannot be kept; the device at the service is then one too many, which the service says. */
  if (!adit_vault_add (vault, account, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  if (!adit_vault_choose (vault, account, &error))    /* signed in it is all the same */
    g_warning ("%s", error->message);
  g_clear_error (&error);
  adit_service_refresh_list (call->service, account, TRUE);
  adit_rotation_follow (call->service->parts.rotation);
  adit_service_tell_accounts (call->service, owner_uid);
  complete (call, id);
}

/* Takes @waiting.  What was asked, or what could not be asked for a while, waits for the next answer. */
static void
keep_waiting (AditSignIns *sign_ins, AditWaitingSignIn *waiting, AditWorkerAnswer *words, GError **error)
{
  gboolean waits = g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE) && waiting->asked_at_us != 0;
  GError *wrong = NULL;

  if (g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_DEVICES))
    {
      waits = waiting->has_too_many = TRUE;
      waiting->asked_at_us = g_get_monotonic_time ();
      (void) adit_account_take_answer (waiting->account, words);
    }
  if (g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED) && words != NULL && words->has_question)
    {
      waits = adit_waiting_sign_in_ask (waiting, words, &wrong);
      (void) adit_account_take_answer (waiting->account, words);
    }
  if (wrong != NULL)
    {
      g_clear_error (error);
      g_propagate_error (error, wrong);
    }
  if (waits)
    adit_sign_ins_keep (sign_ins, waiting);
  else
    adit_waiting_sign_in_free (waiting);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree SignIn *sign_in = user_data;
  g_autoptr (AditWaitingSignIn) waiting = sign_in->waiting;
  AditCall *call = sign_in->call;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  g_ptr_array_remove (call->service->logging_in, waiting->account);
  if (answer != NULL)
    {
      finish_sign_in (call, g_steal_pointer (&waiting->account), answer);
      return;
    }
  keep_waiting (call->service->sign_ins, g_steal_pointer (&waiting), adit_worker_proxy_peek_words (result), &error);
  adit_call_fail (call, error);
}

/* Takes the sign-in. */
static void
ask (AditCall *call, AditWaitingSignIn *waiting, AditSecret *answer)
{
  AditWireRequest request = { 0 };
  SignIn *sign_in = g_new0 (SignIn, 1);

  sign_in->call = call;
  sign_in->waiting = waiting;
  g_ptr_array_add (call->service->logging_in, waiting->account);
  adit_account_lend (waiting->account, &request, ADIT_WIRE_WANT_LOG_IN);
  request.answers.is_forced = adit_call_has_option (call, "force") ? 1 : 0;
  if (waiting->asked_at_us != 0)
    adit_waiting_sign_in_lend (waiting, answer, &request);
  adit_worker_proxy_ask_async (call->service->parts.proxy, waiting->account->service, &request, NULL, on_asked, sign_in);
}

/* --- LogIn ------------------------------------------------------------------------------------------------------------------ */

/* The letters and digits of a number, in one spelling: groups, dashes and blanks of any kind are how it is typed and shown. */
static AditSecret *
dup_core (AditSecret *number)
{
  gsize length, n = 0;
  const char *text = (const char *) adit_secret_peek (number, &length);
  char core[ADIT_CREDENTIAL_MAX_BYTES];
  AditSecret *secret;

  for (gsize i = 0; i < length && n < sizeof core; i++)
    if (g_ascii_isalnum (text[i]))
      core[n++] = g_ascii_tolower (text[i]);
  secret = adit_secret_new (core, n);
  adit_wipe (core, sizeof core);
  return secret;
}

static gboolean
same_credential (const AditService *service, AditSecret *a, AditSecret *b)
{
  gboolean is_number = service->sign_in == ADIT_SIGN_IN_NUMBER;
  g_autoptr (AditSecret) a_core = NULL, b_core = NULL;
  gsize a_length, b_length;
  const guint8 *a_bytes, *b_bytes;

  if (a == NULL || b == NULL)
    return FALSE;    /* whose account it is becomes known in a browser */
  a_core = is_number ? dup_core (a) : adit_secret_ref (a);
  b_core = is_number ? dup_core (b) : adit_secret_ref (b);
  a_bytes = adit_secret_peek (a_core, &a_length);
  b_bytes = adit_secret_peek (b_core, &b_length);
  return a_length == b_length && memcmp (a_bytes, b_bytes, a_length) == 0;
}

static gboolean
is_same (AditAccount *account, const AditService *service, AditCall *call)
{
  return account->service == service && account->owner_uid == call->uid &&
         same_credential (service, account->credential, call->credential);
}

static void
begin (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  const AditService *service = adit_service_find (call->text);
  g_autoptr (AditSecret) private_key = NULL;
  GPtrArray *accounts = adit_vault_get_accounts (parts->vault), *logging_in = call->service->logging_in;

  /* Signing in again would spend one more of the account's few devices. */
  for (guint i = 0; i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];

      if (!is_same (account, service, call))
        continue;
      if (account->is_leaving)
        adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY, "The account is being signed out"));
      else
        complete (call, account->id);
      return;
    }
  for (guint i = 0; i < logging_in->len; i++)
    if (is_same (logging_in->pdata[i], service, call))
      {
        adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY, "This account is being signed in already"));
        return;
      }
  private_key = adit_keys_generate ();
  adit_waiting_sign_in_free (adit_sign_ins_take (call->service->sign_ins, call->uid));
  ask (call, adit_waiting_sign_in_new (adit_account_new (service, call->uid, call->credential, private_key)), NULL);
}

static void
work_log_in (AditCall *call)
{
  const AditService *service = adit_service_find (call->text);

  if (service->sign_in != ADIT_SIGN_IN_BROWSER && adit_call_wait_for_secret (call))
    return;
  if (call->credential != NULL && adit_secret_get_size (call->credential) >= ADIT_CREDENTIAL_MAX_BYTES)
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, "That is too long to be a credential of %s",
                                       service->name));
  else
    begin (call);
}

static gboolean
on_log_in (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *service_id,
           GVariant *credential, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_log_in);

  call->text = g_strdup (service_id);
  if (adit_service_find (service_id) == NULL)
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no service of that name"));
  else if (adit_call_take_fd (call, fds, credential))
    adit_call_authorise (call, "LogIn", NULL);
  return TRUE;
}

/* --- GetSignInQuestion ------------------------------------------------------------------------------------------------------ */

static GVariant *
describe (const AditWaitingSignIn *waiting)
{
  static const char *const kinds[ADIT_N_WIRE_ASKS] = { "words", "captcha", "code", "browser" };
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "service", g_variant_new_string (waiting->account->service->id));
  g_variant_builder_add (&dict, "{sv}", "kind", g_variant_new_string (kinds[waiting->question.kind]));
  g_variant_builder_add (&dict, "{sv}", "text", g_variant_new_string (waiting->question.text));
  g_variant_builder_add (&dict, "{sv}", "was_wrong", g_variant_new_boolean (waiting->question.was_wrong != 0));
  g_variant_builder_add (&dict, "{sv}", "has_picture", g_variant_new_boolean (waiting->picture_fd >= 0));
  return g_variant_builder_end (&dict);
}

static AditWaitingSignIn *
check_waiting (AditCall *call, AditWaitingSignIn *waiting)
{
  if (waiting != NULL && waiting->has_too_many)
    waiting = NULL;
  if (waiting == NULL)
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                                       "No sign-in waits for an answer, or it has waited for too long; sign in again"));
  return waiting;
}

static void
work_get_question (AditCall *call)
{
  AditWaitingSignIn *waiting = check_waiting (call, adit_sign_ins_find (call->service->sign_ins, call->uid));
  g_autoptr (AditSecret) nothing = adit_secret_new ("", 0);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GError *error = NULL;
  int empty = -1;

  if (waiting == NULL)
    return;
  if (waiting->picture_fd < 0)
    empty = adit_sealed_new (nothing, &error);
  if (error == NULL)
    g_unix_fd_list_append (fds, waiting->picture_fd >= 0 ? waiting->picture_fd : empty, &error);
  if (empty >= 0)
    close (empty);
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_get_sign_in_question (call->service->skeleton, call->invocation, fds, describe (waiting),
                                                 g_variant_new_handle (0));
  adit_call_free (call);
}

static gboolean
on_get_question (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *options,
                 AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_question), "GetSignInQuestion", NULL);
  return TRUE;
}

/* --- AnswerSignIn ----------------------------------------------------------------------------------------------------------- */

static void
work_answer (AditCall *call)
{
  AditWaitingSignIn *waiting;
  GError *error = NULL;

  if (adit_call_wait_for_secret (call))
    return;
  waiting = check_waiting (call, adit_sign_ins_find (call->service->sign_ins, call->uid));
  if (waiting == NULL)
    return;
  if (!adit_waiting_sign_in_answer (waiting, call->credential, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  ask (call, adit_sign_ins_take (call->service->sign_ins, call->uid), call->credential);
}

static gboolean
on_answer_sign_in (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *options,
                   AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_answer);

  adit_call_take_answer_fd (call);
  adit_call_authorise (call, "AnswerSignIn", NULL);
  return TRUE;
}

/**
 * adit_service_connect_sign_in_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_sign_in_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-log-in", G_CALLBACK (on_log_in), service);
  g_signal_connect (service->skeleton, "handle-get-sign-in-question", G_CALLBACK (on_get_question), service);
  g_signal_connect (service->skeleton, "handle-answer-sign-in", G_CALLBACK (on_answer_sign_in), service);
}
