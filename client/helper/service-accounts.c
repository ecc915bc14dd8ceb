/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-accounts.c: the methods that ask a service something: log in and out, account, locations. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <string.h>
#include <unistd.h>
#include <gio/gunixfdlist.h>

#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "client/helper/credential.h"
#include "platform/keys.h"

static GVariant *
account_row (AditBusService *service, AditAccount *account, guint32 uid)
{
  GVariantBuilder row;
  gboolean current = g_str_equal (account->id, adit_session_get_wish (service->parts.session)->account);

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (account->id));
  g_variant_builder_add (&row, "{sv}", "service", g_variant_new_string (account->service->id));
  g_variant_builder_add (&row, "{sv}", "service_name", g_variant_new_string (account->service->name));
  g_variant_builder_add (&row, "{sv}", "device_name", g_variant_new_string (account->device_name));
  g_variant_builder_add (&row, "{sv}", "current",
                         g_variant_new_boolean (current || account == adit_service_find_account (service, "", uid)));
  g_variant_builder_add (&row, "{sv}", "expires_at", g_variant_new_int64 (account->expires_at_s));
  g_variant_builder_add (&row, "{sv}", "checked_at", g_variant_new_int64 (account->checked_at_s));
  g_variant_builder_add (&row, "{sv}", "plan", g_variant_new_string (account->plan));
  g_variant_builder_add (&row, "{sv}", "device_limit", g_variant_new_uint32 (account->device_limit));
  g_variant_builder_add (&row, "{sv}", "inactive", g_variant_new_boolean (account->is_inactive));
  g_variant_builder_add (&row, "{sv}", "renews", g_variant_new_boolean (account->is_renewed));
  g_variant_builder_add (&row, "{sv}", "multihop", g_variant_new_boolean (!account->refuses_multihop));
  g_variant_builder_add (&row, "{sv}", "mine", g_variant_new_boolean (account->owner_uid == uid));
  return g_variant_builder_end (&row);
}

static guint32
account_owner (AditCall *call)
{
  AditAccount *account = call->text[0] != '\0' ? adit_vault_find (call->service->parts.vault, call->text) : NULL;

  return account != NULL ? account->owner_uid : ADIT_NO_OWNER;
}

/* --- LogIn ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  AditCall    *call;
  AditAccount *account;    /* new, not yet in the vault */
} LogIn;

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LogIn *log_in = user_data;
  AditCall *call = log_in->call;
  AditVault *vault = call->service->parts.vault;
  AditAccount *account = g_steal_pointer (&log_in->account);
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  g_autofree char *id = g_strdup (account->id);

  g_free (log_in);
  g_ptr_array_remove (call->service->logging_in, account);
  if (answer == NULL)
    {
      adit_account_free (account);
      adit_call_fail (call, error);
      return;
    }
  /* adit_vault_add() frees it where it cannot be kept; the device at the service is then one too many,
   * and the service says so. */
  (void) adit_account_take_answer (account, answer);
  if (!adit_vault_add (vault, account, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_refresh_list (call->service, adit_vault_find (vault, id)->service);
  adit_service_tell_accounts (call->service, adit_vault_find (vault, id)->owner_uid);
  adit_dbus_adit1_complete_log_in (call->service->skeleton, call->invocation, NULL, id);
  adit_call_free (call);
}

static gboolean
same_credential (AditSecret *a, AditSecret *b)
{
  gsize a_length, b_length;
  const guint8 *a_bytes = adit_secret_peek (a, &a_length), *b_bytes = adit_secret_peek (b, &b_length);

  return a_length == b_length && memcmp (a_bytes, b_bytes, a_length) == 0;
}

static gboolean
is_same (AditAccount *account, const AditService *service, AditCall *call)
{
  return account->service == service && account->owner_uid == call->uid &&
         same_credential (account->credential, call->credential);
}

static void
on_credential (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditServiceParts *parts = &call->service->parts;
  const AditService *service = adit_service_find (call->text);
  AditWireRequest request = { 0 };
  g_autoptr (AditSecret) private_key = NULL;
  GPtrArray *accounts = adit_vault_get_accounts (parts->vault), *logging_in = call->service->logging_in;
  GError *error = NULL;
  LogIn *log_in;

  call->credential = adit_credential_read_finish (result, &error);
  if (call->credential != NULL && adit_secret_get_size (call->credential) >= sizeof request.credential)
    error = g_error_new (ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, "That is too long to be a credential of %s", service->name);
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  /* Signing in again would spend one more of the account's few devices. */
  for (guint i = 0; i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];

      if (is_same (account, service, call))
        {
          adit_dbus_adit1_complete_log_in (call->service->skeleton, call->invocation, NULL, account->id);
          adit_call_free (call);
          return;
        }
    }
  for (guint i = 0; i < logging_in->len; i++)
    if (is_same (logging_in->pdata[i], service, call))
      {
        adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY, "This account is being signed in already"));
        return;
      }

  private_key = adit_keys_generate ();
  log_in = g_new0 (LogIn, 1);
  log_in->call = call;
  log_in->account = adit_account_new (service, call->uid, call->credential, private_key);
  g_ptr_array_add (logging_in, log_in->account);
  adit_account_lend (log_in->account, &request, ADIT_WIRE_WANT_LOG_IN);
  adit_worker_proxy_ask_async (parts->proxy, service, &request, NULL, on_logged_in, log_in);
}

