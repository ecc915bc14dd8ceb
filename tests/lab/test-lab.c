/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-lab.c: the small internet itself, without Adit: both ways out, both resolvers, and a watcher that sees. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gio/gio.h>
#include "tests/lab/dns-ask.h"
#include "tests/lab/lab.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"

#define CLIENT_KEY_FILE "/run/client.key"

static char *
capture (const char *space, guint uid, const char *line)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run (space, uid, 8000, (const char *const *) argv, &error);

  g_assert_no_error (error);
  if (result->status != 0)
    g_test_message ("%s: %d %s", line, result->status, result->err);
  return g_strdup (g_strstrip (result->out));
}

static void
must_run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  adit_lab_run_line (space, line, &error);
  g_assert_no_error (error);
}

/* One packet of a byte, with the source port of somebody else. */
static void
send_from (guint16 from_port, const char *to, guint16 to_port)
{
  gboolean v6 = strchr (to, ':') != NULL;
  struct sockaddr_in6 from6 = { .sin6_family = AF_INET6, .sin6_port = htons (from_port) }, to6 = { .sin6_family = AF_INET6 };
  struct sockaddr_in from4 = { .sin_family = AF_INET, .sin_port = htons (from_port) }, to4 = { .sin_family = AF_INET };
  const struct sockaddr *from = v6 ? (struct sockaddr *) &from6 : (struct sockaddr *) &from4;
  const struct sockaddr *there = v6 ? (struct sockaddr *) &to6 : (struct sockaddr *) &to4;
  socklen_t bytes = v6 ? sizeof from6 : sizeof from4;
  int back_fd, fd;

  to6.sin6_port = to4.sin_port = htons (to_port);
  inet_pton (v6 ? AF_INET6 : AF_INET, to, v6 ? (void *) &to6.sin6_addr : (void *) &to4.sin_addr);
  g_assert_true (adit_lab_switch ("client", &back_fd, NULL));
  fd = socket (v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  adit_lab_switch_back (back_fd);
  g_assert_cmpint (bind (fd, from, bytes), ==, 0);
  g_assert_cmpint (sendto (fd, "?", 1, 0, there, bytes), ==, 1);
  close (fd);
}

static void
test_direct (void)
{
  g_autofree char *seen4 = capture ("client", 0, "curl -s --max-time 5 http://203.0.113.80/");
  g_autofree char *seen6 = capture ("client", 0, "curl -s --max-time 5 http://[2001:db8:ff::80]/");
  g_autofree char *asked = adit_lab_ask_for_web (ADIT_LAB_DNS_ADDRESS);

  g_assert_cmpstr (seen4, ==, ADIT_LAB_ROUTER_ADDRESS);
  g_assert_cmpstr (seen6, ==, "2001:db8:ff::1");
  g_assert_cmpstr (asked, ==, ADIT_LAB_WEB_ADDRESS);
}

static void
test_watcher (void)
{
  const char *const web_only[] = { "tcp:" ADIT_LAB_WEB_ADDRESS ":80", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autofree char *seen = NULL, *pinged = NULL, *pinged6 = NULL, *keys = NULL;

  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, "web", web_only);
  seen = capture ("client", 0, "curl -s --max-time 5 http://203.0.113.80/");
  adit_leakwatch_set_phase (watcher, "pings", web_only);
  pinged = capture ("client", 0, "ping -c 2 -i 0.1 -W 2 192.0.2.53");
  pinged6 = capture ("client", 0, "ping -c 2 -i 0.1 -W 2 2001:db8:ff::53");
  adit_leakwatch_set_phase (watcher, "forged", web_only);
  send_from (68, ADIT_LAB_DNS_ADDRESS, 67);    /* the ports of DHCP, but not where it goes */
  send_from (546, "2001:db8:ff::53", 547);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "forged"), ==, 2);
  g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, "web"), >, 3);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "web"), ==, 0);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "pings"), ==, 4);
  keys = adit_leakwatch_dup_keys (watcher, "pings");
  g_assert_nonnull (strstr (keys, "icmp:192.0.2.53:8"));
  g_assert_nonnull (strstr (keys, "icmp6:2001:db8:ff::53:128"));
}

