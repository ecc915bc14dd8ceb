/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel.c: the interface's type, its dispatch and its one signal. */
#include "platform/tunnel.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/fault.h"

G_DEFINE_INTERFACE (AditTunnel, adit_tunnel, G_TYPE_OBJECT)

#define N_NAMED_SECRETS 11
#define N_SECRETS       (N_NAMED_SECRETS + ADIT_TUNNEL_MAX_PEERS - 1)

enum { SIGNAL_LOST, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
adit_tunnel_default_init (AditTunnelInterface *iface)
{
  /**
   * AditTunnel::lost:
   * @self: a tunnel that was started
   * @reason: (type GError): what is gone, %ADIT_ERROR_TUNNEL_FAILED
   *
   * The device or the process behind it went away without our doing.  Emitted at most once a start, never after
   * adit_tunnel_stop().
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", ADIT_TYPE_TUNNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
list_secrets (AditTunnelSecrets *self, AditSecret **all[N_SECRETS])
{
  AditSecret **secrets[] = { &self->private_key, &self->preshared_key, &self->profile, &self->username, &self->password,
                             &self->passphrase, &self->answer, &self->question, &self->proxy_username, &self->proxy_password,
                             &self->token };

  G_STATIC_ASSERT (G_N_ELEMENTS (secrets) == N_NAMED_SECRETS);

  memcpy (all, secrets, sizeof secrets);
  for (gsize i = 0; i < G_N_ELEMENTS (self->more_preshared_keys); i++)
    all[G_N_ELEMENTS (secrets) + i] = &self->more_preshared_keys[i];
}

/**
 * adit_tunnel_secrets_clear:
 * @self: secrets, which are wiped where nobody else holds them
 */
void
adit_tunnel_secrets_clear (AditTunnelSecrets *self)
{
  AditSecret **all[N_SECRETS];

  list_secrets (self, all);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_clear_pointer (all[i], adit_secret_unref);
}

/**
 * adit_tunnel_secrets_copy:
 * @to: (out caller-allocates): not cleared before
 * @from: what is held once more
 */
void
adit_tunnel_secrets_copy (AditTunnelSecrets *to, const AditTunnelSecrets *from)
{
  AditSecret **all[N_SECRETS];

  *to = *from;
  list_secrets (to, all);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (*all[i] != NULL)
      adit_secret_ref (*all[i]);
}

/**
 * adit_tunnel_secrets_get_preshared_key:
 * @self: secrets
 * @n: which of WireGuard's peers, from 0
 *
 * Returns: (transfer none) (nullable): what is added to its handshake
 */
AditSecret *
adit_tunnel_secrets_get_preshared_key (const AditTunnelSecrets *self, guint n)
{
  if (n == 0)
    return self->preshared_key;
  return n < ADIT_TUNNEL_MAX_PEERS ? self->more_preshared_keys[n - 1] : NULL;
}

/**
 * adit_tunnel_secrets_are_of_wireguard:
 * @self: secrets
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether a WireGuard tunnel can be made with them
 */
gboolean
adit_tunnel_secrets_are_of_wireguard (const AditTunnelSecrets *self, GError **error)
{
  gboolean good = self->private_key != NULL && adit_secret_get_size (self->private_key) == ADIT_WG_KEY_BYTES;

  for (guint i = 0; good && i < ADIT_TUNNEL_MAX_PEERS; i++)
    {
      AditSecret *shared = adit_tunnel_secrets_get_preshared_key (self, i);

      good = shared == NULL || adit_secret_get_size (shared) == ADIT_WG_KEY_BYTES;
    }
  if (!good)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "A WireGuard key has 32 bytes");
  return good;
}

/**
 * adit_tunnel_get_name:
 * @self: a back end
 *
 * Returns: (transfer none): its name in diagnostics and in `adit status`
 */
const char *
adit_tunnel_get_name (AditTunnel *self)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), NULL);
  return ADIT_TUNNEL_GET_IFACE (self)->get_name (self);
}

/**
 * adit_tunnel_get_kind:
 * @self: a back end
 *
 * Returns: which tunnels it can make
 */
AditTunnelKind
adit_tunnel_get_kind (AditTunnel *self)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), ADIT_TUNNEL_WIREGUARD);
  if (ADIT_TUNNEL_GET_IFACE (self)->get_kind == NULL)
    return ADIT_TUNNEL_WIREGUARD;
  return ADIT_TUNNEL_GET_IFACE (self)->get_kind (self);
}

/**
 * adit_tunnel_probe:
 * @self: a back end
 * @error: return location; %ADIT_ERROR_NO_WIREGUARD says which part is missing
 *
 * Tries for real whether this back end can work on this computer now.  Leaves nothing behind.
 *
 * Returns: whether it can
 */
gboolean
adit_tunnel_probe (AditTunnel *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  return ADIT_TUNNEL_GET_IFACE (self)->probe (self, error);
}

/**
 * adit_tunnel_prepare:
 * @self: a back end that is stopped
 *
 * Returns: whether something is ready, which the next start takes over, or which goes with the next stop; why not is for that
 *   start to tell
 */
gboolean
adit_tunnel_prepare (AditTunnel *self)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  return ADIT_TUNNEL_GET_IFACE (self)->prepare != NULL &&
         ADIT_BETWEEN_FAULTS ("tunnel-prepare", ADIT_TUNNEL_GET_IFACE (self)->prepare (self));
}

/**
 * adit_tunnel_brief:
 * @self: a back end, prepared or not
 * @spec: the tunnel of which the next start is going to be
 * @secrets: what that is made with
 *
 * What it cannot begin with this is for that start to begin.  Nothing leaves the computer, and no device is made.
 */
