/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-settings.c: from "adit settings set" to packets on the cable, with the real helper and polkit: who may, what passes then,
 * what no longer, and what a restart or a spoilt file makes of it. */
#include "config.h"
#include "tests/lab/world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/lab/probe.h"

#define ALICE      ADIT_WORLD_ALICE_UID
#define BOB        ADIT_WORLD_BOB_UID
#define NEIGHBOUR  "192.168.50.3"    /* of networks that only the cable has: through the exit nobody gets there */
#define OWN        "192.168.50.2"
#define NEIGHBOUR2 "192.168.51.3"
#define PORT       7000
#define ANSWER_MS  500
#define FOLLOW_MS  3000
#define RULES      "/etc/polkit-1/rules.d"
#define RULE       RULES "/10-settings.rules"
#define SETTINGS   "/var/lib/adit/settings"
#define DNS_LOG    "/run/adit-lab-dns.log"

static AditWorld *world;

static void
run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s: %s", line, error->message);
}

static gboolean
reaches (const char *address)
{
  const ProbeWay way = { .space = "client" };

  return probe_connect (&way, address, PORT, ANSWER_MS) == 0;
}

/* The helper follows the kernel's events a moment later. */
static void
expect_soon (const char *address, gboolean wanted)
{
  gint64 end = g_get_monotonic_time () + FOLLOW_MS * 1000L;

  while (reaches (address) != wanted)
    if (g_get_monotonic_time () > end)
      {
        adit_world_print_log (world);
        g_error ("%s %s reached", address, wanted ? "is not" : "is still");
      }
}

static void
expect_said (guint uid, const char *line, const char *out)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, uid, NULL, line);

  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->out, ==, out);
}

static void
expect_servers (const char *wanted)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL);
  json_t *servers = json_object_get (json_object_get (object, "dns"), "servers");

  g_assert_cmpuint (json_array_size (servers), >, 0);    /* the service has one a family */
  g_assert_cmpstr (json_string_value (json_array_get (servers, 0)), ==, wanted);
  json_decref (object);
}

/* --- Tests --------------------------------------------------------------------------------------------------------------- */

/* Polkit looks at its rules anew when a file comes; what it is asked for is the effect. */
static void
allow_alice (void)
{
  static const char text[] =
    "polkit.addRule (function (action, subject) {\n"
    "  if (action.id == 'org.aditvpn.Adit1.reach-beside' && subject.user == 'alice') return polkit.Result.YES;\n});\n";

  g_assert_cmpint (g_mkdir_with_parents (RULES, 0755), ==, 0);
  run (NULL, "chmod 755 " RULES);
  g_assert_true (g_file_set_contents (RULE, text, -1, NULL));
  run (NULL, "chmod 644 " RULE);
}

static void
test_who_may (void)
{
  static const char *const more[] = { "settings set lan subnet", "settings set lan 192.168.50.0/24", "settings set multicast on",
                                      "settings set guests virbr0", "dns " NEIGHBOUR, "dns 192.0.2.53" };
  static const char *const less[] = { "settings set lan off", "settings set multicast off", "settings set guests none",
                                      "dns service" };
  gint64 end = g_get_monotonic_time () + FOLLOW_MS * 1000L;
  int status;

  adit_world_expect_helper (world);
  adit_world_expect (world, BOB, NULL, "settings", 5);
  adit_world_expect (world, BOB, NULL, "settings set lan off", 5);
  adit_world_expect (world, ALICE, NULL, "settings list", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (less); i++)
    adit_world_expect (world, ALICE, NULL, less[i], 0);
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    adit_world_expect (world, ALICE, NULL, more[i], 5);    /* nobody is here who could answer */
  expect_said (ALICE, "settings get lan", "off\n");
  expect_said (ALICE, "dns", "service\n");
  allow_alice ();
  do
    {
      g_autoptr (AditLabResult) result = adit_world_adit (world, ALICE, NULL, "settings set lan subnet");

      status = result->status;
    }
  while (status != 0 && g_get_monotonic_time () < end);
  g_assert_cmpint (status, ==, 0);
  expect_said (ALICE, "settings get lan", "subnet\n");
  adit_world_expect (world, ALICE, NULL, "settings set lan off", 0);
}

