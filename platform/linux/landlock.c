/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock.c: the three system calls, by number, because the C library has no wrappers and older headers lack the newer
 * rights. */
#include "platform/linux/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/landlock.h>
#include "client/base/error.h"

/* Rights by the ABI that brought them: linux/landlock.h of kernel 6.15, Documentation/userspace-api/landlock.rst. */
#define FS_ABI1    ((UINT64_C (1) << 13) - 1)    /* EXECUTE ... MAKE_SYM */
#define FS_ABI2    (UINT64_C (1) << 13)          /* REFER */
#define FS_ABI3    (UINT64_C (1) << 14)          /* TRUNCATE */
#define FS_ABI5    (UINT64_C (1) << 15)          /* IOCTL_DEV */
#define NET_ABI4   UINT64_C (3)                  /* BIND_TCP, CONNECT_TCP */
#define CONNECT_TCP UINT64_C (2)                 /* LANDLOCK_ACCESS_NET_CONNECT_TCP */
#define RULE_NET_PORT 2                          /* LANDLOCK_RULE_NET_PORT */
#define SCOPE_ABI6 UINT64_C (3)                  /* ABSTRACT_UNIX_SOCKET, SIGNAL */

/* struct landlock_ruleset_attr as ABI 6 has it; an older kernel takes a longer one whose unknown part is zero. */
typedef struct { guint64 fs, net, scoped; } RulesetAttr;

/**
 * adit_landlock_get_abi:
 *
 * Returns: the kernel's Landlock ABI, or 0 where it has none or it is switched off
 */
int
adit_landlock_get_abi (void)
{
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

  return abi > 0 ? (int) abi : 0;
}

/**
 * adit_landlock_new_ruleset:
 * @error: return location
 *
 * A ruleset that handles every right this kernel knows and so, without further rules, refuses them all.
 *
 * Returns: a descriptor (close on exec) that belongs to the caller, or -1
 */
int
adit_landlock_new_ruleset (GError **error)
{
  int abi = adit_landlock_get_abi ();
  RulesetAttr attr = { .fs = FS_ABI1 };
  long fd;

  if (abi >= 2)
    attr.fs |= FS_ABI2;
  if (abi >= 3)
    attr.fs |= FS_ABI3;
  if (abi >= 4)
    attr.net = NET_ABI4;
  if (abi >= 5)
    attr.fs |= FS_ABI5;
  if (abi >= 6)
    attr.scoped = SCOPE_ABI6;

  fd = syscall (SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
  if (fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not make a Landlock ruleset: %s", g_strerror (errno));
  return (int) fd;
}

/**
 * adit_landlock_allow:
 * @ruleset_fd: from adit_landlock_new_ruleset()
 * @path: a file or folder; one that does not exist is passed over
 * @access: what is given back for it and for what lies beneath
 * @error: return location
 *
 * Returns: whether the rule is there, or not needed
 */
gboolean
adit_landlock_allow (int ruleset_fd, const char *path, AditLandlockAccess access, GError **error)
{
  struct landlock_path_beneath_attr rule = { .allowed_access = access };
  struct stat status;
  long result;

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0 && errno == ENOENT)
    return TRUE;
  if (rule.parent_fd < 0 || fstat (rule.parent_fd, &status) != 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not open %s: %s", path, g_strerror (errno));
      if (rule.parent_fd >= 0)
        close (rule.parent_fd);
      return FALSE;
    }
  if (!S_ISDIR (status.st_mode))    /* the kernel refuses a folder's rights on a file */
    rule.allowed_access &= ~(guint64) ADIT_LANDLOCK_READ_DIR;
  if (adit_landlock_get_abi () < 5)    /* nor a right that it does not know */
    rule.allowed_access &= ~(guint64) ADIT_LANDLOCK_IOCTL;

  result = syscall (SYS_landlock_add_rule, ruleset_fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  if (result != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not add a Landlock rule for %s: %s", path, g_strerror (errno));
  close (rule.parent_fd);
  return result == 0;
}

/**
 * adit_landlock_allow_tcp:
 * @ruleset_fd: from adit_landlock_new_ruleset()
 * @port: to which streams may be opened, at any address
 * @error: return location
 *
 * Returns: whether the rule is there, or not needed because this kernel does not ask
 */
gboolean
adit_landlock_allow_tcp (int ruleset_fd, guint16 port, GError **error)
{
  const struct { guint64 access, port; } rule = { CONNECT_TCP, port };    /* struct landlock_net_port_attr */

  if (adit_landlock_get_abi () < 4 || syscall (SYS_landlock_add_rule, ruleset_fd, RULE_NET_PORT, &rule, 0) == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not add a Landlock rule for a port: %s", g_strerror (errno));
  return FALSE;
}

/**
 * adit_landlock_enter:
 * @ruleset_fd: from adit_landlock_new_ruleset()
 * @error: return location
 *
 * For this thread and what it starts, for good; needs `no_new_privs`.
 *
 * Returns: whether the ruleset is in force
 */
gboolean
adit_landlock_enter (int ruleset_fd, GError **error)
{
  if (syscall (SYS_landlock_restrict_self, ruleset_fd, 0) == 0)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "Could not enter the Landlock ruleset: %s", g_strerror (errno));
  return FALSE;
}
