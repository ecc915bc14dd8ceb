/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home-layout.h: a picture above what has to be read, where there is room for both. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ADIT_TYPE_HOME_LAYOUT (adit_home_layout_get_type ())
G_DECLARE_FINAL_TYPE (AditHomeLayout, adit_home_layout, ADIT, HOME_LAYOUT, GtkLayoutManager)

G_END_DECLS
