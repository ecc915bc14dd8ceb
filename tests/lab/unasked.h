/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unasked.h: whether the helper fetches lists of servers that nobody has asked for. */
#pragma once

#include "tests/lab/world.h"

G_BEGIN_DECLS

guint unasked_count_lists  (AditWorld *world);
void  unasked_connect_anew (AditWorld *world);
void  unasked_expect_lists (AditWorld *world, gboolean fetched, guint before);
void  unasked_expect_says  (AditWorld *world, const char *line, const char *words);

G_END_DECLS
