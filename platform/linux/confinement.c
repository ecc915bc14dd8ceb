/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confinement.c: wireguard-go holds CAP_NET_ADMIN, because without it it cannot set its device's MTU or its sockets' mark.  With
 * that capability alone it could rewrite the firewall; this filter is what keeps the lock out of its reach.  openvpn holds
 * nothing, reads strangers' packets before it knows whose they are, and gets the same filter and less of the computer to see.
 *
 * The filter is a list of what is refused, since the Go runtime is not ours to list; it answers EPERM, so that a program which
 * merely tries goes on.  Arguments that the kernel reads as 32 bits are compared under a 32-bit mask, or by "greater than",
 * which a set upper half only makes truer. */
#include "platform/linux/confinement.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <sched.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include "client/base/error.h"
#include "platform/linux/landlock.h"

#define TUN_PATH           "/dev/net/tun"        /* Documentation/networking/tuntap.rst */
#define LOW_32_BITS        UINT64_C (0xffffffff)
#define SOCKET_TYPE_BITS   UINT64_C (0xf)        /* SOCK_TYPE_MASK: linux/net.h */
#define MAX_FILTER_BYTES   (4096 * sizeof (struct sock_filter))    /* BPF_MAXINSNS: linux/bpf_common.h */
#define FIRST_XTABLES_OPT  64                    /* IPT_BASE_CTL, IP6T_BASE_CTL, ARPT 96, EBT 128, IP_VS above: their headers */
#define LAST_IP6TABLES_OPT 65                    /* IP6T_SO_SET_ADD_COUNTERS; 66 and above are IPv6's own again */

/* What nobody who carries packets needs. */
static const char *const refused_calls[] = {
  "execve", "fork", "vfork", "unshare", "setns", "chroot", "pivot_root",
  "mount", "umount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
  "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "pidfd_open", "kcmp",
  /* io_uring opens sockets past us */
  "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
  "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
  "add_key", "request_key", "keyctl", "open_by_handle_at", "name_to_handle_at", "acct", "quotactl", "swapon", "swapoff",
  "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "personality",
  "iopl", "ioperm", "modify_ldt",
  NULL
};

/* To the bus, or to anyone; its packets go by sendto. */
static const char *const refused_to_wireguard[] = { "connect", NULL };

/* It opens its connections itself, and nobody opens one to it. */
static const char *const refused_to_openvpn[] = { "listen", "accept", "accept4", NULL };

static gboolean
refuse (scmp_filter_ctx filter, int call, guint n, const struct scmp_arg_cmp *compare, int *result)
{
  if (*result == 0)
    *result = seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), call, n, compare);
  return *result == 0;
}

static int
add_exec_rules (scmp_filter_ctx filter)
{
  int result = 0;

  /* Exec itself happens under this filter: on our number and on nothing with a name. */
  refuse (filter, SCMP_SYS (execveat), 1, &SCMP_A0 (SCMP_CMP_NE, ADIT_CONFINEMENT_EXEC_FD), &result);
  refuse (filter, SCMP_SYS (execveat), 1, &SCMP_A4 (SCMP_CMP_NE, AT_EMPTY_PATH), &result);
  /* Threads yes, processes no.  clone3 hides its flags behind a pointer; the C library falls back to clone on ENOSYS. */
  refuse (filter, SCMP_SYS (clone), 1, &SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0), &result);
  if (result == 0)
    result = seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0);
  return result;
}

/* Its device is its own (TUNSETOWNER), and an owner could take it away, which only root may. */
static int
add_device_rules (scmp_filter_ctx filter)
{
  static const unsigned long refused[] = { TUNSETPERSIST, TUNSETOWNER, TUNSETGROUP, TUNSETLINK };
  int result = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    refuse (filter, SCMP_SYS (ioctl), 1, &SCMP_A1 (SCMP_CMP_MASKED_EQ, LOW_32_BITS, refused[i]), &result);
  return result;
}

