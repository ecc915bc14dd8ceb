/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-window.h: one report, word for word, with what was taken out of it, where it would go, and what can be done with it. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_REPORT_WINDOW (adit_report_window_get_type ())
G_DECLARE_FINAL_TYPE (AditReportWindow, adit_report_window, ADIT, REPORT_WINDOW, AdwWindow)

GtkWindow *adit_report_window_new (GtkWindow *parent, AditMirror *mirror, const AditReportRow *report);

G_END_DECLS
