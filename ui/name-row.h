/* SPDX-License-Identifier: GPL-2.0-or-later */
/* name-row.h: what an imported configuration is called, to be read and to be changed. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NAME_ROW (adit_name_row_get_type ())
G_DECLARE_FINAL_TYPE (AditNameRow, adit_name_row, ADIT, NAME_ROW, AdwEntryRow)

GtkWidget *adit_name_row_new (AditMirror *mirror, const AditProfileRow *profile);

G_END_DECLS
