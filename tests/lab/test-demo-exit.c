/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-demo-exit.c: what can be asked of the demo, and that all else is refused with a sentence. */
#include "tests/lab/demo-exit.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-exit/rows", test_rows);
  return g_test_run ();
}
