/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-dns.c: rows of the catalogue about names, where the real systemd-resolved asks for them. */
#include "config.h"
#include "tests/lab/leak.h"

#include <net/if.h>
#include <string.h>
#include <gio/gio.h>

#include "tests/lab/lab.h"
#include "tests/lab/resolved-ask.h"

#define SECOND_RESOLVER "10.11.0.1"
#define CHANGE_MS       5000
#define REFUSED_MS      1000    /* the question is on the wire at once, or not at all; resolved itself hopes for longer */
#define WHO             "who.kept.example"    /* its answer is the address of whom was asked, and may be kept */
#define KEPT            "d13.kept.example"    /* likewise, and nobody has asked for it yet */

static ResolvedAsk *resolved;

static void
fail (AditLeak *leak, const char *what, const char *detail)
{
  adit_world_print_log (adit_leak_get_world (leak));
  g_error ("%s: %s", what, detail);
}

/* As a program asks, as a program asks by the bus, and by the uplink alone; whatever comes of it. */
static void
ask_for (AditLeak *leak, const char *name)
{
  const char *const argv[] = { "getent", "ahosts", name, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, REFUSED_MS, argv, NULL);

  g_free (resolved_ask_name (resolved, NULL, name, REFUSED_MS));
  g_free (resolved_ask_name (resolved, "eth0", name, REFUSED_MS));
  adit_leak_count (leak, 3);
}

/* A new name each time, so that no cache answers. */
static void
ask (AditLeak *leak)
{
  static guint n;
  g_autofree char *name = g_strdup_printf ("n%u.example", n++);

  ask_for (leak, name);
}

static void
expect_answer (AditLeak *leak, const char *name, const char *wanted, const char *when)
{
  g_autofree char *answer = adit_world_look_up (adit_leak_get_world (leak), name);

  if (!g_str_has_prefix (answer, wanted) || strcspn (answer, " ") != strlen (wanted))
    fail (leak, when, answer);
}

/* In every state, and then without protection. */
static void
try_asking (AditLeak *leak)
{
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      ask (leak);
      adit_leak_expect_shut (leak, "look-ups");
    }
  adit_leak_expose (leak);
  ask (leak);
  adit_leak_expect_open (leak, "look-ups");
}

/* --- D01 ------------------------------------------------------------------------------------------------------------------ */

static void
plug_second (AditLeak *leak)
{
  adit_leak_run (leak, "router", "ip addr replace 10.11.0.1/24 dev to-second");
  adit_leak_run (leak, "client", "ip link set eth1 up");
  adit_leak_run (leak, "client", "ip addr add 10.11.0.2/24 dev eth1");
}

static void
pull_second (AditLeak *leak)
{
  adit_leak_run (leak, "client", "ip addr flush dev eth1");
  adit_leak_run (leak, "client", "ip link set eth1 down");
}

/* What another program does to the uplink, as a DHCP client does when its lease is renewed, is undone.  How long that took is
 * told, and not judged: nothing leaves meanwhile. */
static void
claim_all_names (AditLeak *leak, const char *link, const char *server)
{
  const char *const servers[] = { server, NULL };
  gint64 start_us;

  resolved_ask_set_servers (resolved, link, servers);
  resolved_ask_set_link (resolved, "SetLinkDefaultRoute", link, g_variant_new_boolean (TRUE));
  start_us = g_get_monotonic_time ();
  while (resolved_ask_is_default (resolved, link))
    {
      ask (leak);
      if (g_get_monotonic_time () - start_us > CHANGE_MS * 1000)
        fail (leak, link, "it is still asked for all names");
    }
  g_test_message ("%s claimed all names, and was silent again after %" G_GINT64_FORMAT " ms", link,
                  (g_get_monotonic_time () - start_us) / 1000);
}

