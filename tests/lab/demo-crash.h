/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-crash.h: the demo of a report: one of the programs crashes while connected, and somebody says yes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean demo_crash_is_known (const char *program);
int      demo_crash_run      (const char *program, gboolean not_ours, gboolean json);

G_END_DECLS
