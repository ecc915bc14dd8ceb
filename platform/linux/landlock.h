/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock.h: a ruleset of the strongest kind that the running kernel has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a rule may give back; the numbers are the kernel's (LANDLOCK_ACCESS_FS_EXECUTE, READ_FILE, READ_DIR). */
typedef enum
{
  ADIT_LANDLOCK_EXECUTE  = 1 << 0,
  ADIT_LANDLOCK_READ     = 1 << 2,
  ADIT_LANDLOCK_READ_DIR = 1 << 3,
} AditLandlockAccess;

int      adit_landlock_get_abi     (void);
int      adit_landlock_new_ruleset (GError **error);
gboolean adit_landlock_allow       (int ruleset_fd, const char *path, AditLandlockAccess access, GError **error);
gboolean adit_landlock_enter       (int ruleset_fd, GError **error);

G_END_DECLS