/* The way of the lock itself, in small: both tables, since the first does not see frames made by hand. */
static const char wall[] =
  "nft 'table inet wall { chain out { type filter hook output priority 0; oifname \"eth0\" drop; }; };"
  " table netdev wall { chain out { type filter hook egress device \"eth0\" priority 0; drop; }; }'";

static void
test_senders (void)
{
  const char *const holes[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };
  static const char *const wanted[] = {
    "rogue:udp:198.51.100.10:51820", "rogue:tcp:192.0.2.10:443", "rogue:udp:203.0.113.80:9", "rogue:udp:2001:db8:ff::80:9",
    "rogue:tcp:203.0.113.80:80", "rogue:tcp:2001:db8:ff::80:80", "rogue:icmp:203.0.113.80:8", "rogue:icmp6:2001:db8:ff::80:128",
    "rogue:udp:192.0.2.53:53", "rogue:tcp:192.0.2.53:53", "rogue:tcp:192.0.2.53:853", "rogue:udp:198.51.100.53:53",
    "rogue:udp:10.10.0.3:53", "rogue:udp:10.10.0.3:9", "rogue:udp:224.0.0.251:5353", "rogue:udp:ff02::fb:5353",
    "rogue:udp:239.255.255.250:1900",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autoptr (AditSenders) senders = NULL;
  g_autofree char *open_keys = NULL, *frame_keys = NULL, *shut_keys = NULL;
  g_auto (GStrv) seen = NULL;

  g_assert_no_error (error);
  g_assert_null (adit_senders_start ("nowhere", NULL));
  senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, "open", holes);
  adit_senders_set_phase (senders, "open");
  g_usleep (600000);
  adit_senders_set_phase (senders, "");
  must_run ("client", wall);
  adit_leakwatch_set_phase (watcher, "shut", holes);
  adit_senders_set_phase (senders, "shut");
  g_usleep (400000);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "frames", holes);
  adit_senders_set_phase (senders, "frames");
  must_run ("client", "nft delete table netdev wall");
  g_usleep (200000);
  adit_senders_set_phase (senders, "");
  must_run ("client", "nft delete table inet wall");
  adit_leakwatch_set_phase (watcher, "end", NULL);

  g_assert_cmpuint (adit_senders_get_tried (senders, "open"), >, 35);    /* every way at least once, on the slowest computer */
  g_assert_cmpuint (adit_senders_get_tried (senders, "shut"), >, 35);
  g_assert_cmpuint (adit_senders_get_tried (senders, ""), ==, 0);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "open"), >, 100);
  open_keys = adit_leakwatch_dup_keys (watcher, "open");
  seen = g_strsplit (open_keys, " ", -1);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (!g_strv_contains ((const char *const *) seen, wanted[i]))
      g_error ("%s is not among %s", wanted[i], open_keys);
  shut_keys = adit_leakwatch_dup_keys (watcher, "shut");
  g_assert_cmpstr (shut_keys, ==, "");
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "shut"), ==, 0);
  frame_keys = adit_leakwatch_dup_keys (watcher, "frames");    /* what a wall without the second table lets through */
  g_assert_nonnull (strstr (frame_keys, "rogue:udp:" ADIT_LAB_EXIT_ADDRESS ":51820"));
}

static void
test_bounded (void)
{
  const char *const argv[] = { "sleep", "60", NULL };
  const char *const whoami[] = { "id", "-u", NULL };
  g_autoptr (AditLabResult) slow = adit_lab_run ("client", 0, 200, argv, NULL);
  g_autoptr (AditLabResult) user = adit_lab_run ("client", 1234, 5000, whoami, NULL);

  g_assert_cmpint (slow->status, ==, -1);
  g_assert_cmpstr (user->out, ==, "1234\n");
}

