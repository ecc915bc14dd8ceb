/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import-request.c: what of a person's files is opened, what is said where that cannot be, and answers put together. */
#include "client/api/import-request.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client/base/error.h"
#include "client/model/import-files.h"

static char *folder;

static char *
put (const char *name, const char *text)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static guint
count_packed (AditImportRequest *request, const char *last)
{
  AditImportFile files[ADIT_IMPORT_MAX_FILES];
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = adit_import_request_wrap (request, &error);
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new ("(h)", 0));
  g_autoptr (GBytes) piece = NULL;
  guint n;

  g_assert_no_error (error);
  piece = adit_answer_read_file (answer, 0, fds, ADIT_IMPORT_FILES_MAX_BYTES, &error);
  g_assert_no_error (error);
  n = adit_import_files_unpack (piece, files, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (files[n - 1].name, ==, last);
  return n;
}

static AditImportAnswer *
new_answer (const char *file, int profile, const char *wanted, gboolean required)
{
  AditImportAnswer *answer = adit_import_answer_new ();
  AditImportOutcome *outcome = adit_import_outcome_new (file);

  outcome->profile = profile;
  if (wanted != NULL)
    adit_import_report_want (outcome->report, "ca", wanted, required);
  g_ptr_array_add (answer->outcomes, outcome);
  return answer;
}

/* What is needed is taken from beside it; a file of passwords is not, and nothing is asked for twice. */
static void
test_beside (void)
{
  g_autofree char *path = put ("a.ovpn", "one"), *ca = put ("ca.crt", "two"), *login = put ("login.txt", "three");
  const char *const paths[] = { path, NULL };
  g_autoptr (AditImportRequest) request = adit_import_request_new (paths, "named");
  g_autoptr (AditImportAnswer) needs = new_answer ("a.ovpn", -1, "ca.crt", TRUE);
  g_autoptr (AditImportAnswer) may = new_answer ("a.ovpn", -1, "login.txt", FALSE);
  g_autoptr (AditImportAnswer) lost = new_answer ("a.ovpn", -1, "nowhere.crt", TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_import_request_open (request, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_packed (request, "named"), ==, 1);
  g_assert_false (adit_import_request_open_wanted (request, may));
  g_assert_false (adit_import_request_open_wanted (request, lost));
  g_assert_true (adit_import_request_open_wanted (request, needs));
  g_assert_cmpuint (count_packed (request, "ca.crt"), ==, 2);
  g_assert_false (adit_import_request_open_wanted (request, needs));
}

static void
test_refused (void)
{
  const char *names[] = { "missing.ovpn", "", "long.ovpn" };
  g_autofree char *text = g_strnfill (ADIT_IMPORT_ARCHIVE_MAX_BYTES + 1, 'x'), *long_one = put ("long.ovpn", text);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      const char *const paths[] = { path, NULL };
      g_autoptr (AditImportRequest) request = adit_import_request_new (paths, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_import_request_open (request, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, names[i]));
    }
}

/* In a file, beside another, and pasted: each by its name. */
static void
test_empty (void)
{
  g_autofree char *full = put ("full.ovpn", "one"), *empty = put ("empty.crt", "");
  const char *const paths[] = { full, empty, NULL };
  AditImportRequest *requests[] = { adit_import_request_new (paths, NULL), adit_import_request_new (&paths[1], "named"),
                                    adit_import_request_new_for_text ("", "pasted") };
  static const char *const sentences[] = { "There is nothing in \"empty.crt\"", "There is nothing in \"named\"",
                                           "There is nothing in \"pasted\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (AditImportRequest) request = requests[i];
      g_autoptr (GError) error = NULL;

      g_assert_true (adit_import_request_open (request, &error));
      g_assert_no_error (error);
      g_assert_null (adit_import_request_wrap (request, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      g_assert_cmpstr (error->message, ==, sentences[i]);
    }
}

static void
test_append (void)
{
  g_autoptr (AditImportAnswer) all = new_answer ("a", 0, NULL, FALSE);

  g_ptr_array_add (all->profiles, g_new0 (AditProfileRow, 1));
  adit_import_answer_append (all, new_answer ("b", -1, NULL, FALSE));
  adit_import_answer_append (all, new_answer ("c", 0, NULL, FALSE));
  g_assert_cmpuint (all->outcomes->len, ==, 3);
  g_assert_cmpint (((const AditImportOutcome *) all->outcomes->pdata[0])->profile, ==, 0);
  g_assert_cmpint (((const AditImportOutcome *) all->outcomes->pdata[1])->profile, ==, -1);
  g_assert_cmpint (((const AditImportOutcome *) all->outcomes->pdata[2])->profile, ==, 1);
}

int
main (int argc, char **argv)
{
  const char *const names[] = { "a.ovpn", "ca.crt", "login.txt", "long.ovpn" };
  int failed;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("adit-import-XXXXXX", NULL);
  g_assert_nonnull (folder);
  g_test_add_func ("/import-request/beside", test_beside);
  g_test_add_func ("/import-request/refused", test_refused);
  g_test_add_func ("/import-request/empty", test_empty);
  g_test_add_func ("/import-request/append", test_append);
  failed = g_test_run ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
  return failed;
}
