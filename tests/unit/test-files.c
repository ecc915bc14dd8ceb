/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-files.c: whole or not at all, never through a link, and a journal that survives its writer. */
#include "client/base/error.h"
#include "client/base/file.h"
#include "client/base/journal.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct { char *directory, *path; } Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("adit-files-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "file", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) entries = g_dir_open (f->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->directory);
  g_free (f->directory);
  g_free (f->path);
}

static void
test_write_and_read (Fixture *f, gconstpointer data)
{
  g_autofree char *content = NULL;
  GError *error = NULL;
  struct stat status;
  gsize length;

  g_assert_null (adit_file_read (f->path, 100, &length, &error));
  g_assert_no_error (error);
  g_assert_true (adit_file_write (f->path, "a\0b", 3, 0600, &error));
  g_assert_true (adit_file_write (f->path, "cd\0e", 4, 0640, &error));
  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 07777, ==, 0640);
  content = adit_file_read (f->path, 4, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (content, length, "cd\0e", 4);
  g_assert_true (adit_file_remove (f->path, &error));
  g_assert_true (adit_file_remove (f->path, &error));
  g_assert_false (adit_file_exists (f->path));
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  g_autofree char *link = g_build_filename (f->directory, "link", NULL);
  g_autofree char *fifo = g_build_filename (f->directory, "fifo", NULL);
  GError *error = NULL;
  gsize length;

  g_assert_true (adit_file_write (f->path, "12345", 5, 0600, NULL));
  g_assert_null (adit_file_read (f->path, 4, &length, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);

  g_assert_cmpint (symlink (f->path, link), ==, 0);
  g_assert_null (adit_file_read (link, 100, &length, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (adit_file_read (fifo, 100, &length, &error));    /* and does not wait for a writer */
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);

  /* Writing over a link replaces the link, not what it points to. */
  g_assert_true (adit_file_write (link, "new", 3, 0600, &error));
  g_assert_no_error (error);
  {
    g_autofree char *old = adit_file_read (f->path, 100, &length, NULL);

    g_assert_cmpstr (old, ==, "12345");
  }
}

static void
test_failed_write_keeps_the_old (Fixture *f, gconstpointer data)
{
  g_autofree char *content = NULL;
  GError *error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root writes into a read-only directory all the same");
      return;
    }
  g_assert_true (adit_file_write (f->path, "old", 3, 0600, NULL));
  g_assert_cmpint (chmod (f->directory, 0500), ==, 0);
  g_assert_false (adit_file_write (f->path, "new", 3, 0600, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (chmod (f->directory, 0700), ==, 0);
  content = adit_file_read (f->path, 100, NULL, NULL);
  g_assert_cmpstr (content, ==, "old");
}

static void
test_journal (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  AditJournal *journal = adit_journal_open (f->path, &error);
  g_auto (GStrv) groups = NULL;

  g_assert_no_error (error);
  g_assert_false (adit_file_exists (f->path));
  g_assert_true (adit_journal_note (journal, "route", "/proc/sys/x", "0", &error));
  g_assert_true (adit_journal_note (journal, "dns", "adit0", "a=b\nc;d", &error));
  adit_journal_free (journal);    /* as if the helper had been killed here */

  journal = adit_journal_open (f->path, &error);
  groups = adit_journal_dup_groups (journal);
  g_assert_cmpuint (g_strv_length (groups), ==, 2);
  g_assert_true (adit_journal_has (journal, "route"));
  {
    g_autofree char *value = adit_journal_dup (journal, "dns", "adit0");
    g_auto (GStrv) keys = adit_journal_dup_keys (journal, "route");
    g_auto (GStrv) none = adit_journal_dup_keys (journal, "nobody");

    g_assert_cmpstr (value, ==, "a=b\nc;d");
    g_assert_cmpstr (keys[0], ==, "/proc/sys/x");
    g_assert_cmpuint (g_strv_length (none), ==, 0);
  }
  g_assert_true (adit_journal_forget (journal, "route", &error));
  g_assert_true (adit_journal_forget (journal, "dns", &error));
  g_assert_true (adit_journal_forget (journal, "dns", &error));
  g_assert_false (adit_file_exists (f->path));
  adit_journal_free (journal);
}

static void
test_damaged_journal (Fixture *f, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (f->path, ".bad", NULL);
  g_autoptr (AditJournal) journal = NULL;
  GError *error = NULL;

  g_assert_true (adit_file_write (f->path, "\x01 not a key file", 16, 0600, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_WARNING, "*damaged*");
  journal = adit_journal_open (f->path, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_nonnull (journal);
  g_assert_true (adit_file_exists (aside));
  g_assert_false (adit_file_exists (f->path));
}

/* What lies above a directory decides whose it is. */
static void
test_directory (Fixture *f, gconstpointer data)
{
  g_autofree char *above = g_build_filename (f->directory, "above", NULL);
  g_autofree char *link = g_build_filename (f->directory, "by-link", NULL);
  g_autofree char *below = g_build_filename (above, "below", NULL), *linked = g_build_filename (link, "below", NULL);
  GError *error = NULL;

  g_assert_cmpint (mkdir (above, 0755), ==, 0);
  g_assert_cmpint (symlink (above, link), ==, 0);
  g_assert_true (adit_directory_ensure (below, 0700, &error));
  g_assert_no_error (error);
  g_assert_true (adit_directory_ensure (linked, 0700, NULL));
  g_assert_cmpint (chmod (above, 0777), ==, 0);
  g_assert_false (adit_directory_ensure (below, 0700, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_false (adit_directory_ensure (linked, 0700, NULL));
  g_assert_cmpint (chmod (above, 01777), ==, 0);
  g_assert_true (adit_directory_ensure (below, 0700, NULL));
  g_assert_false (adit_directory_ensure (link, 0700, NULL));
  g_rmdir (below);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/files/write-and-read", Fixture, NULL, set_up, test_write_and_read, tear_down);
  g_test_add ("/files/directory", Fixture, NULL, set_up, test_directory, tear_down);
  g_test_add ("/files/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
  g_test_add ("/files/failed-write-keeps-the-old", Fixture, NULL, set_up, test_failed_write_keeps_the_old, tear_down);
  g_test_add ("/files/journal", Fixture, NULL, set_up, test_journal, tear_down);
  g_test_add ("/files/damaged-journal", Fixture, NULL, set_up, test_damaged_journal, tear_down);
  return g_test_run ();
}
