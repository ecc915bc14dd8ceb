/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-words.c: tables of the words that OpenVPN 2.6 reads; one spelling in, one spelling out. */
#include "client/model/openvpn-words.h"

#include <string.h>

static const struct { const char *name; gboolean aead; } ciphers[ADIT_OPENVPN_N_CIPHERS] = {
  [ADIT_OPENVPN_AES_256_GCM] = { "AES-256-GCM", TRUE },
  [ADIT_OPENVPN_AES_192_GCM] = { "AES-192-GCM", TRUE },
  [ADIT_OPENVPN_AES_128_GCM] = { "AES-128-GCM", TRUE },
  [ADIT_OPENVPN_CHACHA20_POLY1305] = { "CHACHA20-POLY1305", TRUE },
  [ADIT_OPENVPN_AES_256_CBC] = { "AES-256-CBC" },
  [ADIT_OPENVPN_AES_192_CBC] = { "AES-192-CBC" },
  [ADIT_OPENVPN_AES_128_CBC] = { "AES-128-CBC" },
  [ADIT_OPENVPN_CAMELLIA_256_CBC] = { "CAMELLIA-256-CBC" },
  [ADIT_OPENVPN_CAMELLIA_192_CBC] = { "CAMELLIA-192-CBC" },
  [ADIT_OPENVPN_CAMELLIA_128_CBC] = { "CAMELLIA-128-CBC" },
};

static const char *const digests[ADIT_OPENVPN_N_DIGESTS] = {
  [ADIT_OPENVPN_SHA1] = "SHA1", [ADIT_OPENVPN_SHA224] = "SHA224", [ADIT_OPENVPN_SHA256] = "SHA256",
  [ADIT_OPENVPN_SHA384] = "SHA384", [ADIT_OPENVPN_SHA512] = "SHA512",
};

static const char *const cert_profiles[ADIT_OPENVPN_N_CERT_PROFILES] = {
  [ADIT_OPENVPN_PROFILE_LEGACY] = "legacy", [ADIT_OPENVPN_PROFILE_PREFERRED] = "preferred",
  [ADIT_OPENVPN_PROFILE_SUITEB] = "suiteb",
};

static const char *const compressions[ADIT_OPENVPN_N_COMPRESSIONS] = {
  [ADIT_OPENVPN_COMP_LZO_NO] = "comp-lzo no", [ADIT_OPENVPN_COMPRESS_STUB] = "compress stub",
  [ADIT_OPENVPN_COMPRESS_STUB_V2] = "compress stub-v2",
  [ADIT_OPENVPN_COMP_LZO] = "comp-lzo yes", [ADIT_OPENVPN_COMPRESS_LZO] = "compress lzo",
  [ADIT_OPENVPN_COMPRESS_LZ4] = "compress lz4", [ADIT_OPENVPN_COMPRESS_LZ4_V2] = "compress lz4-v2",
};

static const char *const name_types[ADIT_OPENVPN_N_NAME_TYPES] = {
  [ADIT_OPENVPN_SUBJECT] = "subject", [ADIT_OPENVPN_COMMON_NAME] = "name", [ADIT_OPENVPN_NAME_PREFIX] = "name-prefix",
};

/* Bounds are OpenVPN's own where it has some.  It reads all of these as an int, and takes what is negative or none for 0; so an
 * hour or a day stands where it would take anything. */
