/* SPDX-License-Identifier: GPL-2.0-or-later */
/* field.c: looks at every byte of a field and reads none beyond it. */
#include "client/base/field.h"

#include <string.h>

/**
 * adit_field_is_zero:
 * @field: bytes, perhaps from a stranger
 * @size_bytes: how many
 *
 * Returns: whether nothing is written there
 */
gboolean
adit_field_is_zero (const void *field, gsize size_bytes)
{
  const guint8 *bytes = field;

  /* Each byte is as the one before it, and the first is zero. */
  return size_bytes == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, size_bytes - 1) == 0);
}

/**
 * adit_field_is_terminated:
 * @field: text, perhaps from a stranger
 * @size_bytes: of the whole field
 *
 * Returns: whether the text ends inside its field, and nothing hides behind its end
 */
gboolean
adit_field_is_terminated (const char *field, gsize size_bytes)
{
  gsize length = strnlen (field, size_bytes);

  return length < size_bytes && adit_field_is_zero (field + length, size_bytes - length);
}
