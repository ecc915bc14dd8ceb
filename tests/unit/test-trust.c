/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-trust.c: the roots that we ship are the ones that we mean: one certificate a service, by its SHA-256 fingerprint. */
#include "client/provider/trust.h"

#include <glib.h>
#include <openssl/pem.h>
#include <string.h>

static void
check_certificate (const char *pem, const guint8 *wanted)
{
  BIO *memory = BIO_new_mem_buf (pem, -1);
  X509 *certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL);
  guint8 found[EVP_MAX_MD_SIZE];
  guint length;

  g_assert_nonnull (certificate);
  g_assert_cmpint (X509_digest (certificate, EVP_sha256 (), found, &length), ==, 1);
  g_assert_cmpmem (found, length, wanted, 32);
  g_assert_null (PEM_read_bio_X509 (memory, NULL, NULL, NULL));    /* and no second one */
  X509_free (certificate);
  BIO_free (memory);
}

static void
test_mullvad (void)
{
  /* ISRG Root X1, as its owner publishes it. */
  static const guint8 wanted[32] = {
    0x96, 0xbc, 0xec, 0x06, 0x26, 0x49, 0x76, 0xf3, 0x74, 0x60, 0x77, 0x9a, 0xcf, 0x28, 0xc5, 0xa7,
    0xcf, 0xe8, 0xa3, 0xc0, 0xaa, 0xe1, 0x1a, 0x8f, 0xfc, 0xee, 0x05, 0xc0, 0xbd, 0xdf, 0x08, 0xc6,
  };

  check_certificate (adit_trust_mullvad_pem, wanted);
}

static void
test_ivpn (void)
{
  /* IVPN Root CA v2, of its OpenVPN servers, as the service's own client has it; and its key for tls-auth. */
  static const guint8 wanted[32] = {
    0xb8, 0x79, 0x88, 0xb4, 0x84, 0x43, 0xe5, 0xab, 0x08, 0x21, 0x33, 0x5b, 0xb6, 0xdd, 0x68, 0xf6,
    0xbf, 0x7c, 0x9d, 0x36, 0xd9, 0xdc, 0xa1, 0xf1, 0x88, 0xcd, 0x62, 0x42, 0x05, 0x47, 0xd2, 0x32,
  };
  static const char wanted_key[] = "46eff3f1bd9da1b15dd9441eeb2113f66eef27e67ad320d053841805d91088fa";
  g_autofree char *found_key = g_compute_checksum_for_data (G_CHECKSUM_SHA256, adit_trust_ivpn_openvpn_key,
                                                            sizeof adit_trust_ivpn_openvpn_key);

  check_certificate (adit_trust_ivpn_openvpn_pem, wanted);
  g_assert_cmpstr (found_key, ==, wanted_key);
}

static void
test_ovpn (void)
{
  /* "ovpn.se ca", as in the files that the service hands out. */
  static const guint8 wanted[32] = {
    0x1d, 0x20, 0x33, 0xaa, 0x7f, 0x1b, 0xcb, 0x9d, 0x89, 0x8f, 0x2a, 0xa4, 0x3b, 0xdf, 0xd3, 0x14,
    0x50, 0xb9, 0x55, 0x6c, 0x0e, 0x23, 0x9e, 0x2a, 0x97, 0x4f, 0x0c, 0x86, 0xaf, 0xda, 0xc1, 0xc9,
  };

  check_certificate (adit_trust_ovpn_pem, wanted);
}

/* It has signed itself with SHA-1.  As a root it is taken all the same, by the strictest of the levels that OpenVPN sets. */
static void
test_ovpn_signature (void)
{
  BIO *memory = BIO_new_mem_buf (adit_trust_ovpn_pem, -1);
  X509 *certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL);
  X509_STORE *store = X509_STORE_new ();
  X509_STORE_CTX *context = X509_STORE_CTX_new ();

  g_assert_cmpint (X509_get_signature_nid (certificate), ==, NID_sha1WithRSAEncryption);
  g_assert_cmpint (X509_STORE_add_cert (store, certificate), ==, 1);
  g_assert_cmpint (X509_STORE_CTX_init (context, store, certificate, NULL), ==, 1);
  X509_VERIFY_PARAM_set_auth_level (X509_STORE_CTX_get0_param (context), 2);
  X509_VERIFY_PARAM_set_time (X509_STORE_CTX_get0_param (context), 1785542400);    /* 2026-08-01 */
  g_assert_cmpint (X509_verify_cert (context), ==, 1);
  X509_STORE_CTX_free (context);
  X509_STORE_free (store);
  X509_free (certificate);
  BIO_free (memory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/mullvad", test_mullvad);
  g_test_add_func ("/trust/ivpn", test_ivpn);
  g_test_add_func ("/trust/ovpn", test_ovpn);
  g_test_add_func ("/trust/ovpn-signature", test_ovpn_signature);
  return g_test_run ();
}
