/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-process.c: what a child has when it starts, what is refused to it, and that the same child unconfined gets it all. */
#include "platform/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/landlock.h"
#include "tests/lab/private-world.h"

static const char *probe;

static AditProcess *
start (const char *mode, const char *user, AditConfinement confinement, int *answer_fd, GError **error)
{
  const char *argv[] = { "confined-probe", mode, NULL };
  const char *envp[] = { "LANG=C", "ADIT_TEST=1", NULL };
  int pipe_fds[2], extra = open ("/dev/zero", O_RDONLY);
  AditProcessSpec spec = { .path = probe, .argv = argv, .envp = envp, .user = user, .confinement = confinement, .n_fds = 2,
                           .tcp_port = confinement == ADIT_CONFINEMENT_OPENVPN ? 443 : 0 };
  AditProcess *process;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);    /* not close-on-exec, on purpose: the child must not have the reading end */
  spec.fds[0].from = pipe_fds[1];
  spec.fds[0].to = 3;
  spec.fds[1].from = extra;
  spec.fds[1].to = pipe_fds[1];    /* the number of another that is passed too */
  process = adit_process_start (&spec, error);
  close (pipe_fds[1]);
  close (extra);
  *answer_fd = pipe_fds[0];
  return process;
}

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char bytes[4096];
  gssize n;

  while ((n = read (fd, bytes, sizeof bytes)) > 0)
    g_string_append_len (text, bytes, n);
  close (fd);
  return g_string_free (text, FALSE);
}

static void
on_exited (AditProcess *process, int wait_status, gpointer data)
{
  int *status = data;

  g_assert_cmpint (*status, ==, -1);    /* once */
  *status = wait_status;
}

static int
await_exit (AditProcess *process)
{
  int status = -1;

  g_signal_connect (process, "exited", G_CALLBACK (on_exited), &status);
  while (status == -1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (adit_process_is_running (process));
  g_signal_handlers_disconnect_by_data (process, &status);
  return status;
}

#define assert_field(text, name, value) G_STMT_START { \
    g_autofree char *field_ = private_world_find_field (text, name); \
    if (strcmp (field_, value) != 0) g_error ("%s is %s, not %s", name, field_, value); } G_STMT_END

static const char *const capability_sets[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };

static void
check_worker (const char *text)
{
  assert_field (text, "uid", "64001 64001");
  assert_field (text, "gid", "64001 64001");
  assert_field (text, "Groups", "");
  for (guint i = 0; i < G_N_ELEMENTS (capability_sets); i++)
    assert_field (text, capability_sets[i], "0000000000000000");
  assert_field (text, "NoNewPrivs", "1");
  assert_field (text, "SigBlk", "0000000000000000");
  assert_field (text, "SigIgn", "0000000000000000");
  assert_field (text, "cwd", "/");
  assert_field (text, "umask", "77");
  assert_field (text, "session", "1");
  assert_field (text, "core", "1");
  assert_field (text, "env0", "LANG=C");
  assert_field (text, "env1", "ADIT_TEST=1");
  assert_field (text, "env2", "(missing)");
}

static void
test_worker (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProcess) process = NULL;
  g_autofree char *text = NULL, *fds = NULL, *expected = NULL;
  int answer, leaked = dup (2);
  gid_t group = 64999;
  sigset_t blocked;

  g_assert_cmpint (setgroups (1, &group), ==, 0);
  signal (SIGPIPE, SIG_IGN);
  sigemptyset (&blocked);
  sigaddset (&blocked, SIGUSR1);
  sigprocmask (SIG_BLOCK, &blocked, NULL);
  process = start ("describe", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, &error);
  g_assert_no_error (error);
  text = read_all (answer);
  check_worker (text);
  assert_field (text, "Seccomp", "0");
  fds = private_world_find_field (text, "fds");
  expected = g_strdup_printf ("0 1 2 3 %d ", answer + 1);
  g_assert_cmpstr (fds, ==, expected);
  g_assert_cmpint (await_exit (process), ==, 0);
  sigprocmask (SIG_UNBLOCK, &blocked, NULL);
  close (leaked);
}

