/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-former.h: addresses of tunnels that are gone, and sockets that still send from them. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

gboolean adit_route_former_set (const GArray *prefixes, const AditPrefix *own, guint n_own, GError **error);

G_END_DECLS
