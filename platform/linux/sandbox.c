/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sandbox.c: what a worker may still do once it reads strangers' bytes: talk over descriptors that it was given, reckon, and end.
 *
 * The list names what is allowed.  What libraries try in good faith answers softly (a file is not readable, a socket cannot be
 * made), and what is newer than this list answers ENOSYS, so that a newer C library falls back.  All else is a mistake of ours or
 * somebody else's doing: it is not done, and a trap (SIGSYS) ends the process, which the crash handler notes. */
#include "platform/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include "client/base/error.h"
#include "platform/linux/landlock.h"

#define MAX_MEMORY_BYTES (512u << 20)
#define MAX_IMPORT_BYTES (256u << 20)    /* three times what is handed in and unpacked, and the libraries */
#define MAX_FILE_BYTES    (16u << 20)    /* the largest server list's memfd: client/wire */
#define MAX_FILES           64
#define LOW_32_BITS UINT64_C (0xffffffff)
#define LAST_OLD_CALL SYS_rseq    /* the last of Linux 4.18: no C library tries what is older before it does without */
#define MAX_TRAPS     512         /* instructions: four for each run of numbers that no rule names */

#if defined (__SANITIZE_ADDRESS__)
#define LIMIT_MEMORY 0    /* its shadow alone takes terabytes of addresses */
#else
#define LIMIT_MEMORY 1
#endif

static const char *const allowed_calls[] = {
  /* over descriptors that are open */
  "read", "readv", "pread64", "write", "writev", "pwrite64", "lseek", "_llseek", "close", "close_range", "fstat", "fcntl",
  "dup", "dup2", "dup3", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
  "epoll_pwait2", "recvmsg", "sendmsg", "pipe2", "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime",
  "memfd_create", "ftruncate", "fallocate",
  /* memory */
  "brk", "munmap", "mremap", "madvise", "mlock", "mlock2", "munlock", "membarrier",
  /* time, chance, oneself */
  "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "getrandom", "sched_yield",
  "sched_getaffinity", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid",
  "uname", "sysinfo", "getrlimit", "prlimit64", "getrusage", "getcwd", "futex", "set_robust_list", "rseq", "alarm",
  "setitimer", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall", "exit",
  "exit_group",
  NULL
};

/* What connections to others need, beside the above. */
static const char *const connection_calls[] = {
  "recvfrom", "recvmmsg", "sendto", "sendmmsg", "shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername", NULL
};

/* Tried in good faith by libraries: the locale, a certificate folder, nscd, a resolver thread. */
static const struct { const char *name; int error; } soft_calls[] = {
  { "open", EACCES }, { "openat", EACCES }, { "openat2", EACCES }, { "creat", EACCES }, { "stat", EACCES }, { "lstat", EACCES },
  { "access", EACCES }, { "faccessat", EACCES }, { "faccessat2", EACCES }, { "readlink", EACCES }, { "readlinkat", EACCES },
  { "mkdir", EACCES }, { "mkdirat", EACCES }, { "unlink", EACCES }, { "unlinkat", EACCES }, { "rename", EACCES },
  { "renameat2", EACCES },
  { "socket", EPERM }, { "bind", EPERM }, { "listen", EPERM }, { "accept", EPERM }, { "accept4", EPERM }, { "kill", EPERM },
  /* libcurl connects the connected socket it was lent; "under way" makes it look and see that it is */
  { "connect", EINPROGRESS },
  { "clone", EPERM }, { "fork", EPERM }, { "vfork", EPERM },    /* clone3: ENOSYS, and the C library tries clone */
};

/* The same, of what would do no harm: how threads are run, what of a file lies in memory, who one is.  They answer ENOSYS. */
static const char *const absent_calls[] = {
  "sched_getattr", "sched_setattr", "sched_getscheduler", "sched_setscheduler", "sched_getparam", "sched_setparam",
  "sched_setaffinity", "sched_get_priority_max", "sched_get_priority_min", "getpriority", "setpriority", "getcpu",
  "get_robust_list", "set_tid_address", "arch_prctl", "get_mempolicy", "mincore", "msync", "mlockall", "munlockall", "pkey_alloc",
  "getgroups", "getpgrp", "getpgid", "getsid", "capget", "umask", "times", "statfs", "fstatfs", "getdents", "getdents64",
  "fadvise64", "fsync", "fdatasync", "sendfile", "copy_file_range", "splice", "preadv", "pwritev", "preadv2", "pwritev2", "pipe",
  "eventfd", "epoll_create", "signalfd4", "inotify_init1", "rt_sigpending", "rt_sigsuspend", "pause", "getitimer",
  "seccomp",    /* by which the other filter is still to be set */
  NULL
};

