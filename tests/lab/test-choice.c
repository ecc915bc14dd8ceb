/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-choice.c: which server somebody gets, as it is set and as it is typed; and who answers names then, at services whose
 * resolvers leave things out, while the watcher at the cable looks on. */
#include "config.h"
#include "tests/lab/world.h"

#include <string.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"
#include "tests/simulator/known.h"

#define FILTERED 4    /* the command line: nothing that is all that was asked for */
#define USAGE    2
#define STATE_MS 15000
#define LIST_MS  1500
#define ROUTER6  "2001:db8:10::1"

/* One for each list of what is left out, as the services' documents have their addresses. */
static const char *const resolvers[] = { "100.64.0.1", "100.64.0.5", "10.0.254.4", "10.0.254.5" };

static AditWorld *world;
static guint n_asked;

static G_NORETURN void
tell_silence (const char *resolver)
{
  g_autoptr (AditLabResult) status = adit_world_adit (world, 0, NULL, "status --json");
  const char *const argv[] = { "ip", "route", "get", resolver, NULL };
  g_autoptr (AditLabResult) route = adit_lab_run ("client", 0, 5000, argv, NULL);
  g_autofree char *file = NULL;

  g_file_get_contents ("/etc/resolv.conf", &file, NULL, NULL);
  g_error ("%s does not answer: %s%s%s%s", resolver, status->out, file, route->out, route->err);
}

/* A name that nobody has asked for has the address of whoever answers (dns-server.c). */
static void
expect_answered_by (const char *resolver)
{
  g_autofree char *name = g_strdup_printf ("n%u.kept.example", ++n_asked), *line = adit_world_look_up (world, name);

  if (line[0] == '\0')
    tell_silence (resolver);
  line[strcspn (line, " ")] = '\0';
  g_assert_cmpstr (line, ==, resolver);
}

static void
expect_status (const char *part)
{
  g_autoptr (AditLabResult) status = adit_world_adit (world, 0, NULL, "status --json");

  if (strstr (status->out, part) == NULL)
    g_error ("no %s in %s", part, status->out);
}

static void
expect_said (const char *line, const char *part)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  if (result->status != 0 || strstr (result->out, part) == NULL)
    g_error ("%s: %d, no \"%s\" in %s %s", line, result->status, part, result->out, result->err);
}

static void
expect_refused (const char *line, int status, const char *part)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  if (result->status != status || strstr (result->err, part) == NULL)
    g_error ("%s: %d, no \"%s\" in %s", line, result->status, part, result->err);
}

static void
run (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

/* --- Tests --------------------------------------------------------------------------------------------------------------- */

/* Two lists before the connection, one more and one fewer while it stands, with senders that look for a way past it. */
static void
test_mullvad_resolvers (void)
{
  static const char *const holes[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = adit_senders_start ("client", &error);
  g_autofree char *keys = NULL;

  g_assert_no_error (error);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT, "login mullvad", 0);
  expect_refused ("dns block nonsense", USAGE, "ads, trackers, malware, adult, gambling, social");
  run ("dns block ads");
  run ("connect se-sto --wait");
  expect_status ("\"servers\":[\"100.64.0.1\"],\"blocks\":[\"ads\"]");
  expect_answered_by ("100.64.0.1");

  adit_leakwatch_set_phase (watcher, "changed", holes);
  adit_senders_set_phase (senders, "changed");
  run ("dns block ads malware");
  expect_status ("\"servers\":[\"100.64.0.5\"],\"blocks\":[\"ads\",\"malware\"]");
  expect_answered_by ("100.64.0.5");
  expect_said ("status", "ads, malware");
  run ("dns " ADIT_LAB_OVPNCOM_RESOLVER);    /* of one's own: it is asked, whatever others leave out */
  expect_status ("\"blocks\":[]");
  expect_answered_by (ADIT_LAB_OVPNCOM_RESOLVER);
  expect_refused ("dns block ads", 0, "your own resolvers are asked instead");
  expect_answered_by (ADIT_LAB_OVPNCOM_RESOLVER);
  run ("dns service");
  expect_answered_by ("100.64.0.1");
  run ("dns block none");
  expect_status ("\"blocks\":[]");
  expect_answered_by (ADIT_LAB_GATEWAY);
  g_usleep (200000);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "changed");
  g_test_message ("%u tried, %u outside %s", adit_senders_get_tried (senders, "changed"),
                  adit_leakwatch_get_outside (watcher, "changed"), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, "changed"), >, 10);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "changed"), ==, 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  run ("disconnect");

  adit_leakwatch_set_phase (watcher, "open", holes);
  adit_senders_set_phase (senders, "open");
  g_usleep (500000);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "open"), >, 10);
}

