/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-crypto.c: the options of an OpenVPN file that say how it is encrypted and who is believed. */
#include "config.h"
#include "client/worker/ovpn-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WEAK   N_("This cipher is too weak for what goes through a tunnel; another one is used.")
#define NAKED  N_("This would send everything without encryption.")
#define LIST   N_("There is something else in this list than good ciphers of TLS by their full names.")
#define BARE   N_("What this computer sends is not compressed; its size would tell what is in it.")
#define NAMES  N_("A name is ASCII between quotes, without quotes or backslashes in it.")

static gboolean
is_none (const char *name)
{
  return g_ascii_strcasecmp (name, "none") == 0 || g_ascii_strcasecmp (name, "null") == 0;
}

/* None where it is refused, or too weak. */
static AditOpenvpnCipher
parse_cipher (AditOvpnReader *self, const char *name)
{
  AditOpenvpnCipher cipher = adit_openvpn_cipher_find (name);

  if (is_none (name))
    adit_ovpn_refuse (self, ADIT_IMPORT_DANGEROUS, NAKED);
  else if (cipher == ADIT_OPENVPN_CIPHER_NONE)
    adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, WEAK);
  return cipher;
}

void
adit_ovpn_take_cipher (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->cipher = (guint8) parse_cipher (self, args[0]);
}

/* A:B:?C; a question mark stands before one that this computer's OpenVPN need not know.  What is too long for OpenVPN although
 * each is in it once, it would not take from the file either. */
void
adit_ovpn_take_data_ciphers (AditOvpnReader *self, const char *const *args, guint n_args)
{
  g_auto (GStrv) names = g_strsplit (args[0], ":", -1);
  gboolean fits = TRUE;

  self->has_cipher_list = TRUE;
  for (gsize i = 0; names[i] != NULL; i++)
    {
      AditOpenvpnCipher cipher = parse_cipher (self, names[i] + (names[i][0] == '?'));

      if (cipher != ADIT_OPENVPN_CIPHER_NONE)
        fits &= adit_openvpn_profile_add_cipher (self->profile, cipher);
    }
  if (!fits)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
  if (self->profile->n_ciphers == 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_DANGEROUS, N_("There is no cipher in this list that is good enough."));
}

void
adit_ovpn_take_fallback (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->profile->fallback_cipher = (guint8) parse_cipher (self, args[0]);
}

void
adit_ovpn_take_digest (AditOvpnReader *self, const char *const *args, guint n_args)
{
  for (AditOpenvpnDigest i = 1; i < ADIT_OPENVPN_N_DIGESTS; i++)
    if (g_ascii_strcasecmp (adit_openvpn_digest_get_name (i), args[0]) == 0)
      {
        self->profile->digest = (guint8) i;
        return;
      }
  adit_ovpn_refuse (self, is_none (args[0]) ? ADIT_IMPORT_DANGEROUS : ADIT_IMPORT_UNSUPPORTED,
                    N_("Packets are proved with SHA1, SHA224, SHA256, SHA384 or SHA512."));
}

/* tls-version-min 1.2 [or-highest] */
void
adit_ovpn_take_tls_version_min (AditOvpnReader *self, const char *const *args, guint n_args)
{
  gboolean or_highest = n_args > 1 && strcmp (args[1], "or-highest") == 0;

  if (n_args > 1 && !or_highest)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
  else if (strcmp (args[0], "1.0") == 0 || strcmp (args[0], "1.1") == 0)
    adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, N_("Adit speaks TLS 1.2 or newer."));    /* RFC 8996 */
  else if (strcmp (args[0], "1.3") == 0 || (or_highest && strcmp (args[0], "1.2") != 0))
    self->profile->tls_minor_min = 3;
  else if (strcmp (args[0], "1.2") != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
}

static void
set_text (char *field, gsize size, const char *text)
{
  memset (field, 0, size);
  g_strlcpy (field, text, size);
}

void
adit_ovpn_take_tls_ciphers (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (adit_openvpn_tls_ciphers_are_valid (args[0]))
    set_text (self->profile->tls_ciphers, sizeof self->profile->tls_ciphers, args[0]);
  else
    adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, LIST);
}

void
adit_ovpn_take_tls_suites (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (adit_openvpn_tls_suites_are_valid (args[0]))
    set_text (self->profile->tls_suites, sizeof self->profile->tls_suites, args[0]);
  else
    adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, LIST);
}

void
adit_ovpn_take_cert_profile (AditOvpnReader *self, const char *const *args, guint n_args)
{
  for (AditOpenvpnCertProfile i = 1; i < ADIT_OPENVPN_N_CERT_PROFILES; i++)
    if (strcmp (adit_openvpn_cert_profile_get_name (i), args[0]) == 0)
      {
        self->profile->cert_profile = (guint8) i;
        return;
      }
  adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, NULL);    /* "insecure" */
}

void
adit_ovpn_take_key_direction (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "0") == 0 || strcmp (args[0], "1") == 0)
    self->profile->key_direction = (gint8) (args[0][0] - '0');
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
}

