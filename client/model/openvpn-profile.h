/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-profile.h: everything that Adit takes from an OpenVPN client's file, as values.  What has no field here cannot reach
 * openvpn. */
#pragma once

#include "client/base/secret.h"
#include "client/model/host.h"

G_BEGIN_DECLS

#define ADIT_OPENVPN_MAX_REMOTES          64     /* as OpenVPN made room for at once: options.h, CONNECTION_LIST_SIZE */
#define ADIT_OPENVPN_MAX_CIPHERS          9      /* of the ten that are any good so many fit into one list: */
#define ADIT_OPENVPN_CIPHERS_MAX_BYTES    124    /* of 127, three stay free: ssl_ncp.c, mutate_ncp_cipher_list() */
#define ADIT_OPENVPN_MAX_DNS              4      /* as ADIT_TUNNEL_MAX_DNS */
#define ADIT_OPENVPN_MAX_SEARCH           8
#define ADIT_OPENVPN_MAX_USAGES           8      /* bits of one extension: RFC 5280, 4.2.1.3 */
#define ADIT_OPENVPN_MAX_PEM_BYTES        65536  /* of one kind; a chain of sixteen certificates with 4096 bit keys has 35 KiB */
#define ADIT_OPENVPN_MAX_ALL_PEM_BYTES    196608 /* so that one file of ADIT_IMPORT_FILE_MAX_BYTES holds all kinds and the rest */
#define ADIT_OPENVPN_TEXT_MAX_BYTES       192    /* a parameter of OpenVPN has 255 with its quotes: options.h, OPTION_PARM_SIZE */
#define ADIT_OPENVPN_CREDENTIAL_MAX_BYTES 128    /* OpenVPN without PKCS#11 takes no more: misc.h, USER_PASS_LEN */
#define ADIT_OPENVPN_STATIC_KEY_BYTES     256    /* two keys of two halves: crypto.h, struct key2 */

typedef enum { ADIT_OPENVPN_UDP = 1, ADIT_OPENVPN_TCP } AditOpenvpnTransport;

/* Ciphers of the data channel with blocks of 128 bits or none; with 64 bits SWEET32 (CVE-2016-2183) holds. */
typedef enum
{
  ADIT_OPENVPN_CIPHER_NONE,
  ADIT_OPENVPN_AES_256_GCM, ADIT_OPENVPN_AES_192_GCM, ADIT_OPENVPN_AES_128_GCM, ADIT_OPENVPN_CHACHA20_POLY1305,
  ADIT_OPENVPN_AES_256_CBC, ADIT_OPENVPN_AES_192_CBC, ADIT_OPENVPN_AES_128_CBC,
  ADIT_OPENVPN_CAMELLIA_256_CBC, ADIT_OPENVPN_CAMELLIA_192_CBC, ADIT_OPENVPN_CAMELLIA_128_CBC,
  ADIT_OPENVPN_N_CIPHERS
} AditOpenvpnCipher;

typedef enum
{
  ADIT_OPENVPN_DIGEST_DEFAULT,    /* SHA1, as HMAC not broken */
  ADIT_OPENVPN_SHA1, ADIT_OPENVPN_SHA224, ADIT_OPENVPN_SHA256, ADIT_OPENVPN_SHA384, ADIT_OPENVPN_SHA512,
  ADIT_OPENVPN_N_DIGESTS
} AditOpenvpnDigest;

typedef enum
{
  ADIT_OPENVPN_PROFILE_DEFAULT, ADIT_OPENVPN_PROFILE_LEGACY, ADIT_OPENVPN_PROFILE_PREFERRED, ADIT_OPENVPN_PROFILE_SUITEB,
  ADIT_OPENVPN_N_CERT_PROFILES
} AditOpenvpnCertProfile;

typedef enum { ADIT_OPENVPN_NO_WRAP, ADIT_OPENVPN_TLS_AUTH, ADIT_OPENVPN_TLS_CRYPT, ADIT_OPENVPN_TLS_CRYPT_V2 } AditOpenvpnWrap;

/* Framing that the server expects.  Whatever it is, what we send is never compressed. */
typedef enum
{
  ADIT_OPENVPN_NO_COMPRESSION,
  ADIT_OPENVPN_COMP_LZO_NO, ADIT_OPENVPN_COMPRESS_STUB, ADIT_OPENVPN_COMPRESS_STUB_V2,
  ADIT_OPENVPN_COMP_LZO, ADIT_OPENVPN_COMPRESS_LZO, ADIT_OPENVPN_COMPRESS_LZ4, ADIT_OPENVPN_COMPRESS_LZ4_V2,    /* receive */
  ADIT_OPENVPN_N_COMPRESSIONS
} AditOpenvpnCompression;

typedef enum
{
  ADIT_OPENVPN_NO_NAME, ADIT_OPENVPN_SUBJECT, ADIT_OPENVPN_COMMON_NAME, ADIT_OPENVPN_NAME_PREFIX, ADIT_OPENVPN_N_NAME_TYPES
} AditOpenvpnNameType;

