/* SPDX-License-Identifier: GPL-2.0-or-later */
/* places-filter.h: what is asked of servers, on a page in the place of the list. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PLACES_FILTER (adit_places_filter_get_type ())
G_DECLARE_FINAL_TYPE (AditPlacesFilter, adit_places_filter, ADIT, PLACES_FILTER, AdwBin)

void  adit_places_filter_set_mirror (AditPlacesFilter *self, AditMirror *mirror);
void  adit_places_filter_show_left  (AditPlacesFilter *self, AditPlaceSieve *sieve);
char *adit_places_filter_dup_text   (const AditServerFilter *filter);

G_END_DECLS
