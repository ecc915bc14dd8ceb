/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk.c: lets an adapter's task walk to its result over the helper's connections. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/walk.h"

#include "client/provider/curl.h"
#include "client/worker/list-file.h"
#include "client/worker/look-up.h"

#define TRUST_MAX_BYTES  (1024 * 1024)    /* a computer's roots in PEM: Debian's have 220 KiB */
#define HTTPS_PORT       443
#define MAX_REQUESTS     8        /* the longest way has six: token, expiry, create, find, and a renewed token once */

static int
open_connection (const AditEndpoint *endpoint, gpointer user_data, GError **error)
{
  return adit_worker_connect (user_data, endpoint, error);
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

/**
 * adit_worker_walk:
 * @worker: this process
 * @task: a task, which may be done already
 * @error: return location; what the service or the adapter said, or why nobody could be reached
 *
 * The network's part: until the task is done, makes the request that it names and hands it the answer.
 *
 * Returns: whether it has its result
 */
gboolean
adit_worker_walk (AditWorker *worker, AditProviderTask *task, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  AditCurlRules rules = { .api = request->api, .n_api = request->n_api, .tls = task->ops->tls, .now_s = request->now_s,
                          .open = open_connection, .open_data = worker };
  AditEndpoint found = { 0 };
  guint good = 0;
  g_autofree char *roots = NULL;

  if (worker->trust_fd >= 0)
    {
      roots = adit_list_file_read_trust (worker->trust_fd, TRUST_MAX_BYTES, error);
      if (roots == NULL)
        return FALSE;
      rules.tls.roots_pem = roots;
      if (request->has_trust == ADIT_WIRE_TRUST_REPLACED)
        rules.tls.pins = NULL;    /* who may write services.conf says who is believed, and nobody else */
    }
  rules.good = &good;
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
