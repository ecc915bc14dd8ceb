/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hex.c: two digits a byte. */
#include "client/base/hex.h"

#include <string.h>

/**
 * adit_hex_dup:
 * @bytes: (array length=length): any
 * @length: how many
 *
 * Returns: (transfer full): their digits, in lower case
 */
char *
adit_hex_dup (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/**
 * adit_hex_read:
 * @text: (nullable): perhaps digits
 * @bytes: (out): room for what they stand for
 * @length: how many bytes that has to be
 *
 * Returns: whether there were so many digits, and nothing else
 */
gboolean
adit_hex_read (const char *text, guint8 *bytes, gsize length)
{
  if (text == NULL || strlen (text) != 2 * length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]), low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      bytes[i] = (guint8) (high << 4 | low);
    }
  return TRUE;
}
