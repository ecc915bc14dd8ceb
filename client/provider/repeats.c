/* SPDX-License-Identifier: GPL-2.0-or-later */
/* repeats.c: letters and digits alone are compared, small or large: an account number is the same however it is grouped. */
#include "client/provider/repeats.h"

#include <string.h>

#define MIN_BYTES 6    /* a shorter name or word is in many a sentence that says nothing of it */

static char *
dup_core (const char *text, gsize length, gsize *core_length)
{
  char *core = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    if (g_ascii_isalnum (text[i]))
      core[n++] = g_ascii_tolower (text[i]);
  core[n] = '\0';
  *core_length = n;
  return core;
}

/**
 * adit_repeats_secret:
 * @text: what is going to be told and logged
 * @secret: (nullable): what was sent; where it has two parts, one a line
 *
 * Returns: whether a line of @secret is in @text, perhaps spelled otherwise
 */
gboolean
adit_repeats_secret (const char *text, AditSecret *secret)
{
  gsize length = 0, said_length;
  const char *line = secret != NULL ? (const char *) adit_secret_peek (secret, &length) : NULL;
  g_autofree char *said = dup_core (text, strlen (text), &said_length);
  gboolean repeats = FALSE;

  while (length > 0 && !repeats)
    {
      const char *end = memchr (line, '\n', length);
      gsize line_length = end != NULL ? (gsize) (end - line) : length, core_length, taken = line_length + (end != NULL ? 1 : 0);
      char *core = dup_core (line, line_length, &core_length);

      repeats = core_length >= MIN_BYTES && strstr (said, core) != NULL;
      adit_wipe (core, core_length);
      g_free (core);
      line += taken;
      length -= taken;
    }
  adit_wipe (said, said_length);
  return repeats;
}
