/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report-spool.c: reports come back whole, nobody fills the room of others, and what is none is left alone. */
#include "client/helper/report-spool.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"

#define TEXT "Adit report\nSignal: SIGSEGV\n"
#define ME   1000u

typedef struct
{
  char      *root, *directory;
  AditSpool *spool;
} Fixture;

static void
open_spool (Fixture *f)
{
  GError *error = NULL;

  g_clear_pointer (&f->spool, adit_spool_close);
  f->spool = adit_spool_open (f->directory, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-spool-XXXXXX", NULL);
  f->directory = g_build_filename (f->root, "reports", NULL);
  open_spool (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) entries = g_dir_open (f->directory, 0, NULL);
  const char *name;

  g_clear_pointer (&f->spool, adit_spool_close);
  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_remove (f->directory), ==, 0);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_free (f->directory);
  g_free (f->root);
}

static AditSpoolEntry *
add (Fixture *f, guint32 owner_uid, AditSpoolState state, const char *key)
{
  g_autofree char *id = adit_report_make_id ();
  g_autoptr (GBytes) text = g_bytes_new_static (TEXT, strlen (TEXT));
  AditSpoolEntry entry = { .owner_uid = owner_uid, .state = state, .day_s = 86400, .kind = ADIT_SPOOL_CRASH };
  g_autoptr (GError) error = NULL;
  AditSpoolEntry *added;

  g_strlcpy (entry.id, id, sizeof entry.id);
  g_strlcpy (entry.key, key, sizeof entry.key);
  g_strlcpy (entry.program, "aditd", sizeof entry.program);
  added = adit_spool_add (f->spool, &entry, text, &error);
  g_assert_no_error (error);
  return added;
}

static guint
count (Fixture *f, guint32 owner_uid)
{
  GPtrArray *all = adit_spool_get_all (f->spool);
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    n += ((AditSpoolEntry *) all->pdata[i])->owner_uid == owner_uid;
  return n;
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, ME, ADIT_SPOOL_WAITING, "abc"), changed = *entry;
  g_autofree char *id = g_strdup (entry->id), *path = g_build_filename (f->directory, id, NULL);
  g_autoptr (GBytes) text = NULL;
  GError *error = NULL;
  struct stat status;

  changed.state = ADIT_SPOOL_QUEUED;
  changed.reason = ADIT_SPOOL_ASKED_TO_WAIT;
  changed.is_by_always = TRUE;
  changed.n_failures = 3;
  changed.next_try_s = 1234567890;
  changed.asked_s = 1234560000;
  memset (changed.server, 0x5a, sizeof changed.server);
  g_assert_true (adit_spool_change (f->spool, entry, &changed, &error));
  g_assert_no_error (error);
  add (f, ME, ADIT_SPOOL_WAITING, "");
  open_spool (f);

  g_assert_cmpuint (adit_spool_get_all (f->spool)->len, ==, 2);
  entry = adit_spool_get_all (f->spool)->pdata[0];    /* the older one */
  g_assert_cmpstr (entry->id, ==, id);
  g_assert_true (adit_spool_find (f->spool, id) == entry);
  g_assert_cmpint (entry->state, ==, ADIT_SPOOL_QUEUED);
  g_assert_cmpint (entry->reason, ==, ADIT_SPOOL_ASKED_TO_WAIT);
  g_assert_true (entry->is_by_always);
  g_assert_cmpuint (entry->n_failures, ==, 3);
  g_assert_cmpint (entry->next_try_s, ==, 1234567890);
  g_assert_cmpint (entry->asked_s, ==, 1234560000);
  g_assert_cmpmem (entry->server, sizeof entry->server, changed.server, sizeof changed.server);
  g_assert_cmpstr (entry->program, ==, "aditd");
  text = adit_spool_read (f->spool, entry, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), TEXT, strlen (TEXT));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (f->directory, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);

  g_assert_true (adit_spool_has_like (f->spool, ME, "abc"));
  g_assert_false (adit_spool_has_like (f->spool, ME + 1, "abc"));
  g_assert_false (adit_spool_has_like (f->spool, ME, ""));
  g_assert_true (adit_spool_remove (f->spool, entry, &error));
  g_assert_false (adit_spool_has_like (f->spool, ME, "abc"));
  g_assert_cmpint (g_access (path, F_OK), !=, 0);
}

