/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-files.h: a person's file, and those that it names, as one piece of bytes: a client opens them with its own rights, the
 * helper passes them on unread, and a worker takes them apart. */
#pragma once

#include "client/model/import-report.h"

G_BEGIN_DECLS

#define ADIT_IMPORT_MAX_FILES         32          /* the file, what it names (ADIT_IMPORT_MAX_WANTED), and some more */
#define ADIT_IMPORT_ARCHIVE_MAX_BYTES 8388608     /* the largest of a service that was seen has 7 MB */
#define ADIT_IMPORT_FILES_MAX_BYTES   16777216    /* ADIT_WIRE_LIST_MAX_BYTES: what a worker may write, too */

gboolean adit_import_name_is_valid (const char *name);
GBytes  *adit_import_files_pack    (const AditImportFile *files, guint n_files, GError **error);
guint    adit_import_files_unpack  (GBytes *bytes, AditImportFile *files, GError **error);

G_END_DECLS
