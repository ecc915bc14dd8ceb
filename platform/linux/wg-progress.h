/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-progress.h: what WireGuard says of its peers, brought together to what is asked of a tunnel. */
#pragma once

#include "platform/linux/handshake-clock.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

typedef struct
{
  guint8  key[ADIT_WG_KEY_BYTES];
  gint64  handshake_s, handshake_ns;    /* since the epoch; both zero before the first */
  guint64 received_bytes, sent_bytes;
} AditWgPeerStatus;

typedef struct
{
  gboolean           is_one;     /* ... decides; else any does */
  guint8             key[ADIT_WG_KEY_BYTES];
  AditHandshakeClock clock;
} AditWgProgress;

void adit_wg_progress_begin (AditWgProgress *self, const AditTunnelSpec *spec);
void adit_wg_progress_read  (AditWgProgress *self, const AditWgPeerStatus *peers, guint n_peers, AditTunnelProgress *progress);

G_END_DECLS