/* Somebody changes their mind while it is still connecting: what is set at the end is so. */
static void
test_hasty_resolvers (void)
{
  static const char *const lists[] = { "ads", "malware", "social", "trackers" };

  for (guint i = 0; i < 8; i++)
    {
      const char *list = lists[i % G_N_ELEMENTS (lists)];
      g_autofree char *line = g_strconcat ("dns block ", list, NULL);
      g_autofree char *blocks = g_strdup_printf ("\"blocks\":[\"%s\"]", list);

      run ("connect se-sto");
      g_usleep (i * 15000);
      run (line);
      g_assert_true (adit_world_wait_state (world, "connected", 20000));
      expect_status (blocks);
      run ("disconnect");
    }
  run ("dns block none");
}

/* Each list has a resolver of its own, and a harder one; Mullvad's are left as they are. */
static void
test_ivpn_resolvers (void)
{
  run ("dns block social");
  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn", 0);
  expect_refused ("dns block basic restrictive --account ivpn", USAGE, "choose one of them");
  run ("dns block basic --account ivpn");
  run ("connect no --account ivpn --wait");
  expect_status ("\"blocks\":[\"basic\"]");
  expect_answered_by ("10.0.254.4");
  run ("dns block basic-hard --account ivpn");
  expect_status ("\"servers\":[\"10.0.254.5\"],\"blocks\":[\"basic-hard\"]");
  expect_answered_by ("10.0.254.5");
  run ("settings set lan subnet");    /* its address looks like one of the local network */
  expect_answered_by ("10.0.254.5");
  run ("settings set lan off");
  run ("reconnect --wait");
  expect_answered_by ("10.0.254.5");
  expect_said ("settings get block", "mullvad/social ivpn/basic-hard");
  run ("dns block none --account ivpn");
  expect_answered_by (ADIT_LAB_IVPN_GATEWAY);
  run ("disconnect");
  run ("logout --account ivpn");
  run ("dns block none");
}

static void
test_filters (void)
{
  expect_refused ("connect se --ownership rented", FILTERED, "At \"se\" no server is left by ownership rented");
  expect_refused ("connect se --hosting nobody --with-ipv6", FILTERED, "hosting nobody");
  adit_world_expect (world, 0, NULL, "locations --ownership rented", FILTERED);
  adit_world_expect (world, 0, NULL, "locations --ownership mine", USAGE);
  expect_status ("\"state\":\"disconnected\"");    /* said before anything was locked */
  expect_said ("locations --hosting Lab --with-ipv6 --json", "se-got-wg-001");
  run ("settings set hosting nobody");
  expect_refused ("connect se --wait", FILTERED, "At \"se\" no server is left by hosting nobody");
  expect_status ("\"reason\":\"filtered\"");
  expect_status ("\"lock\":\"all\"");
  run ("settings set port 1");
  run ("connect se --hosting Lab --port 51820 --wait");    /* for this wish alone */
  run ("reconnect --wait");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  run ("settings set hosting any");
  expect_refused ("connect se --wait", FILTERED, "port 1, which the service does not offer");
  run ("settings set port any");
  run ("disconnect");
}

