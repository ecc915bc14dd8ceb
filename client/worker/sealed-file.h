/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sealed-file.h: memory files that nobody can change any more, which is how more than a message travels. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int      adit_sealed_file_begin (const char *name, GError **error);
gboolean adit_sealed_file_add   (int fd, const void *bytes, gsize length, GError **error);
gboolean adit_sealed_file_end   (int fd, GError **error);
GBytes  *adit_sealed_file_read  (int fd, gsize max_bytes, GError **error);

G_END_DECLS
