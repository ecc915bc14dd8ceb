/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-keys.c: the method that changes a key, and what a service says of an account while its tunnel is up: asked once an
 * hour, as IVPN's own client does, and whenever somebody looks. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"
#include "client/helper/account-loan.h"

#define LOOK_EVERY_US (60 * 60 * (gint64) G_USEC_PER_SEC)

static void
on_key_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditAccount *account = adit_vault_find (call->service->parts.vault, call->text);
  GError *error = NULL;

  if (adit_rotation_run_finish (ADIT_ROTATION (source), result, &error) && account == NULL)
    g_set_error_literal (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_rotate_key (call->service->skeleton, call->invocation,
                                       adit_service_account_row (call->service, account, call->uid));
  adit_call_free (call);
}

static void
work_rotate_key (AditCall *call)
{
  GError *error = NULL;
  AditAccount *account = adit_call_find_account (call, &error);

  if (account == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_free (call->text);
  call->text = g_strdup (account->id);
  adit_rotation_run_async (call->service->parts.rotation, account, on_key_changed, call);
}

static gboolean
on_rotate_key (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
               AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_rotate_key);

  call->text = g_strdup (account);
  adit_call_authorise (call, "RotateKey", adit_call_get_account_owner);
  return TRUE;
}

static void
on_rotation_changed (AditRotation *rotation, const char *id, AditBusService *service)
{
  AditAccount *account = adit_vault_find (service->parts.vault, id);

  if (account != NULL)
    adit_service_tell_accounts (service, account->owner_uid);
  adit_service_tell_subscribers (service);
}

/* --- What becomes of the account -------------------------------------------------------------------------------------------- */

/**
 * adit_service_take_account:
 * @service: the service
 * @id: of the account that was asked about; it may be gone
 * @words: (nullable): what the worker has said, also where it failed
 * @answer: (nullable): that, if it did not
 * @error: (inout): why it failed; where the answer is that this computer is unknown, that
 *
 * Keeps what the service has said.  Where it no longer knows this computer, a tunnel of the account is given up: what went
 * through it would soon go nowhere.  An account that has ended keeps its tunnel as long as a server answers, and it is told.
 *
 * Returns: (transfer none) (nullable): the account, if all is well
 */
AditAccount *
adit_service_take_account (AditBusService *service, const char *id, AditWorkerAnswer *words, const AditWorkerAnswer *answer,
                           GError **error)
{
  AditServiceParts *parts = &service->parts;
  AditAccount *account = adit_vault_find (parts->vault, id);

  if (account == NULL)
    {
      g_clear_error (error);
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
      return NULL;
    }
  adit_account_keep_words (parts->vault, account, words);
  if (answer != NULL && answer->last.account.key_is_other)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_KEY_LOST, "%s has another key for this computer", account->service->name);
  else if (answer != NULL && !answer->last.account.device_is_known)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED, "%s no longer knows this computer", account->service->name);
  if ((g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED) ||
       g_error_matches (*error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED)) &&
      g_str_equal (adit_session_get_wish (parts->session)->account, id))
    adit_session_give_up (parts->session, *error);
  adit_service_tell_accounts (service, account->owner_uid);
  adit_service_tell_subscribers (service);
  return *error == NULL ? account : NULL;
}

typedef struct
{
  AditBusService *service;
  char            account[ADIT_ACCOUNT_ID_MAX_BYTES];
} Look;

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Look *look = user_data;
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  if (adit_service_take_account (look->service, look->account, adit_worker_proxy_peek_words (result), answer, &error) == NULL)
    g_info ("the account: %s", error->message);
}

static void
on_look_due (gpointer user_data)
{
  AditBusService *service = user_data;
  AditAccount *account = adit_vault_find (service->parts.vault, adit_session_get_wish (service->parts.session)->account);
  AditWireRequest request = { 0 };
  Look *look;

  g_clear_pointer (&service->look_alarm, adit_alarm_free);
  adit_service_follow_account (service);
  if (account == NULL || service->look_alarm == NULL)
    return;
  look = g_new0 (Look, 1);
  look->service = service;
  g_strlcpy (look->account, account->id, sizeof look->account);
  adit_account_lend (account, &request, ADIT_WIRE_WANT_ACCOUNT);
  adit_worker_proxy_ask_async (service->parts.proxy, account->service, &request, NULL, on_looked, look);
}

/**
 * adit_service_follow_account:
 * @service: the service
 *
 * The session has changed: an account is looked at only while it is connected.
 */
void
adit_service_follow_account (AditBusService *service)
{
  g_autoptr (GError) error = NULL;

  if (adit_session_get_state (service->parts.session) != ADIT_STATE_CONNECTED)
    g_clear_pointer (&service->look_alarm, adit_alarm_free);
  else if (service->look_alarm == NULL)
    service->look_alarm = adit_alarm_new (adit_alarm_get_now_us () + LOOK_EVERY_US, on_look_due, service, &error);
  if (error != NULL)
    g_warning ("the account is not looked at by itself: %s", error->message);
}

/**
 * adit_service_connect_key_methods:
 * @service: the service
 *
 * Answers the method of this file.
 */
void
adit_service_connect_key_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-rotate-key", G_CALLBACK (on_rotate_key), service);
  g_signal_connect (service->parts.rotation, "changed", G_CALLBACK (on_rotation_changed), service);
}