static void
test_failures (void)
{
  static const char *const argv[] = { "x", NULL };
  AditProcessSpec spec = { .path = "/nonexistent", .argv = argv, .envp = argv + 1, .user = "adit-provider" };
  GError *error = NULL;
  int zero = open ("/dev/zero", O_RDONLY | O_CLOEXEC);

  g_assert_null (adit_process_start (&spec, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FAILED);
  g_clear_error (&error);

  spec.path = "/etc/passwd";    /* a file, and no program */
  g_assert_null (adit_process_start (&spec, &error));
  g_assert_nonnull (strstr (error->message, "exec: Permission denied"));
  g_clear_error (&error);

  spec.path = probe;
  spec.user = "no-such-user";
  g_assert_null (adit_process_start (&spec, &error));
  g_clear_error (&error);
  spec.user = "root";
  g_assert_null (adit_process_start (&spec, &error));
  g_assert_nonnull (strstr (error->message, "root"));
  g_clear_error (&error);

  spec.user = "adit-provider";
  spec.n_fds = 1;
  spec.fds[0].from = zero;
  spec.fds[0].to = 1;
  g_assert_null (adit_process_start (&spec, NULL));
  spec.fds[0].from = 987;
  spec.fds[0].to = 3;
  g_assert_null (adit_process_start (&spec, NULL));
  spec.n_fds = 2;
  spec.fds[0].from = spec.fds[1].from = zero;
  spec.fds[0].to = spec.fds[1].to = 3;
  g_assert_null (adit_process_start (&spec, NULL));
  close (zero);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);    /* no child, no zombie is left of all that */
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_ends (void)
{
  g_autoptr (AditProcess) process = NULL;
  char ready[8];
  int answer, status, pid;

  process = start ("exit", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, NULL);
  status = await_exit (process);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 7);
  adit_process_kill (process);    /* harmless on one that has ended */
  close (answer);
  g_clear_object (&process);

  process = start ("sleep", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, NULL);
  adit_process_kill (process);
  status = await_exit (process);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  close (answer);
  g_clear_object (&process);

  process = start ("sleep", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, NULL);
  g_assert_cmpint (read (answer, ready, sizeof ready), ==, 8);
  g_assert_true (adit_process_stop (process, 2000));
  status = await_exit (process);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGTERM);
  close (answer);
  g_clear_object (&process);

  process = start ("stubborn", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, NULL);
  g_assert_cmpint (read (answer, ready, sizeof ready), ==, 8);
  g_assert_true (adit_process_stop (process, 100));
  status = await_exit (process);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  close (answer);
  g_clear_object (&process);

  /* Unreferenced: killed, and reaped although nobody holds it. */
  process = start ("sleep", "adit-provider", ADIT_CONFINEMENT_WORKER, &answer, NULL);
  pid = adit_process_get_pid (process);
  g_clear_object (&process);
  while (kill (pid, 0) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (errno, ==, ESRCH);
  close (answer);
}

/* A child must not outlive the helper, however that ends. */
static void
test_dies_with_parent (void)
{
  int said[2], pid, child = 0, answer;
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  g_assert_cmpint (pipe2 (said, O_CLOEXEC), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      AditProcess *process = start ("quiet", "adit-wireguard", ADIT_CONFINEMENT_WIREGUARD, &answer, NULL);

      child = process != NULL ? adit_process_get_pid (process) : -1;
      (void) !write (said[1], &child, sizeof child);
      raise (SIGKILL);
    }
  g_assert_cmpint (read (said[0], &child, sizeof child), ==, sizeof child);
  g_assert_cmpint (child, >, 0);
  waitpid (pid, NULL, 0);
  for (;;)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/status", child), *text = NULL;

      if (!g_file_get_contents (path, &text, NULL, NULL) || strstr (text, "State:\tZ") != NULL)
        break;
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (2000);
    }
  close (said[0]);
  close (said[1]);
}

/* Asked from outside: with Landlock its own /proc is out of the child's sight.  CAP_NET_ADMIN is bit 12. */
static void
check_identity (const char *user, AditConfinement confinement, const char *ids, const char *capabilities)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProcess) process = NULL;
  g_autofree char *path = NULL, *text = NULL;
  g_auto (GStrv) words = NULL;
  char ready[8];
  int answer;

  process = start ("sleep", user, confinement, &answer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (answer, ready, sizeof ready), ==, 8);
  path = g_strdup_printf ("/proc/%d/status", adit_process_get_pid (process));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  words = g_strsplit (text, ":\t", -1);
  g_free (text);
  text = g_strjoinv ("=", words);
  assert_field (text, "Uid", ids);
  assert_field (text, "Gid", ids);
  for (guint i = 0; i < G_N_ELEMENTS (capability_sets); i++)
    assert_field (text, capability_sets[i], capabilities);
  assert_field (text, "NoNewPrivs", "1");
  assert_field (text, "Seccomp", "2");
  adit_process_kill (process);
  await_exit (process);
  close (answer);
}

