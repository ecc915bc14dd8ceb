/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-openvpn-stream.c: how fast bytes come through a tunnel of OpenVPN, and how much time the client computes for them: with
 * openvpn, and of ours with the helper and the worker too.  Both ends, the server's openvpn and the routers share the cores. */
#include "tests/bench/openvpn-ours.h"

#include "tests/bench/stream.h"

#define N_BYTES (64 << 20)
#define ROUNDS  8
#define N_WAYS  2
#define NEAR    0.03

static const char *const directions[N_WAYS] = { [BENCH_STREAM_DOWN] = "down", [BENCH_STREAM_UP] = "up" };

typedef void (*Add) (BenchResult *result, double value);

static BenchResult *speed[N_WAYS], *cost[N_WAYS];

static void
measure (BenchOpenvpn *desk, const BenchOpenvpnWay *who, guint way, Add add)
{
  double before_s = who->read_cpu_s (desk), s = bench_stream_run_s (way, N_BYTES);
  double cpu_s = who->read_cpu_s (desk) - before_s;

  /* Packets that went beside the tunnel cost it nothing. */
  if (cpu_s <= 0)
    g_error ("%s: openvpn did not carry them", who->name);
  if (add == NULL)
    return;
  add (speed[way], N_BYTES * 8.0 / 1e9 / s);
  add (cost[way], cpu_s / (N_BYTES / 1e9));
}

static void
go (BenchOpenvpn *desk, const BenchOpenvpnWay *who, Add add)
{
  who->connect_ms (desk);
  for (guint way = 0; way < N_WAYS; way++)
    {
      measure (desk, who, way, NULL);    /* warms the caches */
      measure (desk, who, way, add);
    }
  who->disconnect (desk);
}

int
main (int argc, char **argv)
{
  BenchOpenvpn *desk;

  if (!bench_openvpn_fetch ())
    return BENCH_SKIP;
  desk = bench_openvpn_new (0);
  bench_openvpn_ours_set_up (desk);
  for (guint way = 0; way < N_WAYS; way++)
    {
      g_autofree char *speed_name = g_strdup_printf ("openvpn-throughput-%s", directions[way]);
      g_autofree char *cost_name = g_strdup_printf ("openvpn-cpu-%s", directions[way]);

      speed[way] = bench_result_new (speed_name, "Gbit/s", BENCH_GOAL_NEAR, NEAR);
      cost[way] = bench_result_new (cost_name, "s/GB", BENCH_GOAL_NEAR, NEAR);
    }
  for (guint i = 0; i < ROUNDS; i++)
    {
      if (i % 2 == 0)
        go (desk, &bench_openvpn_ours_password, bench_result_add_ours);
      go (desk, &bench_openvpn_bare, bench_result_add_peer);
      if (i % 2 == 1)
        go (desk, &bench_openvpn_ours_password, bench_result_add_ours);
    }
  for (guint way = 0; way < N_WAYS; way++)
    {
      bench_result_write (speed[way]);
      bench_result_write (cost[way]);
      bench_result_free (speed[way]);
      bench_result_free (cost[way]);
    }
  return 0;
}
