/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secret-copy.h: what only its owner should read, on the clipboard. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void adit_secret_copy (GtkWidget *widget, const char *text);

G_END_DECLS
