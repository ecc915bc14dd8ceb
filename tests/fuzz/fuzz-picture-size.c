/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-picture-size.c: any bytes as a picture that a service wants to be shown. */
#include "ui/picture-size.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  guint32 width = 0, height = 0;

  if (adit_picture_size_is_fine (copy, size))
    g_assert_true (adit_picture_size_read (copy, size, &width, &height) && width > 0 && height > 0);
  return 0;
}