/* verify-x509-name NAME [subject|name|name-prefix] */
void
adit_ovpn_take_server_name (AditOvpnReader *self, const char *const *args, guint n_args)
{
  AditOpenvpnProfile *profile = self->profile;
  const char *type = n_args > 1 ? args[1] : "subject";
  AditOpenvpnNameType i = 1;

  while (i < ADIT_OPENVPN_N_NAME_TYPES && strcmp (adit_openvpn_name_type_get_name (i), type) != 0)
    i++;
  if (i == ADIT_OPENVPN_N_NAME_TYPES)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
  else if (!adit_openvpn_text_is_plain (args[0], TRUE) || strlen (args[0]) >= ADIT_OPENVPN_TEXT_MAX_BYTES)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, NAMES);
  else
    {
      profile->server_name_type = (guint8) i;
      set_text (profile->server_name, sizeof profile->server_name, args[0]);
    }
}

void
adit_ovpn_take_server_certificate (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "server") == 0)
    self->profile->server_certificate = TRUE;
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_DANGEROUS, N_("A server must have a server's certificate."));
}

void
adit_ovpn_take_extended_usage (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (adit_openvpn_text_is_plain (args[0], TRUE) && strlen (args[0]) < ADIT_OPENVPN_TEXT_MAX_BYTES)
    set_text (self->profile->extended_usage, sizeof self->profile->extended_usage, args[0]);
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, NAMES);
}

/* OpenVPN reads these with "%x". */
void
adit_ovpn_take_usages (AditOvpnReader *self, const char *const *args, guint n_args)
{
  AditOpenvpnProfile *profile = self->profile;

  profile->n_usages = 0;
  for (guint i = 0; i < n_args; i++)
    {
      guint64 value;

      if (!g_ascii_string_to_unsigned (args[i], 16, 1, G_MAXUINT16, &value, NULL))
        {
          adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
          return;
        }
      profile->usages[profile->n_usages++] = (guint16) value;
    }
}

static void
set_compression (AditOvpnReader *self, AditOpenvpnCompression compression)
{
  self->profile->compression = (guint8) compression;
  if (compression < ADIT_OPENVPN_COMP_LZO)
    return;
  self->profile->receive_compressed = TRUE;
  adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, BARE);
}

void
adit_ovpn_take_comp_lzo (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (n_args == 0 || strcmp (args[0], "yes") == 0 || strcmp (args[0], "adaptive") == 0)
    set_compression (self, ADIT_OPENVPN_COMP_LZO);
  else if (strcmp (args[0], "no") == 0)
    set_compression (self, ADIT_OPENVPN_COMP_LZO_NO);
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
}

void
adit_ovpn_take_compress (AditOvpnReader *self, const char *const *args, guint n_args)
{
  static const struct { const char *word; AditOpenvpnCompression compression; } words[] = {
    { "stub", ADIT_OPENVPN_COMPRESS_STUB }, { "stub-v2", ADIT_OPENVPN_COMPRESS_STUB_V2 },
    { "migrate", ADIT_OPENVPN_NO_COMPRESSION },    /* for servers; a client does without */
    { "lzo", ADIT_OPENVPN_COMPRESS_LZO },
    { "lz4", ADIT_OPENVPN_COMPRESS_LZ4 }, { "lz4-v2", ADIT_OPENVPN_COMPRESS_LZ4_V2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, n_args > 0 ? args[0] : "stub") == 0)
      {
        set_compression (self, words[i].compression);
        return;
      }
  adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, NULL);
}

void
adit_ovpn_take_allow_compression (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "asym") == 0)
    self->profile->receive_compressed = TRUE;
  else if (strcmp (args[0], "no") == 0)
    self->has_no_compression = TRUE;
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_DANGEROUS, BARE);
}

/**
 * adit_ovpn_finish_crypto:
 * @self: a reader at the end of its file
 *
 * Decides what no single line does.  OpenVPN 2.6 ignores "cipher" beside the list that is negotiated, so that files older than
 * the list connect to no server that is older than it; we add it, behind the list, where it is good enough and there is room.
 */
void
adit_ovpn_finish_crypto (AditOvpnReader *self)
{
  static const guint8 defaults[] = { ADIT_OPENVPN_AES_256_GCM, ADIT_OPENVPN_AES_128_GCM, ADIT_OPENVPN_CHACHA20_POLY1305 };
  AditOpenvpnProfile *profile = self->profile;

  if (!self->has_cipher_list)
    {
      memcpy (profile->ciphers, defaults, sizeof defaults);
      profile->n_ciphers = G_N_ELEMENTS (defaults);
    }
  /* Where there is none, the file is as OpenVPN has it: without. */
  if (self->cipher != ADIT_OPENVPN_CIPHER_NONE)
    (void) adit_openvpn_profile_add_cipher (profile, self->cipher);
  if (profile->fallback_cipher == ADIT_OPENVPN_CIPHER_NONE)
    profile->fallback_cipher = self->cipher;
  if (self->has_no_compression && profile->receive_compressed)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The file both forbids compression and asks for it."));
  if (!profile->server_certificate && profile->extended_usage[0] == '\0' && profile->server_name[0] == '\0')
    adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS,
                    N_("The file does not say how the server is known: anybody with a certificate of this service could be it."));
}