static void
test_refused (void)
{
  static const char *const lines[] = { "settings set lan 0.0.0.0/0", "settings set lan 203.0.113.0/24", "settings set lan on",
                                       "settings set guests lo",
                                       "settings set multicast perhaps", "settings set everything on",
                                       "dns 127.0.0.53", "dns resolver.example" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    adit_world_expect (world, 0, NULL, lines[i], 2);
  expect_said (0, "settings get lan", "off\n");
}

/* A connection of before ends when it is switched off; the tunnel stays as it was all the while. */
static void
test_lan (void)
{
  int listener = probe_listen ("lan", SOCK_STREAM, NEIGHBOUR, PORT), flow;
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons (PORT) };
  const ProbeWay way = { .space = "client" };

  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_assert_true (reaches (NEIGHBOUR));
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  g_assert_false (reaches (NEIGHBOUR));
  adit_world_expect (world, 0, NULL, "settings set lan subnet", 0);
  g_assert_true (reaches (NEIGHBOUR));
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  flow = probe_open (&way, SOCK_STREAM, 0, NEIGHBOUR);
  inet_pton (AF_INET, NEIGHBOUR, &there.sin_addr);
  g_assert_true (connect (flow, (struct sockaddr *) &there, sizeof there) == 0 || errno == EINPROGRESS);
  g_usleep (50000);
  g_assert_cmpint (send (flow, "x", 1, MSG_NOSIGNAL), ==, 1);
  adit_world_expect (world, 0, NULL, "settings set lan off", 0);
  (void) send (flow, "y", 1, MSG_NOSIGNAL);
  g_usleep (50000);
  g_assert_cmpint (send (flow, "z", 1, MSG_NOSIGNAL), ==, -1);
  g_assert_false (reaches (NEIGHBOUR));
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  close (flow);
  close (listener);
}

/* Addresses that come and go, of a private network and of a public one. */
static void
test_follows (void)
{
  int listener, public;

  run ("lan", "ip addr add " NEIGHBOUR2 "/24 dev eth0");
  run ("lan", "ip addr add 203.0.113.70/24 dev eth0");
  listener = probe_listen ("lan", SOCK_STREAM, NEIGHBOUR2, PORT);
  public = probe_listen ("lan", SOCK_STREAM, "203.0.113.70", PORT);
  adit_world_expect (world, 0, NULL, "settings set lan subnet", 0);
  run ("client", "ip addr add 203.0.113.99/24 dev eth0");
  run ("client", "ip addr add 192.168.51.2/24 dev eth0");
  expect_soon (NEIGHBOUR2, TRUE);
  g_assert_false (reaches ("203.0.113.70"));
  run ("client", "ip addr del 192.168.51.2/24 dev eth0");
  expect_soon (NEIGHBOUR2, FALSE);
  run ("client", "ip addr del 203.0.113.99/24 dev eth0");
  run ("lan", "ip addr del " NEIGHBOUR2 "/24 dev eth0");
  run ("lan", "ip addr del 203.0.113.70/24 dev eth0");
  close (listener);
  close (public);
}

static void
test_after_a_crash (void)
{
  int listener = probe_listen ("lan", SOCK_STREAM, NEIGHBOUR, PORT);

  g_assert_true (reaches (NEIGHBOUR));
  adit_world_kill_helper (world);
  g_assert_true (reaches (NEIGHBOUR));    /* the lock is as it was */
  adit_world_expect_helper (world);
  expect_said (0, "settings get lan", "subnet\n");
  g_assert_true (adit_world_wait_state (world, "connected", 15000));
  g_assert_true (reaches (NEIGHBOUR));
  /* What cannot be read could be anything. */
  adit_world_kill_helper (world);
  g_assert_true (g_file_set_contents (SETTINGS, "[adit]\nformat=1\nlockdown=false\nlan=203.0.113.0/24\n", -1, NULL));
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "blocked", 15000));
  g_assert_false (reaches (NEIGHBOUR));
  expect_said (0, "settings get lan", "off\n");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  close (listener);
}

