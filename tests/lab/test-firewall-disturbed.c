/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-firewall-disturbed.c: other programs change the rules and links come and go; the lock stands, and the gap is measured. */
#include "tests/lab/firewall-fixture.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/nft-dump.h"
#include "tests/lab/lossy-nft.h"

static FirewallFixture f;

static guint n_disturbed;
static gboolean was_put_back;
static gint64 reported_gap_us;

static void
on_disturbed (AditFirewall *self, gboolean put_back, gint64 gap_us, const char *by, gpointer user_data)
{
  n_disturbed++;
  was_put_back = put_back;
  reported_gap_us = gap_us;
}

typedef struct { gint stop; guint n; } Flood;

/* Small packets without a pause, so that the hole in time shows on the wire. */
static gpointer
flood (gpointer data)
{
  Flood *self = data;
  const ProbeWay way = { 0 };
  int fd = probe_open (&way, SOCK_DGRAM, 0, OTHER);
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (9999) };

  inet_pton (AF_INET, OTHER, &there.sin_addr);
  while (!g_atomic_int_get (&self->stop))
    {
      sendto (fd, "x", 1, 0, (struct sockaddr *) &there, sizeof there);
      self->n++;
    }
  close (fd);
  return NULL;
}

static void
wait_disturbed (guint before)
{
  gint64 until_us = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  while (n_disturbed == before && g_get_monotonic_time () < until_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (100);
  g_assert_cmpuint (n_disturbed, >, before);
  g_assert_true (was_put_back);
}

static const char *const changes[] = {
  "nft flush ruleset", "nft delete table inet adit", "nft delete table netdev adit", "nft insert rule inet adit output accept",
  "nft add rule netdev adit pass accept", "nft flush chain inet adit input", "nft add chain inet adit mine",
  /* A member more opens as much as a rule more. */
  "nft add element inet adit holes4 { 203.0.113.9 . 17 . 9999 }",
  "nft add element netdev adit holes4 { 203.0.113.9 . 17 . 9999 }", "nft flush set inet adit holes4",
  "nft flush set inet adit holes4 ; add element inet adit holes4 { 203.0.113.9 . 17 . 9999 }",
  "nft add set inet adit mine { type ipv4_addr ; }", NULL };

static void
test_put_back (void)
{
  static const ProbeWay way = { 0 };

  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  for (guint i = 0; changes[i] != NULL; i++)
    {
      g_autofree char *whole = private_world_run (TRUE, "nft -s list ruleset"), *after = NULL;
      guint before = n_disturbed;
      Flood flooding = { 0 };
      g_auto (GStrv) argv = g_strsplit (changes[i], " ", -1);
      GThread *thread;
      ProbeSeen seen;

      probe_forget (f.cable);
      thread = g_thread_new ("flood", flood, &flooding);
      /* Not waited for: what stands open while the other program ends is part of the gap. */
      g_assert_true (g_spawn_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL));
      wait_disturbed (before);
      g_atomic_int_set (&flooding.stop, 1);
      g_thread_join (thread);
      seen = probe_count (f.cable, FALSE);
      g_test_message ("%s: put back, %u of %u packets left over %.1f ms (the helper saw %.1f ms)", changes[i], seen.n, flooding.n,
                      (double) (seen.last_us - seen.first_us) / 1000, (double) reported_gap_us / 1000);
      after = private_world_run (TRUE, "nft -s list ruleset");
      g_assert_cmpstr (whole, ==, after);
      probe_forget (f.cable);
      probe_send (&way, SOCK_DGRAM, 0, OTHER, 9999, "x", 1);
      g_assert_cmpuint (probe_count (f.cable, FALSE).n, ==, 0);
    }
}

/* By the kernel's own words each change shows, and rules that were made anew, under other numbers, are the same. */
static void
test_dump (void)
{
  g_autoptr (AditNftDump) reader = adit_nft_dump_new ();
  g_autoptr (GBytes) whole = NULL;

  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  whole = adit_nft_dump_read (reader, ADIT_NFT_TABLE);
  g_assert_nonnull (whole);
  g_test_message ("%zu bytes", g_bytes_get_size (whole));
  for (guint i = 0; changes[i] != NULL; i++)
    {
      g_autoptr (GBytes) changed = NULL, again = NULL;
      guint before = n_disturbed;

      private_world_do ("%s", changes[i]);
      changed = adit_nft_dump_read (reader, ADIT_NFT_TABLE);
      if (changed != NULL && g_bytes_equal (whole, changed))
        g_error ("%s: it does not show", changes[i]);
      wait_disturbed (before);
      again = adit_nft_dump_read (reader, ADIT_NFT_TABLE);
      if (again == NULL || !g_bytes_equal (whole, again))
        g_error ("%s: the same rules differ", changes[i]);
    }
}

static void
set_from_nothing (AditLock lock)
{
  firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
  firewall_fixture_set_lock (&f, lock);
}

