/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-kept-names.c: what was answered comes back, for a while and not for ever; what is not as we wrote it is not believed. */
#include "client/helper/kept-names.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/file.h"

#define WEEK_S G_GINT64_CONSTANT (604800)
#define NOW_S  (3000 * WEEK_S + 5)
#define ONE    "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11"
#define OTHER  "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a12"
#define HEAD   "[adit]\nformat=2\n"
#define USERS  "profiles=" ONE ";\n"
#define ENTRY  "[name:a.example]\n" USERS "week=3000\n"

typedef struct { char *root, *path; AditKeptNames *kept; } Fixture;

static void
open_again (Fixture *f)
{
  g_clear_pointer (&f->kept, adit_kept_names_free);
  f->kept = adit_kept_names_open (f->path);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-names-XXXXXX", NULL);
  f->path = g_build_filename (f->root, "names", NULL);
  open_again (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  adit_kept_names_free (f->kept);
  g_remove (f->path);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_free (f->root);
  g_free (f->path);
}

static void
put_for (Fixture *f, const char *profile, const char *host, AditFamily family, gint64 now_s, const char *text)
{
  g_auto (GStrv) texts = g_strsplit (text, " ", -1);
  AditAddress addresses[ADIT_NAME_MAX_ADDRESSES];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; texts[i] != NULL; i++)
    g_assert_true (adit_address_parse (texts[i], &addresses[i]));
  g_assert_true (adit_kept_names_put (f->kept, host, profile, family, now_s, addresses, g_strv_length (texts), &error));
  g_assert_no_error (error);
}

static void
put (Fixture *f, const char *host, AditFamily family, gint64 now_s, const char *text)
{
  put_for (f, ONE, host, family, now_s, text);
}

