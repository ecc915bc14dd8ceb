/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-flow.c: one connection by its four numbers, as a value and on the bus, where a stranger may write anything. */
#include "client/api/remote.h"

static AditFlow
new_flow (const char *local, const char *remote)
{
  AditFlow flow = { 0 };

  g_assert_true (adit_endpoint_parse (local, &flow.local));
  g_assert_true (adit_endpoint_parse (remote, &flow.remote));
  return flow;
}

static void
test_valid (void)
{
  AditFlow flow = new_flow ("10.10.0.2:22", "203.0.113.80:40000"), other = flow, none = { 0 };

  g_assert_true (adit_flow_is_valid (&flow));
  g_assert_true (adit_flow_equal (&flow, &other));
  g_assert_false (adit_flow_is_valid (&none));
  g_assert_true (adit_flow_equal (&none, &none));
  other.remote.port++;
  g_assert_false (adit_flow_equal (&flow, &other));
  other = flow;
  other.local.port = 0;
  g_assert_false (adit_flow_is_valid (&other));
  other = new_flow ("10.10.0.2:22", "[2001:db8::1]:40000");
  g_assert_false (adit_flow_is_valid (&other));
}

static void
test_round_trip (void)
{
  const AditFlow flows[] = { new_flow ("10.10.0.2:22", "203.0.113.80:40000"),
                             new_flow ("[2001:db8::2]:22", "[2001:db8::3]:40000") };

  for (gsize i = 0; i < G_N_ELEMENTS (flows); i++)
    {
      g_autoptr (GVariant) value = g_variant_ref_sink (adit_remote_to_variant (&flows[i]));
      AditFlow back;

      g_assert_true (adit_remote_from_variant (value, &back));
      g_assert_true (adit_flow_equal (&flows[i], &back));
    }
}

static void
test_strangers (void)
{
  static const char *const texts[] = {
    "'10.10.0.2 22'", "true", "(@ay [], uint16 0, @ay [], uint16 0)", "([byte 1, 2, 3], uint16 22, [byte 1, 2, 3, 4], uint16 22)",
    "([byte 1, 2, 3, 4], uint16 0, [byte 1, 2, 3, 4], uint16 22)", "([byte 0, 0, 0, 0], uint16 22, [byte 1, 2, 3, 4], uint16 22)",
    "([byte 1, 2, 3, 4], uint16 22, [byte 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], uint16 22)",
    "([byte 1, 2, 3, 4], 22, [byte 1, 2, 3, 4], 22)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) value = g_variant_parse (NULL, texts[i], NULL, NULL, NULL);
      AditFlow flow = new_flow ("10.10.0.2:22", "203.0.113.80:40000"), none = { 0 };

      g_assert_nonnull (value);
      g_assert_false (adit_remote_from_variant (value, &flow));
      g_assert_true (adit_flow_equal (&flow, &none));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/valid", test_valid);
  g_test_add_func ("/flow/round-trip", test_round_trip);
  g_test_add_func ("/flow/strangers", test_strangers);
  return g_test_run ();
}