#define HOUR_S 3600
#define WEEK_S 604800
static const struct { const char *name; guint32 min, max; } numbers[ADIT_OPENVPN_N_NUMBERS] = {
  [ADIT_OPENVPN_TUN_MTU] = { "tun-mtu", 576, 9000 },            /* RFC 791, section 3.1; ADIT_TUNNEL_MTU_MAX_BYTES */
  [ADIT_OPENVPN_FRAGMENT] = { "fragment", 68, 9000 },           /* OpenVPN's manual: at least 68 (RFC 791, section 3.2) */
  [ADIT_OPENVPN_MSSFIX] = { "mssfix", 0, 9000 },                /* 0 switches it off */
  [ADIT_OPENVPN_PING] = { "ping", 1, HOUR_S },
  [ADIT_OPENVPN_PING_RESTART] = { "ping-restart", 0, HOUR_S },  /* 0: never */
  [ADIT_OPENVPN_RENEG_SEC] = { "reneg-sec", 0, WEEK_S },        /* 0: when the server wants to; the manual's own example */
  [ADIT_OPENVPN_RENEG_BYTES] = { "reneg-bytes", 0, G_MAXINT32 },
  [ADIT_OPENVPN_RENEG_PKTS] = { "reneg-pkts", 0, G_MAXINT32 },
  [ADIT_OPENVPN_HAND_WINDOW] = { "hand-window", 1, HOUR_S },
  [ADIT_OPENVPN_TRAN_WINDOW] = { "tran-window", 1, 24 * HOUR_S },
  [ADIT_OPENVPN_TLS_TIMEOUT] = { "tls-timeout", 1, 60 },        /* then a lost packet is sent again */
  [ADIT_OPENVPN_SERVER_POLL_TIMEOUT] = { "server-poll-timeout", 1, HOUR_S },
  [ADIT_OPENVPN_EXIT_NOTIFY] = { "explicit-exit-notify", 1, 5 },    /* a second each, at disconnect */
  [ADIT_OPENVPN_SNDBUF] = { "sndbuf", 0, 16777216 },            /* 0: the system's; a second at 128 Mbit/s */
  [ADIT_OPENVPN_RCVBUF] = { "rcvbuf", 0, 16777216 },
  [ADIT_OPENVPN_CONNECT_RETRY] = { "connect-retry", 1, HOUR_S },
  [ADIT_OPENVPN_CONNECT_RETRY_MAX] = { NULL, 1, HOUR_S },       /* connect-retry's second */
  [ADIT_OPENVPN_REPLAY_WINDOW] = { "replay-window", 1, 65536 }, /* packet_id.h, MAX_SEQ_BACKTRACK; 0 would switch it off */
  [ADIT_OPENVPN_REPLAY_TIME] = { NULL, 1, 600 },                /* replay-window's second: MAX_TIME_BACKTRACK */
};

/**
 * adit_openvpn_cipher_get_name:
 * @cipher: a cipher
 *
 * Returns: (transfer none) (nullable): its name
 */
const char *
adit_openvpn_cipher_get_name (AditOpenvpnCipher cipher)
{
  return cipher < ADIT_OPENVPN_N_CIPHERS ? ciphers[cipher].name : NULL;
}

/**
 * adit_openvpn_cipher_find:
 * @name: a name, in any case, as OpenVPN reads it
 *
 * Returns: the cipher, or %ADIT_OPENVPN_CIPHER_NONE
 */
AditOpenvpnCipher
adit_openvpn_cipher_find (const char *name)
{
  for (AditOpenvpnCipher i = 1; i < ADIT_OPENVPN_N_CIPHERS; i++)
    if (g_ascii_strcasecmp (ciphers[i].name, name) == 0)
      return i;
  return ADIT_OPENVPN_CIPHER_NONE;
}

/**
 * adit_openvpn_cipher_is_aead:
 * @cipher: a cipher
 *
 * Returns: whether it proves by itself that nothing was changed
 */
gboolean
adit_openvpn_cipher_is_aead (AditOpenvpnCipher cipher)
{
  return cipher < ADIT_OPENVPN_N_CIPHERS && ciphers[cipher].aead;
}

/**
 * adit_openvpn_digest_get_name:
 * @digest: a digest
 *
 * Returns: (transfer none) (nullable): its name; %NULL for the default
 */
const char *
adit_openvpn_digest_get_name (AditOpenvpnDigest digest)
{
  return digest < ADIT_OPENVPN_N_DIGESTS ? digests[digest] : NULL;
}

/**
 * adit_openvpn_cert_profile_get_name:
 * @profile: which signatures are good enough
 *
 * Returns: (transfer none) (nullable): its name; %NULL for the default
 */
const char *
adit_openvpn_cert_profile_get_name (AditOpenvpnCertProfile profile)
{
  return profile < ADIT_OPENVPN_N_CERT_PROFILES ? cert_profiles[profile] : NULL;
}

/**
 * adit_openvpn_compression_get_text:
 * @compression: a framing
 *
 * Returns: (transfer none) (nullable): the line that asks for it; %NULL for none
 */
