/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confined-probe.c: a child that says on descriptor 3 who it is and which doors open to it.  Without GLib, so that only what it
 * does itself is seen.  Modes: "describe", "doors", "echo" (says what it reads), "sleep", "quiet" (sleeps
 * without a word, so that no broken pipe ends it), "stubborn" (ignores SIGTERM), "exit" with code 7. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
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
#include <linux/if_tun.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>

#define ANSWER_FD 3
#define EXEC_FD   200    /* ADIT_CONFINEMENT_EXEC_FD */

extern char **environ;

static void
describe (void)
{
  FILE *status = fopen ("/proc/self/status", "re");
  DIR *fds = opendir ("/proc/self/fd");
  struct dirent *entry;
  struct rlimit core;
  char line[256], cwd[PATH_MAX];

  dprintf (ANSWER_FD, "uid=%d %d\ngid=%d %d\n", getuid (), geteuid (), getgid (), getegid ());
  while (status != NULL && fgets (line, sizeof line, status) != NULL)
    {
      char *colon = strchr (line, ':');

      if (colon == NULL)
        continue;
      *colon++ = '\0';
      dprintf (ANSWER_FD, "%s=%s", line, colon + strspn (colon, " \t"));
    }
  dprintf (ANSWER_FD, "fds=");
  while (fds != NULL && (entry = readdir (fds)) != NULL)
    if (entry->d_name[0] != '.' && atoi (entry->d_name) != dirfd (fds) &&
        (status == NULL || atoi (entry->d_name) != fileno (status)))
      dprintf (ANSWER_FD, "%s ", entry->d_name);
  getrlimit (RLIMIT_CORE, &core);
  dprintf (ANSWER_FD, "\ncwd=%s\numask=%o\nsession=%d\ncore=%llu\n", getcwd (cwd, sizeof cwd), umask (0), getsid (0) == getpid (),
           (unsigned long long) core.rlim_max);
  for (int i = 0; environ[i] != NULL; i++)
    dprintf (ANSWER_FD, "env%d=%s\n", i, environ[i]);
}

static void
door (const char *name, long result)
{
  dprintf (ANSWER_FD, "%s=%s\n", name, result >= 0 ? "open" : strerrorname_np (errno));
}

static long
try_exec (int by_name)
{
  char *const argv[] = { "true", NULL };
  int report[2], error = 0;
  pid_t pid;

  if (pipe2 (report, O_CLOEXEC) != 0)
    return -1;
  /* A vfork by hand is not needed: where even fork is refused, exec is tried in place, at the very end. */
  pid = fork ();
  if (pid < 0)
    {
      if (by_name)
        execv ("/bin/true", argv);
      else
        syscall (SYS_execveat, open ("/bin/true", O_PATH), "", argv, environ, AT_EMPTY_PATH);
      return -1;
    }
  if (pid == 0)
    {
      if (by_name)
        execv ("/bin/true", argv);
      else
        syscall (SYS_execveat, open ("/bin/true", O_PATH), "", argv, environ, AT_EMPTY_PATH);
      error = errno;
      (void) !write (report[1], &error, sizeof error);
      _exit (1);
    }
  close (report[1]);
  (void) !read (report[0], &error, sizeof error);
  waitpid (pid, NULL, 0);
  errno = error;
  return error == 0 ? 0 : -1;
}

/* The one number that the filter lets through. */
static long
try_exec_number (void)
{
  char *const argv[] = { "true", NULL };
  int fd = open ("/bin/true", O_PATH);

  if (dup2 (fd, EXEC_FD) < 0)
    return -1;
  return syscall (SYS_execveat, EXEC_FD, "", argv, environ, AT_EMPTY_PATH);
}

static long
try_fork (void)
{
  pid_t pid = fork ();

  if (pid == 0)
    _exit (0);
  if (pid > 0)
    waitpid (pid, NULL, 0);
  return pid;
}

static long
try_unshare (void)
{
  pid_t pid = fork ();
  int status = 0;

  if (pid < 0)
    return unshare (CLONE_NEWNS);
  if (pid == 0)
    _exit (unshare (CLONE_NEWNS) == 0 ? 0 : errno);
  waitpid (pid, &status, 0);
  errno = WEXITSTATUS (status);
  return errno == 0 ? 0 : -1;
}

