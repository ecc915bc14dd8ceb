/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.h: names as people type them: without regard to case, accents and punctuation. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char    *adit_search_fold    (const char *text);
gboolean adit_search_matches (const char *search, const char *text);

G_END_DECLS