/* By which version of IP, and how long a packet may be: what is set is what the tunnel has, and what cannot be is refused. */
static void
test_packets (void)
{
  run ("settings set mtu 1300");
  run ("settings set ip-outside ipv4");
  run ("connect se --wait");
  expect_status ("\"mtu_bytes\":1300");
  run ("settings set mtu auto");
  run ("settings set ip-inside ipv4");
  run ("reconnect --wait");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  expect_refused ("settings set mtu 1279", USAGE, "\"1279\" is neither \"auto\" nor a number of bytes from 1280 to 9000");
  expect_refused ("settings set ip-inside ipv6", USAGE, "\"ipv6\" is neither \"any\" nor \"ipv4\"");
  expect_refused ("settings set ip-outside 6", USAGE, "\"6\" is neither \"any\", nor \"ipv4\", nor \"ipv6\"");
  run ("settings set ip-inside any");
  run ("settings set ip-outside any");
  run ("disconnect");
}

/* A computer without a way by IPv6, which is all that may be used: blocked, until there is one, and then by itself. */
static void
test_other_version (void)
{
  g_autoptr (GError) error = NULL;

  adit_lab_run_line ("client", "ip -6 route del default", &error);
  g_assert_no_error (error);
  run ("settings set ip-outside ipv6");
  expect_refused ("connect se --wait", FILTERED, "while this computer has no way by IPv6");
  g_usleep (2 * G_USEC_PER_SEC);
  g_assert_true (adit_world_wait_state (world, "blocked", 0));
  adit_lab_run_line ("client", "ip -6 route add default via " ROUTER6, &error);
  g_assert_no_error (error);
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  expect_status ("\"endpoint\":\"[2001:db8:ff::");
  run ("settings set ip-outside any");
  run ("disconnect");
}

/* What is set outlives the helper. */
static void
test_picks (void)
{
  run ("settings set near 57.7,11.9");
  run ("settings set pick nearest");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  run ("connect --wait");
  expect_status ("se-got-wg-001");
  run ("settings set near 59.3,18.0");
  run ("reconnect --wait");
  expect_status ("se-sto-wg-001");
  expect_said ("locations --sort distance", "  se-sto-wg-001");
  run ("settings set near time-zone");    /* UTC, in the lab: that is nowhere */
  expect_refused ("connect --wait", FILTERED, "it is not known where this computer is");
  run ("connect se --pick random --wait");
  run ("settings set pick service");
  run ("disconnect");
}

static void
test_favourites (void)
{
  expect_refused ("connect --favourites --wait", FILTERED, "No favourite is a place of Mullvad");
  run ("disconnect");
  run ("favourite add Stockholm");
  run ("favourite add ivpn/no");
  expect_said ("favourite", "mullvad/se/sto");
  for (guint i = 0; i < 3; i++)
    {
      run ("connect --favourites --wait");
      expect_status ("se-sto-wg-001");
    }
  adit_world_kill_helper (world);    /* the wish outlives it */
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  expect_status ("se-sto-wg-001");
  expect_said ("locations --favourites", "se-sto");
  expect_refused ("favourite remove se-got", FILTERED, "is no favourite");
  run ("favourite remove Stockholm");
  run ("favourite remove ivpn/no");
  expect_said ("favourite --json", "\"favourites\":[]");
  run ("disconnect");
}

/* How often the service has been asked for its list. */
static guint
count_lists (void)
{
  g_autofree char *log = adit_world_dup_log (world);
  guint n = 0;

  for (const char *at = log; (at = strstr (at, "/app/v1/relays ")) != NULL; at++)
    n++;
  return n;
}

static void
wait_for_list (guint before)
{
  gint64 end = g_get_monotonic_time () + STATE_MS * 1000;

  while (count_lists () == before)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
}

/* A newer list that nobody waits for comes through a tunnel or not at all: when the tunnel goes, the question goes with it. */
static void
test_list_inside (void)
{
  static const char *const carrier[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autofree char *keys = NULL;
  guint before;

  g_assert_no_error (error);
  adit_world_kill_helper (world);    /* the next one does not know how old its list is */
  adit_world_expect_helper (world);
  adit_world_set_fault (world, "slow 20000 /app/v1/relays");
  run ("lockdown on");
  before = count_lists ();
  run ("connect se --wait");
  wait_for_list (before);    /* it has been asked for, and is not answered */
  adit_leakwatch_set_phase (watcher, "left", carrier);    /* and not the service's API, which the lock lets workers reach */
  run ("disconnect");
  g_usleep (LIST_MS * 1000);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "left");
  g_assert_cmpstr (keys, ==, "");

  adit_world_set_fault (world, "");
  adit_world_kill_helper (world);    /* this one has asked a moment ago */
  adit_world_expect_helper (world);
  before = count_lists ();
  run ("connect se --wait");
  wait_for_list (before);
  run ("disconnect");
  run ("lockdown off");
}

