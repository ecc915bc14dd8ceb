/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-import.c: any bytes as what a client hands in: packed files (a first byte of 0), one file or archive (1), or what a worker
 * says of them (2). */
#include <string.h>

#include "client/model/import-files.h"
#include "client/worker/import-work.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
work (const AditImportFile *files, guint n_files)
{
  g_autoptr (AditImportResult) result = adit_import_work (files, n_files);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = adit_import_lines_read (result->lines->str, result->lines->len, &error);
  guint n = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (outcomes->len, >, 0);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const AditImportOutcome *outcome = outcomes->pdata[i];

      /* Each has a profile, or a reason why not. */
      g_assert_true ((outcome->profile < 0) == (outcome->report->failed || outcome->report->n_more > 0) || outcome->profile >= 0);
      if (outcome->profile < 0)
        continue;
      g_assert_cmpint (outcome->profile, ==, (int) n);
      g_assert_cmpint (outcome->kind, ==, (int) ((const AditImportProfile *) result->profiles->pdata[n++])->facts.kind);
    }
  g_assert_cmpuint (n, ==, result->profiles->len);
  for (guint i = 0; i < n; i++)
    g_assert_true (adit_profile_facts_is_valid (&((const AditImportProfile *) result->profiles->pdata[i])->facts));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *copy = size > 1 ? g_memdup2 (data + 1, size - 1) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  AditImportFile files[ADIT_IMPORT_MAX_FILES] = { { "file", copy, size - 1 } };
  guint n_files;

  if (copy == NULL)
    return 0;
  switch (data[0])
    {
    case 0:
      bytes = g_bytes_new_static (copy, size - 1);
      n_files = adit_import_files_unpack (bytes, files, NULL);
      if (n_files > 0)
        work (files, n_files);
      break;
    case 1:
      work (files, 1);
      break;
    case 2:
      outcomes = adit_import_lines_read ((const char *) copy, size - 1, NULL);
      break;
    default:
      break;
    }
  return 0;
}
