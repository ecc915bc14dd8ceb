/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-place.c: codes and names as narrow as real lists allow, and tunnels that root may act on. */
#include "client/model/place.h"
#include "client/model/state.h"
#include "client/model/tunnel-spec.h"

#include <string.h>

#include "client/base/error.h"

static void
test_codes (void)
{
  static const char *const good[] = { "se", "got", "us-nyc", "se-got-wg-001", "a1" };
  static const char *const bad[] = { "", "SE", "s e", "-se", "se-", "../../etc", "se/got", "se.got", "sé", "se\n",
                                     "0123456789abcdef" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (adit_code_is_valid (good[i]) || adit_server_is_valid (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (adit_code_is_valid (bad[i]));
  g_assert_false (adit_server_is_valid ("../../etc"));
  g_assert_false (adit_server_is_valid ("host.example"));
}

static void
test_names (void)
{
  static const char *const good[] = { "Göteborg", "New York, NY", "日本", "São Paulo", "Côte d'Ivoire", "A<b>" };
  static const char *const bad[] = { "", "a\nb", "a\tb", "a\x1b[1m", "a\xe2\x80\xae" "b", "a\xe2\x80\x8b" "b", "\xff",
                                     "a\xc2\xa0" "b" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (adit_name_is_valid (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    if (adit_name_is_valid (bad[i]))
      g_error ("name number %zu is taken", i);
}

static void
test_places (void)
{
  AditPlace place = { 0 }, tail = { .country = "se" };
  g_autofree char *text = NULL;

  g_assert_true (adit_place_is_any (&place) && adit_place_is_valid (&place));
  g_assert_true (adit_place_set (&place, "se", "got", NULL));
  text = adit_place_dup_text (&place);
  g_assert_cmpstr (text, ==, "se-got");
  g_assert_false (adit_place_set (&place, NULL, "got", NULL));
  g_assert_false (adit_place_set (&place, "sweden-is-a-long-code", NULL, NULL));
  g_assert_true (adit_place_set (&place, NULL, NULL, "se-got-wg-001"));
  tail.country[8] = 'x';    /* bytes behind the end can carry what nobody checks */
  g_assert_false (adit_place_is_valid (&tail));
}

static void
make_spec (AditTunnelSpec *spec)
{
  memset (spec, 0, sizeof *spec);
  g_assert_true (adit_endpoint_parse ("198.51.100.10:51820", &spec->peer));
  spec->peer_key[0] = 1;
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &spec->addresses[0]));
  spec->n_addresses = 1;
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &spec->allowed_ips[0]));
  spec->n_allowed_ips = 1;
  g_assert_true (adit_address_parse ("10.64.0.1", &spec->dns[0]));
  spec->n_dns = 1;
  spec->mtu_bytes = 1380;
}

static void
test_specs (void)
{
  static const char *const bad_peers[] = { "127.0.0.1:1", "224.0.0.1:1", "255.255.255.255:1", "[::1]:1", "[ff02::1]:1",
                                           "[fe80::1]:1" };
  AditTunnelSpec spec;

  make_spec (&spec);
  g_assert_true (adit_tunnel_spec_is_valid (&spec, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad_peers); i++)
    {
      make_spec (&spec);
      g_assert_true (adit_endpoint_parse (bad_peers[i], &spec.peer));
      if (adit_tunnel_spec_is_valid (&spec, NULL))
        g_error ("%s is taken for a relay", bad_peers[i]);
    }
#define ASSERT_REFUSED(change) make_spec (&spec); change; g_assert_false (adit_tunnel_spec_is_valid (&spec, NULL))
  ASSERT_REFUSED (spec.peer_key[0] = 0);
  ASSERT_REFUSED (spec.n_addresses = 0);
  ASSERT_REFUSED (spec.n_addresses = 3);
  ASSERT_REFUSED (adit_prefix_parse ("127.0.0.1/32", &spec.addresses[0]));
  ASSERT_REFUSED (adit_prefix_parse ("fe80::1/128", &spec.addresses[0]));
  ASSERT_REFUSED (spec.n_addresses = 2; spec.addresses[1] = spec.addresses[0]);
  ASSERT_REFUSED (spec.n_allowed_ips = 0);
  ASSERT_REFUSED (spec.n_allowed_ips = 99);
  ASSERT_REFUSED (spec.n_allowed_ips = ADIT_TUNNEL_MAX_ALLOWED_IPS + 1);
  ASSERT_REFUSED (spec.n_dns = 0);
  ASSERT_REFUSED (adit_address_parse ("127.0.0.53", &spec.dns[0]));
  ASSERT_REFUSED (spec.mtu_bytes = 1279);
  ASSERT_REFUSED (spec.mtu_bytes = 9001);
  ASSERT_REFUSED (spec.peer.port = 0);
}

static void
test_nicks (void)
{
  for (guint i = 0; i < ADIT_N_STATES; i++)
    {
      AditState state;

      g_assert_true (adit_state_from_nick (adit_state_get_nick (i), &state));
      g_assert_cmpuint (state, ==, i);
    }
  for (guint i = 0; i < ADIT_N_REASONS; i++)
    {
      AditReason reason;

      g_assert_true (adit_reason_from_nick (adit_reason_get_nick (i), &reason));
      g_assert_cmpuint (reason, ==, i);
    }
  for (gint i = 0; i < ADIT_N_ERRORS; i++)
    {
      g_autoptr (GError) error = g_error_new_literal (ADIT_ERROR, i, "x");

      g_assert_cmpint (adit_reason_from_error (error), !=, ADIT_REASON_NONE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place/codes", test_codes);
  g_test_add_func ("/place/names", test_names);
  g_test_add_func ("/place/places", test_places);
  g_test_add_func ("/place/tunnel-specs", test_specs);
  g_test_add_func ("/place/nicks", test_nicks);
  return g_test_run ();
}
