/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tracer.c: the kernel tells a tracer of every exec of what it follows (ptrace(2)), and letting go is only a matter of ending. */
#include "tests/bench/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLLOW (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

static void
follow (pid_t pid)
{
  if (ptrace (PTRACE_SEIZE, pid, NULL, (void *) (uintptr_t) FOLLOW) != 0 && errno != ESRCH)
    g_error ("cannot follow process %d: %s", pid, g_strerror (errno));
}

/* Of all its threads: any of them may start a program. */
static void
follow_service (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  if (folder == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (folder)) != NULL)
    follow ((pid_t) g_ascii_strtoll (name, NULL, 10));
}

static void
write_program (int fd, pid_t pid)
{
  g_autofree char *link = g_strdup_printf ("/proc/%d/exe", pid), *path = g_file_read_link (link, NULL);
  g_autofree char *line = g_strconcat (path != NULL ? path : "?", "\n", NULL);

  if (write (fd, line, strlen (line)) < 0)
    _exit (1);
}

/* One stop of a followed process; it has to be sent on its way again. */
static void
handle_stop (int fd, pid_t pid, int status)
{
  int event = status >> 16, signal = WSTOPSIG (status);

  if (event == PTRACE_EVENT_EXEC)
    write_program (fd, pid);
  if (event == PTRACE_EVENT_STOP && (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU))
    (void) ptrace (PTRACE_LISTEN, pid, NULL, NULL);
  else
    (void) ptrace (PTRACE_CONT, pid, NULL, (void *) (uintptr_t) (event != 0 ? 0 : signal));
}

static int
trace (int fd, const BenchCaller *caller, const char *const *argv, pid_t service)
{
  BenchChild command = bench_prepare (caller, argv);
  int status = 0;

  if (service != 0)
    follow_service (service);
  follow (command.pid);
  bench_release (&command);
  for (;;)
    {
      pid_t pid = waitpid (-1, &status, __WALL);

      if (pid < 0 && errno != EINTR)
        return 1;
      if (pid > 0 && WIFSTOPPED (status))
        handle_stop (fd, pid, status);
      else if (pid == command.pid)
        return WIFEXITED (status) ? WEXITSTATUS (status) : 1;
    }
}

/**
 * bench_trace_programs:
 * @caller: who runs the command, and where
 * @argv: the command
 * @service: a process that works for it, followed until the command has ended; 0 for none
 *
 * Returns: (transfer full): the paths of all programs that were started, one an exec, the command's own first
 */
char **
bench_trace_programs (const BenchCaller *caller, const char *const *argv, pid_t service)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int ends[2], status;
  char buffer[4096];
  gssize got;
  pid_t tracer;

  if (pipe2 (ends, O_CLOEXEC) != 0 || (tracer = fork ()) < 0)
    g_error ("%s", g_strerror (errno));
  if (tracer == 0)
    {
      close (ends[0]);
      _exit (trace (ends[1], caller, argv, service));
    }
  close (ends[1]);
  while ((got = read (ends[0], buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, got);
  close (ends[0]);
  while (waitpid (tracer, &status, 0) < 0 && errno == EINTR)
    ;
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    g_error ("%s, followed, ended with status %#x", argv[0], (guint) status);
  return g_strsplit (g_strchomp (text->str), "\n", -1);
}
