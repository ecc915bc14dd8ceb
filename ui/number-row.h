/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number-row.h: what stands for an account, hidden until somebody asks for it. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_NUMBER_ROW (adit_number_row_get_type ())
G_DECLARE_FINAL_TYPE (AditNumberRow, adit_number_row, ADIT, NUMBER_ROW, AdwActionRow)

void adit_number_row_set_account (AditNumberRow *self, AditMirror *mirror, const AditAccountRow *account);

G_END_DECLS
