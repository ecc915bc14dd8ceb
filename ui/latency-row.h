/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latency-row.h: lets somebody have measured how quickly places answer. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_LATENCY_ROW (adit_latency_row_get_type ())
G_DECLARE_FINAL_TYPE (AditLatencyRow, adit_latency_row, ADIT, LATENCY_ROW, AdwActionRow)

void adit_latency_row_set_mirror (AditLatencyRow *self, AditMirror *mirror);

G_END_DECLS
