/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-item.h: one country, city or server of a mapped list. */
#pragma once

#include <gio/gio.h>
#include "ui/place-sieve.h"

G_BEGIN_DECLS

/* A row, and what is above it. */
typedef struct
{
  AditServerListCountry country;
  AditServerListCity    city;
  AditServerListServer  server;
} AditPlaceParts;

void adit_place_parts_read (AditServerList *servers, AditPlaceRow row, AditPlaceParts *parts);

#define ADIT_TYPE_PLACE_ITEM (adit_place_item_get_type ())
G_DECLARE_FINAL_TYPE (AditPlaceItem, adit_place_item, ADIT, PLACE_ITEM, GObject)

AditPlaceItem  *adit_place_item_new         (AditPlaceSieve *sieve, AditPlaceRow row, gboolean found);
AditPlaceRow    adit_place_item_get_row     (AditPlaceItem *self);
AditPlaceSieve *adit_place_item_get_sieve   (AditPlaceItem *self);
const char     *adit_place_item_get_name    (AditPlaceItem *self);
char           *adit_place_item_dup_detail  (AditPlaceItem *self);
char           *adit_place_item_dup_figure  (AditPlaceItem *self);
void            adit_place_item_get_place   (AditPlaceItem *self, AditPlace *place);

G_END_DECLS
