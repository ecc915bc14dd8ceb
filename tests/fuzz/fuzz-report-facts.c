/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-report-facts.c: any bytes as what a report is made of.  What is taken makes a report that can be read back and sent. */
#include "client/report/envelope.h"
#include "client/worker/report-make.h"

#include <string.h>

#define NOW 1700000000

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (AditReportFacts) facts = adit_report_facts_unpack (bytes, NULL);
  AditReportMaking making = { .facts = facts, .now_s = NOW };
  g_autoptr (AditReport) report = facts != NULL ? adit_report_make (&making, NULL) : NULL;
  g_autofree char *text = report != NULL ? adit_report_make_text (report, NULL) : NULL;

  if (text != NULL)
    {
      g_autoptr (AditReport) read = adit_report_read (text, strlen (text), NULL);
      g_autofree char *envelope = NULL;

      g_assert_nonnull (read);
      envelope = adit_envelope_write (read, "0.1.0");
      g_assert_true (g_utf8_validate (envelope, -1, NULL));
      g_assert_null (strpbrk (envelope, "<>&"));
    }
  return 0;
}
