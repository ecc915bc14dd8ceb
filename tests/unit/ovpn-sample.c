/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-sample.c: makes keys and certificates for files of OpenVPN. */
#include "tests/unit/ovpn-sample.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>

static char *
take_text (BIO *bio)
{
  char *bytes;
  long length = BIO_get_mem_data (bio, &bytes);
  char *text = g_strndup (bytes, (gsize) length);

  BIO_free (bio);
  return text;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *name)
{
  X509 *certificate = X509_new ();

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 86400);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_ASC, (const guchar *) name, -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (certificate));
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  return certificate;
}

static char *
write_revoked (EVP_PKEY *key, X509 *issuer)
{
  X509_CRL *list = X509_CRL_new ();
  ASN1_TIME *now = X509_gmtime_adj (NULL, 0);
  BIO *bio = BIO_new (BIO_s_mem ());

  X509_CRL_set_version (list, 1);
  X509_CRL_set_issuer_name (list, X509_get_subject_name (issuer));
  X509_CRL_set1_lastUpdate (list, now);
  X509_CRL_set1_nextUpdate (list, now);
  g_assert_cmpint (X509_CRL_sign (list, key, EVP_sha256 ()), >, 0);
  PEM_write_bio_X509_CRL (bio, list);
  ASN1_TIME_free (now);
  X509_CRL_free (list);
  return take_text (bio);
}

static char *
write_certificate (X509 *certificate)
{
  BIO *bio = BIO_new (BIO_s_mem ());

  PEM_write_bio_X509 (bio, certificate);
  return take_text (bio);
}

/* PKCS#8, or the form of before; with a passphrase or without. */
static char *
write_key (EVP_PKEY *key, gboolean old, gboolean locked)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  const EVP_CIPHER *cipher = locked ? EVP_aes_256_cbc () : NULL;
  char passphrase[] = "sample";

  if (old)
    PEM_write_bio_PrivateKey_traditional (bio, key, cipher, (guchar *) passphrase, 6, NULL, NULL);
  else
    PEM_write_bio_PKCS8PrivateKey (bio, key, cipher, passphrase, 6, NULL, NULL);
  return take_text (bio);
}

static char *
write_static_key (void)
{
  GString *text = g_string_new ("#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n");
  guint8 bytes[256];

  g_assert_cmpint (RAND_bytes (bytes, sizeof bytes), ==, 1);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x%s", bytes[i], i % 16 == 15 ? "\n" : "");
  g_string_append (text, "-----END OpenVPN Static key V1-----\n");
  return g_string_free (text, FALSE);
}

static char *
write_v2_key (void)
{
  GString *text = g_string_new ("-----BEGIN OpenVPN tls-crypt-v2 client key-----\n");
  guint8 bytes[256 + 300];
  g_autofree char *base64 = NULL;

  g_assert_cmpint (RAND_bytes (bytes, sizeof bytes), ==, 1);
  base64 = g_base64_encode (bytes, sizeof bytes);
  for (gsize i = 0; i < strlen (base64); i += 64)
    g_string_append_printf (text, "%.64s\n", base64 + i);
  g_string_append (text, "-----END OpenVPN tls-crypt-v2 client key-----\n");
  return g_string_free (text, FALSE);
}

/**
 * ovpn_sample_get:
 *
 * Returns: (transfer none): keys, the same ones as long as the program runs
 */
const OvpnSample *
ovpn_sample_get (void)
{
  static OvpnSample sample;

  if (sample.ca == NULL)
    {
      EVP_PKEY *key = EVP_EC_gen ("P-256");
      X509 *certificate = make_certificate (key, "sample"), *ca = make_certificate (key, "sample CA");

      sample.ca = write_certificate (ca);
      sample.cert = write_certificate (certificate);
      sample.key = write_key (key, FALSE, FALSE);
      sample.old_key = write_key (key, TRUE, FALSE);
      sample.encrypted_key = write_key (key, FALSE, TRUE);
      sample.locked_key = write_key (key, TRUE, TRUE);
      sample.revoked = write_revoked (key, ca);
      sample.static_key = write_static_key ();
      sample.v2_key = write_v2_key ();
      X509_free (certificate);
      X509_free (ca);
      EVP_PKEY_free (key);
    }
  return &sample;
}

/**
 * ovpn_sample_fill:
 * @text: a file with places for keys
 *
 * Returns: (transfer full): the file with keys in these places
 */
char *
ovpn_sample_fill (const char *text)
{
  const OvpnSample *sample = ovpn_sample_get ();
  const struct { const char *place, *key; } rows[] = {
    { "@CA@", sample->ca }, { "@CERT@", sample->cert }, { "@KEY@", sample->key }, { "@OLDKEY@", sample->old_key },
    { "@ENCRYPTED@", sample->encrypted_key }, { "@LOCKED@", sample->locked_key }, { "@REVOKED@", sample->revoked },
    { "@STATIC@", sample->static_key }, { "@V2@", sample->v2_key },
  };
  GString *out = g_string_new (text);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_string_replace (out, rows[i].place, rows[i].key, 0);
  return g_string_free (out, FALSE);
}
