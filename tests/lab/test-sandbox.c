/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-sandbox.c: every door is tried twice in a child of its own, before and after the sandbox; as root, who could open it. */
#include "platform/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include "platform/linux/landlock.h"
#include "tests/lab/private-world.h"

#define CRASHED 1000    /* plus the signal */
#define LYING_EXEC_FD   40    /* descriptors that an attacker might find lying around */
#define LYING_SOCKET_FD 41
#define BUS_PATH "/run/adit-lab-bus"

typedef long (*Door) (void);

static int stream[2];    /* a connected socket, as the worker inherits it */

static long open_file (void)   { return open ("/etc/passwd", O_RDONLY); }
static long create_file (void) { return open ("/run/adit-lab-file", O_CREAT | O_WRONLY, 0600); }
static long stat_file (void)   { struct stat s; return stat ("/etc/passwd", &s); }
static long unlink_file (void) { return unlink ("/run/adit-lab-victim"); }
static long inet_socket (void) { return socket (AF_INET, SOCK_STREAM, 0); }
static long unix_socket (void) { return socket (AF_UNIX, SOCK_STREAM, 0); }
static long inet_pair (void)   { int pair[2]; return socketpair (AF_UNIX, SOCK_STREAM, 0, pair); }
static long bind_it (void)     { struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "/run/adit-lab-own" };
                                 int result = bind (dup (stream[0]), (struct sockaddr *) &a, sizeof a);
                                 return result == 0 || errno == EINVAL ? 0 : -1; }
static long listen_it (void)   { return listen (stream[0], 1) == 0 || errno == EINVAL ? 0 : -1; }
static long make_thread (void) { pthread_t t; void *(*start) (void *) = (void *(*) (void *)) (void (*) (void)) getpid;
                                 errno = pthread_create (&t, NULL, start, NULL); return errno == 0 ? 0 : -1; }
static long make_child (void)  { pid_t p = fork (); if (p == 0) _exit (0); return p; }
static long run_program (void) { char *argv[] = { "true", NULL }; return execv ("/bin/true", argv); }
static long run_fd (void)      { char *argv[] = { "true", NULL };
                                 return syscall (SYS_execveat, LYING_EXEC_FD, "", argv, argv + 1, AT_EMPTY_PATH); }
static long trace_me (void)    { return ptrace (PTRACE_TRACEME, 0, 0, 0); }
static long read_memory (void) { char a = 1, b; struct iovec to = { &b, 1 }, from = { &a, 1 };
                                 return process_vm_readv (getpid (), &to, 1, &from, 1, 0); }
static long open_pidfd (void)  { return syscall (SYS_pidfd_open, getpid (), 0); }
static long steal_fd (void)    { return syscall (SYS_pidfd_getfd, LYING_SOCKET_FD, stream[0], 0); }
static long leave (void)       { return unshare (CLONE_NEWNS); }
static long mount_it (void)    { return mount ("tmpfs", "/mnt", "tmpfs", 0, NULL); }
static long load_bpf (void)    { union bpf_attr a = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4,
                                                      .max_entries = 1 };
                                 return syscall (SYS_bpf, BPF_MAP_CREATE, &a, sizeof a); }
static long use_keys (void)    { return syscall (SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1); }
static long signal_other (void){ return kill (getppid (), 0); }
static long be_dumpable (void) { return prctl (PR_SET_DUMPABLE, 1, 0, 0, 0); }
static long map_code (void)    { void *p = mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                                 return p == MAP_FAILED ? -1 : 0; }
static long make_code (void)   { void *p = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                                 return mprotect (p, 4096, PROT_READ | PROT_EXEC); }
static long much_memory (void) { void *p = mmap (NULL, 600 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                                 return p == MAP_FAILED ? -1 : 0; }
static long many_files (void)  { int fd = 0; for (int i = 0; i < 70 && fd >= 0; i++) fd = dup (0); return fd; }
static long change_user (void) { return syscall (SYS_setresuid, 1, 1, 1); }
static long change_mode (void) { return fchmod (stream[0], 0600); }
static long make_queue (void)  { return syscall (SYS_shmget, IPC_PRIVATE, 4096, 0600); }
static long ask_threads (void) { return syscall (SYS_sched_getscheduler, 0); }
/* One that no kernel has yet. */
static long newer_call (void)  { return syscall (SYS_openat2 + 60) < 0 && errno == ENOSYS ? 0 : -1; }
static long inject (void)      { char c = 'x'; return ioctl (0, 0x5412 /* TIOCSTI */, &c) == 0 || errno == ENOTTY ? 0 : -1; }
static long connect_bus (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = BUS_PATH };

  return connect (LYING_SOCKET_FD, (struct sockaddr *) &address, sizeof address);
}

/* What the worker does all day; each returns 0 both before and after. */
static long talk (void)        { char c = 0;
                                 return write (stream[0], "a", 1) == 1 && read (stream[1], &c, 1) == 1 && c == 'a' ? 0 : -1; }
