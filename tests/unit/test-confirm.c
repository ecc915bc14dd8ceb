/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-confirm.c: the deadline and the way back, over the death of a helper, and what a spoilt file is worth. */
#include "client/helper/confirm.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define ACCOUNT "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11"

typedef struct
{
  char        *folder, *path;
  AditConfirm *confirm;
  AditBefore   before;     /* connected in Gothenburg, lockdown on */
  guint        n_due;
  AditBefore   told;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("adit-confirm-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "confirm", NULL);
  f->confirm = adit_confirm_new (f->path, ADIT_CONFIRM_MAX_S);
  f->before.lockdown = TRUE;
  f->before.wish.connected = TRUE;
  g_strlcpy (f->before.wish.account, ACCOUNT, sizeof f->before.wish.account);
  g_assert_true (adit_place_set (&f->before.wish.place, "se", "got", ""));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  adit_confirm_free (f->confirm);
  g_remove (f->path);
  g_rmdir (f->folder);
  g_free (f->path);
  g_free (f->folder);
}

static void
on_due (const AditBefore *before, gpointer user_data)
{
  Fixture *f = user_data;

  f->n_due++;
  f->told = *before;
  g_assert_true (g_file_test (f->path, G_FILE_TEST_EXISTS));    /* whoever dies on the way back goes back as well */
}

static void
begin (Fixture *f, guint seconds)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_confirm_begin (f->confirm, &f->before, seconds, &error));
  g_assert_no_error (error);
}

static void
assert_before (Fixture *f, const AditBefore *found)
{
  g_assert_cmpint (found->lockdown, ==, f->before.lockdown);
  g_assert_cmpint (found->wish.connected, ==, f->before.wish.connected);
  g_assert_cmpstr (found->wish.account, ==, f->before.wish.account);
  g_assert_true (adit_place_equal (&found->wish.place, &f->before.wish.place));
}

/* As the next helper does. */
static gboolean
load_anew (Fixture *f, AditBefore *before)
{
  adit_confirm_free (f->confirm);
  f->confirm = adit_confirm_new (f->path, ADIT_CONFIRM_MAX_S);
  return adit_confirm_load (f->confirm, before);
}

static void
test_rings (Fixture *f, gconstpointer data)
{
  adit_confirm_watch (f->confirm, on_due, f);
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), ==, 0);
  begin (f, 1);
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), >, 0);
  while (f->n_due == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_before (f, &f->told);
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), ==, 0);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static void
test_confirmed (Fixture *f, gconstpointer data)
{
  adit_confirm_watch (f->confirm, on_due, f);
  begin (f, 1);
  adit_confirm_end (f->confirm);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  g_usleep (1200000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (f->n_due, ==, 0);
}

static void
test_next_helper (Fixture *f, gconstpointer data)
{
  AditBefore before = { 0 };
  struct stat status;

  g_assert_false (load_anew (f, &before));
  begin (f, 0);
  g_assert_cmpint (stat (f->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_true (load_anew (f, &before));
  assert_before (f, &before);
  g_assert_true (load_anew (f, &before));    /* until it is told that this is done */
  adit_confirm_end (f->confirm);
  g_assert_false (load_anew (f, &before));

  begin (f, 100);
  g_assert_false (load_anew (f, &before));
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), >, 90);
}

/* Nothing that cannot be read takes anything back. */
static void
test_spoilt (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = {
    "", "garbage", "[adit]\nformat=2\ndeadline=1\nlockdown=false\nconnected=false\n",
    "[adit]\nformat=1\nlockdown=false\nconnected=false\n", "[adit]\nformat=1\ndeadline=1\nconnected=false\n",
    "[adit]\nformat=1\ndeadline=1\nlockdown=false\n", "[adit]\nformat=1\ndeadline=-5\nlockdown=false\nconnected=false\n",
    "[adit]\nformat=1\ndeadline=9000000000000000000\nlockdown=false\nconnected=false\n",
    "[adit]\nformat=1\ndeadline=1\nlockdown=false\nconnected=true\naccount=x\n",
  };
  AditBefore before;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (f->path, texts[i], -1, NULL));
      g_test_expect_message ("adit-confirm", G_LOG_LEVEL_WARNING, "*cannot be read*");
      g_assert_false (load_anew (f, &before));
      g_test_assert_expected_messages ();
      g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), ==, 0);
      g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
    }
}

/* A second wish with a time does not make the first one the one to go back to; one without a time does. */
static void
test_settled (Fixture *f, gconstpointer data)
{
  AditBefore now = f->before, before;

  begin (f, 100);
  now.lockdown = FALSE;
  now.wish.connected = FALSE;
  g_assert_true (adit_confirm_begin (f->confirm, &now, 0, NULL));
  g_assert_true (load_anew (f, &before));
  assert_before (f, &before);

  adit_confirm_settle (f->confirm, &now, FALSE, TRUE);
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), >, 0);
  g_assert_true (load_anew (f, &before));
  g_assert_false (before.lockdown);
  g_assert_true (before.wish.connected);
  now.wish = (AditWish) { 0 };
  adit_confirm_settle (f->confirm, &now, TRUE, FALSE);
  g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), ==, 0);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

typedef void (*Change) (AditWish *wish);

static void
want_favourites (AditWish *wish)
{
  wish->from_favourites = TRUE;
}

static void
want_owned (AditWish *wish)
{
  wish->has_servers = TRUE;
  wish->servers.filter.ownership = ADIT_OWNED_ONLY;
}

static void
want_port (AditWish *wish)
{
  wish->has_servers = TRUE;
  wish->servers.filter.port = 53;
}

static void
want_nearest (AditWish *wish)
{
  wish->has_servers = TRUE;
  wish->servers.pick = ADIT_PICK_NEAREST;
}

/* The same place with something else said of its servers is another wish, which goes back as any. */
static void
test_servers (Fixture *f, gconstpointer data)
{
  static const Change changes[] = { want_favourites, want_owned, want_port, want_nearest };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      AditBefore now = f->before;

      changes[i] (&now.wish);
      begin (f, 100);
      adit_confirm_settle (f->confirm, &now, FALSE, FALSE);
      g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), >, 0);
      adit_confirm_settle (f->confirm, &now, TRUE, FALSE);
      g_assert_cmpuint (adit_confirm_get_left_s (f->confirm), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/confirm/rings", Fixture, NULL, set_up, test_rings, tear_down);
  g_test_add ("/confirm/confirmed", Fixture, NULL, set_up, test_confirmed, tear_down);
  g_test_add ("/confirm/next-helper", Fixture, NULL, set_up, test_next_helper, tear_down);
  g_test_add ("/confirm/spoilt", Fixture, NULL, set_up, test_spoilt, tear_down);
  g_test_add ("/confirm/settled", Fixture, NULL, set_up, test_settled, tear_down);
  g_test_add ("/confirm/servers", Fixture, NULL, set_up, test_servers, tear_down);
  return g_test_run ();
}