static void
test_wireguard_identity (void)
{
  check_identity ("adit-wireguard", ADIT_CONFINEMENT_WIREGUARD, "64002\t64002\t64002\t64002", "0000000000001000");
}

static void
test_openvpn_identity (void)
{
  check_identity ("adit-openvpn", ADIT_CONFINEMENT_OPENVPN, "64003\t64003\t64003\t64003", "0000000000000000");
}

/* What is given as 0 is its standard input, and takes no other's number. */
static void
test_stdin (void)
{
  static const char text[] = "from a memory file";
  const char *const argv[] = { "confined-probe", "echo", NULL };
  int input = memfd_create ("input", MFD_CLOEXEC), output[2];
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProcess) process = NULL;
  g_autofree char *said = NULL;
  AditProcessSpec spec = { .path = probe, .argv = argv, .envp = argv + 2, .user = "adit-provider", .n_fds = 2 };

  g_assert_cmpint (write (input, text, strlen (text)), ==, strlen (text));
  g_assert_cmpint (lseek (input, 0, SEEK_SET), ==, 0);
  g_assert_cmpint (pipe2 (output, O_CLOEXEC), ==, 0);
  spec.fds[0].from = output[1];
  spec.fds[0].to = 3;
  spec.fds[1].from = input;
  spec.fds[1].to = 0;
  process = adit_process_start (&spec, &error);
  g_assert_no_error (error);
  close (output[1]);
  said = read_all (output[0]);
  assert_field (said, "fds", "0 1 2 3 ");
  assert_field (said, "input", text);
  g_assert_cmpint (await_exit (process), ==, 0);
  spec.fds[0].to = 0;    /* one of them */
  g_assert_null (adit_process_start (&spec, NULL));
  spec.fds[0].to = 2;
  g_assert_null (adit_process_start (&spec, NULL));
  close (input);
}

/* Nobody waits for it, so that it is already a process when it cannot be a program; asked, it says why, once. */
static void
test_ahead (void)
{
  static const char *const argv[] = { "x", NULL };
  AditProcessSpec spec = { .path = "/etc/passwd", .argv = argv, .envp = argv + 1, .user = "adit-provider", .is_ahead = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProcess) process = adit_process_start (&spec, &error), good = NULL;

  g_assert_no_error (error);
  g_assert_false (adit_process_await (process, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "exec: Permission denied"));
  g_assert_cmpint (await_exit (process), !=, 0);
  g_assert_false (adit_process_is_running (process));

  spec.path = probe;
  good = adit_process_start (&spec, NULL);
  g_assert_nonnull (good);
  g_assert_true (adit_process_await (good, NULL));
  g_assert_true (adit_process_await (good, NULL));
  await_exit (good);
}

static char *
run_unconfined (void)
{
  int pipe_fds[2], pid;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      dup2 (pipe_fds[1], 3);
      for (int fd = 4; fd < 64; fd++)
        close (fd);
      execl (probe, "confined-probe", "doors", NULL);
      _exit (127);
    }
  close (pipe_fds[1]);
  return read_all (pipe_fds[0]);
}

typedef struct { const char *name, *confined; int landlock_abi; } Door;    /* open to it before that */

static const Door wireguard_doors[] = {
  { "netfilter", "EPERM" }, { "netfilter_high_bits", "EPERM" }, { "audit", "EPERM" }, { "packet", "EPERM" },
  { "packet_high_bits", "EPERM" },
  { "raw", "EPERM" }, { "raw6", "EPERM" }, { "iptables", "EPERM" }, { "bpf", "EPERM" }, { "vm_read", "EPERM" },
  { "pidfd_getfd", "EPERM" },
  { "keyctl", "EPERM" }, { "mount", "EPERM" }, { "bus", "EPERM" }, { "unshare", "EPERM" }, { "ptrace", "EPERM" },
  { "fork", "EPERM" },
  { "exec", "EPERM" }, { "exec_fd", "EPERM" }, { "exec_number", "EBADF" }, { "write", "EACCES", 1 }, { "read", "EACCES", 1 },
  { "route", "open" }, { "datagram", "open" }, { "datagram6", "open" }, { NULL }
};