void
adit_tunnel_brief (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets)
{
  g_return_if_fail (ADIT_IS_TUNNEL (self));
  if (ADIT_TUNNEL_GET_IFACE (self)->brief != NULL)
    ADIT_TUNNEL_GET_IFACE (self)->brief (self, spec, secrets);
}

/**
 * adit_tunnel_start_async:
 * @self: a back end
 * @spec: the wanted tunnel, of its kind; copied as far as it is needed later
 * @secrets: what it is made with; held as long as it is needed
 * @cancellable: (nullable): ends the start, and takes away what was made
 * @callback: called from the main loop
 * @user_data: for @callback
 *
 * Makes the device with a peer behind it.  Addresses, routes and "up" are platform/route.h's.
 */
void
adit_tunnel_start_async (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (ADIT_IS_TUNNEL (self));
  g_return_if_fail (spec->kind == adit_tunnel_get_kind (self));
  ADIT_TUNNEL_GET_IFACE (self)->start_async (self, spec, secrets, cancellable, callback, user_data);
}

/**
 * adit_tunnel_start_finish:
 * @self: a back end
 * @result: what the callback got
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED, %ADIT_ERROR_NO_WIREGUARD or %G_IO_ERROR_CANCELLED; nothing is left then
 *
 * Returns: whether the device is there and takes packets
 */
gboolean
adit_tunnel_start_finish (AditTunnel *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  return ADIT_BETWEEN_FAULTS ("tunnel-started", ADIT_TUNNEL_GET_IFACE (self)->start_finish (self, result, error));
}

/**
 * adit_tunnel_complete:
 * @self: a started tunnel
 * @spec: with which it was started
 *
 * What a service has told before, WireGuard's far end never says again; OpenVPN's says all of it now.
 *
 * Returns: whether @spec was written to, and so has to be looked at again
 */
gboolean
adit_tunnel_complete (AditTunnel *self, AditTunnelSpec *spec)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  return ADIT_TUNNEL_GET_IFACE (self)->complete != NULL && ADIT_TUNNEL_GET_IFACE (self)->complete (self, spec);
}

/**
 * adit_tunnel_get_pause_s:
 * @self: a back end whose start has failed, or that was lost
 *
 * Returns: for how many seconds the far end wants to be left alone; 0 where it does not say
 */
guint
adit_tunnel_get_pause_s (AditTunnel *self)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), 0);
  return ADIT_TUNNEL_GET_IFACE (self)->get_pause_s != NULL ? ADIT_TUNNEL_GET_IFACE (self)->get_pause_s (self) : 0;
}

/**
 * adit_tunnel_read_progress:
 * @self: a started tunnel
 * @progress: (out caller-allocates): handshake age and counters, asked anew on each call
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether @progress was filled
 */
gboolean
adit_tunnel_read_progress (AditTunnel *self, AditTunnelProgress *progress, GError **error)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  g_return_val_if_fail (progress != NULL, FALSE);
  *progress = (AditTunnelProgress) { .handshake_age_ms = -1 };
  return ADIT_TUNNEL_GET_IFACE (self)->read_progress (self, progress, error);
}

/**
 * adit_tunnel_count_packets:
 * @self: a back end whose tunnel is started
 *
 * Returns: how many packets of others have gone through it so far, which is asked for cheaply; what WireGuard itself sends is not
 * among them; 0 where that is not known
 */
guint64
adit_tunnel_count_packets (AditTunnel *self)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), 0);
  return ADIT_TUNNEL_GET_IFACE (self)->count_packets != NULL ? ADIT_TUNNEL_GET_IFACE (self)->count_packets (self) : 0;
}

/**
 * adit_tunnel_renew:
 * @self: a back end whose tunnel is started
 * @spec: what it was started with
 * @secrets: the same
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED, also where this kind of tunnel cannot do it
 *
 * Nobody who does not have the peer's key can answer what comes next, so an answer proves the way and the peer.
 *
 * Returns: whether the next packet inside begins with a handshake
 */
gboolean
adit_tunnel_renew (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  if (ADIT_TUNNEL_GET_IFACE (self)->renew != NULL)
    return ADIT_TUNNEL_GET_IFACE (self)->renew (self, spec, secrets, error);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "This tunnel has to be made anew");
  return FALSE;
}

/**
 * adit_tunnel_leave:
 * @self: a started back end that is going to be stopped
 *
 * Tells the far end so, where it has a word for that: some keep a session that nobody has ended, and count it.  Waits until it
 * was told, a third of a second at the most; what holds packets in is still there afterwards.
 */
void
adit_tunnel_leave (AditTunnel *self)
{
  g_return_if_fail (ADIT_IS_TUNNEL (self));
  if (ADIT_TUNNEL_GET_IFACE (self)->leave != NULL)
    ADIT_TUNNEL_GET_IFACE (self)->leave (self);
}

/**
 * adit_tunnel_stop:
 * @self: a back end, started or not
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED when the device could not be removed
 *
 * Returns: whether no device of ours is left
 */
gboolean
adit_tunnel_stop (AditTunnel *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL (self), FALSE);
  return ADIT_BETWEEN_FAULTS ("tunnel-stop", ADIT_TUNNEL_GET_IFACE (self)->stop (self, error));
}

/**
 * adit_tunnel_emit_lost:
 * @self: a started tunnel
 * @reason: what is gone
 *
 * For back ends.
 */
void
adit_tunnel_emit_lost (AditTunnel *self, const GError *reason)
{
  g_return_if_fail (ADIT_IS_TUNNEL (self));
  g_signal_emit (self, signals[SIGNAL_LOST], 0, reason);
}
