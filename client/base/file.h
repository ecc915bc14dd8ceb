/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file.h: our own small files, read and written so that no link, no half write and no long file can surprise us. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *adit_file_read   (const char *path, gsize max_bytes, gsize *length, GError **error);
gboolean  adit_file_write  (const char *path, const void *bytes, gsize length, int mode, GError **error);
gboolean  adit_file_mark   (const char *path, GError **error);
gboolean  adit_file_remove (const char *path, GError **error);
gboolean  adit_file_exists (const char *path);
gboolean  adit_directory_ensure (const char *path, int mode, GError **error);

G_END_DECLS
