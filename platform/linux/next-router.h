/* SPDX-License-Identifier: GPL-2.0-or-later */
/* next-router.h: the question for a router's hardware address, put once more before its time. */
#pragma once

#include "platform/network.h"

G_BEGIN_DECLS

void adit_next_router_ask_again (const AditAddress *to);

G_END_DECLS
