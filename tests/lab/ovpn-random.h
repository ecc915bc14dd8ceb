/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-random.h: files for OpenVPN as chance makes them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ovpn_random_make (GRand *rand);

G_END_DECLS
