/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-trust.c: the administrator's file takes the place of what an adapter trusts, whole or not at all. */
#include "client/worker/ovpn-trust.h"

#include <string.h>

#include "tests/unit/ovpn-sample.h"

/* The built-in part of it: which key, and which roots. */
static const guint8 built_in_key[ADIT_OPENVPN_STATIC_KEY_BYTES] = { 1, 2, 3 };
#define BUILT_IN_ROOTS "built-in"

static AditOpenvpnProfile *
make_profile (void)
{
  AditOpenvpnProfile *profile = adit_openvpn_profile_new ();

  profile->wrap = ADIT_OPENVPN_TLS_AUTH;
  profile->key_direction = 1;
  profile->wrap_key = adit_secret_new (built_in_key, sizeof built_in_key);
  profile->ca = g_strdup (BUILT_IN_ROOTS);
  return profile;
}

static gboolean
has_key (const AditOpenvpnProfile *profile)
{
  gsize length;
  const guint8 *key = adit_secret_peek (profile->wrap_key, &length);

  g_assert_cmpuint (length, ==, sizeof built_in_key);
  return memcmp (key, built_in_key, length) == 0;
}

static AditOpenvpnProfile *
replace (const char *format, GError **error)
{
  AditOpenvpnProfile *profile = make_profile ();
  g_autofree char *text = ovpn_sample_fill (format);
  gboolean good = adit_ovpn_trust_replace (profile, text, error);

  g_assert_true (good == (error == NULL || *error == NULL));
  if (!good)
    {
      g_assert_cmpstr (profile->ca, ==, BUILT_IN_ROOTS);
      g_assert_true (has_key (profile));
    }
  return profile;
}

static void
test_good (void)
{
  static const char *const with_key[] = { "@CA@@STATIC@", "# roots\n@CA@\n@CA@# and a key\n@STATIC@\n# the end\n" };
  g_autoptr (AditOpenvpnProfile) roots = replace ("@CA@", NULL);

  g_assert_cmpstr (roots->ca, ==, ovpn_sample_get ()->ca);
  g_assert_true (has_key (roots));
  for (gsize i = 0; i < G_N_ELEMENTS (with_key); i++)
    {
      g_autoptr (AditOpenvpnProfile) both = replace (with_key[i], NULL);

      g_assert_true (g_str_has_prefix (both->ca, ovpn_sample_get ()->ca));
      g_assert_null (strstr (both->ca, "Static"));
      g_assert_false (has_key (both));
      g_assert_cmpuint (both->wrap, ==, ADIT_OPENVPN_TLS_AUTH);
      g_assert_cmpuint (both->key_direction, ==, 1);
    }
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "nothing in it\n",
    "@STATIC@",                     /* nobody to trust */
    "@STATIC@@CA@",                 /* what is behind the key would be read by nobody */
    "@CA@@STATIC@@STATIC@",
    "@CA@@KEY@",                    /* a private key has no business here */
    "@CA@-----BEGIN OpenVPN Static key V1-----\n00\n-----END OpenVPN Static key V1-----\n",
    "@CA@-----BEGIN OpenVPN Static key V2-----\n",
    "-----BEGIN CERTIFICATE-----\nAAAA\n",
    "@CA@\x01",
    "<ca>\n@CA@</ca>\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AditOpenvpnProfile) profile = replace (texts[i], &error);

      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovpn-trust/good", test_good);
  g_test_add_func ("/ovpn-trust/bad", test_bad);
  return g_test_run ();
}
