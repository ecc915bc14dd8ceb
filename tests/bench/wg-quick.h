/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-quick.h: what a user would type instead, on the same computer, to the same exit, with a key of its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WG_QUICK_UP   { "wg-quick", "up", "wgpeer", NULL }
#define WG_QUICK_DOWN { "wg-quick", "down", "wgpeer", NULL }

gboolean wg_quick_fetch  (void);
void     wg_quick_set_up (void);
char    *wg_quick_ask_wg (const char *word, const char *input);

G_END_DECLS
