/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis-page.h: what is wrong, and each thing that was looked at. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_DIAGNOSIS_PAGE (adit_diagnosis_page_get_type ())
G_DECLARE_FINAL_TYPE (AditDiagnosisPage, adit_diagnosis_page, ADIT, DIAGNOSIS_PAGE, AdwBin)

void adit_diagnosis_page_set_mirror (AditDiagnosisPage *self, AditMirror *mirror);

G_END_DECLS
