/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message-dialog.h: a question or a message before a window, which can be moved where it is higher than the screen. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwMessageDialog *adit_message_dialog_new (GtkWindow *parent, const char *heading, const char *body);

G_END_DECLS
