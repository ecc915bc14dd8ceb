/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-proxy.c: the helper's end of the wire.
 *
 * A worker is believed in nothing but the answer to its own question: an address that was not in its request, a second last word,
 * another attempt's number, a field out of bounds, silence: each ends it, and the question fails as "the worker failed". */
#define G_LOG_DOMAIN "adit-worker"

#include "config.h"
#include "client/helper/worker-proxy.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/helper/worker-hear.h"
#include "client/helper/worker-start.h"
#include "client/wire/channel.h"
#include "platform/transport.h"

/* token 10 s, request 10 s and list 15 s, each after a connect of 5 s: the adapter's own bounds */
#define DEADLINE_MS   45000
#define CONNECT_MS    5000      /* to the first hop: as long as the service's own client waits */
#define CONNECT_MIN_MS 1500     /* where others are left to be tried: a round trip to anywhere, and a packet that was lost */
#define HTTPS_PORT    443
#define MAX_CONNECTS  16        /* each address once, and as many requests; who needs more is going in circles */
#define MAX_RESTARTS  2
/* at once; the session's own question comes on top, so that nobody's flood keeps it from connecting */
#define MAX_WORKERS   8

struct _AditWorkerProxy
{
  GObject            parent_instance;
  AditWorkerStart   *start;
  AditStore         *store;
  AditWorkerIsInside is_inside;
  AditWorkerIsLeaving is_leaving;
  gpointer           is_inside_data;
  AditWorkerFindApi       find_api;    /* (nullable) */
  AditWorkerFindApiFinish find_api_finish;
  gpointer           find_api_data;
  AditWorkerApiTold  api_told;    /* (nullable) */
  gpointer           api_told_data;
  guint32            last_attempt;
  GPtrArray         *asks;    /* of Ask, borrowed: those that run */
};

/* One question.  It lives until its task has returned and nothing of its own is under way. */
typedef struct
{
  gatomicrefcount    references;
  AditWorkerProxy   *proxy;
  GTask             *task;          /* %NULL once it has returned */
  const AditService *service;
  AditWireRequest    request;
  AditProcess       *process;
  int                socket;
  guint              socket_source, deadline_source;
  gulong             cancelled_id;
  GCancellable      *connecting;    /* of the connections being opened for this worker */
  AditWorkerAnswer  *answer;        /* the task's */
  gboolean           waits;          /* for the tunnel to have gone, without a worker */
  guint              n_connects, n_restarts;
  AditEndpoint       endpoint;              /* where the last connection went */
  gboolean           has_looked_further;
  GError            *before;                /* why */
} Ask;

G_DEFINE_FINAL_TYPE (AditWorkerProxy, adit_worker_proxy, G_TYPE_OBJECT)

static void
adit_worker_proxy_finalize (GObject *object)
{
  AditWorkerProxy *self = ADIT_WORKER_PROXY (object);

  g_clear_pointer (&self->asks, g_ptr_array_unref);
  adit_worker_start_free (self->start);
  G_OBJECT_CLASS (adit_worker_proxy_parent_class)->finalize (object);
}

static void
adit_worker_proxy_class_init (AditWorkerProxyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_worker_proxy_finalize;
}

static void
adit_worker_proxy_init (AditWorkerProxy *self)
{
  self->asks = g_ptr_array_new ();
}

static Ask *
ask_ref (Ask *ask)
{
  g_atomic_ref_count_inc (&ask->references);
  return ask;
}

static void
ask_unref (Ask *ask)
{
  if (!g_atomic_ref_count_dec (&ask->references))
    return;
  adit_wipe (&ask->request, sizeof ask->request);
  g_clear_object (&ask->proxy);
  g_clear_error (&ask->before);
  g_free (ask);
}

static void
close_fds (int *fds, guint n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    if (fds[i] >= 0)
      close (fds[i]);
}

/* Ends the worker and everything that is under way for it; the question may still be asked again. */
static void
end_worker (Ask *ask)
{
  g_clear_handle_id (&ask->socket_source, g_source_remove);
  if (ask->connecting != NULL)
    g_cancellable_cancel (ask->connecting);
  g_clear_object (&ask->connecting);
  if (ask->socket >= 0)
    close (ask->socket);
  ask->socket = -1;
  if (ask->process != NULL)
    adit_process_kill (ask->process);
  g_clear_object (&ask->process);
  ask->n_connects = 0;
}

