/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-tunnel.c: records "tunnel.probe", "tunnel.prepare", "tunnel.brief", "tunnel.start", "tunnel.renew", "tunnel.stop";
 * reading the progress is not recorded, it is a poll. */
#include "platform/fake/fake-tunnel.h"

#include <string.h>

#include "client/base/error.h"

struct _AditFakeTunnel
{
  GObject parent_instance;

  AditFakeCalls      calls;
  AditTunnelSpec     spec;
  AditTunnelSpec     assigned;    /* of kind OpenVPN: what the far end says */
  AditTunnelProgress progress;
  gboolean           started, had_psk, hold;
  guint              pause_s;    /* before another try, as the far end wants it */
  GTask             *held;       /* a start that waits for adit_fake_tunnel_release_start() */
};

static void adit_fake_tunnel_iface_init (AditTunnelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditFakeTunnel, adit_fake_tunnel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL, adit_fake_tunnel_iface_init))

static const char *
fake_get_name (AditTunnel *tunnel)
{
  return "fake";
}

static AditTunnelKind
fake_get_kind (AditTunnel *tunnel)
{
  return ADIT_FAKE_TUNNEL (tunnel)->assigned.kind;
}

static gboolean
fake_complete (AditTunnel *tunnel, AditTunnelSpec *spec)
{
  const AditTunnelSpec *assigned = &ADIT_FAKE_TUNNEL (tunnel)->assigned;

  if (assigned->kind != ADIT_TUNNEL_OPENVPN)
    return FALSE;
  memcpy (spec->addresses, assigned->addresses, sizeof spec->addresses);
  memcpy (spec->allowed_ips, assigned->allowed_ips, sizeof spec->allowed_ips);
  memcpy (spec->dns, assigned->dns, sizeof spec->dns);
  spec->n_addresses = assigned->n_addresses;
  spec->n_allowed_ips = assigned->n_allowed_ips;
  spec->n_dns = assigned->n_dns;
  spec->mtu_bytes = assigned->mtu_bytes;
  return TRUE;
}

static gboolean
fake_probe (AditTunnel *tunnel, GError **error)
{
  return adit_fake_calls_record (&ADIT_FAKE_TUNNEL (tunnel)->calls, "probe", NULL, error);
}

static gboolean
fake_prepare (AditTunnel *tunnel)
{
  return adit_fake_calls_record (&ADIT_FAKE_TUNNEL (tunnel)->calls, "prepare", NULL, NULL);
}

static void
fake_brief (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets)
{
  (void) adit_fake_calls_record (&ADIT_FAKE_TUNNEL (tunnel)->calls, "brief", NULL, NULL);
}

static gboolean
on_started (gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  AditFakeTunnel *self = g_task_get_source_object (task);
  GError *error = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      return G_SOURCE_REMOVE;
    }
  self->started = TRUE;
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static void
fake_start_async (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  AditFakeTunnel *self = ADIT_FAKE_TUNNEL (tunnel);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, fake_start_async);
  self->spec = *spec;
  self->had_psk = secrets->preshared_key != NULL;
  if (!adit_fake_calls_record (&self->calls, "start", NULL, &error))
    g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  else if (spec->kind == ADIT_TUNNEL_OPENVPN)
    ;
  else if (secrets->private_key == NULL || adit_secret_get_size (secrets->private_key) != ADIT_WG_KEY_BYTES)
    g_task_set_task_data (task, g_error_new (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The private key is not 32 bytes"),
                          (GDestroyNotify) g_error_free);
  if (self->hold)
    {
      g_assert (self->held == NULL);
      self->held = g_steal_pointer (&task);
    }
  else
    g_idle_add (on_started, g_steal_pointer (&task));
}

static gboolean
fake_start_finish (AditTunnel *tunnel, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
fake_read_progress (AditTunnel *tunnel, AditTunnelProgress *progress, GError **error)
{
  AditFakeTunnel *self = ADIT_FAKE_TUNNEL (tunnel);

  if (!self->started)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not there");
      return FALSE;
    }
  *progress = self->progress;
  return TRUE;
}

/* The handshake that follows is the test's to give. */
static gboolean
fake_renew (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  AditFakeTunnel *self = ADIT_FAKE_TUNNEL (tunnel);

  if (!adit_fake_calls_record (&self->calls, "renew", NULL, error))
    return FALSE;
  self->progress.handshake_age_ms = -1;
  return TRUE;
}

static guint
fake_get_pause_s (AditTunnel *tunnel)
{
  return ADIT_FAKE_TUNNEL (tunnel)->pause_s;
}