/* It may connect, so it reaches what anybody without rights reaches: of sockets in the file system the kernel asks no more. */
static const Door openvpn_doors[] = {
  { "netfilter", "EPERM" }, { "netfilter_high_bits", "EPERM" }, { "audit", "EPERM" }, { "packet", "EPERM" },
  { "packet_high_bits", "EPERM" }, { "route", "EPERM" },
  { "raw", "EPERM" }, { "raw6", "EPERM" }, { "iptables", "EPERM" }, { "bpf", "EPERM" }, { "vm_read", "EPERM" },
  { "pidfd_getfd", "EPERM" },
  { "keyctl", "EPERM" }, { "mount", "EPERM" }, { "unshare", "EPERM" }, { "ptrace", "EPERM" }, { "fork", "EPERM" },
  { "exec", "EPERM" }, { "exec_fd", "EPERM" }, { "exec_number", "EBADF" }, { "write", "EACCES", 1 }, { "read", "EACCES", 1 },
  { "null", "EACCES", 1 }, { "listen", "EPERM" }, { "stream_80", "EACCES", 4 }, { "tun_persist", "EPERM" },
  { "stream_443", "open" }, { "tun", "open" }, { "bus", "open" }, { "datagram", "open" }, { "datagram6", "open" }, { NULL }
};

/* Each door once confined and once not: a refusal proves something only when the same attempt can succeed. */
static void
check_doors (const char *user, AditConfinement confinement, const Door *doors)
{
  struct sockaddr_un bus = { .sun_family = AF_UNIX, .sun_path = "/run/adit-lab-bus" };
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), answer, abi = adit_landlock_get_abi ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProcess) process = NULL;
  g_autofree char *confined = NULL, *unconfined = NULL;

  g_assert_cmpint (bind (listener, (struct sockaddr *) &bus, sizeof bus), ==, 0);
  g_assert_cmpint (chmod (bus.sun_path, 0666), ==, 0);
  g_assert_cmpint (listen (listener, 4), ==, 0);
  g_assert_cmpint (mkdir ("/run/adit-lab-open", 0777), ==, 0);
  g_assert_cmpint (chmod ("/run/adit-lab-open", 0777), ==, 0);

  process = start ("doors", user, confinement, &answer, &error);
  g_assert_no_error (error);
  confined = read_all (answer);
  await_exit (process);
  g_assert_cmpint (unlink ("/run/adit-lab-open/file") == 0, ==, abi == 0);
  unconfined = run_unconfined ();
  g_test_message ("confined:\n%sunconfined:\n%s", confined, unconfined);

  assert_field (confined, "end", "reached");    /* no exec took the child's place */
  for (guint i = 0; doors[i].name != NULL; i++)
    {
      assert_field (confined, doors[i].name, abi < doors[i].landlock_abi ? "open" : doors[i].confined);
      if (strcmp (doors[i].name, "exec_number") != 0)    /* unconfined that one leaves the probe */
        assert_field (unconfined, doors[i].name, "open");
    }
  assert_field (unconfined, "end", "(missing)");    /* because its last exec happened */
  close (listener);
  g_assert_cmpint (unlink (bus.sun_path), ==, 0);
  unlink ("/run/adit-lab-open/file");
  g_assert_cmpint (rmdir ("/run/adit-lab-open"), ==, 0);
}

static void
test_wireguard_doors (void)
{
  check_doors ("adit-wireguard", ADIT_CONFINEMENT_WIREGUARD, wireguard_doors);
}

static void
test_openvpn_doors (void)
{
  check_doors ("adit-openvpn", ADIT_CONFINEMENT_OPENVPN, openvpn_doors);
}

int
main (int argc, char **argv)
{
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  probe = g_getenv ("ADIT_CONFINED_PROBE");
  g_assert_nonnull (probe);
  g_test_add_func ("/process/worker", test_worker);
  g_test_add_func ("/process/failures", test_failures);
  g_test_add_func ("/process/ends", test_ends);
  g_test_add_func ("/process/ahead", test_ahead);
  g_test_add_func ("/process/dies-with-parent", test_dies_with_parent);
  g_test_add_func ("/process/wireguard/identity", test_wireguard_identity);
  g_test_add_func ("/process/wireguard/doors", test_wireguard_doors);
  g_test_add_func ("/process/stdin", test_stdin);
  g_test_add_func ("/process/openvpn/identity", test_openvpn_identity);
  g_test_add_func ("/process/openvpn/doors", test_openvpn_doors);
  return g_test_run ();
}
