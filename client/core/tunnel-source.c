/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-source.c: the interface's type and its two calls. */
#include "client/core/tunnel-source.h"

G_DEFINE_INTERFACE (AditTunnelSource, adit_tunnel_source, G_TYPE_OBJECT)

static void
adit_tunnel_source_default_init (AditTunnelSourceInterface *iface)
{
}

/**
 * adit_tunnel_offer_free:
 * @self: (nullable): an offer; its keys are wiped when nobody else holds them
 */
void
adit_tunnel_offer_free (AditTunnelOffer *self)
{
  if (self == NULL)
    return;
  adit_tunnel_secrets_clear (&self->secrets);
  g_free (self);
}

/**
 * adit_tunnel_source_guess_kind:
 * @self: a source
 * @wish: which account
 *
 * Returns: which kind its tunnel is likely to be, for what can be got ready
 */
AditTunnelKind
adit_tunnel_source_guess_kind (AditTunnelSource *self, const AditWish *wish)
{
  g_return_val_if_fail (ADIT_IS_TUNNEL_SOURCE (self), ADIT_TUNNEL_WIREGUARD);
  if (ADIT_TUNNEL_SOURCE_GET_IFACE (self)->guess_kind == NULL)
    return ADIT_TUNNEL_WIREGUARD;
  return ADIT_TUNNEL_SOURCE_GET_IFACE (self)->guess_kind (self, wish);
}

/**
 * adit_tunnel_source_offer_async:
 * @self: a source
 * @wish: which account, and where to leave from
 * @avoid: a server that has just failed, "" for none
 * @try_number: 0 for the first try of this wish
 * @cancellable: (nullable): ends the search
 * @callback: called with the offer
 * @user_data: for @callback
 *
 * Looks for one tunnel that answers the wish.
 */
void
adit_tunnel_source_offer_async (AditTunnelSource *self, const AditWish *wish, const char *avoid, guint try_number,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ADIT_TUNNEL_SOURCE_GET_IFACE (self)->offer_async (self, wish, avoid, try_number, cancellable, callback, user_data);
}

/**
 * adit_tunnel_source_offer_finish:
 * @self: a source
 * @result: what the callback was given
 * @error: return location; any code of %ADIT_ERROR about accounts, places, services and workers
 *
 * Returns: (transfer full) (nullable): the offer
 */
AditTunnelOffer *
adit_tunnel_source_offer_finish (AditTunnelSource *self, GAsyncResult *result, GError **error)
{
  return ADIT_TUNNEL_SOURCE_GET_IFACE (self)->offer_finish (self, result, error);
}

/**
 * adit_tunnel_source_foresee:
 * @self: a source that has just been asked for an offer
 * @wish: for which wish
 * @spec: (out caller-allocates): where the packets of that tunnel go to on the wire, as whose and how; the rest is empty
 * @secrets: (out caller-allocates): of that tunnel; clear them in any case
 *
 * Returns: whether that is known before the answer
 */
gboolean
adit_tunnel_source_foresee (AditTunnelSource *self, const AditWish *wish, AditTunnelSpec *spec, AditTunnelSecrets *secrets)
{
  AditTunnelSourceInterface *iface;

  g_return_val_if_fail (ADIT_IS_TUNNEL_SOURCE (self), FALSE);
  iface = ADIT_TUNNEL_SOURCE_GET_IFACE (self);
  *spec = (AditTunnelSpec) { 0 };
  *secrets = (AditTunnelSecrets) { NULL };
  return iface->foresee != NULL && iface->foresee (self, wish, spec, secrets);
}
