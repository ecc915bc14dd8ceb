/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-log-text.c: a log that is full, while somebody reads in the midst of it. */
#include "ui/log-text.h"

#include <string.h>

static void
add (AditLogText *text, guint first, guint n, AditLogLevel level)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);

  for (guint i = 0; i < n; i++)
    {
      AditLogLine *line = g_new0 (AditLogLine, 1);

      line->number = first + i;
      line->level = level;
      line->topic = g_strdup ("t");
      line->text = g_strdup_printf ("line %u.", first + i);
      g_ptr_array_add (lines, line);
    }
  adit_log_text_take (text, lines);
  g_assert_cmpuint (lines->len, ==, 0);
}

static char *
dup_line_at (GtkTextBuffer *buffer, GtkTextMark *mark)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &start, mark);
  end = start;
  gtk_text_iter_forward_to_line_end (&end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static char *
dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* Where a view shows the text is a mark of its own, which goes nowhere. */
static void
test_full (void)
{
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  AditLogText *text = adit_log_text_new (buffer);
  g_autofree char *before = NULL, *after = NULL, *all = NULL;
  GtkTextMark *read;
  GtkTextIter at;

  g_assert_cmpuint (adit_log_text_get_last (text), ==, 0);
  add (text, 1, 2, ADIT_LOG_DEBUG);
  add (text, 3, ADIT_LOG_RING_MAX_LINES - 2, ADIT_LOG_NOTICE);
  adit_log_text_set_least (text, ADIT_LOG_NOTICE);
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), ==, ADIT_LOG_RING_MAX_LINES - 2);
  gtk_text_buffer_get_iter_at_line (buffer, &at, 100);
  read = gtk_text_buffer_create_mark (buffer, NULL, &at, TRUE);
  before = dup_line_at (buffer, read);
  g_assert_true (g_str_has_suffix (before, "t: line 103."));
  add (text, ADIT_LOG_RING_MAX_LINES + 1, 5, ADIT_LOG_WARNING);    /* two that nobody sees go for it, and three others */
  after = dup_line_at (buffer, read);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), ==, ADIT_LOG_RING_MAX_LINES);
  g_assert_cmpuint (adit_log_text_get_last (text), ==, ADIT_LOG_RING_MAX_LINES + 5);
  all = dup_text (buffer);
  g_assert_nonnull (strstr (all, "line 6."));
  g_assert_null (strstr (all, "line 5."));
  g_assert_true (g_str_has_suffix (all, "line 261."));
  adit_log_text_free (text);
}

static void
test_levels (void)
{
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  AditLogText *text = adit_log_text_new (buffer);
  g_autofree char *all = NULL;

  add (text, 7, 1, ADIT_LOG_DEBUG);
  add (text, 8, 2, ADIT_LOG_WARNING);
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), ==, 3);
  adit_log_text_set_least (text, ADIT_LOG_WARNING);
  add (text, 10, 1, ADIT_LOG_INFO);
  g_assert_cmpint (gtk_text_buffer_get_line_count (buffer), ==, 2);
  g_assert_cmpuint (adit_log_text_get_last (text), ==, 10);
  adit_log_text_clear (text);
  all = dup_text (buffer);
  g_assert_cmpstr (all, ==, "");
  g_assert_cmpuint (adit_log_text_get_last (text), ==, 0);
  adit_log_text_free (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-text/full", test_full);
  g_test_add_func ("/log-text/levels", test_levels);
  return g_test_run ();
}
