/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debug-path.h: where files for debuggers lie. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *adit_debug_path_dup (const guint8 *build_id, gsize build_id_size);

G_END_DECLS
