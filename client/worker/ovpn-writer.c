/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-writer.c: the lines of a profile that are the same for openvpn and in the file that is kept.  Each is of a fixed form, and
 * the only words in it that came out of somebody's file have been checked once more before. */
#include "client/worker/ovpn-writer.h"

#include "client/model/openvpn-words.h"

#define KEY_LINE_BYTES 16    /* of OpenVPN's static keys, in hexadecimal */

/**
 * adit_ovpn_writer_new:
 *
 * Returns: (transfer full): a text with room for all that it can be, so that growing leaves no copy of a key behind
 */
GString *
adit_ovpn_writer_new (void)
{
  return g_string_sized_new (6 * ADIT_OPENVPN_MAX_PEM_BYTES);
}

/**
 * adit_ovpn_writer_end:
 * @out: (transfer full): a text
 *
 * Returns: (transfer full): it; the copy in @out is wiped
 */
AditSecret *
adit_ovpn_writer_end (GString *out)
{
  AditSecret *result = adit_secret_new (out->str, out->len);

  adit_wipe (out->str, out->allocated_len);
  g_string_free (out, TRUE);
  return result;
}

/**
 * adit_ovpn_writer_add_challenge:
 * @out: a text that grows
 * @profile: a valid profile
 *
 * What a person is asked beside the password.
 */
void
adit_ovpn_writer_add_challenge (GString *out, const AditOpenvpnProfile *profile)
{
  if (profile->challenge[0] != '\0')
    g_string_append_printf (out, "static-challenge \"%s\" %d\n", profile->challenge, profile->challenge_echo);
}

/**
 * adit_ovpn_writer_add_direction:
 * @out: a text that grows
 * @profile: a valid profile
 *
 * Which half of the key is for which way.
 */
void
adit_ovpn_writer_add_direction (GString *out, const AditOpenvpnProfile *profile)
{
  if (profile->key_direction >= 0)
    g_string_append_printf (out, "key-direction %d\n", profile->key_direction);
}

/**
 * adit_ovpn_writer_add_ciphers:
 * @out: a text that grows
 * @profile: a valid profile
 *
 * How it is encrypted and framed.
 */
void
adit_ovpn_writer_add_ciphers (GString *out, const AditOpenvpnProfile *profile)
{
  const char *compression = adit_openvpn_compression_get_text (profile->compression);

  g_string_append (out, "data-ciphers ");
  for (guint i = 0; i < profile->n_ciphers; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ":" : "", adit_openvpn_cipher_get_name (profile->ciphers[i]));
  g_string_append_c (out, '\n');
  if (profile->fallback_cipher != ADIT_OPENVPN_CIPHER_NONE)
    g_string_append_printf (out, "data-ciphers-fallback %s\n", adit_openvpn_cipher_get_name (profile->fallback_cipher));
  if (profile->digest != ADIT_OPENVPN_DIGEST_DEFAULT)
    g_string_append_printf (out, "auth %s\n", adit_openvpn_digest_get_name (profile->digest));
  g_string_append_printf (out, "tls-version-min 1.%u\n", profile->tls_minor_min);
  if (profile->cert_profile != ADIT_OPENVPN_PROFILE_DEFAULT)
    g_string_append_printf (out, "tls-cert-profile %s\n", adit_openvpn_cert_profile_get_name (profile->cert_profile));
  if (profile->tls_ciphers[0] != '\0')
    g_string_append_printf (out, "tls-cipher %s\n", profile->tls_ciphers);
  if (profile->tls_suites[0] != '\0')
    g_string_append_printf (out, "tls-ciphersuites %s\n", profile->tls_suites);
  /* Never "yes": only what comes in may be compressed. */
  g_string_append_printf (out, "allow-compression %s\n", profile->receive_compressed ? "asym" : "no");
  if (compression != NULL)
    g_string_append_printf (out, "%s\n", compression);
}

/**
 * adit_ovpn_writer_add_trust:
 * @out: a text that grows
 * @profile: a valid profile
 *
 * How the server is known.
 */
