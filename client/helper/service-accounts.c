/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-accounts.c: the methods that ask a service something: log out, account, locations. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>

#include "client/api/errors.h"
#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "client/helper/guard.h"

/**
 * adit_service_account_row:
 * @service: the service
 * @account: one of the vault's
 * @uid: who wants to know
 *
 * Returns: (transfer floating): a row of GetAccounts
 */
GVariant *
adit_service_account_row (AditBusService *service, AditAccount *account, guint32 uid)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  AditRotationFacts key;
  GVariantBuilder row;
  AditAccount *used = adit_vault_find (service->parts.vault, adit_session_get_wish (service->parts.session)->account);

  if (used == NULL || (uid != 0 && used->owner_uid != uid))    /* another person's, or what was imported */
    used = adit_service_find_account (service, "", uid);
  adit_rotation_describe (service->parts.rotation, account, &key);
  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (account->id));
  g_variant_builder_add (&row, "{sv}", "service", g_variant_new_string (account->service->id));
  g_variant_builder_add (&row, "{sv}", "service_name", g_variant_new_string (account->service->name));
  g_variant_builder_add (&row, "{sv}", "device_name", g_variant_new_string (account->device_name));
  g_variant_builder_add (&row, "{sv}", "current", g_variant_new_boolean (account == used));
  g_variant_builder_add (&row, "{sv}", "expires_at", g_variant_new_int64 (account->expires_at_s));
  g_variant_builder_add (&row, "{sv}", "checked_at", g_variant_new_int64 (account->checked_at_s));
  g_variant_builder_add (&row, "{sv}", "plan", g_variant_new_string (account->plan));
  g_variant_builder_add (&row, "{sv}", "device_limit", g_variant_new_uint32 (account->device_limit));
  g_variant_builder_add (&row, "{sv}", "inactive", g_variant_new_boolean (account->is_inactive));
  g_variant_builder_add (&row, "{sv}", "renews", g_variant_new_boolean (account->is_renewed));
  g_variant_builder_add (&row, "{sv}", "multihop", g_variant_new_boolean (!account->refuses_multihop &&
                                                                                  !account->service->makes_tunnels));
  g_variant_builder_add (&row, "{sv}", "key_age", g_variant_new_int64 (key.age_s));
  g_variant_builder_add (&row, "{sv}", "key_changes_at", g_variant_new_int64 (key.next_s < 0 ? 0 : now_s + key.next_s));
  g_variant_builder_add (&row, "{sv}", "key_error", g_variant_new_string (key.error != NULL ? adit_error_get_name (key.error)
                                                                                            : ""));
  g_variant_builder_add (&row, "{sv}", "mine", g_variant_new_boolean (account->owner_uid == uid));
  return g_variant_builder_end (&row);
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
  adit_store_forget_last (parts->store, call->text, adit_session_get_wish (parts->session));
  adit_rotation_follow (parts->rotation);
  adit_service_tell_accounts (call->service, owner_uid);
  adit_dbus_adit1_complete_log_out (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditAccount *account = adit_vault_find (call->service->parts.vault, call->text);
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  if (account != NULL)
    account->is_leaving = FALSE;
  /* A service that no longer knows the account or the device has nothing left to remove. */
  if (answer != NULL || adit_call_has_option (call, "force") ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED) ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_SIGN_IN_ENDED) ||
      g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED))
    {
      g_clear_error (&error);
      forget_account (call);
      return;
    }
  adit_rotation_follow (call->service->parts.rotation);    /* it stays, and its key may be due */
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

  if (account != NULL && account->is_leaving)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is being signed out already");
  else if (account != NULL && adit_rotation_is_changing (parts->rotation, account->id))
    g_set_error_literal (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account's key is being changed");
  else if (account != NULL && wish->connected && g_str_equal (wish->account, account->id))
    {
      if (!adit_call_has_option (call, "disconnect"))
        g_set_error (&error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is in use; disconnect first");
      else if (adit_store_save_wish (parts->store, &nothing, &error))
        {
          adit_answers_begin (parts->answers, "", NULL);
          adit_session_disconnect (parts->session);
          adit_guard_done (call, TRUE, FALSE);    /* whoever signs out does not wait for what was before */
        }
    }
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_free (call->text);
  call->text = g_strdup (account->id);
  account->is_leaving = TRUE;
  adit_account_lend (account, &request, ADIT_WIRE_WANT_LOG_OUT);
  adit_worker_proxy_ask_async (parts->proxy, account->service, &request, NULL, on_logged_out, call);
}

static gboolean
on_log_out (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
            AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_log_out);

  call->text = g_strdup (account);
  adit_call_authorise (call, "LogOut", adit_call_get_account_owner);
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
        g_variant_builder_add_value (&rows, adit_service_account_row (service, account, call->uid));
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
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  AditAccount *account = adit_service_take_account (call->service, call->text, adit_worker_proxy_peek_words (result), answer,
                                                    &error);

  if (account == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_refresh_account (call->service->skeleton, call->invocation,
                                            adit_service_account_row (call->service, account, call->uid));
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
  adit_call_authorise (call, "RefreshAccount", adit_call_get_account_owner);
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

/* Somebody's account at a service that shows its places to its customers alone; %NULL where nobody has to be named. */
static AditAccount *
find_customer (AditBusService *service, const AditService *whose, guint32 uid)
{
  GPtrArray *accounts = adit_vault_get_accounts (service->parts.vault);

  for (guint i = accounts->len; whose->makes_tunnels && i > 0; i--)
    {
      AditAccount *account = accounts->pdata[i - 1];

      if (account->service == whose && account->owner_uid == uid)
        return account;
    }
  return NULL;
}

/* The worker has compared the list with the one that was here: nobody with rights looks into either. */
static void
take_list (AditBusService *service, const AditService *whose, const AditWorkerAnswer *answer)
{
  if (answer == NULL || answer->list.n_changed_keys == 0)
    return;
  g_message ("%u servers of %s have another key than before", answer->list.n_changed_keys, whose->name);
  g_hash_table_replace (service->changed_relays, g_strdup (whose->id), g_strdup (answer->list.changed_server));
  adit_service_tell_subscribers (service);
}

static void
on_list_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditVault *vault = call->service->parts.vault;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  adit_account_keep_words (vault, adit_vault_find (vault, call->wish.account), adit_worker_proxy_peek_words (result));
  take_list (call->service, adit_service_find (call->text), answer);
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
  AditAccount *customer;

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
  /* Whose secrets are lent is remembered: by the time of the answer another account may be the latest. */
  customer = find_customer (call->service, service, call->uid);
  if (customer != NULL)
    g_strlcpy (call->wish.account, customer->id, sizeof call->wish.account);
  adit_account_lend_to_list (customer, &request);
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

#define AGAIN_US (5 * G_TIME_SPAN_MINUTE)    /* a tunnel that comes and goes does not ask each time */

typedef struct
{
  AditBusService *service;
  const AditService *whose;
  char            account[ADIT_ACCOUNT_ID_MAX_BYTES];
} Refresh;

static void
stamp (AditBusService *service, const AditService *whose, gint64 at_us)
{
  gint64 *asked_us = g_new (gint64, 1);

  *asked_us = at_us;
  g_hash_table_replace (service->refreshed_at, g_strdup (whose->id), asked_us);
}

static void
on_list_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Refresh *refresh = user_data;
  AditVault *vault = refresh->service->parts.vault;
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  adit_account_keep_words (vault, adit_vault_find (vault, refresh->account), adit_worker_proxy_peek_words (result));
  take_list (refresh->service, refresh->whose, answer);
  if (answer == NULL)
    g_info ("the list of places stays as it is: %s", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    stamp (refresh->service, refresh->whose, g_get_monotonic_time () - G_TIME_SPAN_HOUR + AGAIN_US);
}

/**
 * adit_service_leave_list:
 * @service: the service on the bus, whose computer is not inside a tunnel any more
 *
 * A list that nobody waits for is asked for inside a tunnel, and by no other way.
 */
void
adit_service_leave_list (AditBusService *service)
{
  if (service->unneeded != NULL)
    g_cancellable_cancel (service->unneeded);
  g_clear_object (&service->unneeded);
}

/**
 * adit_service_refresh_list:
 * @service: the service on the bus
 * @account: an account at the VPN service whose list may be old
 * @is_needed: whether somebody waits for it; otherwise it is left for a network in which bytes cost nothing
 *
 * Asks for a newer list, at most once an hour, as the service's own client does; sooner where a tunnel has gone before the
 * answer.
 */
void
adit_service_refresh_list (AditBusService *service, AditAccount *account, gboolean is_needed)
{
  const AditService *whose = account->service;
  gint64 *asked_us = g_hash_table_lookup (service->refreshed_at, whose->id);
  gint64 now_us = g_get_monotonic_time ();
  AditWireRequest request = { .want = ADIT_WIRE_WANT_LIST };
  Refresh *refresh;

  /* Where the last question was one that ends with its tunnel, nobody who waits can rely on it. */
  if (asked_us != NULL && now_us - *asked_us < G_TIME_SPAN_HOUR && !(is_needed && service->unneeded != NULL))
    return;
  if (!is_needed && adit_known_find_metered (service->parts.known) == ADIT_METERED_YES)
    {
      g_info ("the list of places stays as it is: this network is metered");
      return;
    }
  stamp (service, whose, now_us);
  refresh = g_new0 (Refresh, 1);
  refresh->service = service;
  refresh->whose = whose;
  g_strlcpy (refresh->account, account->id, sizeof refresh->account);
  adit_account_lend_to_list (account, &request);
  if (!is_needed && service->unneeded == NULL)
    service->unneeded = g_cancellable_new ();
  adit_worker_proxy_ask_async (service->parts.proxy, whose, &request, is_needed ? NULL : service->unneeded, on_list_refreshed,
                               refresh);
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
  g_signal_connect (service->skeleton, "handle-log-out", G_CALLBACK (on_log_out), service);
  g_signal_connect (service->skeleton, "handle-get-accounts", G_CALLBACK (on_get_accounts), service);
  g_signal_connect (service->skeleton, "handle-refresh-account", G_CALLBACK (on_refresh_account), service);
  g_signal_connect (service->skeleton, "handle-get-locations", G_CALLBACK (on_get_locations), service);
}