/* The same is asked of another worker, which speaks for itself.  What stands for the account since then goes with it. */
static void
forget_worker (Ask *ask)
{
  end_worker (ask);
  if (ask->answer->has_login && ask->answer->login.credential[0] != '\0')
    g_strlcpy (ask->request.credential, ask->answer->login.credential, sizeof ask->request.credential);
  adit_worker_answer_forget (ask->answer);
}

/* Takes the error.  The last thing that happens to a question. */
static void
finish (Ask *ask, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&ask->task);
  GCancellable *cancellable;

  if (task == NULL)
    {
      g_clear_error (&error);
      return;
    }
  cancellable = g_task_get_cancellable (task);
  end_worker (ask);
  g_clear_handle_id (&ask->deadline_source, g_source_remove);
  if (ask->cancelled_id != 0)
    g_signal_handler_disconnect (cancellable, ask->cancelled_id);
  ask->cancelled_id = 0;
  g_ptr_array_remove (ask->proxy->asks, ask);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  ask_unref (ask);
}

static void
give_up (Ask *ask, const char *what)
{
  finish (ask, g_error_new (ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The worker for %s %s", ask->service->name, what));
}

/* Who does what no worker does is not believed in what it has said before, either. */
static void
refuse (Ask *ask, const char *what)
{
  adit_worker_answer_disbelieve (ask->answer);
  give_up (ask, what);
}

static void
answer_connect (Ask *ask, int fd, guint error_code)
{
  AditWireMessage message;
  g_autoptr (GError) error = NULL;

  adit_wire_begin (&message, ADIT_WIRE_CONNECTED, ask->request.header.attempt);
  message.connected.error = fd >= 0 ? 0 : 1 + error_code;
  if (!adit_channel_send (ask->socket, &message, &fd, fd >= 0 ? 1 : 0, &error))
    give_up (ask, "does not listen");
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = user_data;
  g_autoptr (GError) error = NULL;
  int fd = adit_transport_connect_finish (result, &error);

  /* A question that has been answered or asked again meanwhile has cancelled this connection. */
  if (ask->task != NULL && ask->socket >= 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (error != NULL)
        g_debug ("%s", error->message);
      ask->answer->may_be_heard = ask->answer->may_be_heard || fd >= 0;
      answer_connect (ask, fd,
                      error != NULL && error->domain == ADIT_ERROR ? (guint) error->code : ADIT_ERROR_SERVICE_UNREACHABLE);
    }
  if (fd >= 0)
    close (fd);
  ask_unref (ask);
}

/* Whether a worker may have this connection, and by which way.  The question about the exit is the one whose second address comes
 * from a resolver, so it goes nowhere but through a tunnel that is up, and there to no one's home network; it lends no secret. */
static gboolean
may_connect (Ask *ask, const AditEndpoint *endpoint, AditTransportWay *way)
{
  AditWorkerProxy *self = ask->proxy;
  gboolean inside = self->is_inside (self->is_inside_data), named = FALSE;

  *way = inside ? ADIT_WAY_INSIDE : ADIT_WAY_OUTSIDE;
  for (guint i = 0; i < ask->request.n_api; i++)
    named = named || adit_endpoint_equal (&ask->request.api[i], endpoint);
  if (ask->request.want == ADIT_WIRE_WANT_EXIT)
    return inside && (named || (endpoint->port == HTTPS_PORT && adit_address_is_public (&endpoint->address)));
  return named;
}

static void
on_connect_wanted (Ask *ask, const AditEndpoint *endpoint)
{
  AditTransportWay way;

  if (!may_connect (ask, endpoint, &way))
    {
      refuse (ask, "asked for a connection that it may not have");
      return;
    }
  if (++ask->n_connects > MAX_CONNECTS)
    {
      refuse (ask, "asked for too many connections");
      return;
    }
  if (ask->connecting == NULL)
    ask->connecting = g_cancellable_new ();
  ask->endpoint = *endpoint;
  adit_transport_connect_async (endpoint, way, MAX (CONNECT_MIN_MS, CONNECT_MS * 2 / MAX (2, ask->request.n_api)),
                                ask->connecting, on_connected, ask_ref (ask));
}

/* A list goes to disk as it comes; a full disk keeps nobody from connecting. */
static gboolean
save_list (Ask *ask, const AditWireList *list, int fd)
{
  g_autoptr (GError) error = NULL;

  if (list->size_list_bytes == 0 || adit_store_save_list (ask->proxy->store, ask->service, fd, list->size_list_bytes, &error))
    return TRUE;
  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED))
    {
      finish (ask, g_steal_pointer (&error));
      return FALSE;
    }
  g_warning ("%s", error->message);
  return TRUE;
}

