/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-limit.c: so many in an hour, by person and program, over the death of a helper. */
#include "client/helper/report-limit.h"

#include <glib/gstdio.h>

#define MOST ADIT_REPORT_MAX_CRASHES_AN_HOUR

typedef struct
{
  char            *root, *path;
  AditReportLimit *limit;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-limit-XXXXXX", NULL);
  f->path = g_build_filename (f->root, "report-limits", NULL);
  f->limit = adit_report_limit_open (f->path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  adit_report_limit_free (f->limit);
  g_unlink (f->path);
  g_rmdir (f->root);
  g_free (f->path);
  g_free (f->root);
}

static void
begin_anew (Fixture *f)
{
  adit_report_limit_free (f->limit);
  f->limit = adit_report_limit_open (f->path);
}

/* One that is made. */
static gboolean
take (Fixture *f, guint32 uid, const char *what, gint64 now_s)
{
  if (!adit_report_limit_take (f->limit, uid, what, MOST, now_s))
    return FALSE;
  adit_report_limit_settle (f->limit, uid, what, TRUE, now_s);
  return TRUE;
}

static void
test_hour (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < MOST; i++)
    {
      g_assert_true (take (f, 1000, "aditd", 100 + i));
      begin_anew (f);    /* that is what a crash does */
    }
  g_assert_false (take (f, 1000, "aditd", 200));
  g_assert_false (take (f, 1000, "aditd", 3699));
  g_assert_true (take (f, 1000, "aditd", 3700));     /* the first is an hour ago */
  g_assert_false (take (f, 1000, "aditd", 3700));
}

static void
test_apart (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < MOST; i++)
    g_assert_true (take (f, 1000, "adit", 100));
  g_assert_false (take (f, 1000, "adit", 100));
  g_assert_true (take (f, 1000, "adit-gtk", 100));
  g_assert_true (take (f, 1001, "adit", 100));
}

/* Those that are being made have their place, so that no more are begun; what is not made in the end was never counted, and what
 * a stop of the helper has cut short neither. */
static void
test_not_made (Fixture *f, gconstpointer data)
{
  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < MOST; i++)
        g_assert_true (adit_report_limit_take (f->limit, 1000, "aditd", MOST, 100));
      g_assert_false (adit_report_limit_take (f->limit, 1000, "aditd", MOST, 100));
      g_assert_true (take (f, 1001, "aditd", 100 + 3600 * round));
      if (round == 0)
        begin_anew (f);
      else
        for (guint i = 0; i < MOST; i++)
          adit_report_limit_settle (f->limit, 1000, "aditd", FALSE, 100);
    }
  for (guint i = 0; i < MOST; i++)
    g_assert_true (take (f, 1000, "aditd", 100));
  g_assert_false (adit_report_limit_take (f->limit, 1000, "aditd", MOST, 100));
}

/* A file that says nonsense, or has times to come from before a restart of the computer, holds up nobody. */
static void
test_nonsense (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "", "nonsense", "[1000]\naditd=9000;9000;9000;\n", "[1000]\naditd=x\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (f->path, texts[i], -1, NULL));
      begin_anew (f);
      g_assert_true (take (f, 1000, "aditd", 100));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/report-limit/hour", Fixture, NULL, set_up, test_hour, tear_down);
  g_test_add ("/report-limit/apart", Fixture, NULL, set_up, test_apart, tear_down);
  g_test_add ("/report-limit/not-made", Fixture, NULL, set_up, test_not_made, tear_down);
  g_test_add ("/report-limit/nonsense", Fixture, NULL, set_up, test_nonsense, tear_down);
  return g_test_run ();
}
