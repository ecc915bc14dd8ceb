/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-rules.h: the block of rules by which a packet finds its table. */
#pragma once

#include "client/model/reach.h"

G_BEGIN_DECLS

gboolean adit_route_rules_set    (AditFamily family, const AditTunnelSpec *spec, const AditReach *reach,
                                  GError **error);
gboolean adit_route_rules_remove (AditFamily family, GError **error);

G_END_DECLS
