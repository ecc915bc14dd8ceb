/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-traces.h: whether the lock is on, as anybody can see it while no helper runs who could be asked. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_CONFIGURATION_DIRECTORY "/etc/adit"

typedef enum
{
  ADIT_LOCK_TRACE_NONE = 0,    /* nothing speaks for a lock */
  ADIT_LOCK_TRACE_LIKELY,
  ADIT_LOCK_TRACE_SURE,
} AditLockTrace;

AditLockTrace adit_lock_trace_find (const char *folder, const char *last_lock);

G_END_DECLS
