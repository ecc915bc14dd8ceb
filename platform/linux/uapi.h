/* SPDX-License-Identifier: GPL-2.0-or-later */
/* uapi.h: WireGuard's cross-platform userspace configuration protocol, as text and nothing else: no socket here. */
#pragma once

#include "client/base/secret.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_UAPI_MAX_ANSWER_BYTES 16384    /* one peer with eight allowed IPs takes less than 2 kB */
#define ADIT_UAPI_GET "get=1\n\n"

typedef struct
{
  guint32 fwmark;
  guint16 listen_port;                  /* host byte order */
  guint   n_peers;                      /* 0 or 1 */
  guint8  peer_key[ADIT_WG_KEY_BYTES];
  gint64  handshake_s, handshake_ns;    /* since the epoch; both zero before the first */
  guint64 received_bytes, sent_bytes;
} AditUapiStatus;

AditSecret *adit_uapi_new_set_request  (const AditTunnelSpec *spec, AditSecret *private_key, AditSecret *preshared_key,
                                        guint32 fwmark, GError **error);
gboolean    adit_uapi_is_complete      (const char *answer, gsize length);
gboolean    adit_uapi_check_set_answer (const char *answer, gsize length, GError **error);
gboolean    adit_uapi_parse_get_answer (const char *answer, gsize length, AditUapiStatus *status, GError **error);

G_END_DECLS
