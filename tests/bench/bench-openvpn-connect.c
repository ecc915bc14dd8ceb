/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-openvpn-connect.c: OpenVPN, from the exec of the program that the person types until it has said that the tunnel is up
 * and a ping has come back through it, and what is then in memory for it.  All take turns in the same lab.
 * With the argument "20ms" the way there and back takes that. */
#include "tests/bench/openvpn-ours.h"

#define ONE_WAY_US 10000
#define PING_MS    5000
#define SETTLE_US  100000    /* as in bench-connect.c */

/* What is compared: ours with the peer that the server lets in by the same proof. */
typedef struct
{
  const BenchOpenvpnWay *peer, *ours;
  double                 goal;
  BenchResult           *times, *memory;
} Pair;

static Pair pairs[] = {
  { &bench_openvpn_bare, &bench_openvpn_ours_password, 1.2 },
  { &bench_openvpn_nm_password, &bench_openvpn_ours_password, 0.5 },
  { &bench_openvpn_nm_certificate, &bench_openvpn_ours_certificate, 0.5 },
};
static const BenchOpenvpnWay *const ways[] = { &bench_openvpn_bare, &bench_openvpn_ours_password, &bench_openvpn_nm_password,
                                               &bench_openvpn_ours_certificate, &bench_openvpn_nm_certificate };

typedef struct { double ms, pss_mib; } Figures;

/* What was said has to be true of more than one address. */
static void
check (BenchOpenvpn *desk, const char *who, const char *way_out)
{
  g_autofree char *seen = adit_world_ask_web (bench_openvpn_world (desk), FALSE);

  if (!g_str_equal (seen, way_out))
    g_error ("%s: the web server saw \"%s\", not %s", who, seen, way_out);
}

static Figures
go (BenchOpenvpn *desk, int ping, const BenchOpenvpnWay *way)
{
  Figures figures = { .ms = way->connect_ms (desk) };
  gint64 said_us = g_get_monotonic_time ();

  if (!bench_ping (ping, ADIT_LAB_OVPN_RESOLVER, PING_MS))
    g_error ("%s: no ping comes back through the tunnel", way->name);
  figures.ms += bench_get_ms_since (said_us);
  check (desk, way->name, ADIT_LAB_OVPN_ADDRESS);
  figures.pss_mib = way->read_pss_mib (desk);
  way->disconnect (desk);
  check (desk, way->name, ADIT_LAB_ROUTER_ADDRESS);
  g_usleep (SETTLE_US);
  return figures;
}

static void
make_results (gboolean is_far)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const char *name = pairs[i].peer->name;
      g_autofree char *time_name = g_strdup_printf ("openvpn-connect%s-%s", is_far ? "-20ms" : "", name);
      g_autofree char *memory_name = g_strdup_printf ("openvpn-pss-%s", name);

      pairs[i].times = bench_result_new (time_name, "ms", BENCH_GOAL_RATIO, pairs[i].goal);
      pairs[i].memory = bench_result_new (memory_name, "MiB", BENCH_GOAL_NONE, 0);
    }
}

static const Figures *
find (const Figures *round, const BenchOpenvpnWay *way)
{
  guint i = 0;

  while (ways[i] != way)
    i++;
  return &round[i];
}

static void
add (const Figures *round)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const Figures *ours = find (round, pairs[i].ours), *peer = find (round, pairs[i].peer);

      bench_result_add_ours (pairs[i].times, ours->ms);
      bench_result_add_peer (pairs[i].times, peer->ms);
      bench_result_add_ours (pairs[i].memory, ours->pss_mib);
      bench_result_add_peer (pairs[i].memory, peer->pss_mib);
    }
}

int
main (int argc, char **argv)
{
  gboolean is_far = argc > 1 && g_str_equal (argv[1], "20ms");
  BenchOpenvpn *desk;
  int ping;

  if (!bench_openvpn_fetch ())
    return BENCH_SKIP;
  desk = bench_openvpn_new (is_far ? ONE_WAY_US : 0);
  bench_openvpn_ours_set_up (desk);
  ping = bench_ping_open ("client");
  make_results (is_far);
  for (guint i = 0; i <= BENCH_ROUNDS; i++)
    {
      Figures round[G_N_ELEMENTS (ways)];

      for (guint j = 0; j < G_N_ELEMENTS (ways); j++)
        {
          guint turn = i % 2 == 0 ? j : (guint) G_N_ELEMENTS (ways) - 1 - j;

          round[turn] = go (desk, ping, ways[turn]);
        }
      if (i > 0)
        add (round);    /* the first one fills the disk's cache, and starts NetworkManager's service for the rounds that follow */
    }
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      bench_result_write (pairs[i].times);
      if (!is_far)
        bench_result_write (pairs[i].memory);
      bench_result_free (pairs[i].times);
      bench_result_free (pairs[i].memory);
    }
  return 0;
}
