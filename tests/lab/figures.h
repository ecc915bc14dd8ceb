/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures.h: what a row of the catalogue leaves behind for the tables in SECURITY.md. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *row, *title;
  const char *kind;      /* what was counted: "packets" or "attempts" */
  guint       tried;
  guint       control;   /* seen, or obeyed, without the protection */
} AditFigures;

void adit_figures_write (const AditFigures *self);

G_END_DECLS
