/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-list.h: countries, cities and servers as list models over the mapped list; nothing of it is copied until it is shown. */
#pragma once

#include "ui/place-item.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PLACE_LIST (adit_place_list_get_type ())
G_DECLARE_FINAL_TYPE (AditPlaceList, adit_place_list, ADIT, PLACE_LIST, GObject)

AditPlaceList *adit_place_list_new       (AditPlaceSieve *sieve);
AditPlaceList *adit_place_list_new_parts (AditPlaceItem *item);
void           adit_place_list_search    (AditPlaceList *self, const char *text);
AditPlaceSieve *adit_place_list_get_sieve (AditPlaceList *self);
char          *adit_place_list_dup_name  (AditServerList *servers, const AditPlace *place);

G_END_DECLS