static void
expect_name_asked (const char *server, const char *asker)
{
  g_autofree char *found = NULL, *log = NULL, *wanted = g_strdup_printf ("%s %s", server, asker);

  g_free (adit_world_dup_dns_log (world));
  found = adit_world_look_up (world, "web.example");
  log = adit_world_dup_dns_log (world);
  /* The lab's resolv.conf asks once, and the first datagrams of a tunnel can be lost on a busy computer: whoever asks again is
   * answered.  Another one than the wanted is not asked meanwhile. */
  if (found[0] == '\0' && log[0] == '\0')
    {
      g_free (found);
      g_free (log);
      found = adit_world_look_up (world, "web.example");
      log = adit_world_dup_dns_log (world);
    }
  if (found[0] == '\0' || strstr (log, wanted) == NULL)
    {
      static const char *const looks[] = { "ip route get " ADIT_LAB_DNS_ADDRESS, "ip rule", "ip route show table all",
                                           "nft list table inet adit", "cat /etc/resolv.conf" };

      for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
        {
          g_auto (GStrv) argv = g_strsplit (looks[i], " ", -1);
          g_autoptr (AditLabResult) look = adit_lab_run ("client", 0, 5000, (const char *const *) argv, NULL);

          g_printerr ("--- %s\n%s", looks[i], look != NULL ? look->out : "");
        }
      adit_world_print_log (world);
      g_error ("wanted %s; found \"%s\"; asked was: %s", wanted, found, log);
    }
}

static void
test_resolvers (void)
{
  const char *const argv[] = { g_getenv ("ADIT_LAB_DNS_SERVER"), NEIGHBOUR, DNS_LOG, NULL };
  g_autoptr (GError) error = NULL;
  GPid server = adit_lab_spawn ("lan", 0, argv, &error);

  g_assert_no_error (error);
  expect_name_asked (ADIT_LAB_GATEWAY, "10.");
  adit_world_expect (world, 0, NULL, "dns " NEIGHBOUR, 0);
  expect_servers (NEIGHBOUR);
  expect_name_asked (NEIGHBOUR, OWN);
  adit_world_expect (world, 0, NULL, "dns " ADIT_LAB_DNS_ADDRESS, 0);
  expect_servers (ADIT_LAB_DNS_ADDRESS);
  expect_name_asked (ADIT_LAB_DNS_ADDRESS, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "reconnect --wait", 0);
  expect_name_asked (ADIT_LAB_DNS_ADDRESS, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "dns service", 0);
  expect_servers (ADIT_LAB_GATEWAY);
  expect_name_asked (ADIT_LAB_GATEWAY, "10.");
  adit_lab_end (server);
}

static gboolean
hears_group (int fd)
{
  const ProbeWay neighbour = { .space = "lan", .device = "eth0", .from_port = 5353 };

  g_assert_true (probe_send (&neighbour, SOCK_DGRAM, 0, "224.0.0.251", 5353, "x", 1));
  return probe_heard (fd);
}

static void
test_multicast (void)
{
  int fd = probe_listen ("client", SOCK_DGRAM, "0.0.0.0", 5353);
  struct ip_mreq group;

  inet_pton (AF_INET, "224.0.0.251", &group.imr_multiaddr);
  inet_pton (AF_INET, OWN, &group.imr_interface);
  g_assert_cmpint (setsockopt (fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group), ==, 0);
  g_assert_false (hears_group (fd));
  adit_world_expect (world, 0, NULL, "settings set multicast on", 0);
  g_assert_true (hears_group (fd));
  adit_world_expect (world, 0, NULL, "settings set multicast off", 0);
  g_assert_false (hears_group (fd));
  close (fd);
}

/* "adit recover" locks without any of it; with --open the other settings stay. */
static void
test_recover (void)
{
  int listener = probe_listen ("lan", SOCK_STREAM, NEIGHBOUR, PORT);

  adit_world_expect (world, 0, NULL, "settings set lan subnet", 0);
  g_assert_true (reaches (NEIGHBOUR));
  adit_world_kill_helper (world);
  adit_world_expect (world, 0, NULL, "recover", 0);
  g_assert_false (reaches (NEIGHBOUR));
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  g_assert_true (reaches (NEIGHBOUR));
  adit_world_expect_helper (world);
  expect_said (0, "settings get lan", "subnet\n");
  close (listener);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (access ("/usr/lib/polkit-1/polkitd", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no polkitd\n");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  run ("client", "ip addr add " OWN "/24 dev eth0");
  run ("lan", "ip addr add " NEIGHBOUR "/24 dev eth0");
  g_test_add_func ("/settings/who-may", test_who_may);
  g_test_add_func ("/settings/refused", test_refused);
  g_test_add_func ("/settings/lan", test_lan);
  g_test_add_func ("/settings/follows", test_follows);
  g_test_add_func ("/settings/after-a-crash", test_after_a_crash);
  g_test_add_func ("/settings/resolvers", test_resolvers);
  g_test_add_func ("/settings/multicast", test_multicast);
  g_test_add_func ("/settings/recover", test_recover);
  return adit_world_end_test (world);
}
