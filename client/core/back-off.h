/* SPDX-License-Identifier: GPL-2.0-or-later */
/* back-off.h: how long to wait before what failed is tried again.  A pure function. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint adit_back_off_get_pause_ms (guint n_failures, double chance);

G_END_DECLS
