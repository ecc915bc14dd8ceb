/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-diagnose.c: a computer that is broken in each way for real, and what `adit diagnose --json` names as the cause.  Each case
 * begins where nothing is wrong, and ends there. */
#include "tests/lab/diagnosis.h"

#include <string.h>

#include "tests/lab/links.h"
#include "tests/lab/resolved-ask.h"
#include "tests/simulator/known.h"

static AditWorld *world;

static void
connect_to (const char *place)
{
  g_autofree char *line = g_strconcat ("connect ", place, NULL);

  adit_world_expect (world, 0, NULL, line, 0);
}

static void
test_link (void)
{
  links_run ("client", "ip link set eth0 down");
  diagnosis_expect (world, "no-link", "No cable or radio of this computer carries anything.");
  links_run ("client", "ip link set eth0 up");
  links_run ("client", "ip route replace default via 10.10.0.1");
  diagnosis_expect_well (world);
}

static void
test_address (void)
{
  links_run ("client", "ip addr flush dev eth0");
  diagnosis_expect (world, "no-address", "The network has not given this computer an address.");
  links_run ("client", "ip addr add 10.10.0.2/24 dev eth0");
  diagnosis_expect (world, "no-route", "This computer has an address, and no router that leads further.");
  links_run ("client", "ip route replace default via 10.10.0.1");
  diagnosis_expect_well (world);
}

static void
test_names (void)
{
  diagnosis_let_fall ("exit", "meta l4proto { tcp, udp } th dport 53 drop");
  diagnosis_expect (world, "dns-dead", "The tunnel works, and whoever is to answer this computer's names does not.");
  diagnosis_let_fall ("exit", NULL);
  diagnosis_expect_well (world);
}

/* The one place is silent, the other is not; then none of several answers. */
static void
test_silence (void)
{
  connect_to ("us-nyc");
  diagnosis_expect (world, "relay-silent", "The server does not answer.");
  diagnosis_let_fall ("router", "udp dport 51820 drop");
  connect_to ("se");
  diagnosis_expect (world, "udp-blocked", "Several servers do not answer: this network lets no such packets (UDP) through.");
  diagnosis_let_fall ("router", NULL);
  connect_to ("se");
  diagnosis_expect_well (world);
}

static void
test_long_packets (void)
{
  diagnosis_let_fall ("router", "udp sport 51820 meta length > 1100 drop; udp dport 51820 meta length > 1100 drop");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  diagnosis_expect (world, "mtu-black-hole", "Long packets vanish on the way, even those that every network has to carry.");
  diagnosis_let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  diagnosis_expect_well (world);
}

static void
test_clock (void)
{
  adit_world_set_fault (world, "apart\nahead");
  connect_to ("us-nyc");
  diagnosis_expect (world, "wrong-clock", "This computer's clock is wrong, so nothing can be trusted or connected.");
  adit_world_set_fault (world, "apart");
  connect_to ("se");
  diagnosis_expect_well (world);
}

static void
test_account (void)
{
  adit_world_set_fault (world, "apart\nexpired");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  connect_to ("se");
  diagnosis_expect (world, "account-expired", "Your account has no time left.");
  adit_world_set_fault (world, "apart");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  connect_to ("se");
  diagnosis_expect_well (world);
}

/* Another firewall that lets out only what it knows; and a rule that comes before ours. */
static void
test_other_rules (void)
{
  links_run ("client", "nft 'table inet filter { chain output { type filter hook output priority 10; policy drop; oif lo accept; "
                       "ct state established accept; }; }'");
  adit_world_expect (world, 0, NULL, "reconnect", 0);
  diagnosis_expect (world, "other-rules", "Another program's rules keep the tunnel from coming up.");
  diagnosis_expect_conflict (world, "refuses-outgoing", "filter");
  diagnosis_expect_notice (world, "other-program", TRUE);
  links_run ("client", "nft delete table inet filter");
  connect_to ("se");
  diagnosis_expect_well (world);
  links_run ("client", "ip link add tailscale0 type bridge");
  links_run ("client", "ip link set tailscale0 up");
  links_run ("client", "ip route add 10.64.0.0/10 dev tailscale0");
  diagnosis_expect_conflict (world, "overlapping-range", "tailscale");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  diagnosis_expect_notice (world, "other-program", TRUE);
  links_run ("client", "ip link del tailscale0");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  diagnosis_expect_well (world);
}

