/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-words.c: values as people read them, at their edges. */
#include "ui/words.h"

static void
test_duration (void)
{
  static const struct { gint64 duration_s; const char *text; } rows[] = {
    { -5, "0:00:00" }, { 0, "0:00:00" }, { 59, "0:00:59" }, { 3600, "1:00:00" }, { 86399, "23:59:59" },
    { 86400, "1 day, 0:00:00" }, { 2 * 86400 + 3661, "2 days, 1:01:01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = adit_words_dup_duration (rows[i].duration_s);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_account (void)
{
  static const struct { const char *device; gint64 expires_at_s; const char *text; } rows[] = {
    { "quiet fox", 30 * 86400 + 1000, "Mullvad · quiet fox · 30 days left" },
    { "", 1000 + 86400, "Mullvad · 1 day left" },
    { "", 1000 + 86399, "Mullvad · less than a day left" },
    { "", 1000, "Mullvad · no time left" },
    { "", 0, "Mullvad" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditAccountRow account = { .service_name = (char *) "Mullvad", .device_name = (char *) rows[i].device,
                                 .expires_at_s = rows[i].expires_at_s };
      g_autofree char *text = adit_words_dup_account (&account, 1000);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_place (void)
{
  g_autofree char *with = adit_words_dup_place ("Gothenburg", "Sweden", "se-got-wg-001");
  g_autofree char *without = adit_words_dup_place ("Gothenburg", "Sweden", "");

  g_assert_cmpstr (with, ==, "Gothenburg, Sweden (se-got-wg-001)");
  g_assert_cmpstr (without, ==, "Gothenburg, Sweden");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/duration", test_duration);
  g_test_add_func ("/words/account", test_account);
  g_test_add_func ("/words/place", test_place);
  return g_test_run ();
}
