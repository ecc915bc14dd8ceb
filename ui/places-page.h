/* SPDX-License-Identifier: GPL-2.0-or-later */
/* places-page.h: the list of places, and its search. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PLACES_PAGE (adit_places_page_get_type ())
G_DECLARE_FINAL_TYPE (AditPlacesPage, adit_places_page, ADIT, PLACES_PAGE, AdwBin)

/* Property "folded" (boolean): whether the page has the window to itself. */

void adit_places_page_set_mirror (AditPlacesPage *self, AditMirror *mirror);
void adit_places_page_search     (AditPlacesPage *self);
void adit_places_page_set_text   (AditPlacesPage *self, const char *text);

G_END_DECLS
