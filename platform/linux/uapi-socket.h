/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uapi-socket.h: the socket that wireguard-go listens on: made by us, passed to it, and spoken to by us alone. */
#pragma once

#include <gio/gio.h>
#include "client/base/secret.h"

G_BEGIN_DECLS

int      adit_uapi_socket_listen   (const char *device, gid_t group, GError **error);
void     adit_uapi_socket_remove   (const char *device);
void     adit_uapi_exchange_async  (const char *device, AditSecret *request, guint timeout_ms,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_uapi_exchange_finish (GAsyncResult *result, GError **error);
char    *adit_uapi_ask             (const char *device, const void *request, gsize request_bytes, guint timeout_ms, gsize *length,
                                    GError **error);

G_END_DECLS
