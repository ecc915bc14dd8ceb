/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-picture-read.c: any bytes as a picture of a QR code that somebody wants to import. */
#include "client/worker/picture-read.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TEXT_BYTES 4096    /* of the reader's own; the largest code has 2953 bytes */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  char *text = adit_picture_read (copy, size);

  if (text != NULL)
    g_assert_true (text[0] != '\0' && strlen (text) <= MAX_TEXT_BYTES && g_utf8_validate (text, -1, NULL));
  free (text);
  return 0;
}