/* What is done with goes first, then what waits, and never what is on its way. */
static void
test_room (Fixture *f, gconstpointer data)
{
  g_autofree char *others = g_strdup (add (f, ME + 1, ADIT_SPOOL_WAITING, "")->id);
  AditSpoolEntry *first_queued = add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_autofree char *queued = g_strdup (first_queued->id);
  g_autofree char *waiting = g_strdup (add (f, ME, ADIT_SPOOL_WAITING, "")->id);
  g_autofree char *sent = g_strdup (add (f, ME, ADIT_SPOOL_SENT, "")->id);

  for (guint i = 3; i < ADIT_SPOOL_MAX_OWN; i++)
    add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_assert_cmpuint (count (f, ME), ==, ADIT_SPOOL_MAX_OWN);
  add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_assert_null (adit_spool_find (f->spool, sent));
  g_assert_nonnull (adit_spool_find (f->spool, waiting));
  add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_assert_null (adit_spool_find (f->spool, waiting));
  first_queued->is_under_way = TRUE;
  add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_assert_nonnull (adit_spool_find (f->spool, queued));
  first_queued->is_under_way = FALSE;
  add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_assert_null (adit_spool_find (f->spool, queued));
  g_assert_cmpuint (count (f, ME), ==, ADIT_SPOOL_MAX_OWN);
  g_assert_nonnull (adit_spool_find (f->spool, others));
}

/* Where there is no room on the disk, none goes for one that does not come. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  const struct rlimit none = { 0, RLIM_INFINITY };
  struct rlimit before;
  g_autoptr (GBytes) text = g_bytes_new_static (TEXT, strlen (TEXT));
  g_autoptr (GError) error = NULL;
  AditSpoolEntry more = { .id = "0123456789abcdef0123456789abcdef", .owner_uid = ME };

  for (guint i = 0; i < ADIT_SPOOL_MAX_OWN; i++)
    add (f, ME, ADIT_SPOOL_WAITING, "");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  g_assert_null (adit_spool_add (f->spool, &more, text, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_assert_cmpuint (count (f, ME), ==, ADIT_SPOOL_MAX_OWN);
  open_spool (f);
  g_assert_cmpuint (count (f, ME), ==, ADIT_SPOOL_MAX_OWN);
}

/* Many people together: each newcomer has room, at the cost of whoever has most. */
static void
test_people (Fixture *f, gconstpointer data)
{
  for (guint32 uid = 0; uid < ADIT_SPOOL_MAX / ADIT_SPOOL_MAX_OWN; uid++)
    for (guint i = 0; i < ADIT_SPOOL_MAX_OWN - uid; i++)
      add (f, ME + uid, ADIT_SPOOL_WAITING, "");
  for (guint32 uid = 0; adit_spool_get_all (f->spool)->len < ADIT_SPOOL_MAX; uid++)
    add (f, 2 * ME + uid, ADIT_SPOOL_WAITING, "");
  add (f, 3 * ME, ADIT_SPOOL_WAITING, "");
  add (f, 3 * ME, ADIT_SPOOL_WAITING, "");
  g_assert_cmpuint (adit_spool_get_all (f->spool)->len, ==, ADIT_SPOOL_MAX);
  g_assert_cmpuint (count (f, 3 * ME), ==, 2);
  g_assert_cmpuint (count (f, 2 * ME), ==, 1);
  g_assert_cmpuint (count (f, ME), ==, ADIT_SPOOL_MAX_OWN - 2);
}

