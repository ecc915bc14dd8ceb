/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-lock-traces.c: what is concluded from which files and words. */
#include "client/api/lock-traces.h"

#include <glib/gstdio.h>

static const struct { gboolean lockdown, connect; const char *last_lock; AditLockTrace trace; } cases[] = {
  { FALSE, FALSE, NULL, ADIT_LOCK_TRACE_NONE },
  { FALSE, FALSE, "tunnel", ADIT_LOCK_TRACE_NONE },    /* it has been opened since */
  { FALSE, TRUE, NULL, ADIT_LOCK_TRACE_LIKELY },
  { FALSE, TRUE, "tunnel", ADIT_LOCK_TRACE_SURE },
  { FALSE, TRUE, "all", ADIT_LOCK_TRACE_SURE },
  { FALSE, TRUE, "off", ADIT_LOCK_TRACE_NONE },        /* it will connect at the next start */
  { TRUE, FALSE, NULL, ADIT_LOCK_TRACE_SURE },
  { TRUE, FALSE, "off", ADIT_LOCK_TRACE_SURE },        /* on since the helper was heard last */
  { TRUE, TRUE, "peer", ADIT_LOCK_TRACE_SURE },
};

static void
put (const char *folder, const char *name, gboolean is_there)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (is_there)
    g_assert_true (g_file_set_contents (path, "", 0, NULL));
  else
    (void) g_unlink (path);
}

static void
test_cases (void)
{
  g_autofree char *folder = g_dir_make_tmp ("adit-XXXXXX", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put (folder, "lockdown", cases[i].lockdown);
      put (folder, "connect-at-boot", cases[i].connect);
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (adit_lock_trace_find (folder, cases[i].last_lock), ==, cases[i].trace);
    }
  put (folder, "lockdown", FALSE);
  put (folder, "connect-at-boot", FALSE);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (adit_lock_trace_find (folder, NULL), ==, ADIT_LOCK_TRACE_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock-traces/cases", test_cases);
  return g_test_run ();
}
