/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-report.c: any bytes as a report and as a crash note.  What is taken for one can be written again as it was. */
#include "client/report/report.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_memdup2 (data, size);    /* a copy of just this size, so that a read beyond the end is seen */
  g_autofree AditCrashNote *note = g_new0 (AditCrashNote, 1);
  g_autoptr (AditReport) report = adit_report_read (text, size, NULL);

  if (report != NULL)
    {
      g_autofree char *again = adit_report_write (report, NULL), *json = adit_report_write_json (report);

      g_assert_cmpmem (again, strlen (again), data, size);
      g_assert_true (g_utf8_validate (json, -1, NULL));
    }
  /* A good beginning, so that more than the first bytes are tried. */
  adit_crash_note_init (note, "aditd", "1");
  if (size > 0)
    memcpy ((char *) note + 16, data, MIN (size, sizeof *note - 16));
  if (adit_crash_note_check (note, sizeof *note, NULL))
    {
      g_autoptr (AditReport) noted = adit_report_new (), read = NULL;
      g_autofree char *key = NULL, *written = NULL;

      g_assert_true (adit_report_set_note (noted, note, NULL));
      key = adit_report_dup_key (noted);
      g_assert_cmpuint (strlen (key), ==, 64);
      adit_report_set (noted, ADIT_REPORT_VERSION, "1", NULL);
      adit_report_set (noted, ADIT_REPORT_SYSTEM, "Debian", NULL);
      adit_report_set_day (noted, 0);
      written = adit_report_write (noted, NULL);    /* none where a file's name cannot be told from an offset */
      read = written != NULL ? adit_report_read (written, strlen (written), NULL) : NULL;
      g_assert_true (written == NULL || read != NULL);
    }
  return 0;
}
