/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-threads.c: asks the other threads where they are.
 *
 * Each thread has put itself on a list as it began, so /proc is not needed, which a sandbox may not have.  In a crash each one
 * gets a signal that is meant for this alone, walks its own stack in its handler, and goes on.  Whoever waits for them takes no
 * lock and waits for a bounded time only: a thread that blocks the signal, or waits in the kernel for what does not come, or
 * holds the unwinder's own lock, has not answered then. */
#include "client/report/crash-threads.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "client/report/crash-note.h"

#define MAX_LISTED 64          /* the window has twenty, most of them Mesa's */
#define WAIT_NS    40000000    /* an answer takes well below a millisecond; all of the handler has 100 */
#define LOOK_NS    200000

enum { NOT_ASKED, ASKED, ANSWERED };

enum { FREE = 0, TAKEN = -1 };    /* or the thread's number */

typedef struct
{
  int             thread;    /* atomic */
  int             asked;     /* which one was */
  AditCrashAnswer answer;
  gsize           addresses[ADIT_CRASH_OTHER_MAX_FRAMES];
} Entry;

static Entry    entries[MAX_LISTED];
static guint    n_unlisted;    /* atomic */
static gboolean is_installed;

static _Thread_local Entry   *own;
static _Thread_local gboolean is_unlisted;

/**
 * adit_crash_threads_get_name:
 * @name: (out caller-allocates): %ADIT_CRASH_THREAD_NAME_BYTES
 *
 * The name that the calling thread gave itself.  May be called in a signal handler.
 */
void
adit_crash_threads_get_name (char *name)
{
  char given[ADIT_CRASH_THREAD_NAME_BYTES] = "";

  memset (name, 0, sizeof given);
  if (prctl (PR_GET_NAME, given) != 0)
    return;
  for (guint i = 0; i < sizeof given - 1 && given[i] != '\0'; i++)
    name[i] = g_ascii_isalnum (given[i]) || strchr ("._-+", given[i]) != NULL ? given[i] : '_';
}

/* Whoever else sends this signal finds that nobody was asked. */
static void
answer_here (int number, siginfo_t *info, void *context)
{
  int saved = errno;
  Entry *entry = own;

  if (entry == NULL || __atomic_load_n (&entry->answer.state, __ATOMIC_ACQUIRE) != ASKED || entry->answer.walk.n > 0)
    return;
  adit_crash_threads_get_name (entry->answer.name);
  adit_crash_walk (&entry->answer.walk, context);
  __atomic_store_n (&entry->answer.state, ANSWERED, __ATOMIC_RELEASE);
  errno = saved;
}

/**
 * adit_crash_threads_get_signal:
 *
 * May be called in a signal handler.
 *
 * Returns: the one by which threads are asked; no thread should block it
 */
int
adit_crash_threads_get_signal (void)
{
  return SIGRTMAX - 5;    /* from the far end, so that libraries that count from SIGRTMIN do not come to it */
}

/**
 * adit_crash_threads_install:
 *
 * Once, while all is well.  Where somebody else has taken the signal no thread will answer.
 *
 * Returns: whether they will
 */
gboolean
adit_crash_threads_install (void)
{
  struct sigaction action = { .sa_sigaction = answer_here, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART }, before;

  sigemptyset (&action.sa_mask);
  is_installed = sigaction (adit_crash_threads_get_signal (), NULL, &before) == 0 && before.sa_handler == SIG_DFL &&
                 sigaction (adit_crash_threads_get_signal (), &action, NULL) == 0;
  return is_installed;
}

/**
 * adit_crash_threads_enter:
 *
 * The calling thread, which has a second stack, can be asked from now on.
 */
void
adit_crash_threads_enter (void)
{
  for (guint i = 0; i < MAX_LISTED; i++)
    {
      int free_one = FREE;

      if (!__atomic_compare_exchange_n (&entries[i].thread, &free_one, TAKEN, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        continue;
      own = &entries[i];
      __atomic_store_n (&own->thread, (int) syscall (SYS_gettid), __ATOMIC_RELEASE);
      return;
    }
  is_unlisted = TRUE;
  __atomic_add_fetch (&n_unlisted, 1, __ATOMIC_RELAXED);
}

/**
 * adit_crash_threads_leave:
 *
 * It cannot any more.
 */
void
adit_crash_threads_leave (void)
{
  Entry *entry = own;

  own = NULL;
  if (entry != NULL)
    __atomic_store_n (&entry->thread, FREE, __ATOMIC_RELEASE);
  if (is_unlisted)
    __atomic_sub_fetch (&n_unlisted, 1, __ATOMIC_RELAXED);
  is_unlisted = FALSE;
}

/* Neither has it ended nor has another taken its place since it was asked. */
static gboolean
was_asked (const Entry *entry)
{
  return entry->asked != 0 && __atomic_load_n (&entry->thread, __ATOMIC_ACQUIRE) == entry->asked;
}

static gboolean
is_outstanding (void)
{
  for (guint i = 0; i < MAX_LISTED; i++)
    if (was_asked (&entries[i]) && __atomic_load_n (&entries[i].answer.state, __ATOMIC_ACQUIRE) == ASKED)
      return TRUE;
  return FALSE;
}

static gint64
get_ns (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/**
 * adit_crash_threads_ask:
 *
 * Asks all others and waits for them, at most %WAIT_NS.  Once, in a signal handler.
 */
void
adit_crash_threads_ask (void)
{
  const struct timespec look = { .tv_nsec = LOOK_NS };
  gint64 end = get_ns () + WAIT_NS;

  for (guint i = 0; i < MAX_LISTED; i++)
    {
      Entry *entry = &entries[i];
      int thread = __atomic_load_n (&entry->thread, __ATOMIC_ACQUIRE);

      if (thread <= 0 || entry == own)
        continue;
      entry->asked = thread;
      entry->answer.walk = (AditCrashWalk) { .addresses = entry->addresses, .max = G_N_ELEMENTS (entry->addresses) };
      __atomic_store_n (&entry->answer.state, ASKED, __ATOMIC_RELEASE);
      if (is_installed)
        (void) syscall (SYS_tgkill, getpid (), thread, adit_crash_threads_get_signal ());
    }
  while (is_installed && is_outstanding () && get_ns () < end)
    clock_nanosleep (CLOCK_MONOTONIC, 0, &look, NULL);
}

/**
 * adit_crash_threads_next:
 * @at: (inout): 0 for the first one
 *
 * After adit_crash_threads_ask(), and where that does.
 *
 * Returns: (transfer none) (nullable): what the next one has answered, or that it has not; %NULL after the last one
 */
const AditCrashAnswer *
adit_crash_threads_next (guint *at)
{
  while (*at < MAX_LISTED)
    {
      Entry *entry = &entries[(*at)++];

      if (was_asked (entry))
        return &entry->answer;
    }
  return NULL;
}

/**
 * adit_crash_threads_is_whole:
 * @answer: an answer that has frames
 *
 * May be called in a signal handler.
 *
 * Returns: whether the thread came to the end of its stack
 */
gboolean
adit_crash_threads_is_whole (const AditCrashAnswer *answer)
{
  return __atomic_load_n (&answer->state, __ATOMIC_ACQUIRE) == ANSWERED && !answer->walk.cut;
}

/**
 * adit_crash_threads_get_unlisted:
 *
 * May be called in a signal handler.
 *
 * Returns: how many other threads there were too many to be asked
 */
guint
adit_crash_threads_get_unlisted (void)
{
  return __atomic_load_n (&n_unlisted, __ATOMIC_RELAXED) - (is_unlisted ? 1 : 0);
}
