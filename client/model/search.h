/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.h: names as people type them: without regard to case, accents and punctuation. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *adit_search_fold          (const char *text);
void     adit_search_append_folded (GString *to, const char *text);
gboolean adit_search_has           (const char *folded, const char *text);

G_END_DECLS