static void
row_d01 (AditLeak *leak)
{
  static const char *const uplink[] = { ADIT_LAB_DNS_ADDRESS, NULL };

  try_asking (leak);
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  g_assert_false (resolved_ask_is_default (resolved, "eth0"));
  g_assert_true (resolved_ask_is_default (resolved, "adit0"));
  claim_all_names (leak, "eth0", ADIT_LAB_DNS_ADDRESS);
  plug_second (leak);
  claim_all_names (leak, "eth1", SECOND_RESOLVER);
  ask (leak);
  /* Two links that claim "~.": resolved asks both and takes the first answer. */
  resolved_ask_set_link (resolved, "SetLinkDomains", "eth1", g_variant_new_parsed ("[('.', true)]"));
  ask (leak);
  expect_answer (leak, "web.example", ADIT_LAB_WEB_ADDRESS, "while another link claims all names");
  adit_leak_expect_shut (leak, "links that claim all names");

  adit_leak_expose (leak);
  g_assert_true (resolved_ask_is_default (resolved, "eth0"));
  ask (leak);
  adit_leak_expect_open (leak, "all links");
  pull_second (leak);
  resolved_ask_revert (resolved, "eth1");
  resolved_ask_set_servers (resolved, "eth0", uplink);
}

/* --- D02 and D05: what resolved is told about the uplink -------------------------------------------------------------------- */

static void
row_d02_resolved (AditLeak *leak)
{
  static const char *const modes[] = { "opportunistic", "yes" };

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      /* With "yes" port 853 is the only one that is tried, so what the second half sees is that. */
      resolved_ask_set_link (resolved, "SetLinkDNSOverTLS", "eth0", g_variant_new_string (modes[i]));
      try_asking (leak);
    }
  resolved_ask_set_link (resolved, "SetLinkDNSOverTLS", "eth0", g_variant_new_string ("no"));
}

static void
row_d05 (AditLeak *leak)
{
  static const char *const lists[][10] = {
    { "2001:db8:ff::53", NULL },
    { "192.0.2.53", NULL },
    { "192.0.2.53", "2001:db8:ff::53", NULL },
    { "192.0.2.53", "192.0.2.54", "192.0.2.55", "2001:db8:ff::53", "2001:db8:ff::54", "10.10.0.1", "10.10.0.3",
      "2001:db8:10::1", "203.0.113.53", NULL },
  };
  static const char *const uplink[] = { ADIT_LAB_DNS_ADDRESS, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *before = NULL, *during = NULL, *after = NULL;

      resolved_ask_set_servers (resolved, "eth0", lists[i]);
      before = resolved_ask_dup_servers (resolved, "eth0");
      try_asking (leak);
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      during = resolved_ask_dup_servers (resolved, "adit0");
      g_assert_cmpstr (during, ==, ADIT_LAB_GATEWAY " " ADIT_LAB_GATEWAY6);
      ask (leak);
      adit_leak_expect_shut (leak, before);
      adit_leak_expose (leak);
      after = resolved_ask_dup_servers (resolved, "eth0");
      g_assert_cmpstr (after, ==, before);
    }
  resolved_ask_set_servers (resolved, "eth0", uplink);
}

/* --- D09 ------------------------------------------------------------------------------------------------------------------ */

static void
ask_neighbours (AditLeak *leak)
{
  static const char *const names[] = { "printer", "printer.local", "scanner.local" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    ask_for (leak, names[i]);
}

static void
row_d09 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (leak, (AditLeakState) state);
      /* Only now, so that what it says when it starts is part of it. */
      adit_world_restart_resolved (world, "yes", FALSE);
      resolved_ask_set_link (resolved, "SetLinkLLMNR", "eth0", g_variant_new_string ("yes"));
      resolved_ask_set_link (resolved, "SetLinkMulticastDNS", "eth0", g_variant_new_string ("yes"));
      ask_neighbours (leak);
      adit_leak_expect_shut (leak, "names of neighbours");
    }
  adit_leak_expose (leak);
  ask_neighbours (leak);
  adit_leak_expect_open (leak, "names of neighbours");
  resolved_ask_set_link (resolved, "SetLinkLLMNR", "eth0", g_variant_new_string ("no"));
  resolved_ask_set_link (resolved, "SetLinkMulticastDNS", "eth0", g_variant_new_string ("no"));
  adit_world_restart_resolved (world, "no", FALSE);
}

/* --- D11 ------------------------------------------------------------------------------------------------------------------ */

