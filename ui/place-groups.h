/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-groups.h: what the list of places has from top to bottom: what was imported, favourites, recent ones, and all of them. */
#pragma once

#include <gtk/gtk.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

typedef struct _AditPlaceGroups AditPlaceGroups;

AditPlaceGroups *adit_place_groups_new  (AditMirror *mirror);
void             adit_place_groups_free (AditPlaceGroups *self);

GListModel     *adit_place_groups_get_rows   (AditPlaceGroups *self);
AditPlaceSieve *adit_place_groups_get_sieve  (AditPlaceGroups *self);
gboolean        adit_place_groups_is_empty   (AditPlaceGroups *self);
void            adit_place_groups_update     (AditPlaceGroups *self);
void            adit_place_groups_search     (AditPlaceGroups *self, const char *text);
void            adit_place_groups_set_entry  (AditPlaceGroups *self, gboolean is_entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditPlaceGroups, adit_place_groups_free)

G_END_DECLS