/* Of what is newer: what only an attacker asks for. */
static const char *const trapped_calls[] = {
  "pidfd_getfd", "pidfd_open", "pidfd_send_signal", "io_uring_setup", "io_uring_enter", "io_uring_register", "open_tree",
  "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "process_madvise", NULL
};

/* By number, those that a rule names: one process has one sandbox. */
static gboolean is_named[LAST_OLD_CALL + 1];

static void
note_named (int call)
{
  if (call >= 0 && call <= LAST_OLD_CALL)
    is_named[call] = TRUE;
}

static int
add_named (scmp_filter_ctx filter, guint32 action, const char *name)
{
  int call = seccomp_syscall_resolve_name (name);

  note_named (call);
  return call < 0 ? 0 : seccomp_rule_add (filter, action, call, 0);    /* this machine type never had it */
}

static void
rule_if (scmp_filter_ctx filter, guint32 action, int call, struct scmp_arg_cmp compare, int *result)
{
  note_named (call);
  if (*result == 0 && call >= 0)
    *result = seccomp_rule_add_array (filter, action, call, 1, &compare);
}

/* Calls that are allowed in some forms only. */
static int
add_conditional (scmp_filter_ctx filter)
{
  static const int prctl_options[] = { PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_SET_VMA };
  static const unsigned long ioctls[] = { FIONBIO, FIONREAD, FIOCLEX };
  int result = 0;

  /* No memory becomes code. */
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), &result);
  rule_if (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mmap), SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC), &result);
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), &result);
  rule_if (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mprotect), SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC), &result);
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (socketpair), SCMP_A0 (SCMP_CMP_EQ, AF_UNIX), &result);
  /* fstat() of newer C libraries.  It can also tell a file's size by its name, which is no secret and no content. */
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (newfstatat), SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH), &result);
  rule_if (filter, SCMP_ACT_ERRNO (EACCES), SCMP_SYS (newfstatat), SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0), &result);
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (statx), SCMP_A2 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH), &result);
  rule_if (filter, SCMP_ACT_ERRNO (EACCES), SCMP_SYS (statx), SCMP_A2 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0), &result);
  /* raise() and abort(), to itself alone. */
  rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (tgkill), SCMP_A0 (SCMP_CMP_MASKED_EQ, LOW_32_BITS, getpid ()), &result);
  for (guint i = 0; i < G_N_ELEMENTS (prctl_options); i++)
    rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (prctl), SCMP_A0 (SCMP_CMP_EQ, prctl_options[i]), &result);
  for (guint i = 0; i < G_N_ELEMENTS (ioctls); i++)
    rule_if (filter, SCMP_ACT_ALLOW, SCMP_SYS (ioctl), SCMP_A1 (SCMP_CMP_EQ, ioctls[i]), &result);
  return result;
}

/* A filter of its own, by ranges of numbers, since libseccomp would take milliseconds over so many names.  Of two filters'
 * answers the kernel takes the stricter one, and a trap is stricter than an error: seccomp(2). */
