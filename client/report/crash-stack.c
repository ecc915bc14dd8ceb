/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-stack.c: a second stack for every thread, also for those that GLib and other libraries start.
 *
 * A thread that has used up its stack has none left to say so.  Only pthread_create() sees each new thread, so this file has one
 * that stands before the C library's: a program that links it exports it, and the loader gives it to the libraries. */
#include "client/report/crash-stack.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/report/crash-threads.h"

#define SECOND_STACK_BYTES (64u << 10)    /* the unwinder of libgcc takes some 6 kB; the kernel's frame comes on top */
#define BESIDE_BYTES       (64u << 10)    /* how far beyond its end a stack was left: a guard page, or a large frame */

typedef struct { void *(*run) (void *data); void *data; } Start;

typedef int (*Create) (pthread_t *thread, const pthread_attr_t *attributes, void *(*run) (void *data), void *data);

const int adit_crash_signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGILL, SIGFPE, SIGSYS };

static _Thread_local AditStackBounds bounds, second;

static pthread_key_t  leave_key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static gboolean       have_key;

static gsize
get_second_size (void)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  /* What the kernel puts there of the processor's registers grows with the processor: sigaltstack(2). */
  return (SECOND_STACK_BYTES + getauxval (AT_MINSIGSTKSZ) + page - 1) / page * page;
}

static void
leave (void *mapped)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  const stack_t none = { .ss_flags = SS_DISABLE };

  adit_crash_threads_leave ();
  sigaltstack (&none, NULL);
  munmap (mapped, get_second_size () + 2 * page);
  second = (AditStackBounds) { 0, 0 };
}

static void
make_key (void)
{
  have_key = pthread_key_create (&leave_key, leave) == 0;
}

/* Of the first thread the C library would read all of /proc/self/maps to learn this, which takes longer than all else here.  Its
 * stack ends behind the name of the program, which the kernel puts there first (bprm_mm_init() and copy_string_kernel() in its
 * fs/exec.c). */
static gboolean
find_first_bounds (void)
{
  const char *name = (const char *) getauxval (AT_EXECFN);
  gsize page = (gsize) sysconf (_SC_PAGESIZE), high;
  struct rlimit limit;

  if (name == NULL || gettid () != getpid () || getrlimit (RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return FALSE;
  high = ((gsize) name + strlen (name) + 1 + sizeof (gsize) + page - 1) / page * page;    /* a word of zeros follows */
  if ((gsize) &limit < high - limit.rlim_cur || (gsize) &limit >= high)
    return FALSE;
  bounds = (AditStackBounds) { high - limit.rlim_cur, high };
  return TRUE;
}

static void
find_bounds (void)
{
  pthread_attr_t attributes;
  void *start;
  size_t size;

  if (find_first_bounds () || pthread_getattr_np (pthread_self (), &attributes) != 0)
    return;
  if (pthread_attr_getstack (&attributes, &start, &size) == 0)
    bounds = (AditStackBounds) { (gsize) start, (gsize) start + size };
  pthread_attr_destroy (&attributes);
}

/**
 * adit_crash_stack_enter:
 *
 * Gives the calling thread a second stack, with a page on each side that nobody can touch, and lists it among those that can be
 * asked where they are.  Threads that are started after this file was linked in do it by themselves; the first one has to be
 * told.
 *
 * Returns: whether it has one now
 */
gboolean
adit_crash_stack_enter (void)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE), size = get_second_size ();
  char *mapped;
  stack_t stack = { .ss_size = size };

  if (second.high != 0)
    return TRUE;
  find_bounds ();
  pthread_once (&key_once, make_key);
  mapped = mmap (NULL, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapped == MAP_FAILED)
    return FALSE;
  stack.ss_sp = mapped + page;
  if (!have_key || mprotect (stack.ss_sp, size, PROT_READ | PROT_WRITE) != 0 || sigaltstack (&stack, NULL) != 0)
    {
      munmap (mapped, size + 2 * page);
      return FALSE;
    }
  (void) madvise (stack.ss_sp, size, MADV_DONTDUMP);
  second = (AditStackBounds) { (gsize) stack.ss_sp, (gsize) stack.ss_sp + size };
  if (pthread_setspecific (leave_key, mapped) != 0)
    {
      leave (mapped);
      return FALSE;
    }
  adit_crash_threads_enter ();
  return TRUE;
}

/**
 * adit_crash_stack_get_bounds:
 *
 * May be called in a signal handler.
 *
 * Returns: where this thread's stack may lie; both 0 where that is not known
 */
AditStackBounds
adit_crash_stack_get_bounds (void)
{
  return bounds;
}

/**
 * adit_crash_stack_get_second:
 *
 * May be called in a signal handler.
 *
 * Returns: where this thread's second stack lies; both 0 where it has none
 */
AditStackBounds
adit_crash_stack_get_second (void)
{
  return second;
}

/**
 * adit_crash_stack_is_beside:
 * @address: where memory was missing
 *
 * May be called in a signal handler.
 *
 * Returns: whether it is just below this thread's stack, or in its last page
 */
gboolean
adit_crash_stack_is_beside (gsize address)
{
  return bounds.low > BESIDE_BYTES && address >= bounds.low - BESIDE_BYTES && address < bounds.low + BESIDE_BYTES;
}

/**
 * adit_crash_signals_fill:
 * @set: (out caller-allocates): becomes %adit_crash_signals
 *
 * May be called in a signal handler.
 */
void
adit_crash_signals_fill (sigset_t *set)
{
  sigemptyset (set);
  for (guint i = 0; i < ADIT_CRASH_N_SIGNALS; i++)
    sigaddset (set, adit_crash_signals[i]);
}

/* Libraries start threads with every signal blocked, as GLib does, so that those of the program come elsewhere.  A fault cannot
 * come elsewhere: where its signal is blocked the kernel ends the process without asking the handler.  Nor can the question where
 * this thread is. */
static void
unblock_signals (void)
{
  sigset_t set;

  adit_crash_signals_fill (&set);
  sigaddset (&set, adit_crash_threads_get_signal ());
  (void) pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}

static void *
run_thread (void *data)
{
  Start start = *(Start *) data;

  free (data);
  /* One without is as it would be without us: only an overflow of its stack is not told. */
  (void) adit_crash_stack_enter ();
  unblock_signals ();
  return start.run (start.data);
}

static Create
find_create (void)
{
  static Create create;    /* atomic: whoever finds it finds the same */
  Create found = __atomic_load_n (&create, __ATOMIC_ACQUIRE);

  if (found == NULL)
    {
      found = (Create) dlsym (RTLD_NEXT, "pthread_create");
      __atomic_store_n (&create, found, __ATOMIC_RELEASE);
    }
  return found;
}

/* Stands before the C library's function of this name, whose contract it keeps. */
int
pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*run) (void *data), void *data)
{
  Create create = find_create ();
  Start *start = malloc (sizeof *start);
  int result;

  if (create == NULL || start == NULL)
    {
      free (start);
      return create == NULL ? EAGAIN : create (thread, attributes, run, data);
    }
  *start = (Start) { run, data };
  result = create (thread, attributes, run_thread, start);
  if (result != 0)
    free (start);
  return result;
}
