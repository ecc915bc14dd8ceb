/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zip-sample.h: writes archives as tools do, and as no tool does. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *path;
  const char *text;
  gboolean    deflated;
  guint       flags, mode;    /* of the entry, and of its file on Unix (0: made elsewhere) */
} ZipSampleFile;

GByteArray *zip_sample_make (const ZipSampleFile *files, guint n_files);
