/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uapi.h: WireGuard's cross-platform userspace configuration protocol, as text and nothing else: no socket here. */
#pragma once

#include "platform/linux/wg-progress.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

#define ADIT_UAPI_MAX_ANSWER_BYTES 32768    /* eight peers with 256 allowed IPs among them take 18 kB */
#define ADIT_UAPI_GET "get=1\n\n"

typedef struct
{
  guint32 fwmark;
  guint16 listen_port;                  /* host byte order */
  guint   n_peers;
  AditWgPeerStatus peers[ADIT_TUNNEL_MAX_PEERS];
} AditUapiStatus;

AditSecret *adit_uapi_new_set_request  (const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, guint32 fwmark,
                                        GError **error);
gboolean    adit_uapi_is_complete      (const char *answer, gsize length);
gboolean    adit_uapi_check_set_answer (const char *answer, gsize length, GError **error);
gboolean    adit_uapi_parse_get_answer (const char *answer, gsize length, AditUapiStatus *status, GError **error);

G_END_DECLS
