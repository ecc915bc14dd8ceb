/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-handler.c: notes where this thread was, and then where the others are; then lets the signal do what it would have done.
 *
 * A fault while it walks ends the walk, and one while it asks the others ends that: what was found until then is written. */
#include "client/report/crash-handler.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/report/crash-note.h"
#include "client/report/crash-stack.h"
#include "client/report/crash-threads.h"
#include "client/report/modules.h"

#define MAX_S         2    /* it takes some milliseconds, unless it waits for something that does not come */
#define OTHERS_WAIT_S 2    /* a second thread that crashes leaves the first this long to write */

static AditCrashNote note;
static int           note_fd = -1;
static int         (*opener) (void);    /* (nullable): makes a place for the note when it is needed */
static pid_t         owner;
static int           crashing;    /* the thread that writes the note, or 0; atomic */

static volatile enum { WALKING, ASKING, WRITING } step;    /* of that thread */

static gsize         own_addresses[ADIT_CRASH_MAX_FRAMES];
static AditCrashWalk own_walk = { .addresses = own_addresses, .max = ADIT_CRASH_MAX_FRAMES };

G_STATIC_ASSERT (sizeof note.thread == ADIT_CRASH_THREAD_NAME_BYTES && sizeof note.others[0].name == sizeof note.thread);

/* Modules are numbered as they come up, and only those that do are noted. */
static AditCrashFrame
make_frame (gsize address)
{
  AditCrashFrame frame = { .module = ADIT_CRASH_NO_MODULE };
  const AditModule *module = adit_modules_find (address);
  guint16 number = 0;

  if (module == NULL || address - module->bias > G_MAXUINT32)
    return frame;
  while (number < note.n_modules && memcmp (&note.modules[number], &module->as_noted, sizeof module->as_noted) != 0)
    number++;
  if (number == note.n_modules && number < ADIT_CRASH_MAX_MODULES)
    {
      note.modules[number] = module->as_noted;
      note.n_modules++;
    }
  if (number < note.n_modules)
    {
      frame.module = number;
      frame.offset = (guint32) (address - module->bias);
    }
  return frame;
}

static void
note_own (void)
{
  for (; note.n_frames < own_walk.n; note.n_frames++)
    note.frames[note.n_frames] = make_frame (own_addresses[note.n_frames]);
  note.cut = note.cut || own_walk.cut;
}

static void
note_other (const AditCrashAnswer *answer)
{
  AditCrashThread other = { .silent = 0 };    /* put in its place when it is whole: a fault in here may end it */
  guint n = __atomic_load_n (&answer->walk.n, __ATOMIC_ACQUIRE);

  if (n == 0)
    other.silent = 1;
  else
    {
      memcpy (other.name, answer->name, sizeof other.name);
      other.cut = !adit_crash_threads_is_whole (answer);
      for (; other.n_frames < n; other.n_frames++)
        other.frames[other.n_frames] = make_frame (answer->walk.addresses[other.n_frames]);
    }
  note.others[note.n_others++] = other;
}

static void
note_others (void)
{
  guint at = 0, n_more = adit_crash_threads_get_unlisted ();
  const AditCrashAnswer *answer;

  adit_crash_threads_ask ();
  while ((answer = adit_crash_threads_next (&at)) != NULL)
    if (note.n_others < ADIT_CRASH_MAX_OTHERS)
      note_other (answer);
    else
      n_more++;
  note.n_more = (guint8) MIN (n_more, G_MAXUINT8);
}

static AditCrashReason
find_reason (int number, const siginfo_t *info)
{
  gsize address = (gsize) info->si_addr;

  if (info->si_code <= 0 && info->si_pid != owner)
    return ADIT_CRASH_SENT;
  if (number == SIGABRT)
    return ADIT_CRASH_ABORT;
  if (number == SIGTRAP)
    return ADIT_CRASH_TRAP;
  if (info->si_code <= 0)
    return ADIT_CRASH_NO_REASON;
  if (number == SIGSYS)
    return ADIT_CRASH_SYSTEM_CALL;
  if (number != SIGSEGV && number != SIGBUS)
    return ADIT_CRASH_NO_REASON;
  if (adit_crash_stack_is_beside (address))
    return ADIT_CRASH_STACK_OVERFLOW;
  return number == SIGSEGV && info->si_code == SEGV_MAPERR && address < 4096 ? ADIT_CRASH_NO_POINTER : ADIT_CRASH_FAULT;
}

