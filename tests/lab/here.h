/* SPDX-License-Identifier: GPL-2.0-or-later */
/* here.h: in which network the computer is, as a person is told, and what it does there. */
#pragma once

#include <jansson.h>
#include "tests/lab/world.h"

G_BEGIN_DECLS

json_t  *here_find           (AditWorld *world);
char    *here_dup            (AditWorld *world, const char *member);
void     here_expect         (AditWorld *world, const char *member, const char *expected);
void     here_expect_unknown (AditWorld *world, const char *own, const char *name);
void     here_expect_state   (AditWorld *world, const char *state);
void     here_expect_stays   (AditWorld *world, const char *state);
gboolean here_is_written     (const char *folder, const char *text);
void     here_expect_secret  (const char *text);

G_END_DECLS