typedef enum { ADIT_OPENVPN_NO_PROXY, ADIT_OPENVPN_HTTP_PROXY, ADIT_OPENVPN_SOCKS_PROXY } AditOpenvpnProxy;

typedef enum { ADIT_OPENVPN_MTU_PLAIN, ADIT_OPENVPN_MTU_WHOLE, ADIT_OPENVPN_MTU_FIXED } AditOpenvpnMtuMode;

/* Options that are one number.  Their names and bounds are one table. */
typedef enum
{
  ADIT_OPENVPN_TUN_MTU, ADIT_OPENVPN_FRAGMENT, ADIT_OPENVPN_MSSFIX, ADIT_OPENVPN_PING, ADIT_OPENVPN_PING_RESTART,
  ADIT_OPENVPN_RENEG_SEC, ADIT_OPENVPN_RENEG_BYTES, ADIT_OPENVPN_RENEG_PKTS, ADIT_OPENVPN_HAND_WINDOW, ADIT_OPENVPN_TRAN_WINDOW,
  ADIT_OPENVPN_TLS_TIMEOUT, ADIT_OPENVPN_SERVER_POLL_TIMEOUT, ADIT_OPENVPN_EXIT_NOTIFY, ADIT_OPENVPN_SNDBUF, ADIT_OPENVPN_RCVBUF,
  ADIT_OPENVPN_CONNECT_RETRY, ADIT_OPENVPN_CONNECT_RETRY_MAX, ADIT_OPENVPN_REPLAY_WINDOW, ADIT_OPENVPN_REPLAY_TIME,
  ADIT_OPENVPN_N_NUMBERS
} AditOpenvpnNumber;

typedef struct
{
  AditHost host;
  guint8   transport;    /* AditOpenvpnTransport */
  guint8   family;       /* AditFamily; none: either */
} AditOpenvpnRemote;

typedef struct
{
  AditOpenvpnRemote remotes[ADIT_OPENVPN_MAX_REMOTES];
  guint       n_remotes;
  gboolean    remote_random;

  guint8      ciphers[ADIT_OPENVPN_MAX_CIPHERS];    /* AditOpenvpnCipher, the liked one first */
  guint       n_ciphers;
  guint8      fallback_cipher;                      /* for a server that does not negotiate; or none */
  guint8      digest;
  guint8      tls_minor_min;                        /* of TLS 1.x: 2 or 3 */
  guint8      cert_profile;
  char        tls_ciphers[ADIT_OPENVPN_TEXT_MAX_BYTES], tls_suites[ADIT_OPENVPN_TEXT_MAX_BYTES];    /* with colons; "": default */

  guint8      wrap;                /* AditOpenvpnWrap */
  gint8       key_direction;       /* 0, 1, or -1 for both ways */
  AditSecret *wrap_key;            /* 256 bytes; or for version 2, PEM */
  char       *ca, *certificate, *extra_certificates, *revoked;    /* PEM, or NULL */
  AditSecret *key;                 /* PEM, or NULL */
  gboolean    passphrase_needed;
  gboolean    credentials_needed;
  AditSecret *username, *password;    /* where the file has them */
  char        challenge[ADIT_OPENVPN_TEXT_MAX_BYTES];    /* what the person is asked beside the password; "": nothing */
  gboolean    challenge_echo;

  guint8      server_name_type;
  char        server_name[ADIT_OPENVPN_TEXT_MAX_BYTES];
  gboolean    server_certificate;     /* remote-cert-tls server */
  char        extended_usage[ADIT_OPENVPN_TEXT_MAX_BYTES];
  guint16     usages[ADIT_OPENVPN_MAX_USAGES];
  guint       n_usages;

  guint8      compression;
  gboolean    receive_compressed;     /* the server may compress what it sends */
  guint8      mssfix_mode, fragment_mode;
  guint32     numbers[ADIT_OPENVPN_N_NUMBERS];
  guint32     numbers_set;            /* a bit a number */

  guint8      proxy;                  /* AditOpenvpnProxy */
  AditHost    proxy_host;
  gboolean    proxy_credentials_needed;
  AditSecret *proxy_username, *proxy_password;

  AditAddress dns[ADIT_OPENVPN_MAX_DNS];
  guint       n_dns;
  char        search[ADIT_OPENVPN_MAX_SEARCH][ADIT_HOST_NAME_MAX_BYTES];
  guint       n_search;
  gboolean    block_ipv6;             /* the file wants none inside */
} AditOpenvpnProfile;

AditOpenvpnProfile *adit_openvpn_profile_new      (void);
void                adit_openvpn_profile_free     (AditOpenvpnProfile *self);
gboolean            adit_openvpn_profile_equal    (const AditOpenvpnProfile *a, const AditOpenvpnProfile *b);
gboolean            adit_openvpn_profile_is_valid (const AditOpenvpnProfile *self, GError **error);
gboolean            adit_openvpn_profile_add_cipher (AditOpenvpnProfile *self, AditOpenvpnCipher cipher);
gboolean            adit_openvpn_profile_get_number (const AditOpenvpnProfile *self, AditOpenvpnNumber number, guint32 *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditOpenvpnProfile, adit_openvpn_profile_free)

G_END_DECLS
