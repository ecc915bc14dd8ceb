/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-watch.c: each process is given the place for its note before it needs one.
 *
 * A worker has a file in memory, of a note's size and not to be changed in it, so that what it leaves behind is bounded whoever
 * it has become.  The helper has a file on the disk, with its bytes set aside, because it is not there any more when its own note
 * is to be taken: the next helper does that.  Of either no more is looked at than whether the first byte was written. */
#define G_LOG_DOMAIN "adit-report"

#include "client/helper/crash-watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/base/log.h"
#include "client/base/log-trail.h"
#include "client/helper/run-files.h"
#include "client/report/crash-handler.h"
#include "client/report/crash-note.h"

#define OWN_NOTE    "helper.note"      /* this helper's */
#define FORMER_NOTE "helper.former"    /* one of a helper before it, that nobody has taken */
#define OWN_LOG     ADIT_RUN_DIRECTORY "/log"
#define FORMER_LOG  ADIT_RUN_DIRECTORY "/log.former"    /* of the same one */

static AditCrashTake taker;
static gpointer      taker_data;

static gboolean
is_written (int fd)
{
  struct stat status;
  char first = 0;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_size == sizeof (AditCrashNote) &&
         pread (fd, &first, 1, 0) == 1 && first != 0;
}

static int
open_folder (void)
{
  g_autoptr (GError) error = NULL;
  int folder = -1;

  if (adit_directory_ensure (ADIT_STATE_DIRECTORY, 0700, &error) && adit_directory_ensure (ADIT_REPORTS_DIRECTORY, 0700, &error))
    folder = open (ADIT_REPORTS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (folder < 0)
    g_message ("crashes of the helper itself will not be noted: %s", error != NULL ? error->message : g_strerror (errno));
  return folder;
}

/* --- The helper's own ------------------------------------------------------------------------------------------------------ */

/* What a helper before this one has left is put aside; of two that nobody took the later one stays. */
static void
put_aside (int folder)
{
  int fd = openat (folder, OWN_NOTE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return;
  if (is_written (fd))
    {
      (void) renameat (folder, OWN_NOTE, folder, FORMER_NOTE);
      if (rename (OWN_LOG, FORMER_LOG) != 0)
        (void) unlink (FORMER_LOG);    /* of an earlier one */
    }
  close (fd);
}

/* Its bytes are set aside now, since a disk may be full when they are needed. */
static int
make_own (int folder)
{
  int fd;

  (void) unlinkat (folder, OWN_NOTE, 0);
  fd = openat (folder, OWN_NOTE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0 && (errno = posix_fallocate (fd, 0, sizeof (AditCrashNote))) == 0)
    return fd;
  g_message ("crashes of the helper itself will not be noted: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  (void) unlinkat (folder, OWN_NOTE, 0);
  return -1;
}

static void
begin_log (void)
{
  int fd;

  (void) unlink (OWN_LOG);
  fd = open (OWN_LOG, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0)
    adit_log_ring_set_trail (adit_log_keep (), fd);
}

/**
 * adit_crash_watch_begin:
 *
 * From now on the death of this process is noted in a file, and what it logs goes to another beside its memory.  To be called
 * once, by who holds the lock of /run/adit: nobody else may touch what belongs to the helper that runs.  Where the folder cannot
 * be written there is no note, and all else goes on.
 */
void
adit_crash_watch_begin (void)
{
  int folder = open_folder (), fd;

  if (folder < 0)
    return;
  put_aside (folder);
  begin_log ();
  fd = make_own (folder);
  if (fd >= 0)
    adit_crash_handler_set_note (fd);
  close (folder);
}

/**
 * adit_crash_watch_end:
 *
 * This process ends as it should, and its log with it.
 */
void
adit_crash_watch_end (void)
{
  adit_log_ring_set_trail (adit_log_keep (), -1);
  (void) unlink (OWN_LOG);
}

static GPtrArray *
read_former_log (guint32 *owner_uid)
{
  int fd = open (FORMER_LOG, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  GPtrArray *lines = adit_log_trail_read (fd, owner_uid);

  if (fd >= 0)
    close (fd);
  return lines;
}

static void
forget_former (void)
{
  int folder = open (ADIT_REPORTS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (folder >= 0)
    {
      (void) unlinkat (folder, FORMER_NOTE, 0);
      close (folder);
    }
  (void) unlink (FORMER_LOG);
}

/* It stays where it is until its report is kept: this helper may be stopped before. */
static void
take_former (void)
{
  int folder = open (ADIT_REPORTS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  int fd = folder < 0 ? -1 : openat (folder, FORMER_NOTE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd >= 0)
    {
      guint32 owner_uid;
      g_autoptr (GPtrArray) lines = read_former_log (&owner_uid);

      if (is_written (fd))
        taker (fd, ADIT_CRASH_HELPER, owner_uid, lines, forget_former, taker_data);
      else
        forget_former ();
      close (fd);
    }
  if (folder >= 0)
    close (folder);
}

/**
 * adit_crash_watch_set_take:
 * @take: (nullable): is given each note, in the main loop; %NULL before @user_data goes
 * @user_data: for @take
 *
 * What a helper before this one has left is given to @take before this returns.
 */
void
adit_crash_watch_set_take (AditCrashTake take, gpointer user_data)
{
  taker = take;
  taker_data = user_data;
  if (take != NULL)
    take_former ();
}

/* --- The workers' ---------------------------------------------------------------------------------------------------------- */

/**
 * adit_crash_watch_new_note:
 *
 * Returns: a file in memory (close on exec) for the note of a worker that is about to be started; the caller's, -1 where there is
 *   none, and that worker then dies without one
 */
int
adit_crash_watch_new_note (void)
{
  int fd = memfd_create ("adit-note", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd >= 0 && ftruncate (fd, sizeof (AditCrashNote)) == 0 && fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
    return fd;
  g_debug ("a worker's crash will not be noted: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

typedef struct { int fd, pid; } Note;

/* Once a worker has ended, whichever way that is learned.  A note that somebody else can still write to is none: then the worker
 * has passed it on, or mapped it into a process that lives. */
static void
look (Note *note)
{
  g_autoptr (GPtrArray) lines = NULL;
  int fd = g_steal_fd (&note->fd);

  if (fd < 0)
    return;
  if (taker != NULL && is_written (fd) && fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    {
      lines = adit_log_ring_dup_lines (adit_log_keep (), 0);
      taker (fd, ADIT_CRASH_WORKER, adit_log_ring_get_owner (adit_log_keep ()), lines, NULL, taker_data);
    }
  close (fd);
}

/* Nothing but a crash writes a note: what a worker that has become another's leaves on its way out is not taken. */
static void
look_after (Note *note, int number)
{
  if (adit_crash_signal_get_name (number) != NULL)
    look (note);
  else if (note->fd >= 0)
    close (g_steal_fd (&note->fd));
}

static void
on_exited (AditProcess *process, int wait_status, Note *note)
{
  look_after (note, WIFSIGNALED (wait_status) ? WTERMSIG (wait_status) : 0);
}

/* Whoever lets go of a process before "exited" leaves it to be reaped later, so how it has ended can still be asked. */
static void
note_free (gpointer data)
{
  Note *note = data;
  siginfo_t info = { 0 };

  if (note->fd >= 0)
    {
      gboolean is_known = waitid (P_PID, (id_t) note->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == note->pid;

      look_after (note, is_known && info.si_code != CLD_EXITED ? info.si_status : 0);
    }
  g_free (note);
}

/**
 * adit_crash_watch_add:
 * @process: a worker
 * @note_fd: what it was started with; this function's from now on
 *
 * Whoever started @process may let go of it at any time: that waits for its end.
 */
void
adit_crash_watch_add (AditProcess *process, int note_fd)
{
  Note *note = g_new0 (Note, 1);

  note->fd = note_fd;
  note->pid = adit_process_get_pid (process);
  g_object_set_data_full (G_OBJECT (process), "adit-crash-note", note, note_free);
  g_signal_connect (process, "exited", G_CALLBACK (on_exited), note);
}
