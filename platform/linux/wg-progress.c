/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-progress.c: of several peers the one that takes what nobody else does decides whether there is a tunnel; where there is none
 * such, any of them.  Else a company's peer that answers would hide that the way to everything else is dead. */
#include "platform/linux/wg-progress.h"

#include <string.h>

#include "client/model/tunnel-peers.h"

/**
 * adit_wg_progress_begin:
 * @self: (out caller-allocates): knows whom to look at, and has seen no handshake
 * @spec: a valid tunnel that begins
 */
void
adit_wg_progress_begin (AditWgProgress *self, const AditTunnelSpec *spec)
{
  AditTunnelPeer peer;

  memset (self, 0, sizeof *self);
  self->is_one = adit_tunnel_spec_get_peer (spec, adit_tunnel_spec_find_default_peer (spec), &peer, NULL);
  if (self->is_one)
    memcpy (self->key, peer.key, sizeof self->key);
}

/**
 * adit_wg_progress_read:
 * @self: whom to look at
 * @peers: (array length=n_peers): what WireGuard says now
 * @n_peers: how many
 * @progress: (out caller-allocates): what that means for the tunnel
 */
void
adit_wg_progress_read (AditWgProgress *self, const AditWgPeerStatus *peers, guint n_peers, AditTunnelProgress *progress)
{
  gint64 seconds = 0, nanoseconds = 0;

  memset (progress, 0, sizeof *progress);
  for (guint i = 0; i < n_peers; i++)
    {
      const AditWgPeerStatus *peer = &peers[i];
      gboolean counts = !self->is_one || memcmp (peer->key, self->key, sizeof self->key) == 0;

      *(counts ? &progress->received_bytes : &progress->others_received_bytes) += peer->received_bytes;
      *(counts ? &progress->sent_bytes : &progress->others_sent_bytes) += peer->sent_bytes;
      if (counts && (peer->handshake_s > seconds || (peer->handshake_s == seconds && peer->handshake_ns > nanoseconds)))
        {
          seconds = peer->handshake_s;
          nanoseconds = peer->handshake_ns;
        }
    }
  progress->handshake_age_ms = adit_handshake_clock_update (&self->clock, seconds, nanoseconds);
}
