/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit-address.c: asks the service, through the tunnel and once a connection, what address it sees.  It is told to people and
 * decides nothing: without an answer everything else is as it was. */
#define G_LOG_DOMAIN "adit-exit"

#include "client/helper/exit-address.h"

#include <string.h>

/* A failure is tried again after up to 1 s, then up to 4 s: 1 s * 4^n with full jitter, as the service's own client does. */
#define MAX_RETRIES    2
#define FIRST_PAUSE_MS 1000
#define PAUSE_FACTOR   4
/* Whoever waits for "connected" is told first: starting a worker would hold that up. */
#define ASK_AFTER_MS   100

struct _AditExitAddress
{
  GObject          parent_instance;
  AditSession     *session;         /* outlives us */
  AditVault       *vault;           /* outlives us */
  AditWorkerProxy *proxy;
  AditTunnelSpec   spec;            /* of the connection that is asked about */
  gint64           since_s;
  gboolean         is_following;    /* there is one */
  AditAddress      address;
  GCancellable    *asking;
  guint            retry_source, pause_ms, n_retries;    /* the source is for the first time, too */
};

enum { SIGNAL_FOUND, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AditExitAddress, adit_exit_address, G_TYPE_OBJECT)

static void
forget (AditExitAddress *self)
{
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  memset (&self->address, 0, sizeof self->address);
  memset (&self->spec, 0, sizeof self->spec);
  self->is_following = FALSE;
  self->n_retries = 0;
  self->pause_ms = FIRST_PAUSE_MS;
}

static void
adit_exit_address_dispose (GObject *object)
{
  AditExitAddress *self = ADIT_EXIT_ADDRESS (object);

  forget (self);
  g_clear_object (&self->proxy);
  G_OBJECT_CLASS (adit_exit_address_parent_class)->dispose (object);
}

static void
adit_exit_address_class_init (AditExitAddressClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_exit_address_dispose;
  signals[SIGNAL_FOUND] = g_signal_new ("found", ADIT_TYPE_EXIT_ADDRESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
adit_exit_address_init (AditExitAddress *self)
{
}

/* The same tunnel, and not another one to the same relay.  The spec is a plain value that the session copied as a whole. */
static gboolean
is_same_connection (AditExitAddress *self)
{
  const AditTunnelSpec *spec = adit_session_get_spec (self->session);

  return adit_session_get_state (self->session) == ADIT_STATE_CONNECTED && spec != NULL &&
         adit_session_get_since_s (self->session) == self->since_s && adit_endpoint_equal (&spec->peer, &self->spec.peer) &&
         memcmp (spec->peer_key, self->spec.peer_key, sizeof spec->peer_key) == 0;
}

static gboolean on_pause_over (gpointer user_data);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditExitAddress) self = user_data;
  g_autoptr (GError) error = NULL;
  const AditWorkerAnswer *answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);

  /* Of an earlier connection: it has been cancelled, but an answer may have been on its way already. */
  if (self->asking == NULL || g_task_get_cancellable (G_TASK (result)) != self->asking || !is_same_connection (self))
    return;
  g_clear_object (&self->asking);
  if (answer != NULL)
    {
      self->address = answer->last.exit.address;
      g_signal_emit (self, signals[SIGNAL_FOUND], 0);
      return;
    }
  g_debug ("the exit's address is not known: %s", error->message);
  if (self->n_retries++ >= MAX_RETRIES)
    return;
  self->retry_source = g_timeout_add ((guint) g_random_int_range (0, (gint32) self->pause_ms + 1), on_pause_over, self);
  self->pause_ms *= PAUSE_FACTOR;
}

static void
ask (AditExitAddress *self)
{
  AditAccount *account = adit_vault_find (self->vault, adit_session_get_wish (self->session)->account);
  const AditAddress *resolver = adit_session_get_inside_resolver (self->session);
  AditWireRequest request = { .want = ADIT_WIRE_WANT_EXIT, .n_api = 1 };

  if (account == NULL || resolver == NULL)    /* whoever is asked outside is told nothing of this */
    return;
  request.api[0].address = *resolver;
  request.api[0].port = ADIT_WIRE_RESOLVER_PORT;
  self->asking = g_cancellable_new ();
  adit_worker_proxy_ask_async (self->proxy, account->service, &request, self->asking, on_answer, g_object_ref (self));
}

static gboolean
on_pause_over (gpointer user_data)
{
  AditExitAddress *self = user_data;

  self->retry_source = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

/**
 * adit_exit_address_new:
 * @session: outlives it
 * @vault: says which service the connection is of; outlives it
 * @proxy: asks the worker
 *
 * Returns: (transfer full): knows nothing until adit_exit_address_follow()
 */
AditExitAddress *
adit_exit_address_new (AditSession *session, AditVault *vault, AditWorkerProxy *proxy)
{
  AditExitAddress *self = g_object_new (ADIT_TYPE_EXIT_ADDRESS, NULL);

  self->session = session;
  self->vault = vault;
  self->proxy = g_object_ref (proxy);
  self->pause_ms = FIRST_PAUSE_MS;
  return self;
}

/**
 * adit_exit_address_follow:
 * @self: an exit's address
 *
 * The session has changed in some way.  Forgets what was about a connection that is gone, and asks about one that is new.
 */
void
adit_exit_address_follow (AditExitAddress *self)
{
  if (self->is_following && is_same_connection (self))
    return;
  forget (self);
  if (adit_session_get_state (self->session) != ADIT_STATE_CONNECTED || adit_session_get_spec (self->session) == NULL)
    return;
  self->is_following = TRUE;
  self->spec = *adit_session_get_spec (self->session);
  self->since_s = adit_session_get_since_s (self->session);
  self->retry_source = g_timeout_add (ASK_AFTER_MS, on_pause_over, self);
}

/**
 * adit_exit_address_get:
 * @self: an exit's address
 *
 * Returns: (transfer none) (nullable): the address, if it is known of the connection that there is now
 */
const AditAddress *
adit_exit_address_get (AditExitAddress *self)
{
  return self->address.family != ADIT_FAMILY_NONE && is_same_connection (self) ? &self->address : NULL;
}
