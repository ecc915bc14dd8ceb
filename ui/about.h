/* SPDX-License-Identifier: GPL-2.0-or-later */
/* about.h: what this is, what is new in it, and what it is made of. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void adit_about_show (GtkWindow *parent);

G_END_DECLS
