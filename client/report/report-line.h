/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-line.h: what the files that put a report together share. */
#pragma once

#include "client/report/report.h"

G_BEGIN_DECLS

char *adit_report_dup_line (const char *text, const AditRedactionWords *words);
void  adit_report_cut_line (char *line, gsize max_bytes);

/* report-json.c */
void  adit_report_json_add_text (GString *json, const char *text);
void  adit_report_json_add_list (GString *json, const char *key, GPtrArray *texts);

G_END_DECLS