static int
add_socket_rules (scmp_filter_ctx filter, gboolean netlink)
{
  static const int inet[] = { AF_INET, AF_INET6 };
  int result = 0;

  for (guint family = 0; family < AF_MAX; family++)
    if (family != AF_INET && family != AF_INET6 && family != AF_UNIX && !(netlink && family == AF_NETLINK))
      refuse (filter, SCMP_SYS (socket), 1, &SCMP_A0 (SCMP_CMP_EQ, family), &result);
  refuse (filter, SCMP_SYS (socket), 1, &SCMP_A0 (SCMP_CMP_GE, AF_MAX), &result);

  /* Of netlink only the route family, whose link events wireguard-go reads. */
  if (netlink)
    {
      const struct scmp_arg_cmp compare[] = { SCMP_A0 (SCMP_CMP_EQ, AF_NETLINK), SCMP_A2 (SCMP_CMP_GT, NETLINK_ROUTE) };

      refuse (filter, SCMP_SYS (socket), G_N_ELEMENTS (compare), compare, &result);
    }

  /* Datagrams; streams too: Go's start-up asks with one whether a family exists, and openvpn may go by TCP.  Nothing raw. */
  for (guint i = 0; i < G_N_ELEMENTS (inet); i++)
    for (guint type = 0; type <= SOCKET_TYPE_BITS; type++)
      if (type != SOCK_DGRAM && type != SOCK_STREAM)
        {
          const struct scmp_arg_cmp compare[] = {
            SCMP_A0 (SCMP_CMP_EQ, inet[i]), SCMP_A1 (SCMP_CMP_MASKED_EQ, SOCKET_TYPE_BITS, type)
          };
          refuse (filter, SCMP_SYS (socket), G_N_ELEMENTS (compare), compare, &result);
        }

  /* The older packet filter is set through socket options of any IP socket. */
  {
    const struct scmp_arg_cmp ip4[] = {
      SCMP_A1 (SCMP_CMP_MASKED_EQ, LOW_32_BITS, IPPROTO_IP), SCMP_A2 (SCMP_CMP_GE, FIRST_XTABLES_OPT)
    };
    refuse (filter, SCMP_SYS (setsockopt), G_N_ELEMENTS (ip4), ip4, &result);
  }
  for (guint option = FIRST_XTABLES_OPT; option <= LAST_IP6TABLES_OPT; option++)
    {
      const struct scmp_arg_cmp ip6[] = {
        SCMP_A1 (SCMP_CMP_MASKED_EQ, LOW_32_BITS, IPPROTO_IPV6), SCMP_A2 (SCMP_CMP_MASKED_EQ, LOW_32_BITS, option)
      };
      refuse (filter, SCMP_SYS (setsockopt), G_N_ELEMENTS (ip6), ip6, &result);
    }
  return result;
}

/* libseccomp 2.5 can write its program to a descriptor only. */
static gboolean
export_filter (scmp_filter_ctx filter, struct sock_fprog *program, GError **error)
{
  int fd = memfd_create ("adit-filter", MFD_CLOEXEC);
  off_t length;
  int result;

  if (fd < 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "memfd_create: %s", g_strerror (errno));
      return FALSE;
    }
  result = seccomp_export_bpf (filter, fd);
  length = lseek (fd, 0, SEEK_END);
  if (result == 0 && length > 0 && (gsize) length <= MAX_FILTER_BYTES && length % sizeof (struct sock_filter) == 0)
    {
      program->filter = g_malloc (length);
      program->len = length / sizeof (struct sock_filter);
      if (pread (fd, program->filter, length, 0) == length)
        {
          close (fd);
          return TRUE;
        }
    }
  close (fd);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not export the system call filter: %s",
               g_strerror (result < 0 ? -result : EIO));
  return FALSE;
}

static int
refuse_calls (scmp_filter_ctx filter, const char *const *calls)
{
  int result = 0;

  for (guint i = 0; calls[i] != NULL; i++)
    {
      int call = seccomp_syscall_resolve_name (calls[i]);

      /* A call that this machine type never had cannot be made on it. */
      if (call != __NR_SCMP_ERROR && call >= 0)
        refuse (filter, call, 0, NULL, &result);
    }
  return result;
}

static gboolean
build_filter (AditConfinement confinement, struct sock_fprog *program, GError **error)
{
  gboolean is_openvpn = confinement == ADIT_CONFINEMENT_OPENVPN, built;
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int result = filter == NULL ? -ENOMEM : refuse_calls (filter, refused_calls);

  if (result == 0)
    result = refuse_calls (filter, is_openvpn ? refused_to_openvpn : refused_to_wireguard);
  if (result == 0)
    result = add_exec_rules (filter);
  if (result == 0)
    result = add_socket_rules (filter, !is_openvpn);
  if (result == 0 && is_openvpn)
    result = add_device_rules (filter);
  if (result != 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not build the system call filter: %s", g_strerror (-result));
      if (filter != NULL)
        seccomp_release (filter);
      return FALSE;
    }
  built = export_filter (filter, program, error);
  seccomp_release (filter);
  return built;
}

/* A kind's is always the same, and to reckon it takes longer than all else that a start needs of us: once, and it stays. */
static const struct sock_fprog *
get_filter (AditConfinement confinement, GError **error)
{
  static struct sock_fprog filters[ADIT_CONFINEMENT_OPENVPN + 1];
  struct sock_fprog built = { 0 };

  if (filters[confinement].len > 0)
    return &filters[confinement];
  if (!build_filter (confinement, &built, error))
    {
      g_free (built.filter);
      return NULL;
    }
  filters[confinement] = built;
  return &filters[confinement];
}