/* Servers are asked how far they are while everything is open, and by nobody while there is a lock: the same watcher sees the one
 * and not the other. */
static void
test_latency (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autofree char *keys = NULL;

  g_assert_no_error (error);
  run ("settings set near 57.7,11.9");
  expect_refused ("locations --sort latency", 0, "net.ipv4.ping_group_range");    /* as the kernel begins */
  adit_lab_run_line ("client", "sysctl -qw 'net.ipv4.ping_group_range=0 2147483647'", &error);
  g_assert_no_error (error);
  run ("locations --refresh");    /* so that no list is on its way later, which a worker may fetch behind the lock */
  run ("lockdown on");
  adit_leakwatch_set_phase (watcher, "locked", NULL);
  expect_refused ("locations --sort latency", 0, "While the lock is closed no server is asked");
  expect_said ("locations --sort latency", "  se-got-wg-001");    /* the nearest first */
  expect_refused ("latency", 1, "While the lock is closed no server is asked");
  g_usleep (200000);
  adit_leakwatch_set_phase (watcher, "between", NULL);
  run ("lockdown off");
  adit_leakwatch_set_phase (watcher, "open", NULL);
  expect_said ("locations --sort latency --json", "\"latency_ms\":null");    /* of New York, where nobody is */
  {
    g_autoptr (AditLabResult) known = adit_world_adit (world, 0, NULL, "locations --search stockholm --sort latency --json");

    g_assert_null (strstr (known->out, "\"latency_ms\":null"));
  }
  expect_said ("latency", " ms  Stockholm, Sweden");
  expect_said ("latency --json", "\"city\":\"sto\"");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, "open");
  g_test_message ("locked %u, open %u: %s", adit_leakwatch_get_outside (watcher, "locked"),
                  adit_leakwatch_get_outside (watcher, "open"), keys);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "locked"), ==, 0);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "open"), >, 0);
  run ("connect --pick fastest --wait");
  expect_status ("\"country\":\"se\"");
  expect_refused ("connect --pick fastest --wait", 0, "the nearest instead of the fastest");    /* now it is locked */
  expect_status ("se-got-wg-001");
  run ("disconnect");
  run ("settings set near time-zone");
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (adit_world_add_services (world, &error));
  for (guint i = 0; i < G_N_ELEMENTS (resolvers); i++)
    {
      const char *const argv[] = { g_getenv ("ADIT_LAB_DNS_SERVER"), resolvers[i], "/run/adit-lab-blocks.log", NULL };
      g_autofree char *line = g_strdup_printf ("ip -n exit addr add %s/32 dev lo", resolvers[i]);

      adit_lab_run_line (NULL, line, &error);
      g_assert_no_error (error);
      g_assert_cmpint (adit_lab_spawn ("exit", 0, argv, &error), !=, 0);
    }
  adit_world_expect_helper (world);
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/choice/mullvad-resolvers", test_mullvad_resolvers);
  g_test_add_func ("/choice/hasty-resolvers", test_hasty_resolvers);
  g_test_add_func ("/choice/ivpn-resolvers", test_ivpn_resolvers);
  g_test_add_func ("/choice/filters", test_filters);
  g_test_add_func ("/choice/packets", test_packets);
  g_test_add_func ("/choice/other-version", test_other_version);
  g_test_add_func ("/choice/picks", test_picks);
  g_test_add_func ("/choice/list-inside", test_list_inside);
  g_test_add_func ("/choice/favourites", test_favourites);
  g_test_add_func ("/choice/latency", test_latency);
  return adit_world_end_test (world);
}
