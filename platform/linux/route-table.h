/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-table.h: our own routing table: into the tunnel, or nowhere. */
#pragma once

#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

gboolean adit_route_table_set    (AditFamily family, const AditTunnelSpec *spec, guint index, GError **error);
gboolean adit_route_table_remove (AditFamily family, GError **error);

G_END_DECLS
