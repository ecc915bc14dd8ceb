/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-connect.c: "connect", from the start of the program that the person types to the first ping through the tunnel, and
 * "disconnect", until a ping gets out beside it.  Ours and wg-quick take turns in the same lab, now one first and now the other.
 *
 * Ours does more in that time: polkit is asked, the lock is set and read back, a server is chosen.  The link's delay is that of
 * the virtual cable, some microseconds; the row with 20 ms wants the kernel's netem. */
#include "tests/bench/desk.h"

#include "tests/bench/wg-quick.h"

#define PING_MS 5000

typedef struct
{
  AditWorld *world;
  int        ping;
} Fixture;

typedef struct { double connect_ms, disconnect_ms; } Round;

/* Runs @argv and pings @address, then makes sure, unmeasured, that the way out is the right one. */
static double
measure (Fixture *fixture, const BenchCaller *caller, const char *const *argv, const char *address, const char *way_out)
{
  BenchChild child = bench_prepare (caller, argv);
  gint64 start_us = g_get_monotonic_time ();
  g_autofree char *seen = NULL;
  double ms;

  bench_release (&child);
  bench_finish (child.pid, argv[0]);
  if (!bench_ping (fixture->ping, address, PING_MS))
    g_error ("%s: no ping came back from %s", argv[0], address);
  ms = bench_get_ms_since (start_us);
  seen = adit_world_ask_web (fixture->world, FALSE);
  if (!g_str_equal (seen, way_out))
    g_error ("%s: the web server saw \"%s\", not %s", argv[0], seen, way_out);
  return ms;
}

static Round
go (Fixture *fixture, const BenchCaller *caller, const char *const *up, const char *const *down)
{
  Round round;

  round.connect_ms = measure (fixture, caller, up, ADIT_LAB_GATEWAY, ADIT_LAB_EXIT_ADDRESS);
  round.disconnect_ms = measure (fixture, caller, down, ADIT_LAB_WEB_ADDRESS, ADIT_LAB_ROUTER_ADDRESS);
  return round;
}

int
main (int argc, char **argv)
{
  Fixture fixture = { .world = bench_desk_new (), .ping = bench_ping_open ("client") };
  const char *const up[] = { g_getenv ("ADIT_PROGRAM"), "connect", "--wait", NULL };
  const char *const down[] = { g_getenv ("ADIT_PROGRAM"), "disconnect", NULL };
  const char *const peer_up[] = WG_QUICK_UP, *const peer_down[] = WG_QUICK_DOWN;
  g_autoptr (BenchResult) connect = bench_result_new ("connect", "ms", BENCH_GOAL_RATIO, 0.33);
  g_autoptr (BenchResult) disconnect = bench_result_new ("disconnect", "ms", BENCH_GOAL_RATIO, 0.33);

  for (guint i = 0; i <= BENCH_ROUNDS; i++)
    {
      Round ours, peer;

      if (i % 2 == 0)
        ours = go (&fixture, &bench_desk_alice, up, down);
      peer = go (&fixture, &bench_desk_root, peer_up, peer_down);
      if (i % 2 == 1)
        ours = go (&fixture, &bench_desk_alice, up, down);
      if (i == 0)
        continue;    /* the first one fetches the list of servers and fills the disk's cache, for both */
      bench_result_add_ours (connect, ours.connect_ms);
      bench_result_add_peer (connect, peer.connect_ms);
      bench_result_add_ours (disconnect, ours.disconnect_ms);
      bench_result_add_peer (disconnect, peer.disconnect_ms);
    }
  bench_result_write (connect);
  bench_result_write (disconnect);
  adit_world_free (fixture.world);
  return 0;
}
