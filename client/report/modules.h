/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modules.h: which files this process is made of, listed ahead, because nothing may be asked of the loader in a crash. */
#pragma once

#include <glib.h>

#include "client/report/crash-note.h"

G_BEGIN_DECLS

typedef struct
{
  gsize           start, end;    /* where it lies */
  gsize           bias;          /* subtract it from an address to get the offset that the file counts */
  AditCrashModule as_noted;
} AditModule;

void              adit_modules_refresh (void);
const AditModule *adit_modules_find    (gsize address);

G_END_DECLS