static void
work_log_in (AditCall *call)
{
  int fd = call->fd;

  call->fd = -1;
  adit_credential_read_async (fd, on_credential, call);
}

static gboolean
on_log_in (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *service_id,
           GVariant *credential, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_log_in);
  gint32 handle = g_variant_get_handle (credential);
  GError *error = NULL;

  call->text = g_strdup (service_id);
  /* The handle is the caller's word; the list of what really came is the bus daemon's. */
  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    call->fd = g_unix_fd_list_get (fds, handle, NULL);
  if (adit_service_find (service_id) == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no service of that name");
  else if (call->fd < 0)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "No credential came with the call");
  if (error != NULL)
    adit_call_fail (call, error);
  else
    adit_call_authorise (call, "LogIn", NULL);
  return TRUE;
}

/* --- LogOut ----------------------------------------------------------------------------------------------------------------- */

static void
forget_account (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  AditAccount *account = adit_vault_find (parts->vault, call->text);
  guint32 owner_uid = account != NULL ? account->owner_uid : call->uid;
  GError *error = NULL;

  if (account != NULL && !adit_vault_remove (parts->vault, account, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_tell_accounts (call->service, owner_uid);
  adit_dbus_adit1_complete_log_out (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  g_hash_table_remove (call->service->logging_out, call->text);
  /* A service that no longer knows the account or the device has nothing left to remove. */
  if (answer != NULL || adit_call_has_option (call, "force") ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED) ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED))
    {
      g_clear_error (&error);
      forget_account (call);
      return;
    }
  adit_call_fail (call, error);
}

static void
work_log_out (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  const AditWish *wish = adit_session_get_wish (parts->session);
  static const AditWish nothing;
  AditWireRequest request = { 0 };
  GError *error = NULL;
  AditAccount *account = adit_call_find_account (call, &error);

  if (account != NULL && g_hash_table_contains (call->service->logging_out, account->id))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is being signed out already");
  else if (account != NULL && wish->connected && g_str_equal (wish->account, account->id))
    {
      if (!adit_call_has_option (call, "disconnect"))
        g_set_error (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is in use; disconnect first");
      else if (adit_store_save_wish (parts->store, &nothing, &error))
        adit_session_disconnect (parts->session);
    }
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_free (call->text);
  call->text = g_strdup (account->id);
  g_hash_table_add (call->service->logging_out, g_strdup (account->id));
  adit_account_lend (account, &request, ADIT_WIRE_WANT_LOG_OUT);
  adit_worker_proxy_ask_async (parts->proxy, account->service, &request, NULL, on_logged_out, call);
}

static gboolean
on_log_out (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
            AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_log_out);

  call->text = g_strdup (account);
  adit_call_authorise (call, "LogOut", account_owner);
  return TRUE;
}

/* --- GetAccounts, RefreshAccount -------------------------------------------------------------------------------------------- */

static void
work_get_accounts (AditCall *call)
{
  AditBusService *service = call->service;
  GPtrArray *accounts = adit_vault_get_accounts (service->parts.vault);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];

      if (call->uid == 0 || account->owner_uid == call->uid)
        g_variant_builder_add_value (&rows, account_row (service, account, call->uid));
    }
  adit_dbus_adit1_complete_get_accounts (service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static gboolean
on_get_accounts (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_accounts), "GetAccounts", NULL);
  return TRUE;
}

