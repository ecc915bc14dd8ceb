/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-random.h: WireGuard profiles, and files with a change in them, as chance makes them. */
#pragma once

#include <glib.h>
#include "client/model/wireguard-profile.h"

G_BEGIN_DECLS

AditWireguardProfile *wg_random_make   (GRand *rand);
char                 *wg_random_dress  (GRand *rand, const char *text);
char                 *wg_random_spoil  (GRand *rand, const char *text, gsize *length);

G_END_DECLS