static long
try_ptrace (void)
{
  pid_t pid = fork ();
  int status = 0;

  if (pid < 0)
    return ptrace (PTRACE_TRACEME, 0, 0, 0);
  if (pid == 0)
    _exit (ptrace (PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : errno);
  waitpid (pid, &status, 0);
  errno = WEXITSTATUS (status);
  return errno == 0 ? 0 : -1;
}

static long
try_vm_read (void)
{
  char a = 1, b = 0;
  struct iovec to = { &b, 1 }, from = { &a, 1 };

  return process_vm_readv (getpid (), &to, 1, &from, 1, 0);
}

static long
try_bus (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/adit-lab-bus" };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  return connect (fd, (struct sockaddr *) &address, sizeof address);
}

static long
try_iptables (void)
{
  char rules[128] = { 0 };
  long result = setsockopt (socket (AF_INET, SOCK_DGRAM, 0), IPPROTO_IP, 64, rules, sizeof rules);

  /* Unconfined it fails too, on our nonsense or because the kernel has no iptables: what matters is that it got there. */
  return result != 0 && (errno == EINVAL || errno == ENOPROTOOPT || errno == ENOMEM) ? 0 : result;
}

static long
try_bpf (void)
{
  union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };

  return syscall (SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
}

static long
try_listen (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  return bind (fd, (struct sockaddr *) &address, sizeof address.sun_family) != 0 ? -1 : listen (fd, 1);
}

/* Nobody is there, but that is only known when it was let out. */
static long
try_stream (int port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  long result = connect (socket (AF_INET, SOCK_STREAM, 0), (struct sockaddr *) &address, sizeof address);

  return result != 0 && errno == ECONNREFUSED ? 0 : result;
}

/* No device belongs to the descriptor, which is only known behind the filter. */
static long
try_tun_persist (void)
{
  long result = ioctl (open ("/dev/net/tun", O_RDWR), TUNSETPERSIST, 0);

  return result != 0 && errno == EBADFD ? 0 : result;
}

static void
try_doors (void)
{
  door ("netfilter", socket (AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER));
  door ("netfilter_high_bits", syscall (SYS_socket, AF_NETLINK | (1ULL << 32), SOCK_RAW, NETLINK_NETFILTER | (1ULL << 32)));
  door ("audit", socket (AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
  door ("route", socket (AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
  door ("datagram", socket (AF_INET, SOCK_DGRAM, 0));
  door ("datagram6", socket (AF_INET6, SOCK_DGRAM, 0));
  door ("packet", socket (AF_PACKET, SOCK_RAW, 0));
  door ("packet_high_bits", syscall (SYS_socket, AF_PACKET | (1ULL << 32), SOCK_RAW, 0));
  door ("raw", socket (AF_INET, SOCK_RAW, IPPROTO_ICMP));
  door ("raw6", socket (AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  door ("iptables", try_iptables ());
  door ("bpf", try_bpf ());
  door ("vm_read", try_vm_read ());
  door ("pidfd_getfd", syscall (SYS_pidfd_getfd, syscall (SYS_pidfd_open, getpid (), 0), ANSWER_FD, 0));
  door ("keyctl", syscall (SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
  door ("mount", mount ("tmpfs", "/mnt", "tmpfs", 0, NULL));
  door ("bus", try_bus ());
  door ("write", open ("/run/adit-lab-open/file", O_CREAT | O_WRONLY, 0600));
  door ("read", open ("/etc/passwd", O_RDONLY));
  door ("listen", try_listen ());
  door ("stream_443", try_stream (443));
  door ("stream_80", try_stream (80));
  door ("tun", open ("/dev/net/tun", O_RDWR));
  door ("tun_persist", try_tun_persist ());
  door ("null", open ("/dev/null", O_RDWR));
  door ("unshare", try_unshare ());
  door ("ptrace", try_ptrace ());
  door ("fork", try_fork ());
  door ("exec", try_exec (1));
  door ("exec_fd", try_exec (0));
  door ("exec_number", try_exec_number ());
  dprintf (ANSWER_FD, "end=reached\n");
}

int
main (int argc, char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";

  if (strcmp (mode, "describe") == 0)
    describe ();
  else if (strcmp (mode, "doors") == 0)
    try_doors ();
  else if (strcmp (mode, "echo") == 0)
    {
      char text[256];
      ssize_t n = read (0, text, sizeof text);

      describe ();
      dprintf (ANSWER_FD, "input=%.*s\n", (int) (n > 0 ? n : 0), text);
    }
  else if (strcmp (mode, "exit") == 0)
    return 7;
  else if (strcmp (mode, "stubborn") == 0)
    signal (SIGTERM, SIG_IGN);
  if (strcmp (mode, "stubborn") == 0 || strcmp (mode, "sleep") == 0)
    dprintf (ANSWER_FD, "ready=1\n");
  while (strcmp (mode, "stubborn") == 0 || strcmp (mode, "sleep") == 0 || strcmp (mode, "quiet") == 0)
    pause ();
  return 0;
}
