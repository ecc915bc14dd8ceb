/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look-up.h: a name's address, from the one resolver that the request allows. */
#pragma once

#include "client/worker/worker.h"

G_BEGIN_DECLS

gboolean adit_worker_look_up (AditWorker *self, const AditEndpoint *resolver, const char *host, AditAddress *address,
                              GError **error);

G_END_DECLS
