/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-role.c: lets an adapter walk to its result over the helper's connections, and turns that into wire messages. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "client/base/secret.h"
#include "client/provider/curl.h"
#include "client/provider/doh.h"
#include "client/provider/provider.h"
#include "client/provider/select.h"
#include "client/worker/list-file.h"
#include "client/worker/look-up.h"

#define TRUST_MAX_BYTES  65536    /* a few roots in PEM; one has 2 KiB */
#define HTTPS_PORT       443
#define MAX_REQUESTS     8        /* the longest way has six: token, expiry, create, find, and a renewed token once */

G_STATIC_ASSERT (ADIT_DEVICE_ID_MAX_BYTES == ADIT_WIRE_DEVICE_ID_MAX_BYTES);

static int
open_connection (const AditEndpoint *endpoint, gpointer user_data, GError **error)
{
  return adit_worker_connect (user_data, endpoint, error);
}

static guint64
draw (gpointer user_data)
{
  guint64 number;

  /* Which relay is taken is nobody's to foresee; without chance nothing is taken. */
  if (getentropy (&number, sizeof number) != 0)
    g_error ("no random numbers");
  return number;
}

/* The question about the exit does not go to the API: where its host is, the tunnel's resolver says. */
static gboolean
find_host (AditWorker *worker, const char *host, AditEndpoint *found, AditCurlRules *rules, GError **error)
{
  if (worker->request.request.want != ADIT_WIRE_WANT_EXIT)
    return TRUE;
  if (!adit_worker_look_up (worker, &worker->request.request.api[0], host, &found->address, error))
    return FALSE;
  found->port = HTTPS_PORT;
  rules->api = found;
  rules->n_api = 1;
  return TRUE;
}

/* The network's part: until the task is done, make the request that it names and hand it the answer. */
static gboolean
walk (AditWorker *worker, AditProviderTask *task, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  AditCurlRules rules = { .api = request->api, .n_api = request->n_api, .tls = task->ops->tls, .now_s = request->now_s,
                          .open = open_connection, .open_data = worker };
  AditEndpoint found = { 0 };
  g_autofree char *roots = NULL;

  if (worker->trust_fd >= 0)
    {
      roots = adit_list_file_read_text (worker->trust_fd, TRUST_MAX_BYTES, error);
      if (roots == NULL)
        return FALSE;
      rules.tls.roots_pem = roots;
    }
  for (guint i = 0; i < MAX_REQUESTS && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      if (!adit_provider_task_next (task, &http, error) || !find_host (worker, http.host, &found, &rules, error))
        return FALSE;
      rules.timeout_ms = adit_worker_get_left_ms (worker);
      if (!adit_curl_perform (&rules, &http, &answer, error) || !adit_provider_task_answer (task, &answer, error))
        return FALSE;
      worker->service_time_s = answer.date_s;
    }
  if (!task->is_done)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service answered in circles");
  return task->is_done;
}

/* A token is worth keeping also when what came after it failed. */
static gboolean
send_token (AditWorker *worker, AditProviderTask *task, GError **error)
{
  AditWireMessage message;
  gsize length;
  const guint8 *token;
  gboolean sent;

  if (task->fresh_token == NULL)
    return TRUE;
  token = adit_secret_peek (task->fresh_token, &length);
  adit_wire_begin (&message, ADIT_WIRE_TOKEN, worker->attempt);
  memcpy (message.token.token, token, MIN (length, sizeof message.token.token - 1));
  message.token.expires_at_s = task->fresh_token_expires_at_s;
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

static gboolean
send_list (AditWorker *worker, GBytes *list, GError **error)
{
  AditWireMessage message;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_LIST, worker->attempt);
  if (list != NULL)
    {
      fd = adit_list_file_seal (list, error);
      if (fd < 0)
        return FALSE;
      message.list.size_list_bytes = (guint32) g_bytes_get_size (list);
    }
  sent = adit_worker_send (worker, &message, fd, error);
  if (fd >= 0)
    close (fd);
  return sent;
}

static gboolean
run_task (AditWorker *worker, const AditProviderOps *ops, const AditProviderRequest *wanted, AditProviderTask **done,
          GError **error)
{
  g_autoptr (AditProviderTask) task = adit_provider_task_new (ops, wanted, error);
  gboolean walked;

  if (task == NULL)
    return FALSE;
  walked = walk (worker, task, error);
  if (!send_token (worker, task, walked ? error : NULL) || !walked)
    return FALSE;
  *done = g_steal_pointer (&task);
  return TRUE;
}

static AditSecret *
lend (const char *text)
{
  return text[0] != '\0' ? adit_secret_new (text, strlen (text)) : NULL;
}

