/* SPDX-License-Identifier: GPL-2.0-or-later */
/* draw.c: numbers that are equally likely. */
#include "client/provider/draw.h"

/**
 * adit_draw_below:
 * @random: where chance comes from
 * @limit: above zero
 *
 * Returns: a number below @limit, each as likely as any other
 */
guint64
adit_draw_below (const AditRandom *random, guint64 limit)
{
  /* The last, incomplete round of @limit values would favour the low ones: draw again. */
  guint64 rest = (G_MAXUINT64 % limit + 1) % limit, number;

  do
    number = random->func (random->data);
  while (number > G_MAXUINT64 - rest);
  return number % limit;
}
