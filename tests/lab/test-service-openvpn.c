/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-service-openvpn.c: IVPN's and OVPN's servers by OpenVPN, from the account to the web: by UDP and TCP, in at one place and
 * out at another, what the lock lets through for it, and whom it believes. */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-services.h"
#include "tests/lab/probe.h"
#include "tests/lab/senders.h"
#include "tests/lab/world-private.h"
#include "tests/simulator/known.h"

#define CARRIER      61003    /* adit-openvpn's in the lab */
#define WATCH_US     300000

/* The command line's: Adit's own files cannot be used; nothing of that kind; somebody else answers; not in the time given. */
enum { FAILED = 1, NO_SUCH = 4, UNTRUSTED = 9, TOO_LATE = 12 };

#define IVPN        "ivpn", KNOWN_IVPN_ACCOUNT
#define OVPN        "ovpn", KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD
#define SERVER(way) way ":" ADIT_LAB_OVPN_ADDRESS

typedef struct
{
  const char *name, *id, *credential;
  const char *wish;            /* behind "connect --wait" */
  const char *exit_address;
  const char *carrier[3];      /* all that leaves the computer, ended by NULL */
} Case;

static const Case cases[] = {
  { "ivpn-udp", IVPN, "--tunnel openvpn-udp no", ADIT_LAB_IVPN_OVPN_ADDRESS, { "udp:" ADIT_LAB_IVPN_OVPN_ADDRESS ":1194" } },
  { "ivpn-tcp", IVPN, "--tunnel openvpn-tcp ch", ADIT_LAB_IVPN_OVPN_OTHER, { "tcp:" ADIT_LAB_IVPN_OVPN_OTHER ":443" } },
  { "ovpn-udp", OVPN, "--tunnel openvpn-udp Oslo", ADIT_LAB_OVPN_ADDRESS, { SERVER ("udp") ":1194", SERVER ("udp") ":1195" } },
  { "ovpn-tcp", OVPN, "--tunnel openvpn-tcp Oslo", ADIT_LAB_OVPN_ADDRESS, { SERVER ("tcp") ":443" } },
  /* The entry's address with the exit's port. */
  { "ivpn-entry-udp", IVPN, "--tunnel openvpn-udp --entry se1 no", ADIT_LAB_IVPN_OVPN_ADDRESS,
    { "udp:" ADIT_LAB_IVPN_OVPN_OTHER ":20300" } },
  { "ivpn-entry-tcp", IVPN, "--tunnel openvpn-tcp --entry no se1", ADIT_LAB_IVPN_OVPN_OTHER,
    { "tcp:" ADIT_LAB_IVPN_OVPN_ADDRESS ":21000" } },
  { "ovpn-entry-udp", OVPN, "--tunnel openvpn-udp --entry Stockholm Oslo", ADIT_LAB_OVPN_ADDRESS,
    { "udp:" ADIT_LAB_EXIT_ADDRESS ":20039" } },
};

static AditWorld *world;
static AditLeakwatch *watcher;
static AditSenders *senders;

static void
log_in (const char *id, const char *credential)
{
  g_autofree char *login = g_strdup_printf ("login %s", id);

  adit_world_expect (world, 0, credential, login, 0);
}

static void
leave (void)
{
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

/* What leaves the computer from now on, while everything is tried. */
static void
begin_watch (const char *phase, const char *const *allowed)
{
  adit_leakwatch_set_phase (watcher, phase, allowed);
  adit_senders_set_phase (senders, phase);
  g_usleep (WATCH_US);
}

static void
end_watch (const char *phase)
{
  g_autofree char *keys = NULL;

  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "", NULL);
  keys = adit_leakwatch_dup_keys (watcher, phase);
  g_test_message ("%s: %u tried, %u as it may, %u outside %s", phase, adit_senders_get_tried (senders, phase),
                  adit_leakwatch_get_allowed (watcher, phase), adit_leakwatch_get_outside (watcher, phase), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, phase), >, 10);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *connect = g_strconcat ("connect --wait ", test->wish, NULL), *open = g_strconcat (test->name, "-open", NULL);

  log_in (test->id, test->credential);
  adit_world_expect (world, 0, NULL, connect, 0);
  begin_watch (test->name, test->carrier);
  adit_world_expect_web (world, test->exit_address);
  end_watch (test->name);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, test->name), ==, 0);
  g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, test->name), >, 5);
  leave ();
  /* The same watcher and senders without the lock. */
  begin_watch (open, test->carrier);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  end_watch (open);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, open), >, 10);
}

