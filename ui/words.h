/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.h: values as people read them. */
#pragma once

#include "client/api/answer.h"

G_BEGIN_DECLS

char *adit_words_dup_place    (const char *city, const char *country, const char *server);
char *adit_words_dup_duration (gint64 duration_s);
char *adit_words_dup_block    (const char *name);
char *adit_words_dup_account  (const AditAccountRow *account, gint64 now_s);

G_END_DECLS
