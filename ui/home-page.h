/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home-page.h: the state in a word, the place, the one large button, and what goes through the tunnel. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_HOME_PAGE (adit_home_page_get_type ())
G_DECLARE_FINAL_TYPE (AditHomePage, adit_home_page, ADIT, HOME_PAGE, GtkWidget)

void adit_home_page_set_mirror (AditHomePage *self, AditMirror *mirror);

G_END_DECLS