/* Rules that were set and read back before are not put into words again; a kernel that loses a part of them is found out. */
static void
test_same_again (void)
{
  static const char *const parts[] = { "reject with icmpx", "policy drop", "elements = ", "goto tunnel_output",
                                       "ether type" };
  AditLockPolicy all = { .lock = ADIT_LOCK_ALL };
  guint before;

  firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
  before = lossy_nft_get_listings ();
  g_assert_true (adit_firewall_apply (f.firewall, &all, NULL));
  g_assert_cmpuint (lossy_nft_get_listings (), >, before);
  set_from_nothing (ADIT_LOCK_PEER);
  set_from_nothing (ADIT_LOCK_ALL);
  before = lossy_nft_get_listings ();
  set_from_nothing (ADIT_LOCK_PEER);
  set_from_nothing (ADIT_LOCK_ALL);
  g_assert_cmpuint (lossy_nft_get_listings (), ==, before);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GError) error = NULL;

      firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
      lossy_nft_lose (parts[i]);
      if (firewall_fixture_try_lock (&f, ADIT_LOCK_PEER, &error))
        g_error ("%s: nobody misses it", parts[i]);
      lossy_nft_lose (NULL);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED);
      g_test_message ("%s: %s", parts[i], error->message);
      set_from_nothing (ADIT_LOCK_PEER);
    }
}

/* A stranger's table is nobody's business. */
static void
test_foreign_table (void)
{
  guint before = n_disturbed;

  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  private_world_do ("nft add table inet stranger");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (n_disturbed, ==, before);
  private_world_do ("nft delete table inet stranger");
}

static gboolean
has_chain (const char *device)
{
  g_autofree char *listing = private_world_run (TRUE, "nft list table netdev adit"),
                  *head = g_strdup_printf ("device \"%s\"", device);

  return strstr (listing, head) != NULL;
}

static void
test_late_link (void)
{
  guint before = n_disturbed, early = 0;
  gint64 since_us, made_us = 0;
  guint8 frame[128];
  gsize length = probe_make_udp (frame, "192.0.2.2", 4000, OTHER, 4000);
  int watcher;

  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  private_world_do ("ip link add late type veth peer name late1 netns far");
  private_world_do ("ip -n far link set late1 up");
  watcher = probe_watch ("far", "late1");
  private_world_do ("ip link set late up");
  since_us = g_get_monotonic_time ();
  while (!has_chain ("late") && g_get_monotonic_time () - since_us < 3 * G_USEC_PER_SEC)
    {
      early += probe_frame (NULL, "late", frame, length);
      g_main_context_iteration (NULL, FALSE);
    }
  made_us = g_get_monotonic_time () - since_us;
  g_assert_true (has_chain ("late"));
  g_test_message ("egress chain there %.1f ms after the link was up, %u raw frames sent before", (double) made_us / 1000, early);
  probe_count (watcher, FALSE);
  probe_frame (NULL, "late", frame, length);
  g_assert_cmpuint (probe_count (watcher, FALSE).n, ==, 0);

  private_world_do ("ip link delete late");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (has_chain ("late"));
  g_assert_cmpuint (n_disturbed, ==, before);
  close (watcher);
}

/* A name that no rule can hold must not keep the lock from being set, nor leave a door. */
static void
test_odd_name (void)
{
  g_autofree char *state = NULL;

  private_world_do ("ip link add o\"dd type veth peer name odd1 netns far");
  private_world_do ("ip link set o\"dd up");
  g_test_expect_message ("adit-lock", G_LOG_LEVEL_WARNING, "*switched off*");
  firewall_fixture_set_lock (&f, ADIT_LOCK_ALL);
  g_test_assert_expected_messages ();
  state = private_world_run (TRUE, "ip -o link show dev o\"dd");
  g_assert_null (strstr (state, ",UP"));
  private_world_do ("ip link set o\"dd up");
  g_test_expect_message ("adit-lock", G_LOG_LEVEL_WARNING, "*switched off*");
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_test_assert_expected_messages ();
  private_world_do ("ip link delete o\"dd");
}

static void
test_again_and_off (void)
{
  g_autofree char *once = NULL, *twice = NULL, *tables = NULL;

  firewall_fixture_set_lock (&f, ADIT_LOCK_TUNNEL);
  g_assert_true (adit_firewall_is_present (f.firewall));
  once = private_world_run (TRUE, "nft -s list ruleset");
  firewall_fixture_set_lock (&f, ADIT_LOCK_TUNNEL);
  twice = private_world_run (TRUE, "nft -s list ruleset");
  g_assert_cmpstr (once, ==, twice);
  firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
  tables = private_world_run (TRUE, "nft list tables");
  g_assert_cmpstr (tables, ==, "");
  g_assert_false (adit_firewall_is_present (f.firewall));
  firewall_fixture_set_lock (&f, ADIT_LOCK_OFF);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!firewall_fixture_set_up (&f))
    return PRIVATE_WORLD_SKIP;
  g_signal_connect (f.firewall, "disturbed", G_CALLBACK (on_disturbed), NULL);
  g_test_add_func ("/firewall/put-back", test_put_back);
  g_test_add_func ("/firewall/dump", test_dump);
  g_test_add_func ("/firewall/same-again", test_same_again);
  g_test_add_func ("/firewall/foreign-table", test_foreign_table);
  g_test_add_func ("/firewall/late-link", test_late_link);
  g_test_add_func ("/firewall/odd-name", test_odd_name);
  g_test_add_func ("/firewall/again-and-off", test_again_and_off);
  status = g_test_run ();
  firewall_fixture_tear_down (&f);
  return status;
}
