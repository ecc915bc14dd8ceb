/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-place.c: the note of a program of a person's own goes into their state folder, where the next one finds it.  Only the
 * path is made ahead: who never crashes finds neither folder nor file. */
#include "client/report/crash-place.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/report/crash-handler.h"

#define FOLDER "adit"

static char folder_path[PATH_MAX];
static char file_name[32];

static void
make_folders (void)
{
  for (char *slash = strchr (folder_path + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      *slash = '\0';
      (void) mkdir (folder_path, 0700);
      *slash = '/';
    }
  (void) mkdir (folder_path, 0700);
}

/* In the crash: system calls and nothing else.  What lies there is the note of an earlier one; it is not written into, because
 * somebody may be reading it. */
static int
open_note (void)
{
  struct stat status;
  int folder, fd = -1;

  make_folders ();
  folder = open (folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (folder >= 0 && fstat (folder, &status) == 0 && status.st_uid == geteuid ())
    {
      (void) unlinkat (folder, file_name, 0);
      fd = openat (folder, file_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
  if (folder >= 0)
    close (folder);
  return fd;
}

/* Of a home that is somebody else's, as root may have got it from sudo, nothing is made root's. */
static gboolean
is_own_home (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && status.st_uid == geteuid ();
}

/**
 * adit_crash_place_install:
 * @program: the program's name
 * @build: which build it is from
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * As adit_crash_handler_install(), with `$XDG_STATE_HOME/adit/PROGRAM.note` for the note.
 *
 * Returns: whether this process's death will be noted
 */
gboolean
adit_crash_place_install (const char *program, const char *build, GError **error)
{
  gboolean has_place = is_own_home (g_get_home_dir ()) &&
                       g_snprintf (folder_path, sizeof folder_path, "%s/" FOLDER, g_get_user_state_dir ()) < PATH_MAX &&
                       g_snprintf (file_name, sizeof file_name, "%s.note", program) < (int) sizeof file_name;

  if (has_place && folder_path[0] == '/')
    adit_crash_handler_set_opener (open_note);
  return adit_crash_handler_install (program, build, -1, error);
}

/**
 * adit_crash_place_forbid_cores:
 *
 * This process leaves no core behind.  The limit is one byte, and not none: a kernel that pipes cores to a program does so in
 * spite of 0, and takes 1 for a no (do_coredump() in its fs/coredump.c).  What this process starts inherits it, and may raise it.
 */
void
adit_crash_place_forbid_cores (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_max == 0)
    return;
  limit.rlim_cur = 1;
  (void) setrlimit (RLIMIT_CORE, &limit);
}
