/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-nat.c: a router that forgets whose packets are whose: its table is emptied, gives out other ports, or swallows one flow
 * for good.  By WireGuard, and by OpenVPN over UDP and TCP. */
#include "config.h"

#include <string.h>
#include "tests/lab/links.h"
#include "tests/lab/openvpn-exit.h"

#define FOLDER         "/run/lab/files"
#define RENEW_MS        3000    /* client/core/pulse.c, RENEW_AFTER_US: until then nobody mends anything */
#define DEAD_MS         6500    /* the same, DEAD_AFTER_US */
#define PING_S             2
#define PING_RESTART_S    10    /* openvpn(8): keepalive; this long without a byte, and the client begins anew */
#define CONNECT_MS     15000    /* client/helper/openvpn-tunnel.c, START_MS; WireGuard's first wait for a relay is 4 s */
#define MOVED_FIRST    40000
#define MOVED_LAST     40999
#define PIECE_US       50000

typedef struct
{
  const char *name, *protocol;
  const char *connect;         /* what is typed behind "adit" */
  const char *inside;          /* is pinged */
  guint       port;            /* of the relay */
  guint       noticed_ms;      /* after this long a peer that is silent is known to be */
  gboolean    survives;        /* the same tunnel goes on when the router gives it another port */
} Carrier;

static const Carrier carriers[] = {
  { "wireguard", "udp", "connect se --wait", ADIT_LAB_GATEWAY, ADIT_LAB_EXIT_PORT, DEAD_MS, TRUE },
  { "openvpn-udp", "udp", "connect --profile udp --wait", ADIT_LAB_OVPN_RESOLVER, ADIT_LAB_OVPN_UDP_PORT, PING_RESTART_S * 1000,
    TRUE },
  /* TCP knows no other port for a connection: the server refuses it, and that is the first word of it. */
  { "openvpn-tcp", "tcp", "connect --profile tcp --wait", ADIT_LAB_OVPN_RESOLVER, ADIT_LAB_OVPN_TCP_PORT, PING_RESTART_S * 1000,
    FALSE },
};

static AditWorld *world;

/* From which port the router lets the tunnel's packets out now, or from which they come to it; 0: it knows no such flow. */
static guint
find_port (const Carrier *carrier, gboolean outside)
{
  g_autofree char *port = g_strdup_printf ("%u", carrier->port);
  const char *const argv[] = { "conntrack", "-L", "-p", carrier->protocol, "--orig-src", "10.10.0.2", "--orig-port-dst", port,
                               NULL };
  g_autoptr (AditLabResult) table = adit_lab_run ("router", 0, 5000, argv, NULL);
  const char *word = outside ? " dport=" : " sport=", *at;

  g_assert_nonnull (table);
  at = strstr (table->out, word);
  if (at != NULL && outside)    /* the second half of a row is what comes back */
    at = strstr (at + 1, word);
  return at != NULL ? (guint) g_ascii_strtoull (at + strlen (word), NULL, 10) : 0;
}

/* Whose packets come back: how long that took at most, in milliseconds. */
static guint
wait_through (const Carrier *carrier, gint64 since_us, guint max_ms)
{
  while (!adit_world_ping (world, carrier->inside, 250))
    if (g_get_monotonic_time () - since_us > max_ms * G_GINT64_CONSTANT (1000))
      {
        g_printerr ("%s: nothing comes back after %u ms\n", carrier->name, max_ms);
        links_fail (world, "the tunnel is not back in time");
      }
  return (guint) ((g_get_monotonic_time () - since_us) / 1000);
}

static void
set_rules (const char *rule)
{
  g_autofree char *line = g_strdup_printf ("nft 'add rule inet nat post oifname br-wan ip saddr 10.10.0.0/24 %s'", rule);

  links_run ("router", "nft flush chain inet nat post");
  links_run ("router", line);
}

static void
forget (void)
{
  links_run ("router", "conntrack -F");
}

static void
begin (const Carrier *carrier)
{
  set_rules ("masquerade");
  adit_world_expect (world, 0, NULL, carrier->connect, 0);
  forget ();    /* what is in the table from now on is this tunnel's */
  for (guint i = 0; i < 10; i++, g_usleep (PIECE_US))
    (void) wait_through (carrier, g_get_monotonic_time (), RENEW_MS);
  g_assert_cmpuint (find_port (carrier, FALSE), >, 0);
}