static void
put (Fixture *f, const char *name, const void *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (f->directory, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

#define A "0123456789abcdef0123456789abcde"    /* all but the last digit of an id */

/* Left out with a word, and left alone: neither sent nor overwritten. */
static void
test_bad (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, ME, ADIT_SPOOL_QUEUED, "");
  g_autofree char *path = g_build_filename (f->directory, entry->id, NULL), *bytes = NULL, *big = g_malloc0 (1 << 20);
  g_autofree char *half = g_build_filename (f->directory, A "7.new", NULL);
  g_autofree char *link = g_build_filename (f->directory, A "4", NULL), *fifo = g_build_filename (f->directory, A "5", NULL);
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  put (f, A "0", bytes, length - 1);                 /* cut short */
  put (f, A "1", bytes, length);                     /* another one's content */
  bytes[length - 1] ^= 1;
  put (f, A "2", bytes, length);
  put (f, A "3", big, 1 << 20);                      /* far too long */
  put (f, A "6", "", 0);
  put (f, "holiday.jpg", "JFIF", 4);
  put (f, "1000.person", "", 0);
  put (f, A "7.new", bytes, length);                 /* of a helper that died as it wrote */
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  for (guint i = 0; i < 8; i++)    /* seven that are no reports, and the picture, in whatever order the folder has them */
    g_test_expect_message ("adit-reports", G_LOG_LEVEL_WARNING, "*is left *");
  open_spool (f);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (adit_spool_get_all (f->spool)->len, ==, 1);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  for (const char *last = "01236"; *last != '\0'; last++)
    {
      g_autofree char *name = g_strdup_printf (A "%c", *last), *left = g_build_filename (f->directory, name, NULL);

      g_assert_true (g_file_test (left, G_FILE_TEST_EXISTS));
    }
}

/* What is on disk is looked at again before it is read or changed. */
static void
test_swapped (Fixture *f, gconstpointer data)
{
  AditSpoolEntry *entry = add (f, ME, ADIT_SPOOL_WAITING, ""), *other = add (f, ME + 1, ADIT_SPOOL_WAITING, "");
  g_autofree char *path = g_build_filename (f->directory, entry->id, NULL);
  g_autofree char *other_path = g_build_filename (f->directory, other->id, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_rename (other_path, path), ==, 0);
  g_assert_null (adit_spool_read (f->spool, entry, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_clear_error (&error);
  g_assert_null (adit_spool_read (f->spool, other, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
}

static void
test_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *link = g_build_filename (f->root, "link", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (f->directory, link), ==, 0);
  g_assert_null (adit_spool_open (link, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void
test_sizes (Fixture *f, gconstpointer data)
{
  static const gsize sizes[] = { 0, ADIT_REPORT_MAX_BYTES + 1, ADIT_REPORT_MAX_BYTES };
  g_autofree char *text = g_malloc (ADIT_REPORT_MAX_BYTES + 1);

  memset (text, 'x', ADIT_REPORT_MAX_BYTES + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (text, sizes[i]);
      AditSpoolEntry entry = { .id = A "0", .owner_uid = ME };
      g_autoptr (GError) error = NULL;
      gboolean is_good = i == 2;

      g_assert_true ((adit_spool_add (f->spool, &entry, bytes, &error) != NULL) == is_good);
      if (!is_good)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED);
    }
  open_spool (f);
  g_assert_cmpuint (adit_spool_get_all (f->spool)->len, ==, 1);
}

static void
test_id (void)
{
  g_assert_true (adit_report_id_is_valid (A "0"));
  g_assert_false (adit_report_id_is_valid (A));
  g_assert_false (adit_report_id_is_valid (A "00"));
  g_assert_false (adit_report_id_is_valid (A "F"));
  g_assert_false (adit_report_id_is_valid ("../../../../../../../etc/passwd0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/report-spool/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/report-spool/room", Fixture, NULL, set_up, test_room, tear_down);
  g_test_add ("/report-spool/full-disk", Fixture, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/report-spool/people", Fixture, NULL, set_up, test_people, tear_down);
  g_test_add ("/report-spool/bad", Fixture, NULL, set_up, test_bad, tear_down);
  g_test_add ("/report-spool/swapped", Fixture, NULL, set_up, test_swapped, tear_down);
  g_test_add ("/report-spool/folder", Fixture, NULL, set_up, test_folder, tear_down);
  g_test_add ("/report-spool/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add_func ("/report-spool/id", test_id);
  return g_test_run ();
}
