/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-exit.h: real openvpn servers in the lab's namespace "ovpn", good ones and bad ones, and the files that lead to them. */
#pragma once

#include "tests/lab/lab.h"

G_BEGIN_DECLS

#define ADIT_LAB_OVPN_DIRECTORY "/run/lab-ovpn"
#define ADIT_LAB_OVPN_NAME      "server.lab.example"    /* in the certificate of an honest server */
#define ADIT_LAB_OVPN_RESOLVER  "10.65.0.1"             /* inside of every tunnel: ping and DNS */
#define ADIT_LAB_OVPN_UDP_PORT  1194
#define ADIT_LAB_OVPN_TCP_PORT  443

/* Who may come in; openvpn-verify.c knows them. */
#define ADIT_LAB_OVPN_USER      "lab"
#define ADIT_LAB_OVPN_PASSWORD  "battery staple"
#define ADIT_LAB_OVPN_CODE      "424242"         /* what these two are asked for besides: */
#define ADIT_LAB_OVPN_STATIC    "lab-static"     /* along with the password (SCRV1) */
#define ADIT_LAB_OVPN_DYNAMIC   "lab-dynamic"    /* by a refusal with a question (CRV1) */
#define ADIT_LAB_OVPN_EXPIRED   "lab-expired"    /* always refused, with a reason */
#define ADIT_LAB_OVPN_BUSY      "lab-busy"       /* always asked to come again later (TEMP) */

/* For AditLabOvpnServer's lines: a server that compresses, and tells its clients to. */
#define ADIT_LAB_OVPN_COMPRESSES "allow-compression yes\ncompress lz4\npush \"compress lz4\"\n"

typedef enum { ADIT_LAB_OVPN_UDP, ADIT_LAB_OVPN_TCP } AditLabOvpnTransport;

typedef enum
{
  ADIT_LAB_OVPN_TLS_CRYPT,
  ADIT_LAB_OVPN_TLS_AUTH,
  ADIT_LAB_OVPN_TLS_CRYPT_V2,
  ADIT_LAB_OVPN_PLAIN_TLS,
} AditLabOvpnWrap;

typedef enum
{
  ADIT_LAB_OVPN_BY_PASSWORD,
  ADIT_LAB_OVPN_BY_CERTIFICATE,
  ADIT_LAB_OVPN_BY_BOTH,
} AditLabOvpnProof;

/* With whose certificate the server comes. */
typedef enum
{
  ADIT_LAB_OVPN_IS_SERVER,      /* its own */
  ADIT_LAB_OVPN_IS_OTHER,       /* of another server of the same service: the name is wrong */
  ADIT_LAB_OVPN_IS_CUSTOMER,    /* a customer's, with the right name: only that it is not said to be for servers tells */
  ADIT_LAB_OVPN_IS_STRANGER,    /* with the right name, signed by itself */
} AditLabOvpnIdentity;

/* All zero is the service that nothing is wrong with: UDP 1194, tls-crypt, user and password. */
typedef struct
{
  AditLabOvpnTransport transport;
  guint16              port;    /* 0: the usual one of the transport */
  AditLabOvpnWrap      wrap;
  AditLabOvpnProof     proof;
  AditLabOvpnIdentity  identity;
  gboolean             is_ipv4_alone;    /* there is no IPv6 inside */
  gboolean             is_silent;    /* it pushes nothing of its own: no redirect-gateway, no DNS */
  const char *const   *pushes;       /* (nullable): what it pushes besides; ended by NULL */
  const char          *lines;        /* (nullable): more lines of its configuration */
} AditLabOvpnServer;

typedef struct _AditLabOvpn AditLabOvpn;

gboolean     adit_lab_make_ovpn         (const char *dns_server_program, GError **error);
AditLabOvpn *adit_lab_ovpn_new          (const AditLabOvpnServer *server, const char *verify_program, GError **error);
void         adit_lab_ovpn_free         (AditLabOvpn *self);
gboolean     adit_lab_ovpn_start        (AditLabOvpn *self, GError **error);
gboolean     adit_lab_ovpn_change       (AditLabOvpn *self, const AditLabOvpnServer *server, GError **error);
void         adit_lab_ovpn_stop         (AditLabOvpn *self, int signal_number);
char        *adit_lab_ovpn_ask          (AditLabOvpn *self, const char *command, GError **error);
guint        adit_lab_ovpn_dismiss      (AditLabOvpn *self, const char *message, GError **error);
char        *adit_lab_ovpn_dup_log      (AditLabOvpn *self);
GPid         adit_lab_ovpn_get_pid      (AditLabOvpn *self);
guint        adit_lab_ovpn_get_number   (AditLabOvpn *self);

/* openvpn-files.c */
gboolean     adit_lab_ovpn_make_keys    (GError **error);
char        *adit_lab_ovpn_dup_client   (const AditLabOvpnServer *server, const char *lines, GError **error);
gboolean     adit_lab_ovpn_write_client (const char *path, const AditLabOvpnServer *server, const char *lines, GError **error);
char        *adit_lab_ovpn_dup_server   (const AditLabOvpnServer *server, guint number, const char *verify_program);
guint16      adit_lab_ovpn_get_port     (const AditLabOvpnServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditLabOvpn, adit_lab_ovpn_free)

G_END_DECLS
