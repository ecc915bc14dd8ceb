/* SPDX-License-Identifier: GPL-2.0-or-later */
/* texts.h: what the window itself says of each thing that it draws, and whether somebody can read it. */
#pragma once

#include "tests/ui/display.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean is_dark, is_contrast;
  guint    text_scale;
  gboolean moves;    /* whether things may move */
} AditStyle;

void     adit_texts_prepare    (AditDisplay *display);
void     adit_texts_set_style  (AditDisplay *display, const AditStyle *style);
void     adit_texts_wait_menu  (AditDisplay *display, gboolean is_open);
gboolean adit_texts_wait_width (AditDisplay *display, int least, int most);
char    *adit_texts_dup_faults (AditDisplay *display, const char *picture, double least_ratio);

G_END_DECLS
