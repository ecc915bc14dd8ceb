/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recover.h: the way back without a running helper. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int adit_recover_run (gboolean open);

G_END_DECLS
