/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way.h: by which link the tunnel's own packets would leave, as the kernel says without sending one. */
#pragma once

#include "platform/network.h"

G_BEGIN_DECLS

gboolean adit_way_find (const AditAddress *to, AditWay *way);

G_END_DECLS
