/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-private.h: what mirror.c keeps and mirror-calls.c changes. */
#pragma once

#include "ui/mirror.h"

G_BEGIN_DECLS

struct _AditMirror
{
  GObject          parent_instance;
  GCancellable    *cancellable;
  AditClient      *client;       /* (nullable): once there is a bus */
  GNetworkMonitor *network;      /* (nullable): GIO's own */
  AditPresence     presence;
  gboolean         asking;       /* for the bus, or for a first status */
  GError          *absence, *failure;
  GPtrArray       *accounts;     /* (nullable) (element-type AditAccountRow) */
  AditServerList  *list;
  char             list_service[16];
  AditPlace        place;
};

void adit_mirror_tell      (AditMirror *self);
void adit_mirror_take_list (AditMirror *self, AditServerList *list);

G_END_DECLS
