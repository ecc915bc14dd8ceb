/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-place.h: what a program of a person's own does so that its crash is noted, and that nothing of its memory is kept. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_crash_place_install    (const char *program, const char *build, GError **error);
void     adit_crash_place_forbid_cores (void);

G_END_DECLS
