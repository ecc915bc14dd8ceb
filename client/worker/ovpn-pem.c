/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-pem.c: takes out of a block what is between BEGIN and END, makes sure that it is what it says, and forgets the rest. */
#include "config.h"
#include "client/worker/ovpn-pem.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/model/openvpn-profile.h"

#define MAX_BLOCKS      32       /* certificates of one kind */
#define MAX_DER_BYTES   16384    /* a key of 16384 bits, which is OpenSSL's limit for RSA, has 9 KiB */
#define LINE_COLUMNS    64       /* RFC 7468, section 2 */
#define V2_MIN_BYTES    (256 + 32)      /* the key and an authenticated nothing: OpenVPN's tls_crypt.h */
#define V2_MAX_BYTES    (256 + 1024)    /* TLS_CRYPT_V2_MAX_WKC_LEN */

#define BEGIN      "-----BEGIN "
#define END        "-----END "
#define DASHES     "-----"
#define STATIC_KEY "OpenVPN Static key V1"

enum { IS_DER = 1, IS_ENCRYPTED = 2, MAY_HAVE_HEADERS = 4, IS_DROPPED = 8 };
static const struct { AditOvpnPemKind kind; const char *label; guint flags; } labels[] = {
  { ADIT_OVPN_PEM_CERTIFICATES, "CERTIFICATE", IS_DER },
  { ADIT_OVPN_PEM_KEY, "PRIVATE KEY", IS_DER },
  { ADIT_OVPN_PEM_KEY, "ENCRYPTED PRIVATE KEY", IS_DER | IS_ENCRYPTED },
  { ADIT_OVPN_PEM_KEY, "RSA PRIVATE KEY", IS_DER | MAY_HAVE_HEADERS },
  { ADIT_OVPN_PEM_KEY, "EC PRIVATE KEY", IS_DER | MAY_HAVE_HEADERS },
  { ADIT_OVPN_PEM_KEY, "EC PARAMETERS", IS_DROPPED },    /* openssl ecparam writes them before the key, which repeats them */
  { ADIT_OVPN_PEM_REVOKED, "X509 CRL", IS_DER },
  { ADIT_OVPN_PEM_CRYPT_V2, "OpenVPN tls-crypt-v2 client key", 0 },
};

typedef struct
{
  const AditImportLine *lines;
  guint n_lines, at;
  GString *base64;
  GString *headers;    /* of an encrypted key in the old form */
} Reader;

static void
clear_string (GString *string)
{
  adit_wipe (string->str, string->allocated_len);
  g_string_free (string, TRUE);
}

static gboolean
line_is (const char *line, const char *start, const char *label)
{
  gsize n_start = strlen (start), n_label = strlen (label);

  if (strncmp (line, start, n_start) != 0 || strncmp (line + n_start, label, n_label) != 0)
    return FALSE;
  line += n_start + n_label;
  return g_str_has_prefix (line, DASHES) && *adit_import_skip_blanks (line + strlen (DASHES)) == '\0';
}

