/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk.h: what an adapter wants from the network, done. */
#pragma once

#include "client/provider/provider.h"
#include "client/worker/worker.h"

G_BEGIN_DECLS

gboolean adit_worker_walk (AditWorker *worker, AditProviderTask *task, GError **error);

G_END_DECLS