/* Once: from here on no signal leads back to the handler, which would write a second note behind the first, and two are none. */
static void
write_note (void)
{
  sigset_t set;

  if (note_fd < 0 && opener != NULL)
    note_fd = opener ();
  adit_crash_signals_fill (&set);
  sigprocmask (SIG_BLOCK, &set, NULL);
  (void) adit_crash_note_write (&note, note_fd);
}

/* What follows the walk, whether that came to its end or to a fault.  A fault in here leads back to it, one step further. */
static void
complete_note (void)
{
  if (step == WALKING)
    {
      step = ASKING;
      note_own ();
      note_others ();
    }
  step = WRITING;
  write_note ();
}

/* The folder of a person may be on a server that answers no more.  What waits for that can only be ended from outside, and only
 * by a signal that nobody handles. */
static void
limit_time (void)
{
  const struct sigaction fresh = { .sa_handler = SIG_DFL };
  sigset_t set;

  sigaction (SIGALRM, &fresh, NULL);
  sigemptyset (&set);
  sigaddset (&set, SIGALRM);
  sigprocmask (SIG_UNBLOCK, &set, NULL);
  alarm (MAX_S);
}

/* As if there had been no handler: the same signal, to the same thread, so that whoever waits for this process learns the truth
 * and the computer's policy for cores is asked. */
static void
die (int number)
{
  const struct sigaction fresh = { .sa_handler = SIG_DFL };
  sigset_t set;

  sigaction (number, &fresh, NULL);
  sigemptyset (&set);
  sigaddset (&set, number);
  sigprocmask (SIG_UNBLOCK, &set, NULL);
  syscall (SYS_tgkill, getpid (), (pid_t) syscall (SYS_gettid), number);
  _exit (128 + number);    /* a filter that allows no signal to oneself */
}

static void
handle (int number, siginfo_t *info, void *context)
{
  int self = (int) syscall (SYS_gettid), nobody = 0;

  if (getpid () != owner)
    die (number);    /* a child between fork and exec: what it is, its parent says */
  if (!__atomic_compare_exchange_n (&crashing, &nobody, self, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    {
      const struct timespec wait = { .tv_sec = OTHERS_WAIT_S };

      if (nobody == self)
        {
          note.cut = note.cut || step == WALKING;
          complete_note ();
          die (note.signal);
        }
      clock_nanosleep (CLOCK_MONOTONIC, 0, &wait, NULL);
      die (number);
    }
  limit_time ();
  note.signal = number;
  note.reason = find_reason (number, info);
  note.detail = note.reason == ADIT_CRASH_SYSTEM_CALL ? (guint32) info->si_syscall : 0;
  adit_crash_threads_get_name (note.thread);
  adit_crash_walk (&own_walk, context);
  complete_note ();
  die (number);
}

/**
 * adit_crash_handler_install:
 * @program: the program's name
 * @build: which build it is from
 * @fd: where the note goes: a file, which belongs to the handler from now on; -1 as long as there is none
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * For the signals by which a program dies of its own fault.  A signal that somebody set to be ignored stays so.  To be called
 * once, in the first thread, before there are others.
 *
 * Returns: whether this process's death will be noted
 */
gboolean
adit_crash_handler_install (const char *program, const char *build, int fd, GError **error)
{
  struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

  sigemptyset (&action.sa_mask);
  adit_crash_note_init (&note, program, build);
  adit_modules_refresh ();
  note_fd = fd;
  owner = getpid ();
  if (!adit_crash_stack_enter ())
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "No memory for the crash handler's stack: %s", g_strerror (errno));
      return FALSE;
    }
  (void) adit_crash_threads_install ();    /* without, the note has no frames of other threads */
  for (guint i = 0; i < ADIT_CRASH_N_SIGNALS; i++)
    {
      struct sigaction before;

      if (sigaction (adit_crash_signals[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN)
        continue;
      if (sigaction (adit_crash_signals[i], &action, NULL) != 0)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not set the crash handler: %s", g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * adit_crash_handler_set_note:
 * @fd: as for adit_crash_handler_install()
 *
 * For who has no place for a note yet when the handler is installed.
 */
void
adit_crash_handler_set_note (int fd)
{
  note_fd = fd;
}

/**
 * adit_crash_handler_set_opener:
 * @open_note: opens what adit_crash_handler_install() else is given; called in the signal handler
 *
 * For who makes the place for a note only when there is one.
 */
void
adit_crash_handler_set_opener (int (*open_note) (void))
{
  opener = open_note;
}
