/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-devices.c: the methods that change something of an account at its service: devices, vouchers, a new account. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>
#include <string.h>

#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "client/helper/sealed.h"

/* "" is also the account that cannot be signed in to because it has too many devices: to remove one is why one asks. */
static AditAccount *
find_account (AditCall *call, GError **error)
{
  AditWaitingSignIn *waiting = call->text[0] == '\0' ? adit_sign_ins_find (call->service->sign_ins, call->uid) : NULL;

  return waiting != NULL && waiting->has_too_many ? waiting->account : adit_call_find_account (call, error);
}

/* The account that was asked about, if it is still there. */
static AditAccount *
find_again (AditCall *call)
{
  AditWaitingSignIn *waiting = adit_sign_ins_find (call->service->sign_ins, call->uid);

  if (waiting != NULL && g_str_equal (waiting->account->id, call->text))
    return waiting->account;
  return adit_vault_find (call->service->parts.vault, call->text);
}

static AditAccount *
keep_words (AditCall *call, GAsyncResult *result)
{
  AditAccount *account = find_again (call);

  adit_account_keep_words (call->service->parts.vault, account, adit_worker_proxy_peek_words (result));
  return account;
}

static void
ask (AditCall *call, AditAccount *account, AditWireRequest *request, AditWireWant want, GAsyncReadyCallback callback)
{
  g_free (call->text);
  call->text = g_strdup (account->id);
  adit_account_lend (account, request, want);
  adit_worker_proxy_ask_async (call->service->parts.proxy, account->service, request, NULL, callback, call);
}

/* --- GetDevices, RemoveDevice ----------------------------------------------------------------------------------------------- */

static GVariant *
device_row (const AditWireDeviceRow *device, AditAccount *account)
{
  gboolean ours = device->is_ours != 0 || (account != NULL && g_str_equal (account->device_id, device->id));
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (device->id));
  g_variant_builder_add (&row, "{sv}", "name", g_variant_new_string (device->name));
  g_variant_builder_add (&row, "{sv}", "created_at", g_variant_new_int64 (device->created_at_s));
  g_variant_builder_add (&row, "{sv}", "ours", g_variant_new_boolean (ours));
  return g_variant_builder_end (&row);
}

static void
on_devices (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditAccount *account = keep_words (call, result);
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  GVariantBuilder rows;

  if (answer == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < answer->n_devices; i++)
    g_variant_builder_add_value (&rows, device_row (&answer->devices[i], account));
  adit_dbus_adit1_complete_get_devices (call->service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static void
work_get_devices (AditCall *call)
{
  AditWireRequest request = { 0 };
  GError *error = NULL;
  AditAccount *account = find_account (call, &error);

  if (account == NULL)
    adit_call_fail (call, error);
  else
    ask (call, account, &request, ADIT_WIRE_WANT_DEVICES, on_devices);
}

static gboolean
on_get_devices (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options,
                AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_get_devices);

  call->text = g_strdup (account);
  adit_call_authorise (call, "GetDevices", adit_call_get_account_owner);
  return TRUE;
}

static void
on_device_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;

  (void) keep_words (call, result);
  if (adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error) == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_remove_device (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
is_device_id (const char *id)
{
  gsize length = strlen (id);

  for (const char *p = id; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return FALSE;
  return length > 0 && length < ADIT_WIRE_DEVICE_ID_MAX_BYTES;
}

static void
work_remove_device (AditCall *call)
{
  const char *device = g_variant_get_string (call->value, NULL);
  AditWireRequest request = { 0 };
  GError *error = NULL;
  AditAccount *account = find_account (call, &error);

  if (account != NULL && !is_device_id (device))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is not how a device is called");
  else if (account != NULL && g_str_equal (account->device_id, device))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is this computer; sign out instead");
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_strlcpy (request.device_id, device, sizeof request.device_id);
  ask (call, account, &request, ADIT_WIRE_WANT_REMOVE_DEVICE, on_device_removed);
}

static gboolean
on_remove_device (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, const char *device,
                  GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_remove_device);

  call->text = g_strdup (account);
  call->value = g_variant_ref_sink (g_variant_new_string (device));
  adit_call_authorise (call, "RemoveDevice", adit_call_get_account_owner);
  return TRUE;
}

/* --- AddVoucher ------------------------------------------------------------------------------------------------------------- */

static void
on_voucher_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditAccount *account = keep_words (call, result);
  GError *error = NULL;

  if (adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error) == NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  if (account != NULL)
    adit_service_tell_accounts (call->service, account->owner_uid);
  adit_dbus_adit1_complete_add_voucher (call->service->skeleton, call->invocation, NULL,
                                        account != NULL ? account->expires_at_s : 0);
  adit_call_free (call);
}

static void
work_add_voucher (AditCall *call)
{
  AditWireRequest request = { 0 };
  AditAccount *account = NULL;
  GError *error = NULL;

  if (adit_call_wait_for_secret (call))
    return;
  if (adit_secret_get_size (call->credential) >= sizeof request.answers.voucher)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "That is too long to be a voucher");
  else
    account = adit_call_find_account (call, &error);
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_secret_copy_to (call->credential, request.answers.voucher, sizeof request.answers.voucher - 1);
  ask (call, account, &request, ADIT_WIRE_WANT_VOUCHER, on_voucher_added);
}

static gboolean
on_add_voucher (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *account,
                GVariant *voucher, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_add_voucher);

  call->text = g_strdup (account);
  if (adit_call_take_fd (call, fds, voucher))
    adit_call_authorise (call, "AddVoucher", adit_call_get_account_owner);
  return TRUE;
}

/* --- CreateAccount ---------------------------------------------------------------------------------------------------------- */

/* The number is the whole account, and its owner has seen it nowhere yet: here alone a secret goes up, by a descriptor. */
static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (AditSecret) number = NULL;
  int fd = -1;

  if (answer != NULL && (!answer->has_login || answer->login.credential[0] == '\0'))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service has made an account without a number");
  if (error == NULL)
    {
      number = adit_secret_new (answer->login.credential, strlen (answer->login.credential));
      fd = adit_sealed_new (number, &error);
    }
  if (fd >= 0)
    {
      g_unix_fd_list_append (fds, fd, &error);
      close (fd);
    }
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_create_account (call->service->skeleton, call->invocation, fds, g_variant_new_handle (0));
  adit_call_free (call);
}

static void
work_create_account (AditCall *call)
{
  AditWireRequest request = { .want = ADIT_WIRE_WANT_CREATE };
  const AditService *service = adit_service_find (call->text);

  if (service == NULL)
    adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no service of that name"));
  else
    adit_worker_proxy_ask_async (call->service->parts.proxy, service, &request, NULL, on_created, call);
}

static gboolean
on_create_account (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *service_id,
                   GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_create_account);

  call->text = g_strdup (service_id);
  adit_call_authorise (call, "CreateAccount", NULL);
  return TRUE;
}

/**
 * adit_service_connect_device_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_device_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-devices", G_CALLBACK (on_get_devices), service);
  g_signal_connect (service->skeleton, "handle-remove-device", G_CALLBACK (on_remove_device), service);
  g_signal_connect (service->skeleton, "handle-add-voucher", G_CALLBACK (on_add_voucher), service);
  g_signal_connect (service->skeleton, "handle-create-account", G_CALLBACK (on_create_account), service);
}
