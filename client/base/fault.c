/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.c: the test writes into one file which point it wants, and reads in the other which were passed. */
#include "client/base/fault.h"

#ifdef ADIT_TEST_FAULTS

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANTED "/run/adit-fault"           /* the name of a point, and the how many-th time that it is passed */
#define PASSED "/run/adit-fault-passed"    /* one a line; written only where it exists */

/**
 * adit_fault_point:
 * @name: a point
 *
 * Kills this process the hard way if a test wants it here.  Once: whoever starts it again gets past.
 */
void
adit_fault_point (const char *name)
{
  g_autofree char *wanted = NULL, *rest = NULL;
  gsize length = strlen (name);
  int times;
  FILE *passed = g_file_test (PASSED, G_FILE_TEST_EXISTS) ? fopen (PASSED, "a") : NULL;

  if (passed != NULL)
    {
      fprintf (passed, "%s\n", name);
      fclose (passed);
    }
  if (!g_file_get_contents (WANTED, &wanted, NULL, NULL) || !g_str_has_prefix (wanted, name) || wanted[length] != ' ')
    return;
  times = atoi (wanted + length);
  rest = g_strdup_printf ("%s %d\n", name, times - 1);
  if (times > 1)
    {
      (void) g_file_set_contents (WANTED, rest, -1, NULL);
      return;
    }
  g_unlink (WANTED);
  raise (SIGKILL);
}

/**
 * adit_fault_after:
 * @name: a point
 * @done: what the effect before it answered
 *
 * Returns: @done
 */
gboolean
adit_fault_after (const char *name, gboolean done)
{
  adit_fault_point (name);
  return done;
}

#endif