static void
expect (Fixture *f, const char *host, AditFamily family, gint64 now_s, const char *wanted)
{
  AditAddress addresses[ADIT_NAME_MAX_ADDRESSES];
  guint n = adit_kept_names_find (f->kept, host, family, now_s, addresses);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *one = adit_address_dup_text (&addresses[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", one);
    }
  g_assert_cmpstr (text->str, ==, wanted);
  g_string_free (text, TRUE);
}

static void
test_back (Fixture *f, gconstpointer data)
{
  GStatBuf status;

  expect (f, "vpn.example.net", ADIT_FAMILY_NONE, NOW_S, "");
  put (f, "vpn.example.net", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1 192.0.2.2 2001:db8::1");
  for (guint i = 0; i < 2; i++, open_again (f))
    {
      expect (f, "vpn.example.net", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1 192.0.2.2 2001:db8::1");
      expect (f, "VPN.example.NET", ADIT_FAMILY_IPV4, NOW_S, "192.0.2.1 192.0.2.2");
      expect (f, "vpn.example.net", ADIT_FAMILY_IPV6, NOW_S, "2001:db8::1");
      expect (f, "vpn2.example.net", ADIT_FAMILY_NONE, NOW_S, "");
      expect (f, "vpn.example.net", ADIT_FAMILY_IPV4, NOW_S + ADIT_KEPT_NAMES_MAX_WEEKS * WEEK_S, "192.0.2.1 192.0.2.2");
      expect (f, "vpn.example.net", ADIT_FAMILY_NONE, NOW_S + (ADIT_KEPT_NAMES_MAX_WEEKS + 1) * WEEK_S, "");
      expect (f, "vpn.example.net", ADIT_FAMILY_IPV6, 5, "2001:db8::1");    /* a clock that was set back */
    }
  g_assert_cmpint (g_stat (f->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* A question about one family says nothing about the other. */
static void
test_families (Fixture *f, gconstpointer data)
{
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1 2001:db8::1");
  put (f, "a.example", ADIT_FAMILY_IPV4, NOW_S, "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4");
  expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1");
  put (f, "a.example", ADIT_FAMILY_IPV6, NOW_S, "2001:db8::2 2001:db8::3 2001:db8::4");
  open_again (f);
  expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1 192.0.2.2 2001:db8::2 2001:db8::3");
  expect (f, "a.example", ADIT_FAMILY_IPV6, NOW_S, "2001:db8::2 2001:db8::3 2001:db8::4");
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "2001:db8::5");
  expect (f, "a.example", ADIT_FAMILY_IPV4, NOW_S, "");
}

static void
expect_file (Fixture *f, const char *word, gboolean there)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_true ((strstr (text, word) != NULL) == there);
}

/* With a profile goes what it alone has asked for, whether the file was read anew meanwhile or not. */
static void
test_forget (Fixture *f, gconstpointer data)
{
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  put (f, "both.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.2");
  put_for (f, OTHER, "both.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.2");
  put_for (f, OTHER, "b.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.3");
  g_assert_true (adit_kept_names_forget (f->kept, "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a13", NULL));
  expect_file (f, "a.example", TRUE);
  open_again (f);
  g_assert_true (adit_kept_names_forget (f->kept, ONE, NULL));
  expect_file (f, "a.example", FALSE);
  expect_file (f, "192.0.2.1", FALSE);
  expect_file (f, ONE, FALSE);
  expect (f, "both.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.2");
  expect (f, "b.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.3");
  g_assert_true (adit_kept_names_forget (f->kept, OTHER, NULL));
  g_assert_false (adit_file_exists (f->path));
}

/* Who was given what is kept keeps it as well. */
static void
test_use (Fixture *f, gconstpointer data)
{
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  g_assert_true (adit_kept_names_use (f->kept, "nobody.example", OTHER, NULL));
  expect_file (f, OTHER, FALSE);
  g_assert_true (adit_kept_names_use (f->kept, "A.example", OTHER, NULL));
  open_again (f);
  g_assert_true (adit_kept_names_forget (f->kept, ONE, NULL));
  expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  g_assert_true (adit_kept_names_forget (f->kept, OTHER, NULL));
  g_assert_false (adit_file_exists (f->path));
}

/* Of many the last ones count; the file stays one that is believed. */
static void
test_many_users (Fixture *f, gconstpointer data)
{
  char id[] = ONE;

  for (guint i = 0; i <= ADIT_KEPT_NAMES_MAX_USERS; i++)
    {
      id[strlen (id) - 1] = (char) ('0' + i);
      put_for (f, id, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
    }
  open_again (f);
  expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  for (guint i = ADIT_KEPT_NAMES_MAX_USERS; i > 0; i--)
    {
      expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
      id[strlen (id) - 1] = (char) ('0' + i);
      g_assert_true (adit_kept_names_forget (f->kept, id, NULL));
    }
  g_assert_false (adit_file_exists (f->path));
}

/* The same answer again in the same week leaves no trace of when that was. */
static void
test_written_seldom (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL, *then = NULL;

  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  g_assert_true (g_file_get_contents (f->path, &first, NULL, NULL));
  g_assert_cmpint (g_remove (f->path), ==, 0);
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S + 3 * 86400, "192.0.2.1");
  g_assert_false (adit_file_exists (f->path));
  put (f, "a.example", ADIT_FAMILY_NONE, NOW_S + WEEK_S, "192.0.2.1");
  g_assert_true (g_file_get_contents (f->path, &then, NULL, NULL));
  g_assert_cmpstr (first, ==, "[adit]\nformat=2\n\n" ENTRY "ipv4=192.0.2.1;\n");
  g_assert_cmpstr (then, ==, "[adit]\nformat=2\n\n[name:a.example]\n" USERS "week=3001\nipv4=192.0.2.1;\n");
}

static void
test_bounded (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < ADIT_KEPT_NAMES_MAX + 10; i++)
    {
      g_autofree char *host = g_strdup_printf ("host-%u.example", i);

      put (f, host, ADIT_FAMILY_NONE, NOW_S + (i == 3 ? 0 : WEEK_S), "192.0.2.1");
    }
  expect (f, "host-3.example", ADIT_FAMILY_NONE, NOW_S, "");    /* the oldest, then the first */
  expect (f, "host-0.example", ADIT_FAMILY_NONE, NOW_S, "");
  expect (f, "host-10.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  expect (f, "host-73.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  open_again (f);
  expect (f, "host-73.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  put (f, "late.example", ADIT_FAMILY_NONE, NOW_S + 20 * WEEK_S, "192.0.2.2");    /* which throws the old ones out */
  expect (f, "host-73.example", ADIT_FAMILY_NONE, NOW_S, "");
}

static void
test_not_ours (Fixture *f, gconstpointer data)
{
  static const char head[] = HEAD ENTRY "ipv4=192.0.2.1;\n";
  static const char *const spoilt[] = {
    "", "garbage", "[adit]\nformat=1\n" ENTRY "ipv4=192.0.2.1;\n",
    "[adit]\nformat=3\n" ENTRY "ipv4=192.0.2.1;\n", ENTRY "ipv4=192.0.2.1;\n",
    HEAD "[name:a.example]\n" USERS "ipv4=192.0.2.1;\n", HEAD "[name:a.example]\n" USERS "week=-1\nipv4=192.0.2.1;\n", HEAD ENTRY,
    HEAD ENTRY "ipv4=10.0.0.1;\n", HEAD ENTRY "ipv4=127.0.0.1;\n", HEAD ENTRY "ipv4=2001:db8::1;\n",
    HEAD ENTRY "ipv6=192.0.2.1;\n",
    HEAD ENTRY "ipv4=x;\n", HEAD ENTRY "ipv4=192.0.2.1;192.0.2.2;192.0.2.3;192.0.2.4;192.0.2.5;\n",
    HEAD "[name:a_b]\n" USERS "week=3000\nipv4=192.0.2.1;\n", HEAD "[name:A.example]\n" USERS "week=3000\nipv4=192.0.2.1;\n",
    HEAD "[name:192.0.2.1]\n" USERS "week=3000\nipv4=192.0.2.1;\n", HEAD "[other]\n" USERS "week=3000\nipv4=192.0.2.1;\n",
    HEAD "[name:a.example]\nweek=3000\nipv4=192.0.2.1;\n",
    HEAD "[name:a.example]\nprofiles=x;\nweek=3000\nipv4=192.0.2.1;\n",
    HEAD "[name:a.example]\nprofiles=" ONE ";" ONE ";" ONE ";" ONE ";" ONE ";" ONE ";" ONE ";" ONE ";" ONE "\nweek=3000\n"
    "ipv4=192.0.2.1;\n",
  };
  g_autofree char *elsewhere = g_build_filename (f->root, "elsewhere", NULL);

  g_assert_true (adit_file_write (f->path, head, strlen (head), 0600, NULL));
  open_again (f);
  expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.1");
  for (gsize i = 0; i < G_N_ELEMENTS (spoilt); i++)
    {
      /* One bad word spoils the good ones before it too. */
      static const char good[] = "[name:c.example]\n" USERS "week=3000\nipv4=192.0.2.9;\n";
      g_autofree char *text = g_strconcat (i < 5 ? "" : good, spoilt[i], NULL);

      g_assert_true (adit_file_write (f->path, text, strlen (text), 0600, NULL));
      g_test_expect_message ("adit-names", G_LOG_LEVEL_WARNING, "*cannot be read*");
      open_again (f);
      g_test_assert_expected_messages ();
      expect (f, "a.example", ADIT_FAMILY_NONE, NOW_S, "");
      expect (f, "c.example", ADIT_FAMILY_NONE, NOW_S, "");
    }
  put (f, "b.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.2");
  open_again (f);
  expect (f, "b.example", ADIT_FAMILY_NONE, NOW_S, "192.0.2.2");

  /* Nor is a link to somebody else's file. */
  g_assert_cmpint (g_rename (f->path, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, f->path), ==, 0);
  g_test_expect_message ("adit-names", G_LOG_LEVEL_WARNING, "*cannot be read*");
  open_again (f);
  g_test_assert_expected_messages ();
  g_remove (elsewhere);
}

#define ADD(path, test) g_test_add ("/kept-names/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("back", test_back);
  ADD ("families", test_families);
  ADD ("forget", test_forget);
  ADD ("use", test_use);
  ADD ("many-users", test_many_users);
  ADD ("written-seldom", test_written_seldom);
  ADD ("bounded", test_bounded);
  ADD ("not-ours", test_not_ours);
  return g_test_run ();
}
