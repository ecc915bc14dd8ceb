/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.c: the control file has a fault a line: NAME [NUMBER] [PATH].  With PATH it holds for that path and what lies below. */
#include "tests/simulator/fault.h"

#include <string.h>

static const char *control_file;

/**
 * fault_set_file:
 * @file: the control file, which need not exist; the text must stay
 */
void
fault_set_file (const char *file)
{
  control_file = file;
}

static gboolean
covers (const char *limit, const char *path)
{
  gsize n = strlen (limit);

  return path != NULL && strncmp (path, limit, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/**
 * fault_is_on:
 * @name: a fault
 * @path: (nullable): of the request; %NULL while there is none
 * @number: (inout) (optional): becomes the fault's number if it has one
 *
 * Reads the file anew, so that a test says what is to happen with the next request.
 *
 * Returns: whether the fault holds for @path
 */
gboolean
fault_is_on (const char *name, const char *path, guint *number)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (control_file, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (lines[i]), " ", -1);
      gboolean on = g_strcmp0 (words[0], name) == 0;
      guint64 value;

      for (guint j = 1; on && words[j] != NULL; j++)
        if (*words[j] == '/')
          on = covers (words[j], path);
        else if (number != NULL && g_ascii_string_to_unsigned (words[j], 10, 0, G_MAXINT, &value, NULL))
          *number = (guint) value;
      if (on)
        return TRUE;
    }
  return FALSE;
}
