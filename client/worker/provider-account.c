/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-account.c: what a service says of an account and its devices. */
#include "client/worker/provider-role.h"

#include <string.h>

G_STATIC_ASSERT (ADIT_DEVICE_ID_MAX_BYTES == ADIT_WIRE_DEVICE_ID_MAX_BYTES);
G_STATIC_ASSERT (ADIT_PROVIDER_MAX_DEVICES == ADIT_WIRE_MAX_DEVICES);

static void
fill_plan (AditWirePlan *to, const AditProviderPlan *plan)
{
  g_strlcpy (to->name, plan->plan, sizeof to->name);
  to->device_limit = plan->device_limit;
  to->is_inactive = plan->is_inactive ? 1 : 0;
  to->is_renewed = plan->is_renewed ? 1 : 0;
  to->refuses_multihop = plan->refuses_multihop ? 1 : 0;
}

static void
fill_device (AditWireDevice *to, const AditProviderResult *result)
{
  /* A service without devices has one all the same, for whoever asks which. */
  g_strlcpy (to->device_id, result->device_id[0] != '\0' ? result->device_id : "-", sizeof to->device_id);
  g_strlcpy (to->device_name, result->device_name, sizeof to->device_name);
  memcpy (to->addresses, result->addresses, sizeof to->addresses);
  to->n_addresses = result->n_addresses;
  to->account_expires_at_s = result->account_expires_at_s;
  fill_plan (&to->plan, &result->plan);
}

static void
fill_account (AditWireAccount *to, const AditWorker *worker, const AditProviderResult *result)
{
  to->account_expires_at_s = result->account_expires_at_s;
  to->service_time_s = worker->service_time_s;
  to->device_is_known = result->device_is_known ? 1 : 0;
  to->key_is_other = result->key_is_other ? 1 : 0;
  if (result->device_is_known)
    {
      memcpy (to->addresses, result->addresses, sizeof to->addresses);
      to->n_addresses = result->n_addresses;
    }
  fill_plan (&to->plan, &result->plan);
}

static gboolean
send_devices (AditWorker *worker, const AditProviderResult *result, GError **error)
{
  for (guint i = 0; i < MIN (result->n_devices, ADIT_PROVIDER_MAX_DEVICES); i++)
    {
      const AditProviderDevice *device = &result->devices[i];
      AditWireMessage message;

      adit_wire_begin (&message, ADIT_WIRE_DEVICE_ROW, worker->attempt);
      g_strlcpy (message.device_row.id, device->id, sizeof message.device_row.id);
      g_strlcpy (message.device_row.name, device->name, sizeof message.device_row.name);
      message.device_row.created_at_s = device->created_at_s;
      message.device_row.is_ours = device->is_ours ? 1 : 0;
      if (!adit_worker_send (worker, &message, -1, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_provider_serve_account:
 * @worker: the worker, with its request
 * @ops: the adapter of the service
 * @want: what is asked of it
 * @last: the last message of the answer, which is filled where it has room for an account
 * @error: return location, as of adit_provider_run()
 *
 * Returns: whether the helper has been told
 */
gboolean
adit_provider_serve_account (AditWorker *worker, const AditProviderOps *ops, AditProviderWant want, AditWireOp last,
                             GError **error)
{
  g_auto (AditProviderLoan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;
  AditWireMessage message;

  adit_provider_loan_take (&loan, &worker->request.request, want);
  if (!adit_provider_run (worker, ops, &loan.wanted, &task, error) || !send_devices (worker, &task->result, error))
    return FALSE;
  adit_wire_begin (&message, last, worker->attempt);
  if (last == ADIT_WIRE_DEVICE)
    fill_device (&message.device, &task->result);
  else if (last == ADIT_WIRE_ACCOUNT)
    fill_account (&message.account, worker, &task->result);
  return adit_worker_send (worker, &message, -1, error);
}
