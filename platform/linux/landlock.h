/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock.h: a ruleset of the strongest kind that the running kernel has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a rule may give back; the numbers are the kernel's (LANDLOCK_ACCESS_FS_EXECUTE, WRITE_FILE, READ_FILE, READ_DIR,
 * IOCTL_DEV). */
typedef enum
{
  ADIT_LANDLOCK_EXECUTE  = 1 << 0,
  ADIT_LANDLOCK_WRITE    = 1 << 1,
  ADIT_LANDLOCK_READ     = 1 << 2,
  ADIT_LANDLOCK_READ_DIR = 1 << 3,
  ADIT_LANDLOCK_IOCTL    = 1 << 15,    /* of devices; kernels before ABI 5 do not ask for it */
} AditLandlockAccess;

int      adit_landlock_get_abi     (void);
int      adit_landlock_new_ruleset (GError **error);
gboolean adit_landlock_allow       (int ruleset_fd, const char *path, AditLandlockAccess access, GError **error);
gboolean adit_landlock_allow_tcp   (int ruleset_fd, guint16 port, GError **error);
gboolean adit_landlock_enter       (int ruleset_fd, GError **error);

G_END_DECLS
