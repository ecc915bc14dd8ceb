/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hosting-row.h: in which companies' houses the servers may stand that are shown and used. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_HOSTING_ROW (adit_hosting_row_get_type ())
G_DECLARE_FINAL_TYPE (AditHostingRow, adit_hosting_row, ADIT, HOSTING_ROW, AdwExpanderRow)

void adit_hosting_row_set_mirror (AditHostingRow *self, AditMirror *mirror);

G_END_DECLS
