/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-ways.c: a child that installs the handler and dies as it is told. */
#define G_LOG_DOMAIN "crash-ways"
#include "crash-ways.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client/report/crash-handler.h"
#include "client/report/modules.h"

#define APART __attribute__ ((noinline, noclone, noipa))

static volatile int   zero;
static volatile char *volatile nowhere;
static void *volatile kept;

APART static void
crash_by_no_pointer (void)
{
  *nowhere = 1;
  zero++;
}

APART static void
crash_by_fault (void)
{
  nowhere = mmap (NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *nowhere = 1;
  zero++;
}

APART static void
crash_by_abort (void)
{
  abort ();
}

APART static void
crash_by_error (void)
{
  g_error ("account 1234567890123456 of somebody");
}

APART static void
crash_by_assertion (void)
{
  g_assert_cmpint (zero, ==, 1);
  zero++;
}

APART static void
crash_by_bus (void)
{
  int fd = memfd_create ("cut", 0);
  volatile char *mapped;

  if (ftruncate (fd, 4096) != 0)
    _exit (3);
  mapped = mmap (NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
  if (ftruncate (fd, 0) != 0)
    _exit (3);
  zero += mapped[100];
  zero++;
}

#pragma GCC diagnostic push
#if defined (__GNUC__) && !defined (__clang__) && __GNUC__ >= 12
#pragma GCC diagnostic ignored "-Winfinite-recursion"
#endif
APART static int
crash_by_overflow (int depth)
{
  volatile char room[2000];

  room[depth % 2000] = (char) depth;
  return crash_by_overflow (depth + 1) + room[(depth + 1) % 2000];
}
#pragma GCC diagnostic pop

APART static void
overflow (void)
{
  zero += crash_by_overflow (0);
}

APART static void
crash_by_heap (void)
{
  kept = malloc (100);
  memset ((char *) kept - 16, 0x41, 100);    /* over what the allocator itself wrote before the block */
  free (kept);
  zero++;
}

APART static void
crash_by_division (void)
{
  zero = 77 / zero;
  zero++;
}

APART static void
crash_by_instruction (void)
{
#if defined (__x86_64__) || defined (__i386__)
  __asm__ volatile ("ud2");
#elif defined (__aarch64__)
  __asm__ volatile ("udf #0");
#else
  raise (SIGILL);
#endif
  zero++;
}

APART static void
crash_by_system_call (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  if (seccomp_rule_add (filter, SCMP_ACT_TRAP, SCMP_SYS (personality), 0) != 0 || seccomp_load (filter) != 0)
    _exit (3);
  syscall (SYS_personality, 0xffffffff);
  zero++;
}

APART static void
crash_by_jump (void)
{
  void (*volatile jump) (void) = (void (*) (void)) (gsize) zero;

  jump ();
  zero++;
}

APART static void
crash_by_smashed_stack (void)
{
  char room[16];

  kept = room;
  memset (kept, 0x41, 256);    /* over the return address and what is above: the protector aborts */
  zero++;
}

APART static void
crash_by_kill (void)
{
  pid_t parent = getpid (), child = fork ();

  if (child == 0)
    {
      kill (parent, SIGSEGV);
      _exit (0);
    }
  pause ();
  zero++;
}

/* Loaded after the handler was installed. */
APART static void
crash_by_loaded (void)
{
  void *library = dlopen (g_getenv ("ADIT_SYMBOLS_SAMPLE"), RTLD_NOW);
  void (*write_to) (int *place) = library != NULL ? (void (*) (int *)) dlsym (library, "symbols_sample_write") : NULL;

  if (write_to == NULL)
    _exit (3);
  adit_modules_refresh ();
  write_to ((int *) (gsize) zero);
  zero++;
}

/* The register by which this function's own frame is found points to nothing, so that the walk itself faults. */
APART static void
crash_by_lost_frame (void)
{
  kept = __builtin_alloca ((gsize) getpid () % 64 + 16);
#if defined (__x86_64__)
  __asm__ volatile ("movq $0x10, %%rbp\n\tmovl $1, 0" ::: "memory");
#elif defined (__aarch64__)
  __asm__ volatile ("mov x29, #16\n\tstr xzr, [x29]" ::: "memory");
#endif
  zero++;
}

static void *
run_apart (void *data)
{
  prctl (PR_SET_NAME, "second one");
  ((void (*) (void)) data) ();
  return NULL;
}

static void
run_in_thread (void (*crash) (void))
{
  g_thread_join (g_thread_new (NULL, run_apart, (void *) crash));
}

static int n_ready;    /* atomic */

/* What the others do while one crashes: wait, calculate, and let no signal come. */
APART static void
wait_apart (void)
{
  __atomic_add_fetch (&n_ready, 1, __ATOMIC_ACQ_REL);
  for (;;)
    pause ();
}

APART static void
spin_apart (void)
{
  __atomic_add_fetch (&n_ready, 1, __ATOMIC_ACQ_REL);
  for (;;)
    zero = 0;
}

APART static void
block_apart (void)
{
  sigset_t all;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, NULL);
  wait_apart ();
}

static void *
run_named (void *data)
{
  ((void (*) (void)) data) ();
  return NULL;
}

static void
start (const char *name, void (*run) (void))
{
  int before = __atomic_load_n (&n_ready, __ATOMIC_ACQUIRE);

  g_thread_unref (g_thread_new (name, run_named, (void *) run));
  while (__atomic_load_n (&n_ready, __ATOMIC_ACQUIRE) == before)
    g_usleep (100);
}

/* One thread crashes, in a way that has the walk of its own stack cut. */
static void
crash_among_threads (void)
{
  start ("waiter", wait_apart);
  start ("spinner", spin_apart);
  start ("deaf", block_apart);
  crash_by_lost_frame ();
}

static void
crash_in_crowd (void)
{
  for (guint i = 0; i < CRASH_CROWD; i++)
    start ("waiter", wait_apart);
  crash_by_no_pointer ();
}

static void crash_second (void)    { run_in_thread (crash_by_no_pointer); }
static void overflow_second (void) { run_in_thread (overflow); }

/* As GLib starts its own. */
static void
crash_blocked (void)
{
  sigset_t all;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, NULL);
  crash_second ();
}