/* There are such ports by UDP alone: it is said so, and everything stays as it was, connected or not. */
static void
test_refused (void)
{
  static const char wish[] = "connect --wait --tunnel openvpn-tcp --entry Stockholm Oslo --json";
  static const char *const states[] = { "disconnected", "connected" };

  log_in (OVPN);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (AditLabResult) refused = adit_world_adit (world, 0, NULL, wish);
      g_autofree char *state = adit_world_get_state (world);

      g_test_message ("%s", refused->out);
      g_assert_cmpint (refused->status, ==, NO_SUCH);
      g_assert_nonnull (strstr (refused->out, "\"NoEntryByTcp\""));
      g_assert_nonnull (strstr (refused->out, "OVPN has ports for it by UDP, and none by TCP"));
      g_assert_cmpstr (state, ==, states[i]);
      adit_world_expect_web (world, i == 0 ? ADIT_LAB_ROUTER_ADDRESS : ADIT_LAB_OVPN_ADDRESS);
      if (i == 0)
        adit_world_expect (world, 0, NULL, "connect --wait --tunnel openvpn-tcp Oslo", 0);
    }
  leave ();
}

/* Senders' mark is in it, so it counts as outside though it goes where the carrier goes. */
static gboolean
leaves (const char *phase, int type, guint uid, const char *address, guint16 port)
{
  const ProbeWay way = { .space = "client", .device = "eth0", .uid = uid,
                         .from_port = type == SOCK_STREAM ? ADIT_SENDERS_TCP_FIRST : 0 };

  adit_leakwatch_set_phase (watcher, phase, NULL);
  if (type == SOCK_STREAM)
    (void) probe_connect (&way, address, port, PROBE_WAIT_MS);
  else
    (void) probe_send (&way, type, 0, address, port, ADIT_SENDERS_MAGIC, strlen (ADIT_SENDERS_MAGIC));
  g_usleep (PROBE_WAIT_MS * 1000);
  adit_leakwatch_set_phase (watcher, "", NULL);
  {
    g_autofree char *keys = adit_leakwatch_dup_keys (watcher, phase);

    return strstr (keys, "rogue") != NULL;
  }
}

/* Whoever carries the tunnel reaches that one address and port, by that protocol, and nobody else does. */
static void
test_lock (void)
{
  static const struct { const char *name; int type; guint uid; const char *address; guint16 port; gboolean passes; } probes[] = {
    { "its own", SOCK_DGRAM, CARRIER, ADIT_LAB_IVPN_OVPN_OTHER, 20300, TRUE },
    { "another user", SOCK_DGRAM, ADIT_WORLD_BOB_UID, ADIT_LAB_IVPN_OVPN_OTHER, 20300, FALSE },
    { "root", SOCK_DGRAM, 0, ADIT_LAB_IVPN_OVPN_OTHER, 20300, FALSE },
    { "the usual port", SOCK_DGRAM, CARRIER, ADIT_LAB_IVPN_OVPN_OTHER, 1194, FALSE },
    { "the exit", SOCK_DGRAM, CARRIER, ADIT_LAB_IVPN_OVPN_ADDRESS, 20300, FALSE },
    { "by TCP", SOCK_STREAM, CARRIER, ADIT_LAB_IVPN_OVPN_OTHER, 20300, FALSE },
    { "the API", SOCK_STREAM, CARRIER, ADIT_LAB_IVPN_ADDRESS, 443, FALSE },
  };

  log_in (IVPN);
  adit_world_expect (world, 0, NULL, "connect --wait --tunnel openvpn-udp --entry se1 no", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++)
    if (leaves (probes[i].name, probes[i].type, probes[i].uid, probes[i].address, probes[i].port) != probes[i].passes)
      g_error ("%s: %s", probes[i].name, probes[i].passes ? "does not leave" : "leaves");
  leave ();
  for (gsize i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      g_autofree char *phase = g_strconcat (probes[i].name, ", open", NULL);

      g_assert_true (leaves (phase, probes[i].type, probes[i].uid, probes[i].address, probes[i].port));
    }
}