static void
test_exit (void)
{
  const char *const go[] = { "wireguard-go", "--foreground", "wgtest", NULL };
  const char *const exit_only[] = { "udp:" ADIT_LAB_EXIT_ADDRESS ":51820", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = NULL;
  g_autofree char *private_key = capture (NULL, 0, "wg genkey"), *public_key = NULL, *exit_key = adit_lab_get_exit_key ();
  g_autofree char *line = NULL, *seen4 = NULL, *seen6 = NULL, *log = NULL, *asked = NULL;
  GPid pid;

  g_assert_nonnull (exit_key);
  g_assert_true (g_file_set_contents (CLIENT_KEY_FILE, private_key, -1, NULL));
  pid = adit_lab_spawn ("client", 0, go, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 500 && access ("/run/wireguard/wgtest.sock", F_OK) != 0; i++)
    g_usleep (10000);
  line = g_strdup_printf ("wg set wgtest fwmark 7 private-key " CLIENT_KEY_FILE
                          " peer %s endpoint %s:%d allowed-ips 0.0.0.0/0,::/0",
                          exit_key, ADIT_LAB_EXIT_ADDRESS, ADIT_LAB_EXIT_PORT);
  must_run ("client", line);
  public_key = capture ("client", 0, "wg show wgtest public-key");
  adit_lab_add_exit_peer (public_key, "10.67.1.2/32,fc00:bbbb:bbbb:bb01::2/128", &error);
  g_assert_no_error (error);
  must_run (NULL, "ip -n client addr add 10.67.1.2/32 dev wgtest");
  must_run (NULL, "ip -n client addr add fc00:bbbb:bbbb:bb01::2/128 dev wgtest nodad");
  must_run (NULL, "ip -n client link set wgtest up mtu 1380");
  must_run (NULL, "ip -n client route add default dev wgtest table 77");
  must_run (NULL, "ip -n client -6 route add default dev wgtest table 77");
  must_run (NULL, "ip -n client rule add not fwmark 7 table 77");
  must_run (NULL, "ip -n client -6 rule add not fwmark 7 table 77");

  watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, "tunnel", exit_only);
  must_run ("client", "ping -c 1 -W 5 " ADIT_LAB_GATEWAY);
  seen4 = capture ("client", 0, "curl -s --max-time 5 http://203.0.113.80/");
  seen6 = capture ("client", 0, "curl -s --max-time 5 http://[2001:db8:ff::80]/");
  asked = adit_lab_ask_for_web (ADIT_LAB_GATEWAY);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_assert_cmpstr (seen4, ==, ADIT_LAB_EXIT_ADDRESS);
  g_assert_cmpstr (seen6, ==, "2001:db8:ff::110");
  g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, "tunnel"), >, 3);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, "tunnel"), ==, 0);
  g_assert_cmpstr (asked, ==, ADIT_LAB_WEB_ADDRESS);
  g_assert_true (g_file_get_contents ("/run/adit-lab-dns.log", &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "10.64.0.1 10.67.1.2 web.example 1\n"));

  adit_lab_remove_exit_peer (public_key, &error);
  g_assert_no_error (error);
  g_free (seen4);
  seen4 = capture ("client", 0, "curl -s --max-time 1 http://203.0.113.80/");
  g_assert_cmpstr (seen4, ==, "");
  adit_lab_end (pid);
}

int
main (int argc, char **argv)
{
  const char *const web[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  g_autoptr (GError) error = NULL;

  adit_lab_enter ();
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (web[0]);
  adit_lab_make_internet (&error);
  g_assert_no_error (error);
  adit_lab_start_exit (g_getenv ("ADIT_LAB_DNS_SERVER"), &error);
  g_assert_no_error (error);
  adit_lab_spawn ("web", 0, web, &error);
  g_assert_no_error (error);
  g_usleep (200000);    /* until the servers listen */
  g_test_add_func ("/lab/direct", test_direct);
  g_test_add_func ("/lab/watcher", test_watcher);
  g_test_add_func ("/lab/senders", test_senders);
  g_test_add_func ("/lab/bounded", test_bounded);
  g_test_add_func ("/lab/exit", test_exit);
  return g_test_run ();
}
