/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-openvpn-connect.c: OpenVPN, from the exec of the program that the person types until it says that the tunnel is up, and
 * what is then in memory for it.  All take turns in the same lab.  With the argument "20ms" the way there and back takes that. */
#include "tests/bench/openvpn-peers.h"

#define ONE_WAY_US 10000
#define PING_MS    5000
#define SETTLE_US  100000    /* as in bench-connect.c */

static const BenchOpenvpnWay *const peers[] = { &bench_openvpn_bare, &bench_openvpn_nm_password, &bench_openvpn_nm_certificate };

/* What was said has to be true: the tunnel carries, and everything goes there. */
static void
check (BenchOpenvpn *desk, int ping, const char *who, const char *way_out)
{
  g_autofree char *seen = NULL;

  if (g_str_equal (way_out, ADIT_LAB_OVPN_ADDRESS) && !bench_ping (ping, ADIT_LAB_OVPN_RESOLVER, PING_MS))
    g_error ("%s: no ping comes back through the tunnel", who);
  seen = adit_world_ask_web (bench_openvpn_world (desk), FALSE);
  if (!g_str_equal (seen, way_out))
    g_error ("%s: the web server saw \"%s\", not %s", who, seen, way_out);
}

static void
go (BenchOpenvpn *desk, int ping, const BenchOpenvpnWay *way, double *ms, double *pss_mib)
{
  *ms = way->connect_ms (desk);
  check (desk, ping, way->name, ADIT_LAB_OVPN_ADDRESS);
  *pss_mib = way->read_pss_mib (desk);
  way->disconnect (desk);
  check (desk, ping, way->name, ADIT_LAB_ROUTER_ADDRESS);
  g_usleep (SETTLE_US);
}

int
main (int argc, char **argv)
{
  gboolean is_far = argc > 1 && g_str_equal (argv[1], "20ms");
  BenchResult *times[G_N_ELEMENTS (peers)], *memory[G_N_ELEMENTS (peers)];
  BenchOpenvpn *desk;
  int ping;

  if (!bench_openvpn_fetch ())
    return BENCH_SKIP;
  desk = bench_openvpn_new (is_far ? ONE_WAY_US : 0);
  ping = bench_ping_open ("client");
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      g_autofree char *time_name = g_strdup_printf ("openvpn-connect%s-%s", is_far ? "-20ms" : "", peers[i]->name);
      g_autofree char *memory_name = g_strdup_printf ("openvpn-pss-%s", peers[i]->name);

      times[i] = bench_result_new (time_name, "ms", BENCH_GOAL_NONE, 0);
      memory[i] = bench_result_new (memory_name, "MiB", BENCH_GOAL_NONE, 0);
    }
  for (guint round = 0; round <= BENCH_ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
      {
        guint turn = round % 2 == 0 ? i : (guint) G_N_ELEMENTS (peers) - 1 - i;
        double ms, pss_mib;

        go (desk, ping, peers[turn], &ms, &pss_mib);
        if (round == 0)
          continue;    /* it fills the disk's cache, and starts NetworkManager's service for the rounds that follow */
        bench_result_add_peer (times[turn], ms);
        bench_result_add_peer (memory[turn], pss_mib);
      }
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      bench_result_write (times[i]);
      if (!is_far)
        bench_result_write (memory[i]);
      bench_result_free (times[i]);
      bench_result_free (memory[i]);
    }
  return 0;
}