static void
expect_as_before (AditLeak *leak, const char *when)
{
  g_autofree char *servers = resolved_ask_dup_servers (resolved, "eth0");

  if (!g_str_equal (servers, ADIT_LAB_DNS_ADDRESS) || !resolved_ask_is_default (resolved, "eth0"))
    fail (leak, when, "the uplink's resolver is not what it was");
  expect_answer (leak, WHO, ADIT_LAB_DNS_ADDRESS, when);
}

static void
row_d11_resolved (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  for (guint i = 0; i < 2; i++)
    {
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      expect_answer (leak, WHO, ADIT_LAB_GATEWAY, "connected");
      adit_world_kill_helper (world);
      ask (leak);
      adit_leak_expect_shut (leak, "killed");
      adit_leak_allow (leak, "again");
      if (i == 0)
        {
          adit_world_expect_helper (world);
          g_assert_true (adit_world_wait_state (world, "connected", 15000));
          ask (leak);
          adit_leak_expect_shut (leak, "started again");
        }
      else
        {
          /* The computer starts again: what lay in /run is gone, and so is what resolved knew. */
          adit_world_restart_resolved (world, "no", TRUE);
          adit_leak_run (leak, NULL, "rm -rf /run/adit");
          ask (leak);
          adit_leak_expect_shut (leak, "started again, and nothing in /run");
        }
      adit_leak_expose (leak);
      expect_as_before (leak, i == 0 ? "after a crash" : "after a reboot");
      ask (leak);
      adit_leak_expect_open (leak, "afterwards");
    }
  adit_leak_enter (leak, ADIT_LEAK_ORPHANED);
  ask (leak);
  adit_leak_expect_shut (leak, "killed");
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  expect_as_before (leak, "recovered");
}

/* --- D13 ------------------------------------------------------------------------------------------------------------------ */

/* Whom a look-up made resolved ask: "" where it had kept the answer. */
static char *
dup_asked (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  g_free (adit_world_dup_dns_log (world));
  g_free (adit_world_look_up (world, KEPT));
  adit_leak_count (leak, 1);
  return adit_world_dup_dns_log (world);
}

static void
expect_kept (AditLeak *leak, const char *address, const char *when)
{
  g_autofree char *first = dup_asked (leak), *second = dup_asked (leak);

  if (!g_str_has_prefix (first, address) || strstr (first, KEPT) == NULL)
    fail (leak, when, first);
  /* Else nothing would be proved: here an answer is kept. */
  if (strstr (second, KEPT " 1\n") != NULL)
    fail (leak, "resolved did not keep the answer", second);
  expect_answer (leak, KEPT, address, when);
}

static void
row_d13 (AditLeak *leak)
{
  adit_leak_expose (leak);
  for (guint i = 0; i < 2; i++)
    {
      expect_kept (leak, ADIT_LAB_DNS_ADDRESS, "disconnected");
      adit_leak_expect_open (leak, "asked outside");
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      expect_kept (leak, ADIT_LAB_GATEWAY, "connected");
      adit_leak_expect_shut (leak, "asked inside");
      adit_leak_expose (leak);
    }
  expect_kept (leak, ADIT_LAB_DNS_ADDRESS, "disconnected again");
  adit_leak_expect_open (leak, "asked outside again");
}

static const AditLeakRow rows[] = {
  { "D01", "systemd-resolved asks every link that claims all names", row_d01 },
  { "D02-resolved", "systemd-resolved with DNS over TLS on the uplink", row_d02_resolved },
  { "D05", "lists of resolvers: long, or of one family", row_d05 },
  { "D09", "LLMNR and multicast DNS of systemd-resolved", row_d09 },
  { "D11-resolved", "systemd-resolved after kill -9, a reboot, recovery", row_d11_resolved },
  { "D13", "answers that systemd-resolved has kept", row_d13 },
};

int
main (int argc, char **argv)
{
  int failed;

  if (!adit_world_can_resolved ())
    return ADIT_LAB_SKIP;
  resolved = resolved_ask_new ();
  failed = adit_leak_main (argc, argv, ADIT_WORLD_RESOLVED, rows, G_N_ELEMENTS (rows));
  resolved_ask_free (resolved);
  return failed;
}
