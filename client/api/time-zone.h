/* SPDX-License-Identifier: GPL-2.0-or-later */
/* time-zone.h: where this computer is, as far as its clock tells: nobody on the network is asked. */
#pragma once

#include "client/model/distance.h"

G_BEGIN_DECLS

#define ADIT_LOCAL_TIME "/etc/localtime"
#define ADIT_TIME_ZONES "/usr/share/zoneinfo"

gboolean adit_time_zone_find_position (const char *local_time, const char *database, AditPosition *position);

G_END_DECLS
