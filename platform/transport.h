/* SPDX-License-Identifier: GPL-2.0-or-later */
/* transport.h: opens the one kind of connection that a worker is lent: TCP, already connected, marked when it goes outside. */
#pragma once

#include <gio/gio.h>
#include "client/model/address.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_WAY_INSIDE = 0,    /* no mark: goes where every program's packets go (through the tunnel, or nowhere) */
  ADIT_WAY_OUTSIDE,       /* our mark: passes the lock to the API addresses, by the main table */
} AditTransportWay;

/* Asynchronous connect; the result is a descriptor that belongs to the caller, or -1 with %ADIT_ERROR_SERVICE_UNREACHABLE. */
void adit_transport_connect_async  (const AditEndpoint *endpoint, AditTransportWay way, guint timeout_ms,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
int  adit_transport_connect_finish (GAsyncResult *result, GError **error);

/* Whether it is one of this computer's own.  Nothing is sent. */
gboolean adit_transport_is_own  (const AditAddress *address);

/* Whether this computer has a way outside for packets of that family, beside the tunnel.  Nothing is sent. */
gboolean adit_transport_has_way (AditFamily family);

G_END_DECLS
