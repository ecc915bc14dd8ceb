/* SPDX-License-Identifier: GPL-2.0-or-later */
/* menu-width.h: a menu that is no wider than its window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void adit_menu_width_limit (GtkMenuButton *button);

G_END_DECLS
