/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrap-layout.h: things beside each other, in as many lines as they need, each line in the middle. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ADIT_TYPE_WRAP_LAYOUT (adit_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (AditWrapLayout, adit_wrap_layout, ADIT, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
