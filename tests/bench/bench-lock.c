/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-lock.c: the lock from "connecting" to "connected" as the helper sets it, links looked at and rules read back, beside
 * `nft -f` of the same rules, and beside a script of 41 calls of iptables that is run again, as many kill switches are.  The
 * bound is libnftables alone in a warm process, with no more than what differs between the two. Each in a namespace of its
 * own, so that none throws away what another has cached. */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <nftables/libnftables.h>
#include "platform/linux/nft.h"
#include "platform/linux/ruleset.h"
#include "tests/lab/kill-switch.h"
#include "tests/lab/private-world.h"

#define ROUNDS 40
#define RULES  "/run/rules.nft"

static char *links[] = { (char *) "cable", NULL };    /* the computer's one way out */
static char *nobody[] = { NULL };
static const AditLinks all = { .names = links, .guests = nobody };

static AditAddress
parse (const char *text)
{
  AditAddress address;

  g_assert_true (adit_address_parse (text, &address));
  return address;
}

static AditLockPolicy
make_policy (AditLock lock)
{
  AditLockPolicy policy = { .lock = lock, .n_api = 1, .n_tunnel_addresses = 1, .n_dns = 1 };

  policy.api[0] = (AditEndpoint) { .address = parse ("192.0.2.10"), .port = 443 };
  policy.peer = (AditEndpoint) { .address = parse ("198.51.100.10"), .port = 51820 };
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &policy.tunnel_addresses[0]));
  policy.dns[0] = parse ("10.64.0.1");
  return policy;
}

static void
make_space (const char *space)
{
  private_world_do ("ip netns add %s", space);
  private_world_do ("ip -n %s link add %s type veth peer name wire-%s netns far", space, links[0], space);
  private_world_do ("ip -n %s link set %s up", space, links[0]);
}

/* A libnftables of that namespace: its socket is opened here and stays there. */
static struct nft_ctx *
open_nft (const char *space)
{
  g_autofree char *path = g_build_filename ("/run/netns", space, NULL);
  int here = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), there = open (path, O_RDONLY | O_CLOEXEC);
  struct nft_ctx *nft;

  g_assert_cmpint (setns (there, CLONE_NEWNET), ==, 0);
  nft = nft_ctx_new (NFT_CTX_DEFAULT);
  g_assert_cmpint (setns (here, CLONE_NEWNET), ==, 0);
  close (there);
  close (here);
  return nft;
}

static double
measure_ours (AditFirewall *firewall, const AditLockPolicy *policy)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  if (!adit_firewall_apply (firewall, policy, &error))
    g_error ("%s", error->message);
  return bench_get_ms_since (start_us);
}

static double
measure_bound (struct nft_ctx *nft, const char *text)
{
  gint64 start_us = g_get_monotonic_time ();

  g_assert_cmpint (nft_run_cmd_from_buffer (nft, text), ==, 0);
  return bench_get_ms_since (start_us);
}

static double
measure_script (const BenchCaller *caller)
{
  double sum_ms = 0;

  for (guint i = 0; i < KILL_SWITCH_N_CALLS; i++)
    {
      g_auto (GStrv) argv = g_strsplit (kill_switch_calls[i], " ", -1);

      sum_ms += bench_run_ms (caller, (const char *const *) argv);
    }
  return sum_ms;
}

int
main (int argc, char **argv)
{
  static const char *const spaces[] = { "peer", "bound", "script" };
  static const AditLock locks[] = { ADIT_LOCK_PEER, ADIT_LOCK_TUNNEL };
  const char *const nft_f[] = { "nft", "-f", RULES, NULL };
  const BenchCaller peer = { .space = "peer" }, script = { .space = "script" };
  g_autoptr (BenchResult) beside_script = bench_result_new ("lock-script", "ms", BENCH_GOAL_RATIO, 0.01);
  g_autoptr (BenchResult) result = bench_result_new ("lock", "ms", BENCH_GOAL_RATIO, 0.1);
  g_autoptr (AditFirewall) firewall = NULL;
  AditLockPolicy before;
  struct nft_ctx *nft;

  if (!private_world_enter ())
    return BENCH_SKIP;
  private_world_do ("ip netns add far");
  private_world_do ("ip link add %s type veth peer name wire netns far", links[0]);
  private_world_do ("ip link set %s up", links[0]);
  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    make_space (spaces[i]);
  firewall = adit_nft_firewall_new ();
  nft = open_nft ("bound");

  for (guint i = 0; i < ROUNDS + 4; i++)
    {
      AditLockPolicy policy = make_policy (locks[i % 2]);
      g_autofree char *text = adit_ruleset_new (&policy, &all);
      g_autofree char *difference = i > 0 ? adit_ruleset_members (&before, &policy) : NULL;
      double ours, peers, bound, scripts;

      g_assert_true (g_file_set_contents (RULES, text, -1, NULL));
      ours = measure_ours (firewall, &policy);
      peers = bench_run_ms (&peer, nft_f);
      scripts = measure_script (&script);
      bound = measure_bound (nft, difference != NULL ? difference : text);
      before = policy;
      if (i < 4)
        continue;    /* both locks twice, until all are warm */
      bench_result_add_ours (result, ours);
      bench_result_add_peer (result, peers);
      bench_result_add_bound (result, bound);
      bench_result_add_ours (beside_script, ours);
      bench_result_add_peer (beside_script, scripts);
      bench_result_add_bound (beside_script, bound);
    }
  bench_result_write (result);
  bench_result_write (beside_script);
  nft_ctx_free (nft);
  return 0;
}