static void
on_account_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditServiceParts *parts = &call->service->parts;
  AditAccount *account = adit_vault_find (parts->vault, call->text);
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  if (answer != NULL && account == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
  else if (answer != NULL && !answer->last.account.device_is_known)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED, "%s no longer knows this computer", account->service->name);
  if (error != NULL || !adit_account_store_answer (parts->vault, account, answer, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_tell_accounts (call->service, account->owner_uid);
  adit_dbus_adit1_complete_refresh_account (call->service->skeleton, call->invocation,
                                            account_row (call->service, account, call->uid));
  adit_call_free (call);
}

static void
work_refresh_account (AditCall *call)
{
  AditWireRequest request = { 0 };
  GError *error = NULL;
  AditAccount *account = adit_call_find_account (call, &error);

  if (account == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_free (call->text);
  call->text = g_strdup (account->id);
  adit_account_lend (account, &request, ADIT_WIRE_WANT_ACCOUNT);
  adit_worker_proxy_ask_async (call->service->parts.proxy, account->service, &request, NULL, on_account_refreshed, call);
}

static gboolean
on_refresh_account (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
                    AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_refresh_account);

  call->text = g_strdup (account);
  adit_call_authorise (call, "RefreshAccount", account_owner);
  return TRUE;
}

/* --- GetLocations ----------------------------------------------------------------------------------------------------------- */

static gboolean
answer_with_list (AditCall *call, const AditService *service)
{
  int fd = adit_store_open_list (call->service->parts.store, service);
  g_autoptr (GUnixFDList) fds = NULL;

  if (fd < 0)
    return FALSE;
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  adit_dbus_adit1_complete_get_locations (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
  return TRUE;
}

static void
on_list_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  if (answer == NULL)
    adit_call_fail (call, error);
  else if (!answer_with_list (call, adit_service_find (call->text)))
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "The list of places could not be kept"));
}

static void
work_get_locations (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST };
  const AditService *service;

  if (call->text[0] == '\0')
    {
      AditAccount *account = adit_service_find_account (call->service, "", call->uid);

      g_free (call->text);
      call->text = g_strdup (account != NULL ? account->service->id : adit_service_at (0)->id);
    }
  service = adit_service_find (call->text);
  if (service == NULL)
    {
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no service of that name"));
      return;
    }
  if (!adit_call_has_option (call, "refresh") && answer_with_list (call, service))
    return;
  adit_worker_proxy_ask_async (parts->proxy, service, &request, NULL, on_list_fetched, call);
}

static gboolean
on_get_locations (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *service_id,
                  GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_get_locations);

  call->text = g_strdup (service_id);
  adit_call_authorise (call, "GetLocations", NULL);
  return TRUE;
}

/* --- The list in the background --------------------------------------------------------------------------------------------- */

static void
on_list_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  if (answer == NULL)
    g_info ("the list of places stays as it is: %s", error->message);
}

/**
 * adit_service_refresh_list:
 * @service: the service on the bus
 * @whose: the VPN service whose list may be old
 *
 * Asks for a newer list, at most once an hour, as the service's own client does.
 */
void
adit_service_refresh_list (AditBusService *service, const AditService *whose)
{
  gint64 *asked_us = g_hash_table_lookup (service->refreshed_at, whose->id);
  gint64 now_us = g_get_monotonic_time ();
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST };

  if (asked_us != NULL && now_us - *asked_us < G_TIME_SPAN_HOUR)
    return;
  asked_us = g_new (gint64, 1);
  *asked_us = now_us;
  g_hash_table_replace (service->refreshed_at, g_strdup (whose->id), asked_us);
  adit_worker_proxy_ask_async (service->parts.proxy, whose, &request, NULL, on_list_refreshed, NULL);
}

/**
 * adit_service_connect_account_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_account_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-log-in", G_CALLBACK (on_log_in), service);
  g_signal_connect (service->skeleton, "handle-log-out", G_CALLBACK (on_log_out), service);
  g_signal_connect (service->skeleton, "handle-get-accounts", G_CALLBACK (on_get_accounts), service);
  g_signal_connect (service->skeleton, "handle-refresh-account", G_CALLBACK (on_refresh_account), service);
  g_signal_connect (service->skeleton, "handle-get-locations", G_CALLBACK (on_get_locations), service);
}
