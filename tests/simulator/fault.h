/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.h: what the simulated service is to do wrong, as the control file says at this moment. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     fault_set_file (const char *file);
gboolean fault_is_on    (const char *name, const char *path, guint *number);

G_END_DECLS