/* "Proc-Type: 4,ENCRYPTED" and "DEK-Info: AES-256-CBC,00112233..." (RFC 1421, 4.6.1), and an empty line. */
static gboolean
take_headers (Reader *self)
{
  const char *info, *comma;

  if (self->n_lines - self->at < 3 || strcmp (self->lines[self->at].text, "Proc-Type: 4,ENCRYPTED") != 0)
    return FALSE;
  info = self->lines[self->at + 1].text;
  comma = strchr (info, ',');
  if (!g_str_has_prefix (info, "DEK-Info: ") || comma == NULL || self->lines[self->at + 2].text[0] != '\0')
    return FALSE;
  if (strspn (info + 10, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != (gsize) (comma - info) - 10 ||
      strspn (comma + 1, "0123456789ABCDEFabcdef") != strlen (comma + 1) || strlen (comma + 1) > 64)
    return FALSE;
  g_string_append_printf (self->headers, "Proc-Type: 4,ENCRYPTED\n%s\n\n", info);
  self->at += 3;
  return TRUE;
}

/* One SEQUENCE of a definite length that is all there is: X.690, 8.1.3. */
static gboolean
is_sequence (const guchar *bytes, gsize length)
{
  gsize n_long = length > 4 && (bytes[1] & 0x80) != 0 ? bytes[1] & 0x7f : 0, said = 0;

  if (length <= 4 || bytes[0] != 0x30 || n_long > 2 || (bytes[1] & 0xff) == 0x80)
    return FALSE;
  for (gsize i = 0; i < n_long; i++)
    said = said << 8 | bytes[2 + i];
  return (n_long > 0 ? said : bytes[1]) + 2 + n_long == length;
}

/* RFC 7468 forbids what is not the canonical spelling, and OpenSSL and others differ in what else they read. */
static gboolean
base64_is_good (GString *base64, guint flags, gboolean encrypted)
{
  gsize length = 0;
  guchar *bytes = g_base64_decode (base64->str, &length);
  char *again = bytes != NULL ? g_base64_encode (bytes, length) : NULL;
  gboolean good = again != NULL && length > 0 && length <= MAX_DER_BYTES && strcmp (again, base64->str) == 0;

  /* A key that is encrypted in the old form is no DER until it is decrypted. */
  if (good && (flags & IS_DER) != 0 && !encrypted)
    good = is_sequence (bytes, length);
  else if (good && (flags & IS_DER) == 0)
    good = length >= V2_MIN_BYTES && length <= V2_MAX_BYTES;
  adit_wipe (bytes, length);
  adit_wipe (again, again != NULL ? strlen (again) : 0);
  g_free (bytes);
  g_free (again);
  return good;
}

static gboolean
take_base64 (Reader *self, const char *label, const char **sentence)
{
  *sentence = N_("A certificate or key in it has no end.");
  for (; self->at < self->n_lines; self->at++)
    {
      const char *line = self->lines[self->at].text;
      gsize length = strspn (line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

      if (line_is (line, END, label))
        {
          self->at++;
          return TRUE;
        }
      if (line[0] == '-' || self->base64->len + length > MAX_DER_BYTES * 3 / 2)
        return FALSE;
      if (*adit_import_skip_blanks (line + length) != '\0')
        {
          *sentence = N_("A certificate or key in it is spoilt.");
          return FALSE;
        }
      g_string_append_len (self->base64, line, (gssize) length);
    }
  return FALSE;
}

static void
write_block (Reader *self, GString *out, const char *label)
{
  g_string_append_printf (out, BEGIN "%s" DASHES "\n%s", label, self->headers->str);
  for (gsize i = 0; i < self->base64->len; i += LINE_COLUMNS)
    {
      g_string_append_len (out, self->base64->str + i, (gssize) MIN (LINE_COLUMNS, self->base64->len - i));
      g_string_append_c (out, '\n');
    }
  g_string_append_printf (out, END "%s" DASHES "\n", label);
}

static gboolean
take_block (Reader *self, AditOvpnPemKind kind, GString *out, gboolean *encrypted, guint *n, const char **sentence)
{
  const char *line = self->lines[self->at++].text;
  gsize row = 0;

  *sentence = N_("There is a certificate or key of another kind in it.");
  while (row < G_N_ELEMENTS (labels) && (labels[row].kind != kind || !line_is (line, BEGIN, labels[row].label)))
    row++;
  if (row == G_N_ELEMENTS (labels))
    return FALSE;
  g_string_truncate (self->base64, 0);
  g_string_truncate (self->headers, 0);
  if ((labels[row].flags & MAY_HAVE_HEADERS) != 0)
    *encrypted |= take_headers (self);
  *encrypted |= (labels[row].flags & IS_ENCRYPTED) != 0;
  if (!take_base64 (self, labels[row].label, sentence))
    return FALSE;
  if ((labels[row].flags & IS_DROPPED) != 0)
    return TRUE;
  *sentence = N_("A certificate or key in it is spoilt.");
  if (!base64_is_good (self->base64, labels[row].flags, self->headers->len > 0))
    return FALSE;
  *sentence = N_("There are too many certificates or keys in it.");
  if (++*n > (kind == ADIT_OVPN_PEM_CERTIFICATES || kind == ADIT_OVPN_PEM_REVOKED ? MAX_BLOCKS : 1))
    return FALSE;
  write_block (self, out, labels[row].label);
  return out->len <= ADIT_OPENVPN_MAX_PEM_BYTES;
}

/**
 * adit_ovpn_pem_read:
 * @lines: lines of a block or file
 * @n_lines: how many
 * @kind: what must be in it
 * @encrypted: (out): whether a passphrase is needed
 * @sentence: (out): why, where it is refused
 *
 * Lines outside of BEGIN and END are descriptions that tools write for people, and left out.
 *
 * Returns: (transfer full) (nullable): PEM as we write it
 */
AditSecret *
adit_ovpn_pem_read (const AditImportLine *lines, guint n_lines, AditOvpnPemKind kind, gboolean *encrypted, const char **sentence)
{
  /* All the room that they can need, so that growing leaves no copy behind. */
  Reader reader = { lines, n_lines, 0, g_string_sized_new (MAX_DER_BYTES * 2), g_string_sized_new (256) };
  GString *out = g_string_sized_new (ADIT_OPENVPN_MAX_PEM_BYTES + MAX_DER_BYTES * 2);
  AditSecret *result = NULL;
  gboolean good = TRUE;
  guint n = 0;

  *encrypted = FALSE;
  while (good && reader.at < n_lines)
    {
      const char *line = lines[reader.at].text;

      if (g_str_has_prefix (line, BEGIN))
        good = take_block (&reader, kind, out, encrypted, &n, sentence);
      else if (line[0] == '<' || g_str_has_prefix (line, DASHES))
        {
          *sentence = N_("There is a line in it that belongs elsewhere.");
          good = FALSE;
        }
      else
        reader.at++;
    }
  if (good && n == 0)
    *sentence = N_("There is no certificate or key of this kind in it.");
  else if (good)
    result = adit_secret_new (out->str, out->len);
  clear_string (out);
  clear_string (reader.base64);
  clear_string (reader.headers);
  return result;
}

/**
 * adit_ovpn_static_key_read:
 * @lines: lines of a block or file
 * @n_lines: how many
 * @sentence: (out): why, where it is refused
 *
 * Returns: (transfer full) (nullable): the 256 bytes of OpenVPN's static key
 */
AditSecret *
adit_ovpn_static_key_read (const AditImportLine *lines, guint n_lines, const char **sentence)
{
  guint8 key[ADIT_OPENVPN_STATIC_KEY_BYTES] = { 0 };
  AditSecret *result = NULL;
  gsize n_digits = 0;
  guint at = 0;

  *sentence = N_("There is no static key of OpenVPN in it.");
  while (at < n_lines && !line_is (lines[at].text, BEGIN, STATIC_KEY))
    if (lines[at].text[0] != '\0' && lines[at].text[0] != '#')
      return NULL;
    else
      at++;
  if (at++ >= n_lines)
    return NULL;
  *sentence = N_("The static key in it is spoilt.");
  for (; at < n_lines && !line_is (lines[at].text, END, STATIC_KEY); at++)
    {
      const char *line = lines[at].text;

      for (; g_ascii_isxdigit (*line) && n_digits < 2 * sizeof key; line++, n_digits++)
        key[n_digits / 2] = (guint8) (key[n_digits / 2] << 4 | g_ascii_xdigit_value (*line));
      if (*adit_import_skip_blanks (line) != '\0')
        break;
    }
  if (n_digits == 2 * sizeof key && at < n_lines && line_is (lines[at].text, END, STATIC_KEY))
    {
      result = adit_secret_new (key, sizeof key);
      /* Behind the end there is nothing but air: a second key would be read by nobody. */
      for (at++; at < n_lines && result != NULL; at++)
        if (lines[at].text[0] != '\0' && lines[at].text[0] != '#')
          g_clear_pointer (&result, adit_secret_unref);
    }
  adit_wipe (key, sizeof key);
  return result;
}
