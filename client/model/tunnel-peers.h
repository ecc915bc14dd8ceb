/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-peers.h: WireGuard's peers of one tunnel, and which of them takes what. */
#pragma once

#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_NO_PEER G_MAXUINT

gboolean adit_tunnel_spec_get_peer          (const AditTunnelSpec *self, guint n, AditTunnelPeer *peer, guint *first_allowed_ip);
guint    adit_tunnel_spec_find_default_peer (const AditTunnelSpec *self);
guint    adit_tunnel_spec_find_peer         (const AditTunnelSpec *self, const AditAddress *address);
gboolean adit_tunnel_spec_find_inside       (const AditTunnelSpec *self, guint n, AditAddress *address);
guint16  adit_tunnel_spec_get_nested_mtu_bytes (const AditTunnelSpec *self);
void     adit_tunnel_spec_set_mtu              (AditTunnelSpec *self, guint16 bytes);

G_END_DECLS
