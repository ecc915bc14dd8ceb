/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-diagnose.c: a computer that is broken in each way for real, and what `adit diagnose --json` names as the cause.  Each case
 * begins where nothing is wrong, and ends there. */
#include "tests/lab/links.h"

#include <jansson.h>
#include <string.h>

#include "tests/lab/resolved-ask.h"
#include "tests/simulator/known.h"

#define WAIT_MS 60000
#define PIECE_MS 300

static AditWorld *world;

/* Asked as a person would: what it says now. */
static json_t *
diagnose (int status)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "diagnose --json");
  json_t *root = json_loads (result->out, 0, NULL);

  if (root == NULL || result->status != status)
    {
      g_printerr ("%d %s %s\n", result->status, result->out, result->err);
      links_fail (world, "diagnose");
    }
  return root;
}

/* What is wrong is found out by the session in its own time. */
static void
expect_cause (const char *cause)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_MS * 1000;
  g_autofree char *last = NULL;

  while (g_get_monotonic_time () < end_us)
    {
      json_t *root = diagnose (0);
      const char *said = json_string_value (json_object_get (root, "cause"));
      const char *message = json_string_value (json_object_get (root, "message"));
      gboolean is_so = g_strcmp0 (said != NULL ? said : "", cause) == 0;

      g_free (last);
      last = g_strdup_printf ("%s: %s", said != NULL ? said : "", message);
      g_assert_true (message != NULL && message[0] != '\0');
      g_assert_true (cause[0] == '\0' || !is_so || json_string_value (json_object_get (root, "hint")) != NULL);
      json_decref (root);
      if (is_so)
        {
          g_test_message ("%s", last);
          return;
        }
      g_usleep (PIECE_MS * 1000);
    }
  g_printerr ("%s is expected, not %s\n", cause, last);
  links_fail (world, "another cause is named");
}

static void
expect_conflict (const char *kind, const char *by)
{
  json_t *root = diagnose (0), *list = json_object_get (root, "conflicts"), *row;
  gboolean found = FALSE;
  size_t i;

  json_array_foreach (list, i, row)
    found |= g_strcmp0 (json_string_value (json_object_get (row, "conflict")), kind) == 0 &&
             g_strcmp0 (json_string_value (json_object_get (row, "by")), by) == 0 &&
             json_string_length (json_object_get (row, "message")) > 0 && json_string_length (json_object_get (row, "hint")) > 0;
  if (!found)
    {
      g_autofree char *text = json_dumps (root, JSON_INDENT (1));

      g_printerr ("%s\n", text);
      links_fail (world, kind);
    }
  json_decref (root);
}

static void
expect_notice (const char *wanted)
{
  for (guint i = 0; i < WAIT_MS / PIECE_MS; i++)
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

      if (strstr (result->out, wanted) != NULL)
        return;
      g_usleep (PIECE_MS * 1000);
    }
  links_fail (world, wanted);
}

static void
connect_to (const char *place)
{
  g_autofree char *line = g_strconcat ("connect ", place, NULL);

  adit_world_expect (world, 0, NULL, line, 0);
}

static void
expect_well (void)
{
  links_expect_connected (world);
  expect_cause ("");
}

static void
let_fall (const char *space, const char *rule)
{
  const char *hook = g_str_equal (space, "exit") ? "input" : "forward";
  g_autofree char *line = g_strdup_printf ("nft 'table inet broken { chain f { type filter hook %s priority 0; %s; }; }'", hook,
                                           rule);

  links_run (space, rule != NULL ? line : "nft delete table inet broken");
}

static void
test_link (void)
{
  links_run ("client", "ip link set eth0 down");
  expect_cause ("no-link");
  links_run ("client", "ip link set eth0 up");
  links_run ("client", "ip route replace default via 10.10.0.1");
  expect_well ();
}