/* The table is another program's, which lets nobody else change it. */
static void
test_lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) taker = NULL;
  const char *const argv[] = { "nft", "-i", NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  static const char take[] = "flush ruleset; add table inet adit { flags owner; }\n";

  taker = adit_world_spawn (world, 0, launcher, argv, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (taker), take, strlen (take), NULL, NULL, NULL));
  g_assert_true (g_output_stream_flush (g_subprocess_get_stdin_pipe (taker), NULL, NULL));
  diagnosis_expect (world, "lock-failed", "The lock could not be set. Traffic may leave unprotected.");
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (taker), NULL, NULL));
  g_assert_true (g_subprocess_wait (taker, NULL, NULL));
  diagnosis_expect_well (world);
}

static void
test_helper (void)
{
  json_t *root;

  adit_world_kill_helper (world);
  root = diagnosis_ask (world, 3);
  g_assert_cmpstr (json_string_value (json_object_get (root, "cause")), ==, "helper-missing");
  g_assert_cmpstr (json_string_value (json_object_get (root, "message")), ==, "Adit's helper is not running.");
  g_assert_nonnull (json_object_get (root, "error"));
  json_decref (root);
  adit_world_expect_helper (world);
  diagnosis_expect_well (world);
}

/* The one who signs in at Mysterium asks it for each tunnel. */
static void
test_service (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  adit_world_expect (world, 0, NULL, "disconnect", 0);
  if (!adit_world_login_by_page (world, "mysterium", &url, &error))
    links_fail (world, error->message);
  adit_world_expect (world, 0, NULL, "locations mysterium --refresh", 0);    /* its places are here, whatever comes */
  diagnosis_let_fall ("router", "ip daddr " ADIT_LAB_MYSTERIUM_ADDRESS " drop");
  adit_world_expect (world, 0, NULL, "connect se --account mysterium", 0);
  diagnosis_expect (world, "service-unreachable", "The service cannot be reached.");
  diagnosis_let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout --account mysterium", 0);
  connect_to ("se");
  diagnosis_expect_well (world);
}

/* With no tunnel IVPN drops the key that there was as soon as it hears of another, which it then does not take. */
static void
test_key_lost (void)
{
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT "\n", "login ivpn", 0);
  adit_world_set_fault (world, "apart\nerror 500 /v4/session/wg/set");
  adit_world_expect (world, 0, NULL, "account rotate-key --account ivpn", 9);
  adit_world_expect (world, 0, NULL, "connect no --account ivpn", 0);
  diagnosis_expect (world, "key-lost", "The service does not take this computer's key, and has not been given a new one.");
  adit_world_set_fault (world, "apart");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout --account ivpn", 0);
  connect_to ("se --account mullvad");
  diagnosis_expect_well (world);
}

static void
test_resolver (void)
{
  ResolvedAsk *ask = resolved_ask_new ();

  links_run ("client", "ip link add corp0 type bridge");
  links_run ("client", "ip addr add 10.99.0.2/24 dev corp0");
  links_run ("client", "ip link set corp0 up");
  resolved_ask_set_link (ask, "SetLinkDomains", "corp0", g_variant_new_parsed ("[('.', true)]"));
  diagnosis_expect_conflict (world, "second-resolver", "corp0");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  diagnosis_expect_notice (world, "other-program", TRUE);
  resolved_ask_revert (ask, "corp0");
  links_run ("client", "ip link del corp0");
  resolved_ask_free (ask);
}

static int
run_world (AditWorldFlags flags, gboolean with_resolved)
{
  g_autoptr (GError) error = NULL;
  int failed;

  world = links_new_world (flags);
  if (with_resolved)
    g_test_add_func ("/diagnose/second-resolver", test_resolver);
  else
    {
      if (!adit_world_add_services (world, &error))
        g_error ("%s", error->message);
      adit_world_kill_helper (world);    /* a helper reads where services are when it starts */
      adit_world_expect_helper (world);
      links_expect_connected (world);
      g_test_add_func ("/diagnose/link", test_link);
      g_test_add_func ("/diagnose/address-and-route", test_address);
      g_test_add_func ("/diagnose/names", test_names);
      g_test_add_func ("/diagnose/long-packets", test_long_packets);
      g_test_add_func ("/diagnose/account", test_account);
      g_test_add_func ("/diagnose/other-rules", test_other_rules);
      g_test_add_func ("/diagnose/lock", test_lock);
      g_test_add_func ("/diagnose/helper", test_helper);
      g_test_add_func ("/diagnose/service", test_service);
      g_test_add_func ("/diagnose/key-lost", test_key_lost);
      g_test_add_func ("/diagnose/silence", test_silence);
      g_test_add_func ("/diagnose/clock", test_clock);
    }
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}

int
main (int argc, char **argv)
{
  gboolean with_resolved = argc > 1 && g_str_equal (argv[1], "resolved");

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  if (with_resolved && !adit_world_can_resolved ())
    return ADIT_LAB_SKIP;
  return run_world (with_resolved ? ADIT_WORLD_RESOLVED : ADIT_WORLD_PLAIN, with_resolved);
}
