/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry-rows.h: fields in a list that are told of when the keyboard is in them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void adit_entry_rows_tell (GtkWidget *widget);

G_END_DECLS
