/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel.h: one way of making a WireGuard device with its key and peer. */
#pragma once

#include <gio/gio.h>
#include "client/base/secret.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_TYPE_TUNNEL (adit_tunnel_get_type ())
G_DECLARE_INTERFACE (AditTunnel, adit_tunnel, ADIT, TUNNEL, GObject)

typedef struct
{
  gint64  handshake_age_ms;    /* since the peer last proved its key; -1 before the first time */
  guint64 received_bytes;
  guint64 sent_bytes;
} AditTunnelProgress;

/* Signal "lost" (const GError *reason): the device or the process behind it is gone without our doing. */
struct _AditTunnelInterface
{
  GTypeInterface parent;

  const char *(*get_name) (AditTunnel *self);    /* "wireguard-kernel", "wireguard-userspace" */
  gboolean    (*probe)    (AditTunnel *self, GError **error);
  /* Optional.  Starts what takes its time and needs neither key nor peer, so that it is ready when these are known. */
  gboolean    (*prepare) (AditTunnel *self);
  /* Device, key and peer; not yet addresses, routes or link up (platform/route.h).  What is there of an earlier one goes first.
   * Returns when the device takes packets. */
  void        (*start_async)  (AditTunnel *self, const AditTunnelSpec *spec, AditSecret *private_key, AditSecret *preshared_key,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*start_finish) (AditTunnel *self, GAsyncResult *result, GError **error);
  gboolean    (*read_progress) (AditTunnel *self, AditTunnelProgress *progress, GError **error);
  /* Removes the device and ends its process; idempotent, also after a crash of an earlier helper. */
  gboolean    (*stop) (AditTunnel *self, GError **error);
};

const char *adit_tunnel_get_name      (AditTunnel *self);
gboolean    adit_tunnel_probe         (AditTunnel *self, GError **error);
gboolean    adit_tunnel_prepare       (AditTunnel *self);
void        adit_tunnel_start_async   (AditTunnel *self, const AditTunnelSpec *spec, AditSecret *private_key,
                                       AditSecret *preshared_key, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean    adit_tunnel_start_finish  (AditTunnel *self, GAsyncResult *result, GError **error);
gboolean    adit_tunnel_read_progress (AditTunnel *self, AditTunnelProgress *progress, GError **error);
gboolean    adit_tunnel_stop          (AditTunnel *self, GError **error);
void        adit_tunnel_emit_lost     (AditTunnel *self, const GError *reason);

G_END_DECLS
