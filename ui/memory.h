/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h: what the window remembers of how somebody connects and of what they want to hear, beside what the helper has set for
 * everybody on this computer. */
#pragma once

#include "client/model/choice.h"
#include "ui/tidings.h"

G_BEGIN_DECLS

#define ADIT_MEMORY_MAX_RECENT 5

/* All zero: automatic, by one server, nobody recent on disk, and everything is told. */
typedef struct
{
  gboolean      has_protocol;    /* else it is automatic */
  AditProtocol  protocol;
  gboolean      multihop;        /* in at one place, out at another */
  AditFavourite entry;           /* with @multihop; its service is "" where none was chosen yet */
  gboolean      keeps_recent;    /* on disk; else in memory alone */
  AditFavourite recent[ADIT_MEMORY_MAX_RECENT];    /* the last one first */
  guint         n_recent;
  AditHears     hears;
  gboolean      background;      /* it stays without a window, too */
} AditMemory;

void     adit_memory_load       (AditMemory *self, const char *path);
gboolean adit_memory_save       (const AditMemory *self, const char *path, GError **error);
void     adit_memory_add_recent (AditMemory *self, const char *service, const AditPlace *place);

G_END_DECLS
