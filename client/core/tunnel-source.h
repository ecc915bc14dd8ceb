/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-source.h: where the session gets its next tunnel from; the helper answers with vault, cache and worker. */
#pragma once

#include <gio/gio.h>
#include "client/model/settings.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

/* A tunnel with its secrets, for one try. */
typedef struct
{
  AditTunnelSpec    spec;
  AditTunnelSecrets secrets;
  gboolean          has_others;    /* the next try is going to be at another server: what this one does wrong is its own */
  gboolean          is_untrusted;  /* while it was chosen somebody else has answered in the service's place */
} AditTunnelOffer;

void adit_tunnel_offer_free (AditTunnelOffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditTunnelOffer, adit_tunnel_offer_free)

#define ADIT_TYPE_TUNNEL_SOURCE (adit_tunnel_source_get_type ())
G_DECLARE_INTERFACE (AditTunnelSource, adit_tunnel_source, ADIT, TUNNEL_SOURCE, GObject)

struct _AditTunnelSourceInterface
{
  GTypeInterface parent;

  /* Which kind the next offer is going to be; what is right only mostly does no harm. */
  AditTunnelKind   (*guess_kind)   (AditTunnelSource *self, const AditWish *wish);
  /* @avoid is the server that has just failed, "" for none; @try_number counts from 0 within one wish. */
  void             (*offer_async)  (AditTunnelSource *self, const AditWish *wish, const char *avoid, guint try_number,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  AditTunnelOffer *(*offer_finish) (AditTunnelSource *self, GAsyncResult *result, GError **error);
  /* Optional.  Of the offer that has just been asked for: whom the lock is going to open to, and what the tunnel is made with,
   * where that is known already. */
  gboolean         (*foresee)      (AditTunnelSource *self, const AditWish *wish, AditTunnelSpec *spec,
                                    AditTunnelSecrets *secrets);
};

AditTunnelKind   adit_tunnel_source_guess_kind   (AditTunnelSource *self, const AditWish *wish);
void             adit_tunnel_source_offer_async  (AditTunnelSource *self, const AditWish *wish, const char *avoid,
                                                  guint try_number, GCancellable *cancellable, GAsyncReadyCallback callback,
                                                  gpointer user_data);
AditTunnelOffer *adit_tunnel_source_offer_finish (AditTunnelSource *self, GAsyncResult *result, GError **error);
gboolean         adit_tunnel_source_foresee      (AditTunnelSource *self, const AditWish *wish, AditTunnelSpec *spec,
                                                  AditTunnelSecrets *secrets);

G_END_DECLS