static gboolean
serve_account (AditWorker *worker, const AditProviderOps *ops, AditProviderWant want, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  static const guint8 no_key[ADIT_WG_KEY_BYTES] = { 0 };
  g_autoptr (AditSecret) credential = lend (request->credential), token = lend (request->token);
  AditProviderRequest wanted = {
    .want = want, .credential = credential, .token = token, .token_expires_at_s = request->token_expires_at_s,
    .now_s = request->now_s, .device_id = request->device_id,
    .public_key = memcmp (request->public_key, no_key, sizeof no_key) != 0 ? request->public_key : NULL,
  };
  g_autoptr (AditProviderTask) task = NULL;
  const AditProviderResult *result;
  AditWireMessage message;

  if (!run_task (worker, ops, &wanted, &task, error))
    return FALSE;
  result = &task->result;
  if (want == ADIT_PROVIDER_LOG_IN)
    {
      adit_wire_begin (&message, ADIT_WIRE_DEVICE, worker->attempt);
      g_strlcpy (message.device.device_id, result->device_id, sizeof message.device.device_id);
      g_strlcpy (message.device.device_name, result->device_name, sizeof message.device.device_name);
      memcpy (message.device.addresses, result->addresses, sizeof message.device.addresses);
      message.device.n_addresses = result->n_addresses;
      message.device.account_expires_at_s = result->account_expires_at_s;
    }
  else if (want == ADIT_PROVIDER_ACCOUNT)
    {
      adit_wire_begin (&message, ADIT_WIRE_ACCOUNT, worker->attempt);
      message.account.account_expires_at_s = result->account_expires_at_s;
      message.account.service_time_s = worker->service_time_s;
      message.account.device_is_known = result->device_is_known ? 1 : 0;
      memcpy (message.account.addresses, result->addresses, sizeof message.account.addresses);
      message.account.n_addresses = result->n_addresses;
    }
  else
    adit_wire_begin (&message, ADIT_WIRE_DONE, worker->attempt);
  return adit_worker_send (worker, &message, -1, error);
}

static AditServerList *
open_stored_list (AditWorker *worker)
{
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;

  if (worker->list_fd < 0)
    return NULL;
  list = adit_server_list_new_for_fd (worker->list_fd, &error);
  if (list == NULL)
    {
      g_debug ("stored list: %s", error->message);
      return NULL;
    }
  /* A list of another service in this one's place is as good as none. */
  return g_str_equal (adit_server_list_get_head (list)->service, worker->request.request.service) ? g_steal_pointer (&list)
                                                                                                  : NULL;
}

static gboolean
fetch_list (AditWorker *worker, const AditProviderOps *ops, const char *etag, GBytes **list, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_LIST, .now_s = worker->request.request.now_s, .etag = etag };
  g_autoptr (AditProviderTask) task = NULL;

  if (!run_task (worker, ops, &wanted, &task, error) || !send_list (worker, task->result.list, error))
    return FALSE;
  *list = g_steal_pointer (&task->result.list);
  return TRUE;
}

static gboolean
serve_list (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  g_autoptr (AditServerList) stored = open_stored_list (worker);
  g_autoptr (GBytes) list = NULL;
  AditWireMessage message;

  if (!fetch_list (worker, ops, stored != NULL ? adit_server_list_get_head (stored)->etag : NULL, &list, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_DONE, worker->attempt);
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
serve_choose (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  AditSelection selection = { .place = &request->place, .avoid = request->avoid, .try_number = request->try_number,
                              .has_ipv6 = request->has_ipv6, .random = { draw, NULL } };
  g_autoptr (AditServerList) list = open_stored_list (worker);
  g_autoptr (GBytes) fresh = NULL;
  AditTunnelSpec spec;
  AditWireMessage message;

  if (list == NULL)
    {
      if (!fetch_list (worker, ops, NULL, &fresh, error))
        return FALSE;
      list = adit_server_list_new_for_bytes (fresh, error);
      if (list == NULL)
        return FALSE;
    }
  if (!adit_select_tunnel (list, &selection, &spec, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_TUNNEL, worker->attempt);
  message.tunnel.peer = spec.peer;
  memcpy (message.tunnel.peer_key, spec.peer_key, sizeof message.tunnel.peer_key);
  memcpy (message.tunnel.allowed_ips, spec.allowed_ips, sizeof message.tunnel.allowed_ips);
  message.tunnel.n_allowed_ips = spec.n_allowed_ips;
  memcpy (message.tunnel.dns, spec.dns, sizeof message.tunnel.dns);
  message.tunnel.n_dns = spec.n_dns;
  message.tunnel.mtu_bytes = spec.mtu_bytes;
  message.tunnel.keepalive_s = spec.keepalive_s;
  message.tunnel.location = spec.location;
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
serve_exit (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_EXIT, .now_s = worker->request.request.now_s };
  g_autoptr (AditProviderTask) task = NULL;
  AditWireMessage message;

  if (!run_task (worker, ops, &wanted, &task, error))
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
      return serve_account (worker, ops, ADIT_PROVIDER_LOG_IN, error);
    case ADIT_WIRE_WANT_ACCOUNT:
      return serve_account (worker, ops, ADIT_PROVIDER_ACCOUNT, error);
    case ADIT_WIRE_WANT_LOG_OUT:
      return serve_account (worker, ops, ADIT_PROVIDER_LOG_OUT, error);
    case ADIT_WIRE_WANT_LIST:
      return serve_list (worker, ops, error);
    case ADIT_WIRE_WANT_CHOOSE:
      return serve_choose (worker, ops, error);
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
  json_object_seed (0);    /* reads random numbers from a file */
}

const AditWorkerRole adit_worker_provider_role = {
  .name = "provider",
  .sandbox = ADIT_SANDBOX_PROVIDER,
  .init = provider_init,
  .serve = provider_serve,
};
