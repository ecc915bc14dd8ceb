/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-wg.c: any bytes as somebody's WireGuard file. */
#include "client/worker/wg-read.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  const AditImportFile file = { "file.conf", copy, size };
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditWireguardProfile) profile = adit_wg_read (&file, report);
  g_autoptr (GError) error = NULL;

  g_assert_true ((profile == NULL) == report->failed);
  for (guint i = 0; i < report->notes->len; i++)
    g_assert_true (g_str_is_ascii (g_array_index (report->notes, AditImportNote, i).option));
  if (profile != NULL)
    g_assert_true (adit_wireguard_profile_is_valid (profile, &error));
  return 0;
}
