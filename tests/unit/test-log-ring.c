/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-log-ring.c: what is kept of a log, whose it is, and what is taken out before. */
#include "client/base/log.h"

#include <string.h>
#include <unistd.h>

#include "client/base/log-trail.h"

static void
expect_line (GPtrArray *lines, guint i, const char *text)
{
  const AditLogLine *line = lines->pdata[i];

  g_assert_cmpstr (line->text, ==, text);
}

static void
test_ring (void)
{
  g_autoptr (AditLogRing) ring = adit_log_ring_new ();
  g_autoptr (GPtrArray) none = adit_log_ring_dup_lines (ring, 0), first = NULL, second = NULL, none_left = NULL;
  const AditLogLine *line;

  g_assert_cmpuint (none->len, ==, 0);
  adit_log_ring_add (ring, 1000, ADIT_LOG_NOTICE, "session", "one");
  adit_log_ring_set_owner (ring, 1000);
  adit_log_ring_add (ring, 2000, ADIT_LOG_WARNING, "lock", "two");
  first = adit_log_ring_dup_lines (ring, 0);
  g_assert_cmpuint (first->len, ==, 2);
  expect_line (first, 0, "one");
  line = first->pdata[0];
  g_assert_cmpuint (line->owner_uid, ==, ADIT_LOG_NOBODY);
  line = first->pdata[1];
  g_assert_cmpuint (line->owner_uid, ==, 1000);
  g_assert_cmpint (line->time_us, ==, 2000);
  g_assert_cmpint (line->level, ==, ADIT_LOG_WARNING);
  g_assert_cmpstr (line->topic, ==, "lock");

  second = adit_log_ring_dup_lines (ring, ((AditLogLine *) first->pdata[0])->number);
  g_assert_cmpuint (second->len, ==, 1);
  expect_line (second, 0, "two");
  none_left = adit_log_ring_dup_lines (ring, G_MAXUINT64);    /* whoever guesses is not told where the last one is */
  g_assert_cmpuint (none_left->len, ==, 0);
}

/* Three lines of others in between are told by nothing in the numbers. */
static void
test_numbers (void)
{
  g_autoptr (AditLogRing) ring = adit_log_ring_new ();
  g_autoptr (GPtrArray) lines = NULL;
  guint64 numbers[5] = { 0 }, before = (guint64) g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      adit_log_ring_add (ring, 0, ADIT_LOG_INFO, "session", "x");
      g_usleep (1000);
    }
  lines = adit_log_ring_dup_lines (ring, 0);
  for (guint i = 0; i < lines->len; i++)
    numbers[i] = ((AditLogLine *) lines->pdata[i])->number;
  g_assert_cmpuint (numbers[0], >=, before);    /* a helper that is started anew goes on */
  for (guint i = 1; i < lines->len; i++)
    g_assert_cmpuint (numbers[i], >=, numbers[i - 1] + 1000);
}

/* The oldest goes, and a line is no longer than it may be, nor cut within a letter. */
static void
test_bounds (void)
{
  g_autoptr (AditLogRing) ring = adit_log_ring_new ();
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GString) text = g_string_new ("x");
  const AditLogLine *line;

  for (guint i = 0; i < ADIT_LOG_RING_MAX_LINES + 3; i++)
    {
      g_autofree char *number = g_strdup_printf ("line %u", i + 1);

      adit_log_ring_add (ring, 0, ADIT_LOG_INFO, "session", number);
    }
  lines = adit_log_ring_dup_lines (ring, 0);
  g_assert_cmpuint (lines->len, ==, ADIT_LOG_RING_MAX_LINES);
  expect_line (lines, 0, "line 4");
  expect_line (lines, ADIT_LOG_RING_MAX_LINES - 1, "line 259");
  g_clear_pointer (&lines, g_ptr_array_unref);

  for (guint i = 0; i < ADIT_LOG_LINE_MAX_BYTES; i++)
    g_string_append (text, "ö");
  adit_log_ring_add (ring, 0, ADIT_LOG_INFO, "session", text->str);
  adit_log_ring_add (ring, 0, ADIT_LOG_INFO, "session", "bytes \xff of strangers");
  lines = adit_log_ring_dup_lines (ring, 0);
  line = lines->pdata[ADIT_LOG_RING_MAX_LINES - 2];
  g_assert_cmpuint (strlen (line->text), ==, ADIT_LOG_LINE_MAX_BYTES - 1);
  g_assert_true (g_utf8_validate (line->text, -1, NULL));
  line = lines->pdata[ADIT_LOG_RING_MAX_LINES - 1];
  g_assert_true (g_utf8_validate (line->text, -1, NULL));
}

