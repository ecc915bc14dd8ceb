/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-crash-place.c: where a person's own program leaves its note, and where not, because somebody else has been there. */
#include "client/report/crash-place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/report/crash-note.h"

static char *base;    /* the test's own folder */

/* Dies as a program with this state folder would. */
static void
die_in (const char *home, const char *state)
{
  int status, pid = fork ();

  if (pid == 0)
    {
      struct rlimit limit = { 0, 0 };

      g_setenv ("HOME", home, TRUE);
      g_setenv ("XDG_STATE_HOME", state, TRUE);
      adit_crash_place_forbid_cores ();
      if (getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_cur > 1 || !adit_crash_place_install ("somebody", "1.2.3", NULL))
        _exit (1);
      raise (SIGSEGV);
      _exit (2);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSEGV);
  g_assert_false (WCOREDUMP (status));
}

static AditCrashNote *
read_note (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  AditCrashNote *note;
  g_autoptr (GError) error = NULL;

  if (fd < 0)
    return NULL;
  note = adit_crash_note_read (fd, &error);
  g_assert_no_error (error);
  close (fd);
  return note;
}

static void
test_new_folders (void)
{
  g_autofree char *state = g_build_filename (base, "new", "state", NULL), *folder = g_build_filename (state, "adit", NULL);
  g_autofree char *path = g_build_filename (folder, "somebody.note", NULL);
  g_autofree AditCrashNote *first = NULL, *second = NULL;
  struct stat status;

  die_in (base, state);
  first = read_note (path);
  g_assert_nonnull (first);
  g_assert_cmpstr (first->program, ==, "somebody");
  g_assert_cmpint (first->signal, ==, SIGSEGV);
  g_assert_cmpint (g_lstat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_lstat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);

  /* The next one takes its place. */
  die_in (base, state);
  second = read_note (path);
  g_assert_nonnull (second);
}

static void
test_links (void)
{
  g_autofree char *state = g_build_filename (base, "links", NULL), *folder = g_build_filename (state, "adit", NULL);
  g_autofree char *path = g_build_filename (folder, "somebody.note", NULL), *other = g_build_filename (base, "other", NULL);
  g_autofree char *victim = g_build_filename (other, "victim", NULL), *moved = g_build_filename (other, "somebody.note", NULL);
  g_autofree char *text = NULL;
  g_autofree AditCrashNote *note = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (other, 0700), ==, 0);
  g_assert_true (g_file_set_contents (victim, "mine", -1, NULL));

  /* The file is one: it is replaced, and what it leads to is not touched. */
  g_assert_cmpint (symlink (victim, path), ==, 0);
  die_in (base, state);
  note = read_note (path);
  g_assert_nonnull (note);
  g_assert_true (g_file_get_contents (victim, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");

  /* The folder is one: there is no note. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (symlink (other, folder), ==, 0);
  die_in (base, state);
  g_assert_false (g_file_test (moved, G_FILE_TEST_EXISTS));
}

/* As root by sudo in somebody's home, or somebody in root's. */
static void
test_home_of_others (void)
{
  g_autofree char *state = g_build_filename (base, "others", NULL);
  struct stat status;

  if (g_stat ("/proc/1", &status) != 0 || status.st_uid == geteuid ())
    {
      g_test_skip ("everything here is this user's");
      return;
    }
  die_in ("/proc/1", state);
  g_assert_false (g_file_test (state, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
#if defined (__SANITIZE_ADDRESS__)
  return 77;    /* it has a handler of its own */
#endif
  g_test_init (&argc, &argv, NULL);
  base = g_dir_make_tmp ("crash-place-XXXXXX", NULL);
  g_assert_nonnull (base);
  g_test_add_func ("/crash-place/new-folders", test_new_folders);
  g_test_add_func ("/crash-place/links", test_links);
  g_test_add_func ("/crash-place/home-of-others", test_home_of_others);
  return g_test_run ();
}