/* With a filter that has the handler's own signals, to other threads and the last one, come back to it as another. */
APART static void
crash_filtered (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  start ("waiter", wait_apart);
  if (seccomp_rule_add (filter, SCMP_ACT_TRAP, SCMP_SYS (tgkill), 0) != 0 || seccomp_load (filter) != 0)
    _exit (3);
  crash_by_no_pointer ();
}

static int
wait_long (void)
{
  sleep (20);
  _exit (6);
}

/* The place for the note is on a server that does not answer; and the signal that ends this is blocked and handled. */
APART static void
crash_hung (void)
{
  sigset_t alarm_only;

  sigemptyset (&alarm_only);
  sigaddset (&alarm_only, SIGALRM);
  pthread_sigmask (SIG_BLOCK, &alarm_only, NULL);
  signal (SIGALRM, SIG_IGN);
  adit_crash_handler_set_note (-1);
  adit_crash_handler_set_opener (wait_long);
  crash_by_no_pointer ();
}

#define OVERFLOW ADIT_CRASH_STACK_OVERFLOW
const CrashWay crash_ways[] = {
  { "no-pointer", crash_by_no_pointer, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_no_pointer", 0 },
  { "fault", crash_by_fault, SIGSEGV, ADIT_CRASH_FAULT, "crash_by_fault", 0 },
  { "abort", crash_by_abort, SIGABRT, ADIT_CRASH_ABORT, "crash_by_abort", 5 },
  { "error", crash_by_error, SIGTRAP, ADIT_CRASH_TRAP, "crash_by_error", 6 },
  { "assertion", crash_by_assertion, SIGABRT, ADIT_CRASH_ABORT, "crash_by_assertion", 8 },
  { "bus", crash_by_bus, SIGBUS, ADIT_CRASH_FAULT, "crash_by_bus", 0 },
  { "overflow", overflow, SIGSEGV, OVERFLOW, "crash_by_overflow", 0, NULL, TRUE },
  { "heap", crash_by_heap, SIGABRT, ADIT_CRASH_ABORT, "crash_by_heap", 10 },
  { "division", crash_by_division, SIGFPE, ADIT_CRASH_NO_REASON, "crash_by_division", 0 },
  { "instruction", crash_by_instruction, SIGILL, ADIT_CRASH_NO_REASON, "crash_by_instruction", 0 },
  { "system-call", crash_by_system_call, SIGSYS, ADIT_CRASH_SYSTEM_CALL, "crash_by_system_call", 1 },
  { "jump", crash_by_jump, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_jump", 1 },
  { "smashed-stack", crash_by_smashed_stack, SIGABRT, ADIT_CRASH_ABORT, "crash_by_smashed_stack", 10, NULL, TRUE },
  { "sent", crash_by_kill, SIGSEGV, ADIT_CRASH_SENT, "crash_by_kill", 3 },
  { "thread", crash_second, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_no_pointer", 0, "second_one" },
  { "thread-overflow", overflow_second, SIGSEGV, OVERFLOW, "crash_by_overflow", 0, "second_one", TRUE },
  { "thread-blocked", crash_blocked, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_no_pointer", 0, "second_one" },
  { "lost-frame", crash_by_lost_frame, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_lost_frame", 0, NULL, TRUE },
  { "threads", crash_among_threads, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_lost_frame", 0, NULL, TRUE },
  { "crowd", crash_in_crowd, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_no_pointer", 0 },
  { "loaded", crash_by_loaded, SIGSEGV, ADIT_CRASH_NO_POINTER, "crash_by_loaded", 1, NULL, FALSE, "libsymbols-sample.so" },
};
const guint n_crash_ways = G_N_ELEMENTS (crash_ways);

/* Never returns. */
void
crash_die (const char *name, int fd)
{
  const struct rlimit none = { 0, 0 };
  g_autoptr (GError) error = NULL;

  setrlimit (RLIMIT_CORE, &none);
  if (!adit_crash_handler_install ("crash-ways", "1.2.3-abc", fd, &error))
    g_error ("%s", error->message);
  if (g_str_equal (name, "filtered"))
    crash_filtered ();
  if (g_str_equal (name, "hung"))
    crash_hung ();
  for (guint i = 0; i < n_crash_ways; i++)
    if (g_str_equal (crash_ways[i].name, name))
      crash_ways[i].crash ();
  _exit (4);
}
