/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-role.c: which adapter is asked for what. */
#include "client/worker/roles.h"

#include "client/provider/curl.h"
#include "client/provider/doh.h"
#include "client/worker/look-up.h"
#include "client/worker/provider-role.h"

static gboolean
serve_exit (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_EXIT, .now_s = worker->request.request.now_s };
  g_autoptr (AditProviderTask) task = NULL;
  AditWireMessage message;

  if (!adit_provider_run (worker, ops, &wanted, &task, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_EXIT, worker->attempt);
  message.exit.address = task->result.exit_address;
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
provider_serve (AditWorker *worker, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  const AditProviderOps *ops = adit_provider_find (request->service);

  if (request->want == ADIT_WIRE_WANT_LOOK_UP)    /* of a resolver, which is nobody's service */
    return adit_worker_serve_look_up (worker, error);
  if (ops == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no such service");
      return FALSE;
    }
  switch ((AditWireWant) request->want)
    {
    case ADIT_WIRE_WANT_LOG_IN:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_LOG_IN, ADIT_WIRE_DEVICE, error);
    case ADIT_WIRE_WANT_ROTATE:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_ROTATE, ADIT_WIRE_DEVICE, error);
    case ADIT_WIRE_WANT_ACCOUNT:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_ACCOUNT, ADIT_WIRE_ACCOUNT, error);
    case ADIT_WIRE_WANT_VOUCHER:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_VOUCHER, ADIT_WIRE_ACCOUNT, error);
    case ADIT_WIRE_WANT_CREATE:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_CREATE, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_DEVICES:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_DEVICES, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_REMOVE_DEVICE:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_REMOVE_DEVICE, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_LOG_OUT:
      return adit_provider_serve_account (worker, ops, ADIT_PROVIDER_LOG_OUT, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_LIST:
      return adit_provider_serve_list (worker, ops, error);
    case ADIT_WIRE_WANT_CHOOSE:
      return adit_provider_serve_choose (worker, ops, error);
    case ADIT_WIRE_WANT_EXIT:
      return serve_exit (worker, ops, error);
    case ADIT_WIRE_WANT_LOOK_UP:
    case ADIT_WIRE_WANT_NOTHING:
    case ADIT_N_WIRE_WANTS:
    default:
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The helper wants what this worker cannot do");
      return FALSE;
    }
}

static void
provider_init (void)
{
  adit_curl_init ();
  adit_doh_init ();
}

const AditWorkerRole adit_worker_provider_role = {
  .name = "provider",
  .sandbox = ADIT_SANDBOX_PROVIDER,
  .init = provider_init,
  .serve = provider_serve,
};
