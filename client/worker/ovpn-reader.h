/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-reader.h: what the parts of the reader of OpenVPN's files share; nobody else includes it. */
#pragma once

#include "client/model/import-report.h"
#include "client/model/openvpn-words.h"
#include "client/worker/import-text.h"
#include "client/worker/ovpn-words.h"

G_BEGIN_DECLS

typedef struct _AditOvpnReader AditOvpnReader;
typedef struct _AditOvpnOption AditOvpnOption;

enum
{
  ADIT_OVPN_MANY = 1,          /* may be written more often, each time with another meaning */
  ADIT_OVPN_BLOCK = 2,         /* may be a block */
  ADIT_OVPN_CONNECTION = 4,    /* also counts inside <connection> */
  ADIT_OVPN_BEFORE = 8,        /* counts for blocks <connection> only behind it, so it may not stand behind one */
  ADIT_OVPN_LEAVE = 16,        /* left out, with a note */
  ADIT_OVPN_QUIET = 32,        /* left out, and nobody misses it */
  ADIT_OVPN_REFUSE = 64,       /* the file is refused */
};

struct _AditOvpnOption
{
  const char      *name;
  guint            flags;
  guint8           min_args, max_args;    /* of those that are read */
  void           (*take) (AditOvpnReader *self, const char *const *args, guint n_args);
  const char      *alias;                 /* two names of one thing: it may be written only once under either */
  AditOpenvpnNumber number;
  AditImportReason reason;                /* of those that are not read */
  const char      *sentence;              /* NULL: the reason's own */
};

/* Words that hold until the whole file is read. */
struct _AditOvpnReader
{
  AditOpenvpnProfile   *profile;
  AditImportReport     *report;
  const AditImportFile *files;
  guint                 n_files;
  guint                 line;
  const AditOvpnOption *option;
  GHashTable           *seen, *seen_in_connection;    /* name -> its words */
  GHashTable           *ignored;
  gboolean              in_connection, had_connection, had_remote;
  AditOpenvpnRemote     connection;
  gboolean              is_client, is_tls_client, is_pull, is_forward_compatible, is_optional;
  gboolean              has_odd_device, has_type;
  guint8                transport, family;            /* of remotes that have none of their own */
  guint16               port;
  guint8                cipher;
  gboolean              has_cipher_list, has_no_compression;
  const AditOvpnOption *proxy_option;                 /* that named the proxy, and where */
  guint                 proxy_line;
  gint8                 file_direction;               /* of tls-auth FILE DIRECTION; -2: none */
};

const AditOvpnOption *adit_ovpn_option_find (const char *name);

void adit_ovpn_refuse (AditOvpnReader *self, AditImportReason reason, const char *sentence);
void adit_ovpn_note   (AditOvpnReader *self, AditImportReason reason, const char *sentence);
gboolean adit_ovpn_parse_number (const char *text, guint64 max, guint64 *value);
void adit_ovpn_take_lines (AditOvpnReader *self, const AditImportLine *lines, guint n_lines);

/* ovpn-network.c */
void adit_ovpn_take_remote (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_random (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_proto (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_port (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_dev (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_dev_type (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_http_proxy (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_socks_proxy (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_dhcp_option (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_dns (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_route (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_block_ipv6 (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_pull_filter (AditOvpnReader *self, const char *const *args, guint n_args);
/* ovpn-numbers.c */
void adit_ovpn_take_number (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_reneg_sec (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_exit_notify (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_pair (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_keepalive (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_mssfix (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_fragment (AditOvpnReader *self, const char *const *args, guint n_args);
/* ovpn-crypto.c */
void adit_ovpn_take_cipher (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_data_ciphers (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_fallback (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_digest (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_tls_version_min (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_tls_ciphers (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_tls_suites (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_cert_profile (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_key_direction (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_server_name (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_server_certificate (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_extended_usage (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_usages (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_comp_lzo (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_compress (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_allow_compression (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_finish_crypto (AditOvpnReader *self);
/* ovpn-files.c */
void adit_ovpn_take_file (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_auth_user_pass (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_proxy_user_pass (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_challenge (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_proxy_file (AditOvpnReader *self, const char *name);
/* ovpn-read.c */
void adit_ovpn_take_role (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_mode (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_setenv (AditOvpnReader *self, const char *const *args, guint n_args);
void adit_ovpn_take_ignore (AditOvpnReader *self, const char *const *args, guint n_args);

G_END_DECLS
