/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-wg.c: any bytes as somebody's WireGuard file; what is kept of them is read as the same again. */
#include "client/worker/wg-read.h"
#include "client/worker/wg-write.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_kept (const AditWireguardProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_wg_write (profile, &error);
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (AditWireguardProfile) again = NULL;
  AditImportFile file = { .name = "kept" };

  g_assert_no_error (error);
  file.bytes = adit_secret_peek (text, &file.length);
  again = adit_wg_read (&file, report);
  g_assert_true (again != NULL && adit_wireguard_profile_equal (profile, again));
}

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
  if (profile == NULL)
    return 0;
  g_assert_true (adit_wireguard_profile_is_valid (profile, &error));
  check_kept (profile);
  return 0;
}