/* What the administrator says from now on, and what is in the file that @lines may name. */
static void
trust (const char *roots_file, const char *key_file, const char *lines)
{
  g_autofree char *text = g_strconcat (ADIT_WORLD_SERVICES, "[ovpn]\ntrust=/etc/adit/lab-ca.pem\n", lines, NULL);
  g_autofree char *roots = NULL, *key = NULL, *both = NULL;

  g_assert_true (g_file_get_contents (roots_file, &roots, NULL, NULL));
  g_assert_true (g_file_get_contents (key_file, &key, NULL, NULL));
  both = g_strconcat (roots, key, NULL);
  g_assert_true (g_file_set_contents_full (ADIT_LAB_OVPN_TRUST_FILE, both, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, NULL));
  adit_world_write_file (ADIT_WORLD_SERVICES_FILE, text, 0644);
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
}

static void
expect_not_connected (int status)
{
  adit_world_expect (world, 0, NULL, "connect --wait --timeout 3 --tunnel openvpn-udp Oslo", status);
  adit_world_expect_web (world, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

/* A server is believed by the administrator's roots and key, and without these by the service's own alone, which the lab's have
 * not. */
static void
test_trust (void)
{
  log_in (OVPN);
  trust (ADIT_LAB_OVPN_DIRECTORY "/ca.pem", ADIT_LAB_OVPN_DIRECTORY "/tls-auth.key", "");
  expect_not_connected (TOO_LATE);
  trust (ADIT_LAB_OVPN_DIRECTORY "/ca.pem", ADIT_LAB_OVPN_DIRECTORY "/tls-auth.key", "openvpn-trust=/etc/adit/nothing.pem\n");
  expect_not_connected (FAILED);
  trust (ADIT_LAB_OVPN_DIRECTORY "/stranger.pem", ADIT_LAB_OVPN_DIRECTORY "/tls-auth.key", ADIT_WORLD_BY_OPENVPN);
  expect_not_connected (UNTRUSTED);
  trust (ADIT_LAB_OVPN_DIRECTORY "/ca.pem", "/dev/null", ADIT_WORLD_BY_OPENVPN);
  expect_not_connected (TOO_LATE);
  trust (ADIT_LAB_OVPN_DIRECTORY "/ca.pem", ADIT_LAB_OVPN_DIRECTORY "/tls-auth.key", ADIT_WORLD_BY_OPENVPN);
  adit_world_expect (world, 0, NULL, "connect --wait --tunnel openvpn-udp Oslo", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  leave ();
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  good = adit_world_add_services (world, &error) &&
         adit_lab_ovpn_add_services (g_getenv ("ADIT_LAB_DNS_SERVER"), g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error);
  g_assert_no_error (error);
  g_assert_true (good);
  adit_world_expect_helper (world);
  watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  set_up ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/service-openvpn/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/service-openvpn/refused", test_refused);
  g_test_add_func ("/service-openvpn/lock", test_lock);
  g_test_add_func ("/service-openvpn/trust", test_trust);
  failed = g_test_run ();
  if (failed != 0)
    adit_world_print_log (world);
  adit_senders_stop (senders);
  adit_leakwatch_stop (watcher);
  adit_world_free (world);
  return failed;
}