static gboolean start_worker (Ask *ask, GError **error);

static gboolean
is_lost (AditError error)
{
  return error == ADIT_ERROR_SERVICE_UNREACHABLE || error == ADIT_ERROR_SERVICE_UNTRUSTED;
}

/* None of the addresses that we know can be reached, or something else answers at all of them: a service that has moved, or a
 * network that blocks it there.  Its name may lead elsewhere; who is found has to prove itself as anybody. */
static gboolean
may_look_further (Ask *ask, AditError error)
{
  return is_lost (error) && !ask->has_looked_further &&
         ask->proxy->find_api != NULL && ask->service->api_endpoints[0] != NULL &&
         ask->request.want != ADIT_WIRE_WANT_EXIT && ask->request.want != ADIT_WIRE_WANT_LOOK_UP &&
         !adit_store_has_own_api (ask->proxy->store, ask->service);
}

/* Those that have not been tried; FALSE where there are none. */
static gboolean
take_further (Ask *ask)
{
  AditEndpoint all[ADIT_SERVICE_MAX_API], further[ADIT_SERVICE_MAX_API];
  guint n_all = adit_store_get_api (ask->proxy->store, ask->service, all, ADIT_SERVICE_MAX_API), n_further = 0;

  for (guint i = 0; i < n_all; i++)
    {
      gboolean was_tried = FALSE;

      for (guint j = 0; j < ask->request.n_api; j++)
        was_tried = was_tried || adit_endpoint_equal (&ask->request.api[j], &all[i]);
      if (!was_tried)
        further[n_further++] = all[i];
    }
  if (n_further == 0)
    return FALSE;
  memset (ask->request.api, 0, sizeof ask->request.api);
  memcpy (ask->request.api, further, n_further * sizeof *further);
  ask->request.n_api = n_further;
  return TRUE;
}

static void
on_further_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = user_data;
  g_autoptr (GError) error = NULL;
  GError *unstarted = NULL;
  gboolean found = ask->proxy->find_api_finish (result, &error);

  if (error != NULL)
    g_debug ("%s", error->message);
  if (ask->task == NULL || ask->socket >= 0)
    g_debug ("nobody waits for it any more");
  else if (!found || !take_further (ask))
    finish (ask, g_steal_pointer (&ask->before));
  else if (!start_worker (ask, &unstarted))
    finish (ask, unstarted);
  ask_unref (ask);
}

/* Takes the error. */
static void
look_further (Ask *ask, GError *error)
{
  ask->has_looked_further = TRUE;
  g_clear_error (&ask->before);
  ask->before = error;
  forget_worker (ask);
  ask->proxy->find_api (ask->service, g_task_get_cancellable (ask->task), on_further_found, ask_ref (ask),
                        ask->proxy->find_api_data);
}

static void
on_failed (Ask *ask, const AditWireFailed *failed)
{
  GError *error = g_error_new_literal (ADIT_ERROR, (gint) failed->error, failed->detail);

  /* A connection that goes with its tunnel says nothing of the service: it is asked again when that has gone. */
  ask->waits = is_lost ((AditError) failed->error) && ask->request.want != ADIT_WIRE_WANT_EXIT &&
               ask->proxy->is_leaving (ask->proxy->is_inside_data);
  if (ask->waits)
    {
      g_error_free (error);
      forget_worker (ask);
    }
  else if (may_look_further (ask, (AditError) failed->error))
    look_further (ask, error);
  else
    finish (ask, error);
}

/* Of a worker that has not been caught at anything until its last word. */
static void
take_told_api (Ask *ask)
{
  AditWorkerProxy *self = ask->proxy;
  const AditWireApi *api = &ask->answer->api;

  if (ask->answer->has_api && adit_store_set_told_api (self->store, ask->service, api->endpoints, api->n_endpoints) &&
      self->api_told != NULL)
    self->api_told (self->api_told_data);
}

