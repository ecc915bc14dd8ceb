/* SPDX-License-Identifier: GPL-2.0-or-later */
/* password-row.h: an entry whose content is hidden, with a name for the button that shows it. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void adit_password_row_name_buttons (GtkWidget *row, const char *name);

void adit_password_row_guard (GtkWindow *dialog);

G_END_DECLS
