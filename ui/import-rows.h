/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-rows.h: all that there is to say about an imported file, as rows of a list. */
#pragma once

#include <adwaita.h>
#include "client/api/import-request.h"

G_BEGIN_DECLS

AdwExpanderRow *adit_import_rows_add_expander  (GtkWidget *list, const char *title);
gboolean        adit_import_rows_is_first_look (AdwExpanderRow *row);
void            adit_import_rows_fill          (GtkWidget *list, const AditImportOutcome *outcome, const AditProfileRow *profile);

G_END_DECLS