static int
enter_traps (void)
{
  struct sock_filter code[MAX_TRAPS];
  struct sock_fprog program = { .filter = code };
  guint n = 0;

  code[n++] = (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr));
  for (int first = 0, end; first <= LAST_OLD_CALL; first = end + 1)
    {
      for (end = first; end <= LAST_OLD_CALL && !is_named[end]; end++)
        ;
      if (end == first)
        continue;
      if (n + 5 > MAX_TRAPS)
        return -E2BIG;
      /* Anything below the first of these is not among them, and the runs rise. */
      code[n++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, (guint32) first, 1, 0);
      code[n++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
      code[n++] = (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, (guint32) end, 1, 0);
      code[n++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    }
  code[n++] = (struct sock_filter) BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program.len = (unsigned short) n;
  return syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : -errno;
}

static gboolean
enter_filter (AditSandboxRole role, GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (ENOSYS));
  int result = filter == NULL ? -ENOMEM : 0;

  for (guint i = 0; result == 0 && allowed_calls[i] != NULL; i++)
    result = add_named (filter, SCMP_ACT_ALLOW, allowed_calls[i]);
  for (guint i = 0; result == 0 && role != ADIT_SANDBOX_IMPORT && connection_calls[i] != NULL; i++)
    result = add_named (filter, SCMP_ACT_ALLOW, connection_calls[i]);
  for (guint i = 0; result == 0 && i < G_N_ELEMENTS (soft_calls); i++)
    result = add_named (filter, SCMP_ACT_ERRNO (soft_calls[i].error), soft_calls[i].name);
  for (guint i = 0; absent_calls[i] != NULL; i++)
    note_named (seccomp_syscall_resolve_name (absent_calls[i]));
  for (guint i = 0; result == 0 && trapped_calls[i] != NULL; i++)
    result = add_named (filter, SCMP_ACT_TRAP, trapped_calls[i]);
  if (result == 0)
    result = add_conditional (filter);
  if (result == 0)
    result = enter_traps ();
  if (result == 0)
    result = seccomp_load (filter);
  if (filter != NULL)
    seccomp_release (filter);
  if (result != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "Could not load the system call filter: %s", g_strerror (-result));
  return result == 0;
}

static gboolean
set_limits (AditSandboxRole role, GError **error)
{
  rlim_t memory = role == ADIT_SANDBOX_IMPORT ? MAX_IMPORT_BYTES : MAX_MEMORY_BYTES;
  const struct { int resource; rlim_t value; gboolean wanted; } limits[] = {
    { RLIMIT_AS, memory, LIMIT_MEMORY }, { RLIMIT_FSIZE, MAX_FILE_BYTES, TRUE }, { RLIMIT_NOFILE, MAX_FILES, TRUE },
    { RLIMIT_NPROC, 0, TRUE }, { RLIMIT_CORE, 0, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      struct rlimit limit = { limits[i].value, limits[i].value };

      if (limits[i].wanted && setrlimit (limits[i].resource, &limit) != 0)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "Could not set a limit: %s", g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
enter_landlock (AditSandboxReport *report, GError **error)
{
  gboolean entered;
  int ruleset;

  report->landlock_abi = adit_landlock_get_abi ();
  if (report->landlock_abi == 0)
    return TRUE;
  ruleset = adit_landlock_new_ruleset (error);
  if (ruleset < 0)
    return FALSE;
  entered = adit_landlock_enter (ruleset, error);
  close (ruleset);
  return entered;
}

/**
 * adit_sandbox_enter:
 * @role: what the worker is for
 * @report: (out caller-allocates): which protections this kernel gave
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Shuts the doors for this process, for good.  It must have one thread, and must already have its final uid.
 *
 * Returns: whether every door that this kernel can shut is shut
 */
gboolean
adit_sandbox_enter (AditSandboxRole role, AditSandboxReport *report, GError **error)
{
  *report = (AditSandboxReport) { 0 };
  if (role != ADIT_SANDBOX_PROVIDER && role != ADIT_SANDBOX_OPENVPN && role != ADIT_SANDBOX_IMPORT && role != ADIT_SANDBOX_REPORT)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "There is no sandbox for role %d", role);
      return FALSE;
    }
  if (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "Could not give up privileges: %s", g_strerror (errno));
      return FALSE;
    }
  if (!set_limits (role, error) || !enter_landlock (report, error) || !enter_filter (role, error))
    return FALSE;
  report->seccomp = TRUE;
  return TRUE;
}

/**
 * adit_sandbox_get_landlock_abi:
 *
 * Returns: the version of Landlock that this kernel has; 0 for none, and then a worker is confined by the rest alone
 */
guint
adit_sandbox_get_landlock_abi (void)
{
  return (guint) adit_landlock_get_abi ();
}