/* Only what is remembered until the helper ends: where somebody was reached says nothing of tomorrow. */
static void
succeed (Ask *ask)
{
  if (ask->n_connects > 0 && ask->request.want != ADIT_WIRE_WANT_EXIT)
    adit_store_prefer_api (ask->proxy->store, ask->service, &ask->endpoint);
  take_told_api (ask);
  finish (ask, NULL);
}

static void
on_message (Ask *ask, AditWireMessage *message, int *fds)
{
  const char *wrong;

  if (message->header.op == ADIT_WIRE_CONNECT)
    {
      on_connect_wanted (ask, &message->connect.endpoint);
      return;
    }
  if (message->header.op == ADIT_WIRE_FAILED)
    {
      on_failed (ask, &message->failed);
      return;
    }
  wrong = adit_worker_answer_take (ask->answer, &ask->request, message, fds);
  if (wrong != NULL)
    refuse (ask, wrong);
  else if ((message->header.op != ADIT_WIRE_LIST || save_list (ask, &message->list, fds[0])) &&
           ask->answer->last.header.op != ADIT_WIRE_NONE)
    succeed (ask);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  Ask *ask = ask_ref (user_data);

  /* Several may be waiting; after the last word, or a restart, there is nobody to read from. */
  while (ask->task != NULL && ask->socket == fd)
    {
      AditWireMessage message;
      int fds[ADIT_WIRE_MAX_FDS];
      guint n_fds;
      const char *wrong;
      AditWorkerHeard heard = adit_worker_hear (fd, ask->request.header.attempt, &message, fds, &n_fds, &wrong);

      if (heard == ADIT_WORKER_IS_SILENT)
        break;
      if (heard == ADIT_WORKER_SAID)
        on_message (ask, &message, fds);
      else if (heard == ADIT_WORKER_ENDED)
        give_up (ask, wrong);
      else
        refuse (ask, wrong);
      close_fds (fds, n_fds);
      adit_wipe (&message, sizeof message);
    }
  ask_unref (ask);
  return G_SOURCE_CONTINUE;    /* removed by end_worker() */
}

/* The files that go along with a question, in the order that the wire wants, and what is said of them. */
static gboolean
open_files (Ask *ask, int *fds, guint *n_fds, GError **error)
{
  AditStore *store = ask->proxy->store;
  AditWireRequest *request = &ask->request;
  gboolean chooses = request->want == ADIT_WIRE_WANT_CHOOSE, is_ours = FALSE;
  GError *local = NULL;
  int list = -1, trust, openvpn = -1;

  if (chooses || request->want == ADIT_WIRE_WANT_LIST)
    list = adit_store_open_list (store, ask->service);
  trust = adit_store_open_trust (store, ask->service, &is_ours, &local);
  if (local == NULL && chooses && request->choice.protocol != ADIT_PROTOCOL_WIREGUARD)
    openvpn = adit_store_open_openvpn_trust (store, ask->service, &local);
  request->has_list = list >= 0;
  request->has_trust = trust < 0 ? ADIT_WIRE_TRUST_BUILT_IN : is_ours ? ADIT_WIRE_TRUST_REPLACED : ADIT_WIRE_TRUST_SYSTEM;
  request->has_openvpn_trust = openvpn >= 0;
  if (list >= 0)
    fds[(*n_fds)++] = list;
  if (trust >= 0)
    fds[(*n_fds)++] = trust;
  if (openvpn >= 0)
    fds[(*n_fds)++] = openvpn;
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

static gboolean
send_request (Ask *ask, GError **error)
{
  AditWireMessage message;
  int fds[ADIT_WIRE_MAX_FDS];
  guint n_fds = 0;
  gboolean sent;

  if (!open_files (ask, fds, &n_fds, error))
    {
      close_fds (fds, n_fds);
      return FALSE;
    }
  adit_wire_begin (&message, ADIT_WIRE_REQUEST, ++ask->proxy->last_attempt);
  ask->request.header = message.request.header;
  message.request = ask->request;
  sent = adit_channel_send (ask->socket, &message, fds, n_fds, error);
  close_fds (fds, n_fds);
  adit_wipe (&message, sizeof message);
  return sent;
}

static gboolean
start_worker (Ask *ask, GError **error)
{
  ask->process = adit_worker_start_take (ask->proxy->start, &ask->socket, error);
  if (ask->process == NULL || !send_request (ask, error))
    return FALSE;
  ask->socket_source = g_unix_fd_add (ask->socket, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, ask);
  return TRUE;
}

static void
begin (Ask *ask)
{
  GError *error = NULL;

  if (!start_worker (ask, &error))
    finish (ask, error);
}

/* A list that is here needs nobody, and neither do those who ask about names themselves. */
static gboolean
needs_api (Ask *ask)
{
  int list;

  if (ask->request.n_api > 0 || ask->proxy->find_api == NULL || ask->request.want == ADIT_WIRE_WANT_EXIT ||
      ask->request.want == ADIT_WIRE_WANT_LOOK_UP)
    return FALSE;
  if (ask->request.want != ADIT_WIRE_WANT_CHOOSE || ask->service->makes_tunnels)
    return TRUE;
  list = adit_store_open_list (ask->proxy->store, ask->service);
  if (list >= 0)
    close (list);
  return list < 0;
}

static void
on_api_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = user_data;
  GError *error = NULL;

  if (!ask->proxy->find_api_finish (result, &error))
    finish (ask, error);
  else if (ask->task != NULL)
    {
      ask->request.n_api = adit_store_get_api (ask->proxy->store, ask->service, ask->request.api, ADIT_SERVICE_MAX_API);
      begin (ask);
    }
  ask_unref (ask);
}

