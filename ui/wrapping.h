/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrapping.h: texts that are whole in a window that is narrower than these. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void adit_wrap_texts (GtkWidget *widget);

G_END_DECLS
