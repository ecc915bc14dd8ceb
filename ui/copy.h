/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copy.h: a button that copies says that it has. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void adit_copy      (GtkButton *button, const char *text);
void adit_copy_tell (GtkButton *button);

G_END_DECLS