static void
test_scrubbed (void)
{
  static const struct { const char *text, *kept; } rows[] = {
    { "", "" },
    { "connected, lock tunnel", "connected, lock tunnel" },
    { "192.0.2.1", "[address]" },
    { "no answer from 192.0.2.1:51820.", "no answer from [address]." },
    { "10.0.0.0/8 and 2001:db8::1/64", "[address]/8 and [address]/64" },
    { "(fe80::1%eth0), ::1: gone", "([address]%eth0), [address]: gone" },
    { "[2001:db8::a]:443", "[[address]]:443" },
    { "the account 1234567890123456 ended", "the account [number] ended" },
    { "the account 1234 5678 9012 3456 ended", "the account [number] ended" },
    { "1234-5678-9012-3456", "[number]" },
    { "key AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=, read", "key [key], read" },
    { "put back after 1234567 us; version 1.2.3, port 51820", "put back after 1234567 us; version 1.2.3, port 51820" },
    { "/etc/adit/settings.conf: line 3", "/etc/adit/settings.conf: line 3" },
    { "bad: cab::", "bad: [address]" },
    { "paused for 300 s", "paused for 300 s" },
    { "user:1234567890123456", "user:[number]" }, { "TCP:10.1.2.3:443 refused", "TCP[address] refused" },
    { "wg:2001:db8::7", "wg[address]" }, { "key:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=", "key:[key]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *kept = adit_log_dup_scrubbed (rows[i].text);

      g_assert_cmpstr (kept, ==, rows[i].kept);
    }
}

static void
test_levels (void)
{
  AditLogLevel level = ADIT_LOG_DEBUG;

  for (guint i = 0; i < ADIT_N_LOG_LEVELS; i++)
    {
      g_assert_true (adit_log_level_from_nick (adit_log_level_get_nick ((AditLogLevel) i), &level));
      g_assert_cmpuint (level, ==, i);
    }
  g_assert_false (adit_log_level_from_nick ("loud", &level));
}

/* What goes through GLib: our own topics, and of debugging only what is wanted. */
static void
test_kept (void)
{
  g_autoptr (GPtrArray) lines = NULL;
  AditLogRing *ring;

  g_setenv ("ADIT_DEBUG", "wanted", TRUE);
  adit_log_init ("test");
  ring = adit_log_keep ();
  g_assert_true (ring == adit_log_keep ());
  g_log_structured ("adit-session", G_LOG_LEVEL_INFO, "MESSAGE", "%s", "an info of 192.0.2.7");
  g_log_structured ("adit-session", G_LOG_LEVEL_DEBUG, "MESSAGE", "%s", "nobody wants it");
  g_log_structured ("adit-wanted", G_LOG_LEVEL_DEBUG, "MESSAGE", "%s", "somebody wants it");
  g_log_structured ("GLib-GIO", G_LOG_LEVEL_MESSAGE, "MESSAGE", "%s", "a library's");
  lines = adit_log_ring_dup_lines (ring, 0);
  g_assert_cmpuint (lines->len, ==, 2);
  expect_line (lines, 0, "an info of [address]");
  expect_line (lines, 1, "somebody wants it");
  g_assert_cmpstr (((AditLogLine *) lines->pdata[1])->topic, ==, "wanted");
}

/* What a program that has died has left. */
static void
test_trail (void)
{
  g_autoptr (AditLogRing) ring = adit_log_ring_new ();
  g_autoptr (GPtrArray) lines = NULL, cut = NULL, none = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("trail-XXXXXX", &path, NULL);
  guint32 owner_uid = 0;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (unlink (path), ==, 0);
  none = adit_log_trail_read (fd, &owner_uid);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (owner_uid, ==, ADIT_LOG_NOBODY);

  adit_log_ring_add (ring, 7, ADIT_LOG_WARNING, "lock", "before there was a file");
  adit_log_ring_set_trail (ring, fd);
  adit_log_ring_set_owner (ring, 1000);
  for (guint i = 2; i <= ADIT_LOG_RING_MAX_LINES + 5; i++)
    {
      g_autofree char *number = g_strdup_printf ("line %u of 1234567890123456", i);

      adit_log_ring_add (ring, i, ADIT_LOG_INFO, "session", number);
    }
  lines = adit_log_trail_read (fd, &owner_uid);
  g_assert_cmpuint (owner_uid, ==, 1000);
  g_assert_cmpuint (lines->len, ==, ADIT_LOG_RING_MAX_LINES);
  expect_line (lines, 0, "line 6 of [number]");
  expect_line (lines, ADIT_LOG_RING_MAX_LINES - 1, "line 261 of [number]");
  g_assert_cmpint (((AditLogLine *) lines->pdata[0])->level, ==, ADIT_LOG_INFO);
  g_assert_cmpuint (((AditLogLine *) lines->pdata[0])->owner_uid, ==, 1000);
  g_assert_cmpstr (((AditLogLine *) lines->pdata[0])->topic, ==, "session");

  /* A file that was cut, and one with other bytes in it: what is whole is read. */
  g_assert_cmpint (ftruncate (fd, 16 + 10 * 296 + 100), ==, 0);
  g_assert_cmpint (pwrite (fd, "\xff\xff\xff", 3, 16 + 296 + 48), ==, 3);
  cut = adit_log_trail_read (fd, &owner_uid);
  g_assert_cmpuint (cut->len, ==, 9);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-ring/trail", test_trail);
  g_test_add_func ("/log-ring/ring", test_ring);
  g_test_add_func ("/log-ring/numbers", test_numbers);
  g_test_add_func ("/log-ring/bounds", test_bounds);
  g_test_add_func ("/log-ring/scrubbed", test_scrubbed);
  g_test_add_func ("/log-ring/levels", test_levels);
  g_test_add_func ("/log-ring/kept", test_kept);
  return g_test_run ();
}
