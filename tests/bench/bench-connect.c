/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-connect.c: "connect", from the start of the program that the person types to the first ping through the tunnel, and
 * "disconnect", until a ping gets out beside it.  Ours and wg-quick take turns in the same lab, now one first and now the other;
 * each round ends with what wireguard-go alone needs.
 *
 * Ours does more in that time: polkit is asked, the lock is set and read back, a server is chosen.  The link's delay is that of
 * the virtual cable, some microseconds, or with the argument "20ms" that of a box on it. */
#include "tests/bench/desk.h"

#include "tests/bench/bound.h"
#include "tests/bench/delay.h"
#include "tests/bench/wg-quick.h"

#define PING_MS 5000
#define ONE_WAY_US 10000
#define SETTLE_US 100000    /* both end processes and devices after they have given the network back; nobody connects that soon */

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
  g_usleep (SETTLE_US);
  return round;
}

static BenchDelay *
make_way_longer (int ping)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchDelay) delay = bench_delay_new ("client", ONE_WAY_US, &error);
  gint64 start_us;

  if (delay == NULL || !bench_ping (ping, ADIT_LAB_EXIT_ADDRESS, PING_MS))    /* the first one finds the neighbours, too */
    g_error ("the longer cable carries nothing: %s", error != NULL ? error->message : "no ping came back");
  start_us = g_get_monotonic_time ();
  if (!bench_ping (ping, ADIT_LAB_EXIT_ADDRESS, PING_MS) || bench_get_ms_since (start_us) < 2 * ONE_WAY_US / 1000.0)
    g_error ("the way to the exit is not longer");
  return g_steal_pointer (&delay);
}

int
main (int argc, char **argv)
{
  gboolean is_far = argc > 1 && g_str_equal (argv[1], "20ms");
  Fixture fixture = { .world = bench_desk_new_with_peer (), .ping = bench_ping_open ("client") };
  const char *const up[] = { g_getenv ("ADIT_PROGRAM"), "connect", "--wait", NULL };
  const char *const down[] = { g_getenv ("ADIT_PROGRAM"), "disconnect", NULL };
  const char *const peer_up[] = WG_QUICK_UP, *const peer_down[] = WG_QUICK_DOWN;
  g_autoptr (BenchResult) connect = bench_result_new (is_far ? "connect-20ms" : "connect", "ms", BENCH_GOAL_RATIO,
                                                      is_far ? 0.75 : 0.33);
  g_autoptr (BenchResult) disconnect = bench_result_new ("disconnect", "ms", BENCH_GOAL_RATIO, 0.33);
  g_autoptr (BenchDelay) delay = is_far ? make_way_longer (fixture.ping) : NULL;
  g_autoptr (BenchBound) bound = bench_bound_new ();

  for (guint i = 0; i <= BENCH_ROUNDS; i++)
    {
      Round ours, peer, least;

      if (i % 2 == 0)
        ours = go (&fixture, &bench_desk_alice, up, down);
      peer = go (&fixture, &bench_desk_root, peer_up, peer_down);
      if (i % 2 == 1)
        ours = go (&fixture, &bench_desk_alice, up, down);
      least.connect_ms = bench_bound_connect_ms (bound, fixture.ping);
      least.disconnect_ms = bench_bound_disconnect_ms (bound);
      g_usleep (SETTLE_US);
      if (i == 0)
        continue;    /* the first one fetches the list of servers and fills the disk's cache, for both */
      bench_result_add_ours (connect, ours.connect_ms);
      bench_result_add_peer (connect, peer.connect_ms);
      bench_result_add_bound (connect, least.connect_ms);
      bench_result_add_ours (disconnect, ours.disconnect_ms);
      bench_result_add_peer (disconnect, peer.disconnect_ms);
      bench_result_add_bound (disconnect, least.disconnect_ms);
    }
  bench_result_write (connect);
  if (!is_far)
    bench_result_write (disconnect);
  adit_world_free (fixture.world);
  return 0;
}
