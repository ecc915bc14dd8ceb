/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-dialog.h: what was understood of imported files, and what was not taken and why. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_IMPORT_DIALOG (adit_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AditImportDialog, adit_import_dialog, ADIT, IMPORT_DIALOG, AdwWindow)

/* Signal "connect" (const AditProfileRow *profile): the person wants to use what was imported. */

AditImportDialog *adit_import_dialog_new  (GtkWindow *parent, AditMirror *mirror);
void              adit_import_dialog_show (AditImportDialog *self, AditImportAnswer *answer);

G_END_DECLS
