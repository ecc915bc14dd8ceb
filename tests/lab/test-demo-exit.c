/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-demo-exit.c: what can be asked of the demo, and that all else is refused with a sentence. */
#include "tests/lab/demo-exit.h"

#include <string.h>

static const struct { const char *service, *tunnel, *config, *found; } rows[] = {
  { NULL, NULL, NULL, "wireguard" },
  { "mullvad", "wireguard", NULL, "wireguard" },
  { "file", NULL, NULL, "openvpn-udp" },
  { "file", "openvpn", NULL, "openvpn-udp" },
  { "file", "openvpn-udp", NULL, "openvpn-udp" },
  { "file", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "file", "openvpn-tcp", "/etc/passwd", "openvpn-tcp" },
  { "file", NULL, "/etc/passwd", "openvpn-udp" },
  { "file", "wireguard", NULL, NULL },
  { "mullvad", "openvpn", NULL, NULL },
  { NULL, "openvpn-tcp", NULL, NULL },
  { "ivpn", NULL, NULL, "wireguard" },
  { "ivpn", "wireguard", NULL, "wireguard" },
  { "ivpn", "openvpn", NULL, "openvpn-udp" },
  { "ivpn", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "ovpn", "openvpn-udp", NULL, "openvpn-udp" },
  { "ovpn", "openvpn-tcp", NULL, "openvpn-tcp" },
  { "ovpn", NULL, NULL, "wireguard" },
  { "ovpn", "wireguard", NULL, "wireguard" },
  { "mysterium", NULL, NULL, "wireguard" },
  { "mysterium", "wireguard", NULL, "wireguard" },
  { "mysterium", "openvpn", NULL, NULL },
  { "ivpn", NULL, "/etc/passwd", NULL },
  { "nobody", NULL, NULL, NULL },
  { "file", "ipsec", NULL, NULL },
  { "", "", NULL, NULL },
  { "mullvad", NULL, "/etc/passwd", NULL },
  { "file", NULL, "/nothing/here.ovpn", NULL },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *why = NULL;
      const DemoExit *found = demo_exit_find (rows[i].service, rows[i].tunnel, rows[i].config, &why);

      g_assert_cmpstr (found != NULL ? found->tunnel : NULL, ==, rows[i].found);
      g_assert_true ((why == NULL) == (found != NULL));
    }
}

/* Each service is another one: a way in of its own, and a place that can be shown. */
static void
test_services (void)
{
  static const char *const services[] = { "mullvad", "ivpn", "ovpn", "mysterium" };

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    {
      g_autofree char *why = NULL;
      const DemoExit *found = demo_exit_find (services[i], NULL, NULL, &why);

      g_assert_cmpstr (found->service, ==, services[i]);
      g_assert_true (demo_exit_is_usual (found) == (i == 0));
      g_assert_false (demo_exit_is_file (found));
      g_assert_true (found->place != NULL && found->city != NULL && found->signed_in_with != NULL);
      for (gsize j = 0; j < i; j++)
        g_assert_cmpstr (found->blocked[0], !=, demo_exit_find (services[j], NULL, NULL, &why)->blocked[0]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-exit/rows", test_rows);
  g_test_add_func ("/demo-exit/services", test_services);
  return g_test_run ();
}