static gboolean
on_deadline (gpointer user_data)
{
  Ask *ask = user_data;

  ask->deadline_source = 0;
  give_up (ask, "did not answer in time");
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_idle (gpointer user_data)
{
  finish (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

/* A handler must not disconnect itself from a cancellable while that emits: it would wait for itself. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_cancelled_idle, ask_ref (user_data), (GDestroyNotify) ask_unref);
}

/**
 * adit_worker_proxy_new:
 * @program: the worker's absolute path
 * @store: outlives the proxy
 * @is_inside: asked at each connection
 * @is_leaving: whether the tunnel is being taken down; adit_worker_proxy_way_changed() follows when it has gone
 * @user_data: for both
 *
 * Returns: (transfer full): a proxy
 */
AditWorkerProxy *
adit_worker_proxy_new (const char *program, AditStore *store, AditWorkerIsInside is_inside, AditWorkerIsLeaving is_leaving,
                       gpointer user_data)
{
  AditWorkerProxy *self = g_object_new (ADIT_TYPE_WORKER_PROXY, NULL);

  self->start = adit_worker_start_new (program, ADIT_WORKER_ROLE_PROVIDER);
  self->store = store;
  self->is_inside = is_inside;
  self->is_leaving = is_leaving;
  self->is_inside_data = user_data;
  return self;
}

/**
 * adit_worker_proxy_set_find_api:
 * @self: a proxy
 * @find: finds the addresses of a service's API, and gives them to the store
 * @find_finish: says whether it has
 * @user_data: for @find
 */
void
adit_worker_proxy_set_find_api (AditWorkerProxy *self, AditWorkerFindApi find, AditWorkerFindApiFinish find_finish,
                                gpointer user_data)
{
  self->find_api = find;
  self->find_api_finish = find_finish;
  self->find_api_data = user_data;
}

/**
 * adit_worker_proxy_set_api_told:
 * @self: a proxy
 * @told: called where a service has said something else than before of where it is besides
 * @user_data: for @told
 */
void
adit_worker_proxy_set_api_told (AditWorkerProxy *self, AditWorkerApiTold told, gpointer user_data)
{
  self->api_told = told;
  self->api_told_data = user_data;
}

/**
 * adit_worker_proxy_prepare:
 * @self: a proxy
 *
 * Somebody asks for what will need a worker, and it is not known yet whether they may have it.
 */
void
adit_worker_proxy_prepare (AditWorkerProxy *self)
{
  adit_worker_start_prepare (self->start);
}

/**
 * adit_worker_proxy_dismiss:
 * @self: a proxy
 *
 * They may not, or need none.
 */
void
adit_worker_proxy_dismiss (AditWorkerProxy *self)
{
  adit_worker_start_dismiss (self->start);
}

/**
 * adit_worker_proxy_ask_async:
 * @self: a proxy
 * @service: which service, or which resolver
 * @request: what is wanted, with what that want needs (wire.h); wiped here
 * @cancellable: (nullable): ends the worker
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Starts a worker and asks it one thing.
 */
void
adit_worker_proxy_ask_async (AditWorkerProxy *self, const AditService *service, AditWireRequest *request,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask;

  g_task_set_source_tag (task, adit_worker_proxy_ask_async);
  if (self->asks->len >= MAX_WORKERS && request->want != ADIT_WIRE_WANT_CHOOSE)
    {
      adit_wipe (request, sizeof *request);
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_BUSY, "Too many things are being asked at once");
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    {
      adit_wipe (request, sizeof *request);
      return;
    }
  g_task_set_check_cancellable (task, FALSE);    /* an answer that has been kept is told, also where it was given up since */

  ask = g_new0 (Ask, 1);
  g_atomic_ref_count_init (&ask->references);
  ask->proxy = g_object_ref (self);
  ask->task = g_steal_pointer (&task);
  ask->service = service;
  ask->socket = -1;
  ask->answer = adit_worker_answer_new ();
  g_task_set_task_data (ask->task, ask->answer, (GDestroyNotify) adit_worker_answer_free);
  ask->request = *request;
  adit_wipe (request, sizeof *request);
  g_strlcpy (ask->request.build_id, ADIT_BUILD_ID, sizeof ask->request.build_id);
  g_strlcpy (ask->request.service, service->id, sizeof ask->request.service);
  ask->request.now_s = g_get_real_time () / G_USEC_PER_SEC;
  if (ask->request.want != ADIT_WIRE_WANT_EXIT)
    ask->request.n_api = adit_store_get_api (self->store, service, ask->request.api, ADIT_SERVICE_MAX_API);
  if (ask->request.want == ADIT_WIRE_WANT_LOOK_UP)
    {
      g_autofree char *resolver = adit_store_dup_api_host (self->store, service);

      g_strlcpy (ask->request.look_up.resolver, resolver, sizeof ask->request.look_up.resolver);
    }
  g_ptr_array_add (self->asks, ask);
  ask->deadline_source = g_timeout_add (DEADLINE_MS, on_deadline, ask);
  if (cancellable != NULL)
    ask->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), ask);
  if (needs_api (ask))
    self->find_api (service, cancellable, on_api_found, ask_ref (ask), self->find_api_data);
  else
    begin (ask);
}

/**
 * adit_worker_proxy_ask_finish:
 * @self: a proxy
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_WORKER_FAILED, or what the service or the adapter said
 *
 * Returns: (transfer none) (nullable): the answer; good as long as @result
 */
const AditWorkerAnswer *
adit_worker_proxy_ask_finish (AditWorkerProxy *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? g_task_get_task_data (G_TASK (result)) : NULL;
}

/**
 * adit_worker_proxy_peek_words:
 * @result: what the callback was given
 *
 * Also of a question that has failed: a token, a credential, a question to a person came before that.
 *
 * Returns: (transfer none) (nullable): what has been said, good as long as @result; %NULL where nobody was asked
 */
AditWorkerAnswer *
adit_worker_proxy_peek_words (GAsyncResult *result)
{
  return g_task_get_task_data (G_TASK (result));
}

/**
 * adit_worker_proxy_way_changed:
 * @self: a proxy
 *
 * The tunnel came up or went away: connections that were opened the other way lead nowhere now, so the questions behind them
 * are asked again by new workers.
 */
void
adit_worker_proxy_way_changed (AditWorkerProxy *self)
{
  g_autoptr (GPtrArray) asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_unref);

  for (guint i = 0; i < self->asks->len; i++)
    g_ptr_array_add (asks, ask_ref (self->asks->pdata[i]));
  for (guint i = 0; i < asks->len; i++)
    {
      Ask *ask = asks->pdata[i];
      GError *error = NULL;

      if ((ask->n_connects == 0 && !ask->waits) || ask->task == NULL)
        continue;
      ask->waits = FALSE;
      /* It was about that tunnel. */
      if (ask->request.want == ADIT_WIRE_WANT_EXIT)
        {
          finish (ask, g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "The tunnel has changed"));
          continue;
        }
      if (ask->n_restarts++ >= MAX_RESTARTS)
        {
          finish (ask, g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "The connection kept changing"));
          continue;
        }
      forget_worker (ask);
      if (!start_worker (ask, &error))
        finish (ask, error);
    }
}