static long receive_fd (void)
{
  union { struct cmsghdr header; char bytes[CMSG_SPACE (sizeof (int))]; } control;
  char c = 'f';
  struct iovec data = { &c, 1 };
  struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);

  memset (&control, 0, sizeof control);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &stream[1], sizeof (int));
  if (sendmsg (stream[0], &message, 0) != 1 || recvmsg (stream[1], &message, MSG_CMSG_CLOEXEC) != 1)
    return -1;
  return CMSG_FIRSTHDR (&message) != NULL ? 0 : -1;
}
static long seal_list (void)
{
  gsize length = 16 << 20;
  int fd = memfd_create ("list", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  char *bytes = calloc (1, length);
  struct stat status;

  if (fd < 0 || bytes == NULL || write (fd, bytes, length) != (gssize) length || fstat (fd, &status) != 0 ||
      status.st_size != (off_t) length)
    return -1;
  return fcntl (fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}
static long long_list (void)   { signal (SIGXFSZ, SIG_IGN);
                                 return pwrite (memfd_create ("list", MFD_CLOEXEC), "x", 1, 16 << 20); }
static long raise_own (void)   { signal (SIGUSR1, SIG_IGN); return raise (SIGUSR1); }

static long send_to (void)     { char c; return sendto (stream[0], "a", 1, 0, NULL, 0) == 1 ? read (stream[1], &c, 1) : -1; }
static long ask_option (void)  { int type; socklen_t size = sizeof type;
                                 return getsockopt (stream[0], SOL_SOCKET, SO_TYPE, &type, &size); }
static long some_memory (void) { void *p = mmap (NULL, 300 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                                 return p == MAP_FAILED ? -1 : 0; }

static int
try_door_of (AditSandboxRole role, Door door, gboolean inside)
{
  int status, pid = fork ();

  if (pid == 0)
    {
      g_autoptr (GError) error = NULL;
      AditSandboxReport report;

      signal (SIGSYS, SIG_DFL);
      dup2 (open ("/bin/true", O_PATH), LYING_EXEC_FD);
      dup2 (door == steal_fd ? (int) syscall (SYS_pidfd_open, getpid (), 0) : socket (AF_UNIX, SOCK_STREAM, 0), LYING_SOCKET_FD);
      if (inside && !adit_sandbox_enter (role, &report, &error))
        _exit (254);
      _exit (door () >= 0 ? 0 : errno);
    }
  waitpid (pid, &status, 0);
  return WIFSIGNALED (status) ? CRASHED + WTERMSIG (status) : WEXITSTATUS (status);
}

static int
try_door (Door door, gboolean inside)
{
  return try_door_of (ADIT_SANDBOX_PROVIDER, door, inside);
}

/* What a provider's worker needs for its connections, and one that reads a file does not. */
static void
test_import (void)
{
  static const struct { const char *name; Door door; int import, provider; } doors[] = {
    { "sendto", send_to, CRASHED + SIGSYS, 0 }, { "getsockopt", ask_option, CRASHED + SIGSYS, 0 },
    { "open", open_file, EACCES, EACCES }, { "inet socket", inet_socket, EPERM, EPERM },
    { "exec", run_program, CRASHED + SIGSYS, CRASHED + SIGSYS },
    { "talk", talk, 0, 0 }, { "receive a descriptor", receive_fd, 0, 0 }, { "seal 16 MiB", seal_list, 0, 0 },
#if !defined (__SANITIZE_ADDRESS__)
    { "memory", some_memory, ENOMEM, 0 },
#endif
  };

  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      g_test_message ("%s", doors[i].name);
      g_assert_cmpint (try_door_of (ADIT_SANDBOX_IMPORT, doors[i].door, TRUE), ==, doors[i].import);
      g_assert_cmpint (try_door_of (ADIT_SANDBOX_PROVIDER, doors[i].door, TRUE), ==, doors[i].provider);
      g_assert_cmpint (try_door_of (ADIT_SANDBOX_IMPORT, doors[i].door, FALSE), ==, 0);
    }
}

static void
test_doors (void)
{
  static const struct { const char *name; Door door; int inside; } doors[] = {
    { "open", open_file, EACCES }, { "create", create_file, EACCES }, { "stat", stat_file, EACCES },
    { "unlink", unlink_file, EACCES },
    { "inet socket", inet_socket, EPERM }, { "unix socket", unix_socket, EPERM }, { "bind", bind_it, EPERM },
    { "listen", listen_it, EPERM },
    { "thread", make_thread, EPERM }, { "fork", make_child, EPERM }, { "kill", signal_other, EPERM },
    { "connect", connect_bus, EINPROGRESS },
    { "map code", map_code, EPERM }, { "make code", make_code, EPERM }, { "memory", much_memory, ENOMEM },
    { "files", many_files, EMFILE },
    { "dumpable", be_dumpable, ENOSYS }, { "ioctl", inject, ENOSYS }, { "long list", long_list, EFBIG },
    { "exec", run_program, CRASHED + SIGSYS }, { "exec fd", run_fd, CRASHED + SIGSYS }, { "ptrace", trace_me, CRASHED + SIGSYS },
    { "vm read", read_memory, CRASHED + SIGSYS }, { "pidfd", open_pidfd, CRASHED + SIGSYS },
    { "pidfd_getfd", steal_fd, CRASHED + SIGSYS },
    { "unshare", leave, CRASHED + SIGSYS }, { "mount", mount_it, CRASHED + SIGSYS }, { "bpf", load_bpf, CRASHED + SIGSYS },
    { "keyctl", use_keys, CRASHED + SIGSYS }, { "setresuid", change_user, CRASHED + SIGSYS },
    { "chmod", change_mode, CRASHED + SIGSYS }, { "shared memory", make_queue, CRASHED + SIGSYS },
    { "scheduler", ask_threads, ENOSYS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    {
      int inside = try_door (doors[i].door, TRUE), outside;

#if defined (__SANITIZE_ADDRESS__)
      if (doors[i].door == much_memory)    /* whose limit such a build cannot have */
        continue;
#endif
      if (inside != doors[i].inside)
        g_error ("%s answered %d inside, not %d", doors[i].name, inside, doors[i].inside);
      g_assert_cmpint (try_door_of (ADIT_SANDBOX_IMPORT, doors[i].door, TRUE), ==, inside);
      g_assert_cmpint (try_door_of (ADIT_SANDBOX_REPORT, doors[i].door, TRUE), ==, inside);
      outside = try_door (doors[i].door, FALSE);
      if (outside != 0)
        g_error ("%s answered %d outside: the refusal inside proves nothing", doors[i].name, outside);
    }
}

static void
test_work (void)
{
  static const struct { const char *name; Door door; } work[] = {
    { "talk", talk }, { "receive a descriptor", receive_fd }, { "seal 16 MiB", seal_list }, { "socketpair", inet_pair },
    { "raise", raise_own }, { "a newer call", newer_call },
  };

  for (guint i = 0; i < G_N_ELEMENTS (work); i++)
    for (int inside = 0; inside <= 1; inside++)
      if (try_door (work[i].door, inside) != 0)
        g_error ("%s answered %d, inside %d", work[i].name, try_door (work[i].door, inside), inside);
}

/* What the kernel says about a process in the sandbox, asked from outside. */
static void
test_state (void)
{
  static const char *const lines[] = { "\nNoNewPrivs:\t1\n", "\nSeccomp:\t2\n" };
  g_autofree char *path = NULL, *text = NULL;
  AditSandboxReport report = { 0 };
  int ready[2], pid;

  g_assert_cmpint (pipe2 (ready, O_CLOEXEC), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      if (!adit_sandbox_enter (ADIT_SANDBOX_PROVIDER, &report, NULL) || prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        _exit (1);
      (void) !write (ready[1], &report, sizeof report);
      for (;;)
        poll (NULL, 0, -1);
    }
  close (ready[1]);
  g_assert_cmpint (read (ready[0], &report, sizeof report), ==, sizeof report);
  g_assert_true (report.seccomp);
  g_assert_cmpint (report.landlock_abi, ==, adit_landlock_get_abi ());
  path = g_strdup_printf ("/proc/%d/status", pid);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_nonnull (strstr (text, lines[i]));
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  close (ready[0]);
}

/* Landlock on its own, which the filter above would hide. */
static void
test_landlock (void)
{
  int status, pid;

  if (adit_landlock_get_abi () == 0)
    {
      g_test_skip ("this kernel has no Landlock");
      return;
    }
  pid = fork ();
  if (pid == 0)
    {
      int ruleset = adit_landlock_new_ruleset (NULL);

      if (open_file () < 0 || !adit_landlock_allow (ruleset, "/etc/hostname", ADIT_LANDLOCK_READ | ADIT_LANDLOCK_READ_DIR,
                                                    NULL) ||
          prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !adit_landlock_enter (ruleset, NULL))
        _exit (1);
      if (open_file () >= 0 || errno != EACCES || create_file () >= 0 || errno != EACCES || run_program () >= 0 ||
          errno != EACCES)
        _exit (2);
      _exit (open ("/etc/hostname", O_RDONLY) >= 0 || errno == ENOENT ? 0 : 3);
    }
  waitpid (pid, &status, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_unknown_role (void)
{
  g_autoptr (GError) error = NULL;
  AditSandboxReport report;

  g_assert_false (adit_sandbox_enter ((AditSandboxRole) 99, &report, &error));
  g_assert_nonnull (error);
  g_assert_false (report.seccomp);
}

int
main (int argc, char **argv)
{
  struct sockaddr_un bus = { .sun_family = AF_UNIX, .sun_path = BUS_PATH };
  int listener;

  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &bus, sizeof bus), ==, 0);
  g_assert_cmpint (listen (listener, 16), ==, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, stream), ==, 0);
  g_assert_true (g_file_set_contents ("/run/adit-lab-victim", "x", 1, NULL));
  g_test_add_func ("/sandbox/doors", test_doors);
  g_test_add_func ("/sandbox/work", test_work);
  g_test_add_func ("/sandbox/import", test_import);
  g_test_add_func ("/sandbox/state", test_state);
  g_test_add_func ("/sandbox/landlock", test_landlock);
  g_test_add_func ("/sandbox/unknown-role", test_unknown_role);
  return g_test_run ();
}