static void
test_address (void)
{
  links_run ("client", "ip addr flush dev eth0");
  expect_cause ("no-address");
  links_run ("client", "ip addr add 10.10.0.2/24 dev eth0");
  expect_cause ("no-route");
  links_run ("client", "ip route replace default via 10.10.0.1");
  expect_well ();
}

static void
test_names (void)
{
  let_fall ("exit", "meta l4proto { tcp, udp } th dport 53 drop");
  expect_cause ("dns-dead");
  let_fall ("exit", NULL);
  expect_well ();
}

/* The one place is silent, the other is not; then none of several answers. */
static void
test_silence (void)
{
  connect_to ("us-nyc");
  expect_cause ("relay-silent");
  let_fall ("router", "udp dport 51820 drop");
  connect_to ("se");
  expect_cause ("udp-blocked");
  let_fall ("router", NULL);
  connect_to ("se");
  expect_well ();
}

static void
test_long_packets (void)
{
  let_fall ("router", "udp sport 51820 meta length > 1100 drop; udp dport 51820 meta length > 1100 drop");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_cause ("mtu-black-hole");
  let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_well ();
}

static void
test_clock (void)
{
  adit_world_set_fault (world, "apart\nahead");
  connect_to ("us-nyc");
  expect_cause ("wrong-clock");
  adit_world_set_fault (world, "apart");
  connect_to ("se");
  expect_well ();
}

static void
test_account (void)
{
  adit_world_set_fault (world, "apart\nexpired");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  connect_to ("se");
  expect_cause ("account-expired");
  adit_world_set_fault (world, "apart");
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  connect_to ("se");
  expect_well ();
}

/* Another firewall that lets out only what it knows; and a rule that comes before ours. */
static void
test_other_rules (void)
{
  links_run ("client", "nft 'table inet filter { chain output { type filter hook output priority 10; policy drop; oif lo accept; "
                       "ct state established accept; }; }'");
  adit_world_expect (world, 0, NULL, "reconnect", 0);
  expect_cause ("other-rules");
  expect_conflict ("refuses-outgoing", "filter");
  expect_notice ("other-program");
  links_run ("client", "nft delete table inet filter");
  connect_to ("se");
  expect_well ();
  links_run ("client", "ip link add tailscale0 type bridge");
  links_run ("client", "ip link set tailscale0 up");
  links_run ("client", "ip route add 10.64.0.0/10 dev tailscale0");
  expect_conflict ("overlapping-range", "tailscale");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_notice ("other-program");
  links_run ("client", "ip link del tailscale0");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_well ();
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
  expect_cause ("lock-failed");
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (taker), NULL, NULL));
  g_assert_true (g_subprocess_wait (taker, NULL, NULL));
  expect_well ();
}

static void
test_helper (void)
{
  json_t *root;

  adit_world_kill_helper (world);
  root = diagnose (3);
  g_assert_cmpstr (json_string_value (json_object_get (root, "cause")), ==, "helper-missing");
  g_assert_nonnull (json_object_get (root, "error"));
  json_decref (root);
  adit_world_expect_helper (world);
  expect_well ();
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
  let_fall ("router", "ip daddr " ADIT_LAB_MYSTERIUM_ADDRESS " drop");
  adit_world_expect (world, 0, NULL, "connect se --account mysterium", 0);
  expect_cause ("service-unreachable");
  let_fall ("router", NULL);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout --account mysterium", 0);
  connect_to ("se");
  expect_well ();
}

static void
test_resolver (void)
{
  ResolvedAsk *ask = resolved_ask_new ();

  links_run ("client", "ip link add corp0 type bridge");
  links_run ("client", "ip addr add 10.99.0.2/24 dev corp0");
  links_run ("client", "ip link set corp0 up");
  resolved_ask_set_link (ask, "SetLinkDomains", "corp0", g_variant_new_parsed ("[('.', true)]"));
  expect_conflict ("second-resolver", "corp0");
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_notice ("other-program");
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
