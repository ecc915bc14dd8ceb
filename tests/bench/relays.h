/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relays.h: a list of relays of any length, for whoever reads one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GString *bench_relays_new (guint n_relays);

G_END_DECLS
