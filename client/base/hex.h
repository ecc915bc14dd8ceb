/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hex.h: bytes in a text file. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *adit_hex_dup  (const guint8 *bytes, gsize length);
gboolean  adit_hex_read (const char *text, guint8 *bytes, gsize length);

G_END_DECLS
