/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel.h: one way of making a tunnel's device with a peer behind it. */
#pragma once

#include <gio/gio.h>
#include "client/base/secret.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_TYPE_TUNNEL (adit_tunnel_get_type ())
G_DECLARE_INTERFACE (AditTunnel, adit_tunnel, ADIT, TUNNEL, GObject)

/* What a tunnel is made with and nobody may see; what a kind does not need is %NULL. */
typedef struct
{
  AditSecret *private_key;      /* WireGuard: ADIT_WG_KEY_BYTES */
  AditSecret *preshared_key;    /* WireGuard: (nullable): what the service adds to the handshake, ADIT_WG_KEY_BYTES */
  AditSecret *more_preshared_keys[ADIT_TUNNEL_MAX_PEERS - 1];    /* WireGuard: (nullable): the same of the other peers */
  AditSecret *profile;          /* OpenVPN: the clean file, which only its worker reads */
  AditSecret *username;         /* OpenVPN: (nullable) */
  AditSecret *password;         /* OpenVPN: (nullable) */
  AditSecret *passphrase;       /* OpenVPN: (nullable): of the key in the file */
  AditSecret *answer;           /* OpenVPN: (nullable): to what the server asks beside the password */
  AditSecret *question;         /* OpenVPN: (nullable): what came with a question of its own, and goes back with the answer */
  AditSecret *proxy_username;   /* OpenVPN: (nullable) */
  AditSecret *proxy_password;   /* OpenVPN: (nullable) */
  AditSecret *token;            /* OpenVPN: (nullable): what the server gave in exchange for password and answer */
  guint       remote;           /* OpenVPN: which server of the profile the peer is */
} AditTunnelSecrets;

void adit_tunnel_secrets_clear (AditTunnelSecrets *self);
void adit_tunnel_secrets_copy  (AditTunnelSecrets *to, const AditTunnelSecrets *from);
AditSecret *adit_tunnel_secrets_get_preshared_key (const AditTunnelSecrets *self, guint n);
gboolean adit_tunnel_secrets_are_of_wireguard (const AditTunnelSecrets *self, GError **error);

typedef struct
{
  gint64  handshake_age_ms;    /* since the peer last proved itself; -1 before the first time */
  guint64 received_bytes;
  guint64 sent_bytes;
  guint64 others_received_bytes;    /* of several peers those on which nothing hangs */
  guint64 others_sent_bytes;
} AditTunnelProgress;

/* Signal "lost" (const GError *reason): the device or the process behind it is gone without our doing. */
struct _AditTunnelInterface
{
  GTypeInterface parent;

  const char *(*get_name) (AditTunnel *self);    /* "wireguard-kernel", "wireguard-userspace", "openvpn" */
  AditTunnelKind (*get_kind) (AditTunnel *self);    /* optional: WireGuard */
  gboolean    (*probe)    (AditTunnel *self, GError **error);
  /* Optional.  Starts what takes its time and needs neither key nor peer, so that it is ready when these are known. */
  gboolean    (*prepare) (AditTunnel *self);
  /* Optional.  What it is going to be started with, told before the lock: for what reads and reckons, and does nothing else. */
  void        (*brief) (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets);
  /* Device, key and peer; not yet addresses, routes or link up (platform/route.h).  What is there of an earlier one goes first.
   * Returns when the device takes packets. */
  void        (*start_async)  (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*start_finish) (AditTunnel *self, GAsyncResult *result, GError **error);
  /* Optional.  Writes what the far end has assigned, if it does: addresses, what goes inside, resolvers, MTU. */
  gboolean    (*complete) (AditTunnel *self, AditTunnelSpec *spec);
  /* Optional.  How long the far end wants to be left alone before the next try. */
  guint       (*get_pause_s) (AditTunnel *self);
  gboolean    (*read_progress) (AditTunnel *self, AditTunnelProgress *progress, GError **error);
  /* Optional, for where reading the progress wakes somebody: how many packets went in and out so far; 0: not known. */
  guint64     (*count_packets) (AditTunnel *self);
  /* Optional.  Has the peers prove their keys again: what was agreed on with them is forgotten, so that the next packet inside
   * begins with a handshake.  Keys, addresses and the device stay. */
  gboolean    (*renew) (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error);
  /* Optional.  Tells the far end that it is over, while packets still get there; waits for that, a third of a second at the most.
   * The device stays until it is stopped. */
  void        (*leave) (AditTunnel *self);
  /* Removes the device and ends its process; idempotent, also after a crash of an earlier helper. */
  gboolean    (*stop) (AditTunnel *self, GError **error);
};

const char *adit_tunnel_get_name      (AditTunnel *self);
gboolean    adit_tunnel_probe         (AditTunnel *self, GError **error);
gboolean    adit_tunnel_prepare       (AditTunnel *self);
void        adit_tunnel_brief         (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets);
AditTunnelKind adit_tunnel_get_kind   (AditTunnel *self);
void        adit_tunnel_start_async   (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean    adit_tunnel_start_finish  (AditTunnel *self, GAsyncResult *result, GError **error);
gboolean    adit_tunnel_complete      (AditTunnel *self, AditTunnelSpec *spec);
guint       adit_tunnel_get_pause_s   (AditTunnel *self);
gboolean    adit_tunnel_read_progress (AditTunnel *self, AditTunnelProgress *progress, GError **error);
guint64     adit_tunnel_count_packets (AditTunnel *self);
gboolean    adit_tunnel_renew         (AditTunnel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                                       GError **error);
void        adit_tunnel_leave         (AditTunnel *self);
gboolean    adit_tunnel_stop          (AditTunnel *self, GError **error);
void        adit_tunnel_emit_lost     (AditTunnel *self, const GError *reason);

G_END_DECLS
