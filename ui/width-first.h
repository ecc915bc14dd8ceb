/* SPDX-License-Identifier: GPL-2.0-or-later */
/* width-first.h: a layout for one child whose width is never made to follow from its height. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkLayoutManager *adit_width_first_new (void);

G_END_DECLS
