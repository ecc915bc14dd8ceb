/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look-up.h: a name's addresses, from the one resolver that the request allows: inside a tunnel by TCP, else by HTTPS. */
#pragma once

#include "client/worker/worker.h"

G_BEGIN_DECLS

gboolean adit_worker_look_up       (AditWorker *self, const AditEndpoint *resolver, const char *host, AditAddress *address,
                                    GError **error);
gboolean adit_worker_serve_look_up (AditWorker *self, GError **error);

G_END_DECLS
