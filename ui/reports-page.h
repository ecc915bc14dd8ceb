/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-page.h: which reports there are, what happens after a crash, and where reports go. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_REPORTS_PAGE (adit_reports_page_get_type ())
G_DECLARE_FINAL_TYPE (AditReportsPage, adit_reports_page, ADIT, REPORTS_PAGE, AdwBin)

void adit_reports_page_set_mirror (AditReportsPage *self, AditMirror *mirror);

G_END_DECLS
