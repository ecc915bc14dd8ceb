/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trouble.h: why something that was changed in a window of settings did not come about. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void adit_trouble_say  (GtkWidget *widget, const char *what, const char *body);
void adit_trouble_tell (GtkWidget *widget, const GError *error);

G_END_DECLS
