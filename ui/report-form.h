/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-form.h: somebody has a problem, and says it. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_REPORT_FORM (adit_report_form_get_type ())
G_DECLARE_FINAL_TYPE (AditReportForm, adit_report_form, ADIT, REPORT_FORM, AdwWindow)

/* Signal "made" (const char *id): the report is there, and waits. */

AditReportForm *adit_report_form_new (GtkWindow *parent, AditMirror *mirror);

G_END_DECLS
