/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-openvpn-stream.c: how fast bytes come through a tunnel of OpenVPN, and how much time the client's openvpn computes for
 * them.  Both ends, the server's openvpn and the routers share this computer's cores. */
#include "tests/bench/openvpn-peers.h"

#include "tests/bench/stream.h"

#define N_BYTES (64 << 20)
#define ROUNDS  6
#define N_WAYS  2

static const BenchOpenvpnWay *const peers[] = { &bench_openvpn_bare };
static const char *const directions[N_WAYS] = { [BENCH_STREAM_DOWN] = "down", [BENCH_STREAM_UP] = "up" };

static BenchResult *
new_result (const char *what, const char *unit, const BenchOpenvpnWay *peer, guint way)
{
  g_autofree char *name = g_strdup_printf ("openvpn-%s-%s-%s", what, directions[way], peer->name);

  return bench_result_new (name, unit, BENCH_GOAL_NONE, 0);
}

static void
measure (BenchOpenvpn *desk, const BenchOpenvpnWay *peer, guint way)
{
  g_autoptr (BenchResult) speed = new_result ("throughput", "Gbit/s", peer, way), cost = new_result ("cpu", "s/GB", peer, way);
  g_autofree char *openvpn = g_find_program_in_path ("openvpn");
  pid_t pid;

  peer->connect_ms (desk);
  pid = bench_openvpn_find (openvpn);
  for (guint round = 0; round <= ROUNDS; round++)
    {
      double before_s = bench_read_cpu_s (pid), s = bench_stream_run_s (way, N_BYTES);
      double cpu_s = bench_read_cpu_s (pid) - before_s;

      /* Packets that went beside the tunnel cost it nothing. */
      if (cpu_s <= 0)
        g_error ("%s: openvpn did not carry them", peer->name);
      if (round == 0)
        continue;
      bench_result_add_peer (speed, N_BYTES * 8.0 / 1e9 / s);
      bench_result_add_peer (cost, cpu_s / (N_BYTES / 1e9));
    }
  peer->disconnect (desk);
  bench_result_write (speed);
  bench_result_write (cost);
}

int
main (int argc, char **argv)
{
  BenchOpenvpn *desk;

  if (!bench_openvpn_fetch ())
    return BENCH_SKIP;
  desk = bench_openvpn_new (0);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    for (guint way = 0; way < N_WAYS; way++)
      measure (desk, peers[i], way);
  return 0;
}
