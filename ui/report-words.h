/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-words.h: where reports go, and what is known of one, in words. */
#pragma once

#include "client/api/report-answer.h"

G_BEGIN_DECLS

const char *adit_report_words_get_host   (const AditReportServerAnswer *server);
char       *adit_report_words_dup_server (const AditReportServerAnswer *server);
char       *adit_report_words_dup_row    (const AditReportRow *report);

G_END_DECLS
