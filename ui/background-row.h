/* SPDX-License-Identifier: GPL-2.0-or-later */
/* background-row.h: whether Adit runs without its window, from login on. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_BACKGROUND_ROW (adit_background_row_get_type ())
G_DECLARE_FINAL_TYPE (AditBackgroundRow, adit_background_row, ADIT, BACKGROUND_ROW, AdwActionRow)

void adit_background_row_set_mirror (AditBackgroundRow *self, AditMirror *mirror);

G_END_DECLS
