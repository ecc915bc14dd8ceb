/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page-opener.h: opens a page of a service's in the person's browser. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void adit_page_open (GtkWidget *widget, const char *address);

G_END_DECLS
