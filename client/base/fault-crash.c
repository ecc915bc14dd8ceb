/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault-crash.c: each of our programs dies in the way that a test has asked for, with words in its memory that may not be in any
 * report. */
#include "client/base/fault.h"

#ifdef ADIT_TEST_FAULTS

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WANTED "/run/adit-crash"    /* the name of a point, and in which way it is to die there */
#define APART  __attribute__ ((noinline, noclone, noipa))

static char         *wanted;
static volatile int  sink;

/* What a thread is started with, and what is left of its stack to a signal: little. */
#define SMALL_STACK_BYTES (128u << 10)

static APART void *
overflow_apart (void *data)
{
  adit_fault_crash_here ("overflow");
  return NULL;
}

static APART void
crash_in_thread (void)
{
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, SMALL_STACK_BYTES);
  if (pthread_create (&thread, &attributes, overflow_apart, NULL) == 0)
    pthread_join (thread, NULL);
}

/* The chunk behind says that this one is free already.  The C library finds that while it holds the lock of its heap. */
static APART void
spoil_heap (void)
{
  char *volatile block = malloc (4000);

  *(gsize *) (block + malloc_usable_size (block)) &= ~(gsize) 1;
  free (block);
  sink++;
}

static APART char
touch_lost_file (void)
{
  volatile char *mapped = mmap (NULL, 4096, PROT_READ, MAP_SHARED, memfd_create ("lost", MFD_CLOEXEC), 0);

  return mapped[100];
}

/**
 * adit_fault_crash_here:
 * @way: "segv", "abort", "error", "bus", "heap", "overflow", "thread" (the same in a small thread), or "call" (which only a
 *   worker may not make)
 *
 * The function that a report of such a crash has to name.
 */
APART void
adit_fault_crash_here (const char *way)
{
  char stack[64] = ADIT_FAULT_CANARY "stack";
  char *heap = strdup (ADIT_FAULT_CANARY "heap");

  sink += stack[sink & 31] + heap[sink & 15];
  if (strcmp (way, "segv") == 0)
    *(volatile int *) (gsize) (sink & 0) = 1;
  else if (strcmp (way, "abort") == 0)
    abort ();
  else if (strcmp (way, "error") == 0)
    g_error ("account 1234567890123456 of somebody at 192.0.2.77");
  else if (strcmp (way, "bus") == 0)
    sink += touch_lost_file ();
  else if (strcmp (way, "heap") == 0)
    spoil_heap ();
  else if (strcmp (way, "overflow") == 0)
    adit_fault_crash_here (way);
  else if (strcmp (way, "thread") == 0)
    crash_in_thread ();
  else if (strcmp (way, "call") == 0)
    syscall (SYS_ptrace, 0, 0, 0, 0);
  sink += stack[sink & 31] + heap[sink & 15];    /* so that no call above is this function's last */
}

/**
 * adit_fault_crash_prepare:
 *
 * Reads what is wanted now; for who cannot read files later.
 */
void
adit_fault_crash_prepare (void)
{
  g_clear_pointer (&wanted, g_free);
  (void) g_file_get_contents (WANTED, &wanted, NULL, NULL);
}

/**
 * adit_fault_crash_point:
 * @name: which of the programs this is, or the role of a worker
 *
 * Dies here if a test wants it.  Once, where this program may remove what the test has written.
 */
void
adit_fault_crash_point (const char *name)
{
  g_auto (GStrv) words = NULL;

  if (wanted == NULL)
    adit_fault_crash_prepare ();
  words = g_strsplit (wanted != NULL ? g_strstrip (wanted) : "", " ", 2);
  if (g_strv_length (words) != 2 || strcmp (words[0], name) != 0)
    {
      g_clear_pointer (&wanted, g_free);
      return;
    }
  (void) g_unlink (WANTED);
  adit_fault_crash_here (words[1]);
}

static gboolean
on_signal (gpointer user_data)
{
  adit_fault_crash_point (user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * adit_fault_crash_on_signal:
 * @name: as for adit_fault_crash_point(), a literal
 *
 * At SIGUSR2, in the main loop.
 */
void
adit_fault_crash_on_signal (const char *name)
{
  g_unix_signal_add (SIGUSR2, on_signal, (gpointer) name);
}

#endif