void
adit_ovpn_writer_add_trust (GString *out, const AditOpenvpnProfile *profile)
{
  if (profile->server_certificate)
    g_string_append (out, "remote-cert-tls server\n");
  if (profile->n_usages > 0)
    {
      g_string_append (out, "remote-cert-ku");
      for (guint i = 0; i < profile->n_usages; i++)
        g_string_append_printf (out, " %x", profile->usages[i]);
      g_string_append_c (out, '\n');
    }
  if (profile->extended_usage[0] != '\0')
    g_string_append_printf (out, "remote-cert-eku \"%s\"\n", profile->extended_usage);
  if (profile->server_name[0] != '\0')
    g_string_append_printf (out, "verify-x509-name \"%s\" %s\n", profile->server_name,
                            adit_openvpn_name_type_get_name (profile->server_name_type));
}

/* What follows a number in its line. */
static const char *
get_suffix (const AditOpenvpnProfile *profile, AditOpenvpnNumber number)
{
  static const char *const modes[] = { "", " mtu", " fixed" };

  return number == ADIT_OPENVPN_MSSFIX ? modes[profile->mssfix_mode]
         : number == ADIT_OPENVPN_FRAGMENT ? modes[profile->fragment_mode] : "";
}

/**
 * adit_ovpn_writer_add_numbers:
 * @out: a text that grows
 * @profile: a valid profile
 * @udp: whether what is for UDP alone is wanted
 *
 * All options that are numbers.
 */
void
adit_ovpn_writer_add_numbers (GString *out, const AditOpenvpnProfile *profile, gboolean udp)
{
  for (AditOpenvpnNumber i = 0; i < ADIT_OPENVPN_N_NUMBERS; i++)
    {
      const char *name = adit_openvpn_number_get_name (i);
      guint32 value, second;

      /* TCP needs neither parts nor farewells, and OpenVPN refuses both. */
      if (name == NULL || (!udp && (i == ADIT_OPENVPN_FRAGMENT || i == ADIT_OPENVPN_EXIT_NOTIFY)) ||
          !adit_openvpn_profile_get_number (profile, i, &value))
        continue;
      g_string_append_printf (out, "%s %u", name, value);
      if (i + 1 < ADIT_OPENVPN_N_NUMBERS && adit_openvpn_number_get_name (i + 1) == NULL &&
          adit_openvpn_profile_get_number (profile, i + 1, &second))
        g_string_append_printf (out, " %u", second);
      g_string_append_printf (out, "%s\n", get_suffix (profile, i));
    }
}

/**
 * adit_ovpn_writer_add_block:
 * @out: a text that grows
 * @name: an option's
 * @text: (nullable): whole lines; nothing is written for %NULL
 *
 * A block.
 */
void
adit_ovpn_writer_add_block (GString *out, const char *name, const char *text)
{
  if (text != NULL)
    g_string_append_printf (out, "<%s>\n%s</%s>\n", name, text, name);
}

static void
write_static_key (GString *out, const char *name, const AditOpenvpnProfile *profile)
{
  const guint8 *bytes = adit_secret_peek (profile->wrap_key, NULL);

  g_string_append_printf (out, "<%s>\n-----BEGIN OpenVPN Static key V1-----\n", name);
  for (guint i = 0; i < ADIT_OPENVPN_STATIC_KEY_BYTES; i++)
    g_string_append_printf (out, "%02x%s", bytes[i], (i + 1) % KEY_LINE_BYTES == 0 ? "\n" : "");
  g_string_append_printf (out, "-----END OpenVPN Static key V1-----\n</%s>\n", name);
}

/**
 * adit_ovpn_writer_add_keys:
 * @out: a text that grows
 * @profile: a valid profile
 *
 * Certificates and keys, each as a block.
 */
void
adit_ovpn_writer_add_keys (GString *out, const AditOpenvpnProfile *profile)
{
  adit_ovpn_writer_add_block (out, "ca", profile->ca);
  adit_ovpn_writer_add_block (out, "cert", profile->certificate);
  adit_ovpn_writer_add_block (out, "extra-certs", profile->extra_certificates);
  adit_ovpn_writer_add_block (out, "crl-verify", profile->revoked);
  if (profile->key != NULL)
    adit_ovpn_writer_add_block (out, "key", (const char *) adit_secret_peek (profile->key, NULL));
  if (profile->wrap == ADIT_OPENVPN_TLS_AUTH)
    write_static_key (out, "tls-auth", profile);
  else if (profile->wrap == ADIT_OPENVPN_TLS_CRYPT)
    write_static_key (out, "tls-crypt", profile);
  else if (profile->wrap == ADIT_OPENVPN_TLS_CRYPT_V2)
    adit_ovpn_writer_add_block (out, "tls-crypt-v2", (const char *) adit_secret_peek (profile->wrap_key, NULL));
}
