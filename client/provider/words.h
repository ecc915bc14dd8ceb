/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.h: a service's own words on one line, without what could hurt. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  adit_words_append (GString *out, const char *text, gsize max_bytes);
char *adit_words_dup    (const char *text, gsize max_bytes);

G_END_DECLS
