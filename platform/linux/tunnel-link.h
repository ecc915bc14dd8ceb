/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-link.h: the tunnel device as a network link: addresses, MTU, up and down. */
#pragma once

#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

guint    adit_tunnel_link_get_index      (void);
guint64  adit_tunnel_link_count_packets  (void);
GArray  *adit_tunnel_link_list_addresses (guint index, GError **error);
gboolean adit_tunnel_link_bring_up       (guint index, guint16 mtu_bytes, GError **error);
gboolean adit_tunnel_link_bring_down     (guint index, GError **error);
gboolean adit_tunnel_link_add            (guint index, const AditPrefix *prefix, GError **error);
gboolean adit_tunnel_link_remove         (guint index, const AditPrefix *prefix, GError **error);

G_END_DECLS
