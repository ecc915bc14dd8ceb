/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arrivals.h: a computer that comes into networks, by the real NetworkManager, real DHCP and real neighbours. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

#define ARRIVALS_ELSEWHERE "02:00:00:00:77:01"
#define ARRIVALS_COPY      "02:00:00:00:77:02"

AditWorld  *arrivals_new_world (const char *checks);
const char *arrivals_get_home  (void);
void        arrivals_move_to   (AditWorld *world, const char *hardware);
void        arrivals_move_home (AditWorld *world);

G_END_DECLS