/* The table is emptied: the next packet makes a row anew, and nobody notices. */
static void
test_forgets (gconstpointer data)
{
  const Carrier *carrier = data;
  g_autofree char *before = NULL, *after = NULL;

  begin (carrier);
  before = links_dup_since (world);
  for (guint i = 0; i < 3; i++)
    {
      forget ();
      g_test_message ("back after %u ms", wait_through (carrier, g_get_monotonic_time (), RENEW_MS));
      g_assert_cmpuint (find_port (carrier, FALSE), >, 0);
    }
  after = links_dup_since (world);
  links_expect_state (world, "connected", NULL);
  g_assert_cmpstr (before, ==, after);
}

/* And makes it with another port: the relay follows whoever proves the key; over TCP the connection is made anew. */
static void
test_moves (gconstpointer data)
{
  const Carrier *carrier = data;
  g_autofree char *before = NULL, *after = NULL, *rule = NULL;
  gint64 began_us;
  guint port;

  begin (carrier);
  before = links_dup_since (world);
  rule = g_strdup_printf ("meta l4proto %s masquerade to :%u-%u", carrier->protocol, MOVED_FIRST, MOVED_LAST);
  set_rules (rule);
  forget ();
  began_us = g_get_monotonic_time ();
  g_test_message ("back after %u ms", wait_through (carrier, began_us, carrier->survives ? RENEW_MS
                                                                                        : carrier->noticed_ms + CONNECT_MS));
  port = find_port (carrier, TRUE);
  g_test_message ("from port %u", port);
  g_assert_cmpuint (port, >=, MOVED_FIRST);
  g_assert_cmpuint (port, <=, MOVED_LAST);
  links_expect_state (world, "connected", NULL);
  after = links_dup_since (world);
  if (carrier->survives)
    g_assert_cmpstr (before, ==, after);
}

/* One flow vanishes without a word, for as long as somebody sends it: it is noticed, and another one is begun. */
static void
test_swallows (gconstpointer data)
{
  const Carrier *carrier = data;
  g_autofree char *rule = NULL;
  gint64 began_us;
  guint port, ms;

  begin (carrier);
  port = find_port (carrier, FALSE);
  rule = g_strdup_printf ("nft 'table ip swallow { chain f { type filter hook forward priority 0; ip saddr 10.10.0.2 "
                          "%s sport %u drop; ip daddr 10.10.0.2 %s dport %u drop; }; }'", carrier->protocol, port,
                          carrier->protocol, port);
  links_run ("router", rule);
  began_us = g_get_monotonic_time ();
  g_assert_false (adit_world_ping (world, carrier->inside, 250));
  ms = wait_through (carrier, began_us, carrier->noticed_ms + CONNECT_MS);
  g_test_message ("back after %u ms", ms);
  links_expect_state (world, "connected", NULL);
  forget ();
  (void) wait_through (carrier, g_get_monotonic_time (), RENEW_MS);
  g_assert_cmpuint (find_port (carrier, FALSE), !=, port);
  links_run ("router", "nft delete table ip swallow");
}

static AditLabOvpn *
start_server (const char *name, AditLabOvpnTransport transport)
{
  g_autofree char *lines = g_strdup_printf ("keepalive %d %d\n", PING_S, PING_RESTART_S);
  g_autofree char *path = g_strdup_printf (FOLDER "/%s.ovpn", name), *import = g_strconcat ("import ", path, NULL);
  const AditLabOvpnServer server = { .transport = transport, .lines = lines };
  g_autoptr (GError) error = NULL;
  AditLabOvpn *ovpn = adit_lab_ovpn_new (&server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);

  g_assert_no_error (error);
  adit_lab_ovpn_write_client (path, &server, "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD
                              "\n</auth-user-pass>\n", &error);
  g_assert_no_error (error);
  adit_world_expect (world, 0, NULL, import, 0);
  return ovpn;
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; GTestDataFunc test; } tests[] = {
    { "forgets", test_forgets }, { "moves", test_moves }, { "swallows", test_swallows },
  };
  g_autofree char *conntrack = g_find_program_in_path ("conntrack");
  g_autoptr (AditLabOvpn) udp = NULL, tcp = NULL;
  g_autoptr (GError) error = NULL;

  if (conntrack == NULL)
    {
      g_printerr ("SKIP: there is no conntrack(8) to empty a router's table with\n");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = links_new_world (ADIT_WORLD_PLAIN);
  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  udp = start_server ("udp", ADIT_LAB_OVPN_UDP);
  tcp = start_server ("tcp", ADIT_LAB_OVPN_TCP);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (carriers); j++)
      {
        g_autofree char *path = g_strdup_printf ("/nat/%s/%s", tests[i].name, carriers[j].name);

        g_test_add_data_func (path, &carriers[j], tests[i].test);
      }
  return adit_world_end_test (world);
}
