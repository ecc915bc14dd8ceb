/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-answer.h: what GetLog answers, and how a line is shown in the window and at a terminal. */
#pragma once

#include <gio/gio.h>
#include "client/base/log-ring.h"

G_BEGIN_DECLS

GPtrArray *adit_log_answer_read       (GVariant *answer, GError **error);
char      *adit_log_answer_dup_line   (const AditLogLine *line);

G_END_DECLS
