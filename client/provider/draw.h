/* SPDX-License-Identifier: GPL-2.0-or-later */
/* draw.h: chance, passed in so that a test can hold it still. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each of the 2^64 values equally likely. */
typedef guint64 (*AditRandomFunc) (gpointer user_data);

typedef struct
{
  AditRandomFunc func;
  gpointer       data;
} AditRandom;

guint64 adit_draw_below (const AditRandom *random, guint64 limit);

G_END_DECLS
