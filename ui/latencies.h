/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latencies.h: how long a packet takes to the cities of a list and back, as somebody had it measured. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

typedef struct _AditLatencies AditLatencies;

AditLatencies *adit_latencies_new   (AditServerList *servers, const char *lines);
AditLatencies *adit_latencies_ref   (AditLatencies *self);
void           adit_latencies_unref (AditLatencies *self);

guint  adit_latencies_get_n_known  (AditLatencies *self);
guint  adit_latencies_get_city     (AditLatencies *self, guint position);
gint   adit_latencies_get_city_ms  (AditLatencies *self, guint city);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLatencies, adit_latencies_unref)

G_END_DECLS
