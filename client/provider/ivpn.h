/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn.h: what the files of IVPN's adapter know of each other. */
#pragma once

#include "client/provider/json.h"
#include "client/provider/provider.h"

G_BEGIN_DECLS

#define ADIT_IVPN_SERVERS_MAX_BYTES (16 * 1024 * 1024)    /* 88 servers are below 80 KiB; 20,000 have 15 MiB */
#define ADIT_IVPN_DNS               "172.16.0.1"         /* inside each tunnel of WireGuard; each host's local_ip says so */
/* Inside, IPv6 is this prefix and then the IPv4 address.  Each host names it in its ipv6.local_ip, and the account's calls do
 * not: a host that names another one is taken as one without IPv6. */
#define ADIT_IVPN_IPV6_PREFIX       "fd00:4956:504e:ffff::"

/* ivpn-request.c */
AditSecret *adit_ivpn_read_account    (AditSecret *typed, GError **error);
AditSecret *adit_ivpn_write_log_in    (AditSecret *account, const AditProviderRequest *request, GError **error);
AditSecret *adit_ivpn_write_token     (AditSecret *token, GError **error);
AditSecret *adit_ivpn_write_key       (AditSecret *token, const guint8 *public_key, const guint8 *connected_key, GError **error);

/* ivpn-answer.c */
gboolean    adit_ivpn_refuse          (AditJson *root, gint64 status, GError **error);
gboolean    adit_ivpn_read_question   (AditJson *root, AditQuestionKind kind, gboolean was_wrong, AditProviderQuestion *question,
                                       GError **error);
gboolean    adit_ivpn_read_plan       (AditJson *root, AditProviderResult *result, GError **error);
gboolean    adit_ivpn_read_address    (AditJson *object, AditProviderResult *result, GError **error);
AditSecret *adit_ivpn_read_secret     (AditJson *root, const char *field, gsize max_bytes, gboolean is_header, GError **error);

/* ivpn-config.c and ivpn-servers.c */
gboolean    adit_ivpn_read_head       (AditJson *config, AditServerListHead *head, GError **error);
GBytes     *adit_ivpn_read_servers    (const void *bytes, gsize length, const char *etag, gint64 now_s, AditProviderApi *api,
                                       GError **error);

/* ivpn-profile.c */
AditOpenvpnProfile *adit_ivpn_make_profile (const AditTunnelSpec *spec);

G_END_DECLS
