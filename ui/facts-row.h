/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts-row.h: the technical details, for whoever opens them. */
#pragma once

#include <adwaita.h>
#include "client/api/status.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FACTS_ROW (adit_facts_row_get_type ())
G_DECLARE_FINAL_TYPE (AditFactsRow, adit_facts_row, ADIT, FACTS_ROW, AdwExpanderRow)

void adit_facts_row_show (AditFactsRow *self, const AditStatus *status);

G_END_DECLS
