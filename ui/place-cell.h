/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-cell.h: one row of the list of places. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"
#include "ui/place-item.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PLACE_CELL (adit_place_cell_get_type ())
G_DECLARE_FINAL_TYPE (AditPlaceCell, adit_place_cell, ADIT, PLACE_CELL, AdwBin)

GtkWidget *adit_place_cell_new     (AditMirror *mirror);
void       adit_place_cell_set_row (AditPlaceCell *self, GtkTreeListRow *row, gboolean is_entry);

G_END_DECLS
