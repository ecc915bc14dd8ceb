/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-trust.c: the roots that we ship are the ones that we mean: one certificate a service, by its SHA-256 fingerprint. */
#include "client/provider/trust.h"

#include <glib.h>
#include <openssl/pem.h>
#include <string.h>

static void
test_mullvad (void)
{
  /* ISRG Root X1, as its owner publishes it. */
  static const guint8 wanted[32] = {
    0x96, 0xbc, 0xec, 0x06, 0x26, 0x49, 0x76, 0xf3, 0x74, 0x60, 0x77, 0x9a, 0xcf, 0x28, 0xc5, 0xa7,
    0xcf, 0xe8, 0xa3, 0xc0, 0xaa, 0xe1, 0x1a, 0x8f, 0xfc, 0xee, 0x05, 0xc0, 0xbd, 0xdf, 0x08, 0xc6,
  };
  BIO *memory = BIO_new_mem_buf (adit_trust_mullvad_pem, -1);
  X509 *certificate = PEM_read_bio_X509 (memory, NULL, NULL, NULL);
  guint8 found[EVP_MAX_MD_SIZE];
  guint length;

  g_assert_nonnull (certificate);
  g_assert_cmpint (X509_digest (certificate, EVP_sha256 (), found, &length), ==, 1);
  g_assert_cmpmem (found, length, wanted, sizeof wanted);
  g_assert_null (PEM_read_bio_X509 (memory, NULL, NULL, NULL));    /* and no second one */
  X509_free (certificate);
  BIO_free (memory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/mullvad", test_mullvad);
  return g_test_run ();
}
