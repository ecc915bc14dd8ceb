/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zip-read.h: the small files of a ZIP archive, as a service hands out many configurations at once. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_ZIP_MAX_ENTRIES     4096       /* the largest of a service that was seen has 1,500 */
#define ADIT_ZIP_MAX_TOTAL_BYTES 16777216   /* unpacked, of what is unpacked at all */

typedef struct
{
  char    *folder;        /* "" or with slashes between; nobody makes it */
  char    *name;          /* as a terminal can show it */
  gboolean is_renamed;    /* what of the name cannot be shown is U+FFFD; no file names this one by it */
  guint8  *bytes;         /* (nullable): left out, for it is empty, too long or no plain file */
  gsize    length;
} AditZipEntry;

gboolean   adit_zip_is_one (const guint8 *bytes, gsize length);
GPtrArray *adit_zip_read   (const guint8 *bytes, gsize length, const char **sentence);

G_END_DECLS
