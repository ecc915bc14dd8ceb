/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c: starts programs as a person would, and takes the time from the start to the end, or to a ping's answer. */
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PING_AGAIN_MS 10    /* a tunnel keeps the first one until it has a key; this is for the ones that were refused */

/**
 * bench_get_ms_since:
 * @start_us: an earlier g_get_monotonic_time()
 *
 * Returns: milliseconds
 */
double
bench_get_ms_since (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static int
open_space (const char *space)
{
  g_autofree char *path = g_build_filename ("/run/netns", space, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    g_error ("no namespace \"%s\": %s", space, g_strerror (errno));
  return fd;
}

/* In a forked child: its own end, and 126, if it cannot.  In a session of its own, as each program of a person or of a service
 * manager is, and as the helper's children are: the kernel gives a core to sessions first and to the processes in them then
 * (CONFIG_SCHED_AUTOGROUP), and this one has the servers and both ends of the streams in it. */
static void
become (const BenchCaller *caller)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setsid ();
  if (caller->scope != NULL)
    {
      g_autofree char *path = g_build_filename (caller->scope, "cgroup.procs", NULL);
      int fd = open (path, O_WRONLY | O_CLOEXEC);

      if (fd < 0 || write (fd, "0", 1) != 1)
        _exit (126);
    }
  if (caller->space != NULL && setns (open_space (caller->space), CLONE_NEWNET) != 0)
    _exit (126);
  if (caller->uid != 0 && (setgroups (0, NULL) != 0 || setgid (caller->uid) != 0 || setuid (caller->uid) != 0))
    _exit (126);
  if (caller->environment != NULL)
    environ = caller->environment;
}

/**
 * bench_prepare:
 * @caller: who runs it, and where
 * @argv: program and arguments; what it says is dropped unless BENCH_VERBOSE is set
 *
 * Forks a child that is where @caller is and waits there.  To move a process into a control group or a namespace can take the
 * kernel 20 ms, which no person's own shell has to do, so it must be over before the clock starts.
 *
 * Returns: the child, for bench_release()
 */
BenchChild
bench_prepare (const BenchCaller *caller, const char *const *argv)
{
  BenchChild child = { 0 };
  int ready[2], gate[2];
  char byte = 0;

  if (pipe2 (ready, O_CLOEXEC) != 0 || pipe2 (gate, O_CLOEXEC) != 0 || (child.pid = fork ()) < 0)
    g_error ("%s: %s", argv[0], g_strerror (errno));
  if (child.pid == 0)
    {
      int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

      close (gate[1]);
      dup2 (null, STDIN_FILENO);
      if (g_getenv ("BENCH_VERBOSE") == NULL)
        {
          dup2 (null, STDOUT_FILENO);
          dup2 (null, STDERR_FILENO);
        }
      become (caller);
      if (write (ready[1], "", 1) != 1 || read (gate[0], &byte, 1) != 1)
        _exit (126);
      execvp (argv[0], (char **) argv);
      _exit (127);
    }
  close (ready[1]);
  close (gate[0]);
  if (read (ready[0], &byte, 1) != 1)
    g_error ("%s: its place cannot be entered", argv[0]);
  close (ready[0]);
  child.gate_fd = gate[1];
  return child;
}

/**
 * bench_release:
 * @child: from bench_prepare(); it execs now
 */
void
bench_release (const BenchChild *child)
{
  if (write (child->gate_fd, "", 1) != 1)
    g_error ("the prepared child is gone: %s", g_strerror (errno));
  close (child->gate_fd);
}

/**
 * bench_finish:
 * @pid: of a child that was released
 * @name: for the message if it failed, which ends the benchmark
 */
void
bench_finish (pid_t pid, const char *name)
{
  int status;

  while (waitpid (pid, &status, 0) < 0)
    if (errno != EINTR)
      g_error ("%s: %s", name, g_strerror (errno));
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    g_error ("%s ended with status %#x; BENCH_VERBOSE=1 shows what it says", name, (guint) status);
}

/**
 * bench_run_ms:
 * @caller: who runs it, and where
 * @argv: program and arguments
 *
 * Returns: milliseconds from before the exec to its end, which has to be a success
 */
double
bench_run_ms (const BenchCaller *caller, const char *const *argv)
{
  BenchChild child = bench_prepare (caller, argv);
  gint64 start_us = g_get_monotonic_time ();

  bench_release (&child);
  bench_finish (child.pid, argv[0]);
  return bench_get_ms_since (start_us);
}

/**
 * bench_ping_open:
 * @space: the network namespace to ping from
 *
 * Returns: a socket for bench_ping(); opened beforehand, so that its making is not measured
 */
int
bench_ping_open (const char *space)
{
  int here = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there = open_space (space), fd;

  if (here < 0 || setns (there, CLONE_NEWNET) != 0)
    g_error ("cannot enter \"%s\": %s", space, g_strerror (errno));
  fd = socket (AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
  if (fd < 0 || setns (here, CLONE_NEWNET) != 0)
    g_error ("no socket for pings: %s", g_strerror (errno));
  close (here);
  close (there);
  return fd;
}

static guint16
get_checksum (const struct icmphdr *echo)
{
  guint16 words[sizeof *echo / 2];
  guint32 sum = 0;

  memcpy (words, echo, sizeof words);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    sum += words[i];
  return (guint16) ~((sum & 0xffff) + (sum >> 16));
}

/**
 * bench_ping:
 * @fd: from bench_ping_open()
 * @address: an IPv4 address
 * @max_ms: how long at the most
 *
 * Sends echoes until one of this call's own is answered.
 *
 * Returns: whether one was
 */
gboolean
bench_ping (int fd, const char *address, guint max_ms)
{
  static guint16 calls;
  struct sockaddr_in to = { .sin_family = AF_INET };
  gint64 end_us = g_get_monotonic_time () + max_ms * 1000L;
  guint16 id = ++calls;

  inet_pton (AF_INET, address, &to.sin_addr);
  for (guint16 sequence = 1; g_get_monotonic_time () < end_us; sequence++)
    {
      struct icmphdr echo = { .type = ICMP_ECHO, .un.echo = { .id = id, .sequence = sequence } };
      gint64 again_us = g_get_monotonic_time () + PING_AGAIN_MS * 1000;
      struct pollfd ready = { .fd = fd, .events = POLLIN };

      echo.checksum = get_checksum (&echo);
      (void) sendto (fd, &echo, sizeof echo, 0, (struct sockaddr *) &to, sizeof to);
      while (g_get_monotonic_time () < again_us)
        {
          guint8 packet[256];
          gssize got;

          poll (&ready, 1, 1);
          while ((got = recv (fd, packet, sizeof packet, 0)) > 0)
            if (got >= 28 && packet[20] == ICMP_ECHOREPLY && memcmp (packet + 12, &to.sin_addr, 4) == 0 &&
                memcmp (packet + 24, &id, sizeof id) == 0)
              return TRUE;
        }
    }
  return FALSE;
}
