/* SPDX-License-Identifier: GPL-2.0-or-later */
/* protocol-row.h: by what the next connections go, as far as the account's service has it. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PROTOCOL_ROW (adit_protocol_row_get_type ())
G_DECLARE_FINAL_TYPE (AditProtocolRow, adit_protocol_row, ADIT, PROTOCOL_ROW, AdwComboRow)

void adit_protocol_row_set_mirror (AditProtocolRow *self, AditMirror *mirror);

G_END_DECLS