static gboolean
fake_stop (AditTunnel *tunnel, GError **error)
{
  AditFakeTunnel *self = ADIT_FAKE_TUNNEL (tunnel);

  if (!adit_fake_calls_record (&self->calls, "stop", NULL, error))
    return FALSE;
  self->started = FALSE;
  return TRUE;
}

static void
adit_fake_tunnel_iface_init (AditTunnelInterface *iface)
{
  iface->get_name = fake_get_name;
  iface->probe = fake_probe;
  iface->get_kind = fake_get_kind;
  iface->complete = fake_complete;
  iface->prepare = fake_prepare;
  iface->brief = fake_brief;
  iface->start_async = fake_start_async;
  iface->start_finish = fake_start_finish;
  iface->read_progress = fake_read_progress;
  iface->renew = fake_renew;
  iface->get_pause_s = fake_get_pause_s;
  iface->stop = fake_stop;
}

static void
adit_fake_tunnel_finalize (GObject *object)
{
  adit_fake_calls_clear (&ADIT_FAKE_TUNNEL (object)->calls);
  G_OBJECT_CLASS (adit_fake_tunnel_parent_class)->finalize (object);
}

static void
adit_fake_tunnel_class_init (AditFakeTunnelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_fake_tunnel_finalize;
}

static void
adit_fake_tunnel_init (AditFakeTunnel *self)
{
  self->progress.handshake_age_ms = -1;
}

/**
 * adit_fake_tunnel_new:
 * @log: the shared log
 *
 * Returns: (transfer full): a tunnel that starts at once and never has a handshake; adit_tunnel_emit_lost() on it takes it away
 */
AditFakeTunnel *
adit_fake_tunnel_new (GPtrArray *log)
{
  AditFakeTunnel *self = g_object_new (ADIT_TYPE_FAKE_TUNNEL, NULL);

  adit_fake_calls_init (&self->calls, "tunnel", log);
  return self;
}

/**
 * adit_fake_tunnel_get_spec:
 * @self: a fake
 *
 * Returns: (transfer none) (nullable): what the running tunnel was started with; %NULL while none runs
 */
const AditTunnelSpec *
adit_fake_tunnel_get_spec (AditFakeTunnel *self)
{
  return self->started ? &self->spec : NULL;
}

/**
 * adit_fake_tunnel_had_psk:
 * @self: a fake
 *
 * Returns: whether the last start came with a preshared key
 */
gboolean
adit_fake_tunnel_had_psk (AditFakeTunnel *self)
{
  return self->had_psk;
}

/**
 * adit_fake_tunnel_set_assigned:
 * @self: a fake
 * @assigned: what the far end says, and of which kind the tunnel is
 */
void
adit_fake_tunnel_set_assigned (AditFakeTunnel *self, const AditTunnelSpec *assigned)
{
  self->assigned = *assigned;
}

/**
 * adit_fake_tunnel_set_progress:
 * @self: a fake
 * @progress: what each reading answers from now on
 */
void
adit_fake_tunnel_set_progress (AditFakeTunnel *self, const AditTunnelProgress *progress)
{
  self->progress = *progress;
}

/**
 * adit_fake_tunnel_set_pause_s:
 * @self: a fake
 * @pause_s: how long the far end wants to be left alone, from now on whenever it is asked
 */
void
adit_fake_tunnel_set_pause_s (AditFakeTunnel *self, guint pause_s)
{
  self->pause_s = pause_s;
}

/**
 * adit_fake_tunnel_hold_start:
 * @self: a fake
 * @hold: whether a start waits until it is released
 */
void
adit_fake_tunnel_hold_start (AditFakeTunnel *self, gboolean hold)
{
  self->hold = hold;
}

/**
 * adit_fake_tunnel_release_start:
 * @self: a fake
 *
 * Lets a held start end, from the main loop, as a late answer would.
 *
 * Returns: whether there was one
 */
gboolean
adit_fake_tunnel_release_start (AditFakeTunnel *self)
{
  if (self->held == NULL)
    return FALSE;
  g_idle_add (on_started, g_steal_pointer (&self->held));
  return TRUE;
}

/**
 * adit_fake_tunnel_fail_next:
 * @self: a fake
 * @call: "probe", "start" or "stop"
 * @error: (nullable): the answer of its next call
 */
void
adit_fake_tunnel_fail_next (AditFakeTunnel *self, const char *call, const GError *error)
{
  adit_fake_calls_fail_next (&self->calls, call, error);
}