const char *
adit_openvpn_compression_get_text (AditOpenvpnCompression compression)
{
  return compression < ADIT_OPENVPN_N_COMPRESSIONS ? compressions[compression] : NULL;
}

/**
 * adit_openvpn_name_type_get_name:
 * @type: what of the server's certificate is compared
 *
 * Returns: (transfer none) (nullable): its name
 */
const char *
adit_openvpn_name_type_get_name (AditOpenvpnNameType type)
{
  return type < ADIT_OPENVPN_N_NAME_TYPES ? name_types[type] : NULL;
}

/**
 * adit_openvpn_number_get_name:
 * @number: which option
 *
 * Returns: (transfer none) (nullable): its name; %NULL for the second number of another
 */
const char *
adit_openvpn_number_get_name (AditOpenvpnNumber number)
{
  return number < ADIT_OPENVPN_N_NUMBERS ? numbers[number].name : NULL;
}

/**
 * adit_openvpn_number_fits:
 * @number: which option
 * @value: what it would be
 *
 * Returns: whether it is within bounds
 */
gboolean
adit_openvpn_number_fits (AditOpenvpnNumber number, guint64 value)
{
  return number < ADIT_OPENVPN_N_NUMBERS && value >= numbers[number].min && value <= numbers[number].max;
}

/* TLS 1.3's suites: RFC 8446, B.4. */
static const char *const suites[] = {
  "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256", NULL,
};

/* Suites that encrypt nothing, ask for no certificate, or are broken.  Security levels and lists begin otherwise. */
static gboolean
cipher_is_good (const char *name)
{
  static const char *const bad[] = { "NULL", "ANON", "EXPORT", "RC4", "RC2", "DES", "MD5", "PSK", "SRP" };

  if (!g_str_has_prefix (name, "TLS-") || strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != strlen (name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (strstr (name, bad[i]) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
suite_is_good (const char *name)
{
  return g_strv_contains (suites, name);
}

static gboolean
list_is_valid (const char *list, gboolean (*is_good) (const char *name))
{
  g_auto (GStrv) names = g_strsplit (list, ":", -1);

  if (strlen (list) >= ADIT_OPENVPN_TEXT_MAX_BYTES)
    return FALSE;
  for (gsize i = 0; names[i] != NULL; i++)
    if (!is_good (names[i]))
      return FALSE;
  return names[0] != NULL;
}

/**
 * adit_openvpn_tls_ciphers_are_valid:
 * @list: names with colons between
 *
 * Returns: whether each is a suite of TLS 1.2 by its IANA name as OpenVPN spells it, and good
 */
gboolean
adit_openvpn_tls_ciphers_are_valid (const char *list)
{
  return list_is_valid (list, cipher_is_good);
}

/**
 * adit_openvpn_tls_suites_are_valid:
 * @list: names with colons between
 *
 * Returns: whether each is a suite of TLS 1.3
 */
gboolean
adit_openvpn_tls_suites_are_valid (const char *list)
{
  return list_is_valid (list, suite_is_good);
}

/**
 * adit_openvpn_text_is_plain:
 * @text: text for a parameter between double quotes
 * @ascii: whether it must be ASCII
 *
 * Returns: whether OpenVPN reads it between double quotes as it stands, and a terminal and a person, too
 */
gboolean
adit_openvpn_text_is_plain (const char *text, gboolean ascii)
{
  if (!g_utf8_validate (text, -1, NULL) || text[0] == '\0')
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (letter == '"' || letter == '\\' || (ascii && letter > 0x7e) || !g_unichar_isprint (letter))
        return FALSE;
      if (letter > 0x7e && g_unichar_isspace (letter))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_openvpn_credential_is_plain:
 * @text: a user's name or password
 * @length: of it
 *
 * What would end a block, or has blanks around it, could not be read again.
 *
 * Returns: whether it can stand in a line of its own inside a block
 */
gboolean
adit_openvpn_credential_is_plain (const char *text, gsize length)
{
  if (length == 0 || length >= ADIT_OPENVPN_CREDENTIAL_MAX_BYTES || !g_utf8_validate (text, (gssize) length, NULL) ||
      g_str_has_prefix (text, "</") || strchr (" \t", text[0]) != NULL || strchr (" \t", text[length - 1]) != NULL)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (((guint8) text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
      return FALSE;
  return TRUE;
}
