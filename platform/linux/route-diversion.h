/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-diversion.h: finds routes of the main table by which a network would lead traffic past the tunnel. */
#pragma once

#include "client/model/address.h"
#include "client/model/diversion.h"

G_BEGIN_DECLS

gboolean adit_route_find_diversions (const AditAddress *peer, AditDiversions *found, GError **error);

G_END_DECLS
