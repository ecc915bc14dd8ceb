/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-facts.c: what a report is made of arrives as it was sent off, and nothing else is taken for it. */
#include "client/report/report-facts.h"

#include <string.h>

#include "client/base/error.h"
#include "client/report/report.h"

#define ID "0123456789abcdef0123456789abcdef"

static const char *const none[] = { NULL };

static AditReportFacts *
there_and_back (const AditReportFacts *facts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = adit_report_facts_pack (facts, &error);
  AditReportFacts *back;

  g_assert_no_error (error);
  back = adit_report_facts_unpack (bytes, &error);
  g_assert_no_error (error);
  return back;
}

static void
test_whole (void)
{
  static const char *const diagnostics[] = { "lock: in force", "", NULL }, *const log[] = { "one", "two", NULL };
  static const char *const back_ends[] = { "nftables", NULL }, *const hosts[] = { "box", NULL };
  static const char *const users[] = { "alice", NULL };
  static const char *const homes[] = { "/home/Alice", NULL }, *const networks[] = { "Caf\xc3\xa9", "\xff raw", NULL };
  const AditReportFacts facts = { ID, 5, "It\nstops", "me@example.org", diagnostics, log, back_ends, "Debian",
                                  { hosts, users, homes, networks } };
  g_autoptr (AditReportFacts) back = there_and_back (&facts);

  g_assert_cmpstr (back->id, ==, ID);
  g_assert_cmpint (back->note_fd, ==, -1);
  g_assert_cmpstr (back->words, ==, facts.words);
  g_assert_cmpstr (back->contact, ==, facts.contact);
  g_assert_cmpstr (back->system, ==, facts.system);
  g_assert_true (g_strv_equal (back->diagnostics, diagnostics) && g_strv_equal (back->log, log));
  g_assert_true (g_strv_equal (back->back_ends, back_ends) && g_strv_equal (back->redact.host_names, hosts));
  g_assert_true (g_strv_equal (back->redact.user_names, users) && g_strv_equal (back->redact.home_paths, homes));
  g_assert_true (g_strv_equal (back->redact.network_names, networks));
}

static void
test_least (void)
{
  const AditReportFacts facts = { .id = ID, .note_fd = -1, .system = "" };
  g_autoptr (AditReportFacts) back = there_and_back (&facts);

  g_assert_null (back->words);
  g_assert_null (back->contact);
  g_assert_true (g_strv_equal (back->log, none) && g_strv_equal (back->diagnostics, none));
  g_assert_true (g_strv_equal (back->redact.user_names, none));
}

/* The newest lines stay; what is longer than any line of ours is left out whole, since a part of it might be half a number. */
static void
test_bounds (void)
{
  g_autofree char *longer = g_strnfill (4097, 'x'), *words = g_strnfill (ADIT_REPORT_MAX_WORDS_BYTES + 1, 'y');
  const char *log[ADIT_REPORT_MAX_LOG_LINES + 3] = { NULL }, *users[200] = { NULL };
  g_autofree char *large = g_strnfill (4096, 'z');
  AditReportFacts facts = { .id = ID, .note_fd = -1, .system = "", .log = log };
  g_autoptr (AditReportFacts) back = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (log) - 1; i++)
    log[i] = i < 2 ? "old" : i == 2 ? longer : "new";
  back = there_and_back (&facts);
  g_assert_cmpuint (g_strv_length ((char **) back->log), ==, ADIT_REPORT_MAX_LOG_LINES);
  g_assert_cmpstr (back->log[0], ==, "[text]");
  g_assert_cmpstr (back->log[1], ==, "new");

  facts.words = words;
  g_assert_null (adit_report_facts_pack (&facts, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  words[ADIT_REPORT_MAX_WORDS_BYTES] = '\0';
  g_bytes_unref (adit_report_facts_pack (&facts, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (users) - 1; i++)
    users[i] = large;
  facts.redact.user_names = users;
  g_assert_null (adit_report_facts_pack (&facts, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
}

static void
test_refused (void)
{
  static const struct { const char *bytes; gsize length; } rows[] = {
    { "", 0 }, { "i" ID, 33 }, { "i" ID "\0", 34 }, { "sDebian\0", 8 }, { "i" ID "\0sx\0si\0", 40 }, { "i" ID "\0iab\0sx\0", 41 },
    { "i" ID "\0sx\0?what\0", 43 }, { "i" ID "\0sx\0\0", 38 }, { "i" ID "\0sx\0lline", 42 },
  };
  g_autoptr (GBytes) good = g_bytes_new_static ("i" ID "\0sx\0lline\0", 43);
  g_autoptr (AditReportFacts) facts = adit_report_facts_unpack (good, NULL);

  g_assert_nonnull (facts);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (rows[i].bytes, rows[i].length);
      g_autoptr (GError) error = NULL;

      g_assert_null (adit_report_facts_unpack (bytes, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-facts/whole", test_whole);
  g_test_add_func ("/report-facts/least", test_least);
  g_test_add_func ("/report-facts/bounds", test_bounds);
  g_test_add_func ("/report-facts/refused", test_refused);
  return g_test_run ();
}
