/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-handler.c: notes where this thread was, then lets the signal do what it would have done.
 *
 * Frames are found by libgcc's unwinder from .eh_frame: the libraries of the distributions have no frame pointers, and with those
 * alone nothing would be seen behind abort().  It asks the loader by _dl_find_object(), which takes no lock (glibc 2.35), and
 * allocates nothing.  It believes what it reads on the stack, so each frame is held against the stack's bounds, and a fault while
 * it walks ends the walk: what was found until then is written. */
#include "client/report/crash-handler.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "client/base/error.h"
#include "client/report/crash-note.h"
#include "client/report/crash-stack.h"
#include "client/report/modules.h"

#define MAX_WALK      (2 * ADIT_CRASH_MAX_FRAMES)
#define MAX_S         2    /* it takes some milliseconds, unless it waits for something that does not come */
#define OTHERS_WAIT_S 2    /* a second thread that crashes leaves the first this long to write */

static AditCrashNote note;
static int           note_fd = -1;
static int         (*opener) (void);    /* (nullable): makes a place for the note when it is needed */
static pid_t         owner;
static int           crashing;    /* the thread that writes the note, or 0; atomic */

/* at: where the signal came. */
typedef struct { gsize at, last_frame; gboolean seen; guint n; } Walk;

/* Modules are numbered as they come up, and only those that do are noted. */
static void
add_frame (gsize address)
{
  AditCrashFrame *frame = &note.frames[note.n_frames];
  const AditModule *module = adit_modules_find (address);
  guint16 number = 0;

  frame->module = ADIT_CRASH_NO_MODULE;
  if (module != NULL)
    {
      while (number < note.n_modules && memcmp (&note.modules[number], &module->as_noted, sizeof module->as_noted) != 0)
        number++;
      if (number == note.n_modules && number < ADIT_CRASH_MAX_MODULES)
        {
          note.modules[number] = module->as_noted;
          note.n_modules++;
        }
      if (number < note.n_modules)
        {
          frame->module = number;
          frame->offset = address - module->bias;
        }
    }
  note.n_frames++;
}

static gboolean
is_on (AditStackBounds stack, gsize address)
{
  return address >= stack.low && address < stack.high;
}

static _Unwind_Reason_Code
see_frame (struct _Unwind_Context *context, void *user_data)
{
  Walk *walk = user_data;
  int is_exact = 0;
  gsize address = _Unwind_GetIPInfo (context, &is_exact), frame = _Unwind_GetCFA (context);
  AditStackBounds stack = adit_crash_stack_get_bounds ();

  if (walk->n++ > MAX_WALK)
    return _URC_END_OF_STACK;    /* frames that lead to each other */
  /* First come the handler's own frames, up to the one that was interrupted. */
  if (!walk->seen)
    {
      walk->seen = address == walk->at && is_exact;
      if (!walk->seen)
        return _URC_NO_REASON;
      walk->last_frame = frame;
      return _URC_NO_REASON;
    }
  if (address == 0)
    return _URC_END_OF_STACK;
  if (note.n_frames == ADIT_CRASH_MAX_FRAMES || frame < walk->last_frame || (stack.high != 0 && !is_on (stack, frame - 1)))
    {
      note.cut = 1;
      return _URC_END_OF_STACK;
    }
  walk->last_frame = frame;
  add_frame (is_exact ? address : address - 1);
  return _URC_NO_REASON;
}

static gsize
get_register (const ucontext_t *context, gboolean want_stack)
{
#if defined (__x86_64__)
  return (gsize) context->uc_mcontext.gregs[want_stack ? REG_RSP : REG_RIP];
#elif defined (__aarch64__)
  return want_stack ? context->uc_mcontext.sp : context->uc_mcontext.pc;
#else
  return 0;
#endif
}

static void
walk_stack (const ucontext_t *context)
{
  AditStackBounds stack = adit_crash_stack_get_bounds ();
  Walk walk = { .at = get_register (context, FALSE) };
  gsize top = get_register (context, TRUE);

  add_frame (walk.at);
  /* A call of what is no function leaves the unwinder nothing to begin with; its caller is still on top of the stack. */
  if (adit_modules_find (walk.at) == NULL && is_on (stack, top) && is_on (stack, top + sizeof top - 1) && top % sizeof top == 0)
    {
      gsize caller = *(const gsize *) top;

      if (adit_modules_find (caller) != NULL)
        add_frame (caller - 1);
    }
  _Unwind_Backtrace (see_frame, &walk);
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

/* The name that a thread gave itself; whoever names one after a person or place would have it refused by the reader. */
static void
set_thread_name (void)
{
  char name[16] = "";

  if (prctl (PR_GET_NAME, name) != 0)
    return;
  for (guint i = 0; i < sizeof name - 1 && name[i] != '\0'; i++)
    note.thread[i] = g_ascii_isalnum (name[i]) || strchr ("._-+", name[i]) != NULL ? name[i] : '_';
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
          note.cut = 1;    /* the walk itself came to a fault */
          write_note ();
          die (note.signal);
        }
      clock_nanosleep (CLOCK_MONOTONIC, 0, &wait, NULL);
      die (number);
    }
  limit_time ();
  note.signal = number;
  note.reason = find_reason (number, info);
  note.detail = note.reason == ADIT_CRASH_SYSTEM_CALL ? (guint32) info->si_syscall : 0;
  set_thread_name ();
  walk_stack (context);
  write_note ();
  die (number);
}

/**
 * adit_crash_handler_install:
 * @program: the program's name
 * @build: which build it is from
 * @fd: where the note goes: a file, or a pipe or socket that does not make a writer wait; it belongs to the handler from now on;
 *   -1 as long as there is none
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
