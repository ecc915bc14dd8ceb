/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-wg-progress.c: a tunnel of several peers lives by the one that takes everything, or by any where none does. */
#include "platform/linux/wg-progress.h"

#include <string.h>

static void
begin (AditWgProgress *progress, const char *first, const char *second)
{
  AditTunnelSpec spec = { .peer_key = { 1 }, .n_allowed_ips = 2, .n_more_peers = 1, .more_peers = { { .key = { 2 } } } };

  spec.more_peers[0].n_allowed_ips = 1;
  g_assert_true (adit_prefix_parse (first, &spec.allowed_ips[0]));
  g_assert_true (adit_prefix_parse (second, &spec.allowed_ips[1]));
  adit_wg_progress_begin (progress, &spec);
}

static void
test_one (void)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  AditWgPeerStatus peers[] = { { .key = { 2 }, .received_bytes = 100, .sent_bytes = 200 },
                               { .key = { 1 }, .handshake_s = now_s, .received_bytes = 7, .sent_bytes = 9 } };
  AditTunnelProgress progress;
  AditWgProgress self;

  /* The second peer of the file decides; its order in the answer says nothing. */
  begin (&self, "10.9.0.0/16", "0.0.0.0/0");
  adit_wg_progress_read (&self, peers, 2, &progress);
  g_assert_cmpint (progress.handshake_age_ms, ==, -1);
  g_assert_cmpuint (progress.received_bytes, ==, 100);
  g_assert_cmpuint (progress.sent_bytes, ==, 200);
  g_assert_cmpuint (progress.others_received_bytes, ==, 7);
  g_assert_cmpuint (progress.others_sent_bytes, ==, 9);
  peers[0].handshake_s = now_s - 10;
  adit_wg_progress_read (&self, peers, 2, &progress);
  g_assert_cmpint (progress.handshake_age_ms, >=, 10000);
  g_assert_cmpint (progress.handshake_age_ms, <, 60000);
}

static void
test_any (void)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  AditWgPeerStatus peers[] = { { .key = { 1 }, .received_bytes = 100, .sent_bytes = 200 },
                               { .key = { 2 }, .handshake_s = now_s - 1000, .received_bytes = 7, .sent_bytes = 9 } };
  AditTunnelProgress progress;
  AditWgProgress self;

  begin (&self, "10.9.0.0/16", "10.8.0.0/16");
  adit_wg_progress_read (&self, peers, 2, &progress);
  g_assert_cmpint (progress.handshake_age_ms, >=, 1000000);
  g_assert_cmpuint (progress.received_bytes, ==, 107);
  g_assert_cmpuint (progress.sent_bytes, ==, 209);
  g_assert_cmpuint (progress.others_received_bytes, ==, 0);
  peers[0].handshake_s = now_s - 10;    /* the youngest counts */
  adit_wg_progress_read (&self, peers, 2, &progress);
  g_assert_cmpint (progress.handshake_age_ms, <, 60000);
  adit_wg_progress_read (&self, peers, 0, &progress);
  g_assert_cmpint (progress.handshake_age_ms, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wg-progress/one", test_one);
  g_test_add_func ("/wg-progress/any", test_any);
  return g_test_run ();
}