/* The dynamic linker that exec opens beside the program; Landlock asks for the right to execute it too. */
static char *
dup_interpreter (const char *path)
{
  g_autofree char *interpreter = NULL;
  ElfW (Ehdr) header;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    return NULL;
  if (pread (fd, &header, sizeof header, 0) == sizeof header && memcmp (header.e_ident, ELFMAG, SELFMAG) == 0 &&
      header.e_phentsize == sizeof (ElfW (Phdr)))
    for (guint i = 0; i < header.e_phnum && interpreter == NULL; i++)
      {
        ElfW (Phdr) segment;

        if (pread (fd, &segment, sizeof segment, header.e_phoff + i * sizeof segment) != sizeof segment)
          break;
        if (segment.p_type != PT_INTERP || segment.p_filesz < 2 || segment.p_filesz > PATH_MAX)
          continue;
        interpreter = g_malloc0 (segment.p_filesz + 1);
        if (pread (fd, interpreter, segment.p_filesz, segment.p_offset) != (gssize) segment.p_filesz)
          g_clear_pointer (&interpreter, g_free);
      }
  close (fd);
  return g_steal_pointer (&interpreter);
}

static gboolean
build_landlock (AditConfinementPlan *self, const char *program, GError **error)
{
  static const char *const readable[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", NULL };
  g_autofree char *interpreter = dup_interpreter (program);

  if (adit_landlock_get_abi () == 0)
    return TRUE;
  self->landlock_fd = adit_landlock_new_ruleset (error);
  if (self->landlock_fd < 0)
    return FALSE;
  for (guint i = 0; readable[i] != NULL; i++)
    if (!adit_landlock_allow (self->landlock_fd, readable[i], ADIT_LANDLOCK_READ | ADIT_LANDLOCK_READ_DIR, error))
      return FALSE;
  if (interpreter != NULL && !adit_landlock_allow (self->landlock_fd, interpreter, ADIT_LANDLOCK_EXECUTE | ADIT_LANDLOCK_READ,
                                                   error))
    return FALSE;
  return adit_landlock_allow (self->landlock_fd, program, ADIT_LANDLOCK_EXECUTE | ADIT_LANDLOCK_READ, error);
}

/* Of devices the one, and where it goes by TCP one port: who has taken it over then asks for no other, at whatever address. */
static gboolean
add_openvpn_landlock (AditConfinementPlan *self, guint16 tcp_port, GError **error)
{
  return self->landlock_fd < 0 ||
         (adit_landlock_allow (self->landlock_fd, TUN_PATH, ADIT_LANDLOCK_READ | ADIT_LANDLOCK_WRITE | ADIT_LANDLOCK_IOCTL,
                               error) &&
          (tcp_port == 0 || adit_landlock_allow_tcp (self->landlock_fd, tcp_port, error)));
}

/**
 * adit_confinement_plan_new:
 * @confinement: how much the child keeps
 * @program: what it will run
 * @tcp_port: of openvpn: the port that it may open a stream to, or 0
 * @error: return location
 *
 * The kinds differ in what the child cannot do by itself afterwards.  A worker enters its own, tighter sandbox as its first act
 * and needs nothing here.  Others are programs that we did not write.
 *
 * Returns: (transfer full): the plan
 */
AditConfinementPlan *
adit_confinement_plan_new (AditConfinement confinement, const char *program, guint16 tcp_port, GError **error)
{
  g_autoptr (AditConfinementPlan) self = g_new0 (AditConfinementPlan, 1);

  self->landlock_fd = -1;
  switch (confinement)
    {
    case ADIT_CONFINEMENT_WORKER:
      return g_steal_pointer (&self);

    case ADIT_CONFINEMENT_WIREGUARD:
      self->capabilities = UINT64_C (1) << CAP_NET_ADMIN;
      self->max_files = ADIT_CONFINEMENT_MAX_FILES;
      self->filter = get_filter (confinement, error);
      if (self->filter == NULL || !build_landlock (self, program, error))
        return NULL;
      return g_steal_pointer (&self);

    case ADIT_CONFINEMENT_OPENVPN:
      self->max_files = ADIT_CONFINEMENT_MAX_FILES;
      self->filter = get_filter (confinement, error);
      if (self->filter == NULL || !build_landlock (self, program, error) ||
          !add_openvpn_landlock (self, tcp_port, error))
        return NULL;
      return g_steal_pointer (&self);

    default:
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "No such confinement: %d", confinement);
      return NULL;
    }
}

/**
 * adit_confinement_plan_free:
 * @self: (transfer full): a plan
 */
void
adit_confinement_plan_free (AditConfinementPlan *self)
{
  if (self->landlock_fd >= 0)
    close (self->landlock_fd);
  g_free (self);
}
