/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-dns-networkmanager.c: rows of the catalogue about names, where the real NetworkManager writes or hands on who is asked. */
#include "config.h"
#include "tests/lab/leak.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gio/gio.h>

#include "tests/lab/resolved-ask.h"

#define FILE_PATH     "/etc/resolv.conf"
#define BEHIND_LINK   "/run/NetworkManager/resolv.conf"
#define CONFIGURATION "/run/NetworkManager/conf.d/adit-while-connected.conf"
#define OWN_SERVERS   "/etc/NetworkManager/conf.d/own-servers.conf"
#define STUB          "/run/systemd/resolve/stub-resolv.conf"
#define OTHER_LEASE   "10.10.0.1"    /* what a lease names as resolver elsewhere */
#define CHANGE_MS     10000
#define REFUSED_MS    1000
#define LEASE_MS      15000    /* as long as its DHCP client tries */
#define STATE_MS      30000

static ResolvedAsk *resolved;

static void
fail (AditLeak *leak, const char *what, const char *detail)
{
  adit_world_print_log (adit_leak_get_world (leak));
  g_error ("%s: %s", what, detail);
}

/* As a program asks, by the bus, by the uplink alone; and as one that has kept what the lease said. */
static void
ask (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "remembered", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { 0 } }, { "the lease's", SOCK_DGRAM, 0, OTHER_LEASE, 53, { 0 } },
  };
  static guint n;
  g_autofree char *name = g_strdup_printf ("n%u.example", n++);
  const char *const argv[] = { "getent", "ahosts", name, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, REFUSED_MS, argv, NULL);

  g_free (resolved_ask_name (resolved, NULL, name, REFUSED_MS));
  g_free (resolved_ask_name (resolved, "eth0", name, REFUSED_MS));
  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    adit_leak_send (leak, &packets[i]);
  adit_leak_count (leak, 3);
}

static char *
dup_servers (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GString *servers = g_string_new (NULL);

  if (!g_file_get_contents (FILE_PATH, &text, NULL, NULL))
    return g_string_free (servers, FALSE);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "nameserver "))
      g_string_append_printf (servers, "%s%s", servers->len > 0 ? " " : "", lines[i] + strlen ("nameserver "));
  return g_string_free (servers, FALSE);
}

static void
wait_for_servers (AditLeak *leak, const char *wanted, const char *when, guint max_ms)
{
  gint64 end = g_get_monotonic_time () + max_ms * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *found = dup_servers ();

      if (g_str_equal (found, wanted))
        return;
      if (g_get_monotonic_time () >= end)
        fail (leak, when, found);
      g_usleep (20000);
    }
}

static void
expect_servers (AditLeak *leak, const char *wanted, const char *when)
{
  wait_for_servers (leak, wanted, when, 0);
}

static void
wait_for_asked (AditLeak *leak, const char *server, const char *when, guint max_ms)
{
  AditWorld *world = adit_leak_get_world (leak);
  gint64 end = g_get_monotonic_time () + max_ms * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      g_autofree char *log = NULL, *answer = NULL;

      g_free (adit_world_dup_dns_log (world));
      answer = adit_world_look_up (world, "web.example");
      log = adit_world_dup_dns_log (world);
      if (g_str_has_prefix (log, server) && g_str_has_prefix (answer, ADIT_LAB_WEB_ADDRESS))
        return;
      if (log[0] != '\0' || g_get_monotonic_time () >= end)    /* somebody else was asked, or nobody for long */
        fail (leak, when, log);
    }
}

static void
expect_asked (AditLeak *leak, const char *server, const char *when)
{
  wait_for_asked (leak, server, when, 0);
}

static void
run_nmcli (AditLeak *leak, const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (adit_leak_get_world (leak), line);

  if (result->status != 0)
    fail (leak, line, result->err);
}

/* --- What happens to a connected computer --------------------------------------------------------------------------------- */

static const char *dns_mode, *rc_manager;

static void
renew (AditLeak *leak)
{
  run_nmcli (leak, "connection up wired");
}

static void
roam (AditLeak *leak)
{
  run_nmcli (leak, "device disconnect eth0");
  ask (leak);
  run_nmcli (leak, "connection up wired");
}

static void
restart (AditLeak *leak)
{
  adit_world_stop_networkmanager (adit_leak_get_world (leak), SIGTERM);
  ask (leak);
  adit_world_start_networkmanager (adit_leak_get_world (leak), dns_mode, rc_manager);
}

static void
crash (AditLeak *leak)
{
  adit_world_stop_networkmanager (adit_leak_get_world (leak), SIGKILL);
  ask (leak);
  adit_world_start_networkmanager (adit_leak_get_world (leak), dns_mode, rc_manager);
}

static void
reload_all (AditLeak *leak)
{
  run_nmcli (leak, "general reload");
}

static void
write_over (AditLeak *leak)
{
  g_assert_true (g_file_set_contents (g_str_equal (rc_manager, "symlink") ? BEHIND_LINK : FILE_PATH,
                                      "# Generated by another program\nnameserver " ADIT_LAB_DNS_ADDRESS "\n", -1, NULL));
}

/* Without a new file, as an editor or a careless script does. */
static void
write_into (AditLeak *leak)
{
  static const char text[] = "nameserver " ADIT_LAB_DNS_ADDRESS "\n";
  int fd = open (FILE_PATH, O_WRONLY | O_TRUNC | O_CLOEXEC);

  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

static void
forget_configuration (AditLeak *leak)
{
  g_assert_true (unlink (CONFIGURATION) == 0 || errno == ENOENT);
  run_nmcli (leak, "general reload");
}

typedef struct { const char *name; void (*happen) (AditLeak *leak); } Event;

static const Event events[] = {
  { "the lease is renewed", renew }, { "another network", roam }, { "NetworkManager restarts", restart },
  { "NetworkManager crashes", crash }, { "everything is reloaded", reload_all },
};
/* Where NetworkManager writes the file. */
static const Event file_events[] = {
  { "another program writes the file", write_over }, { "another program writes into it", write_into },
  { "the configuration is removed", forget_configuration },
};

/* While it is not answered yet, names are tried all the time.  How long that took is told, and not judged. */
static void
try_event (AditLeak *leak, const Event *event, gboolean (*is_answered) (void))
{
  gint64 start_us, done_us;

  event->happen (leak);
  start_us = done_us = g_get_monotonic_time ();
  while (!is_answered ())
    {
      ask (leak);
      done_us = g_get_monotonic_time ();
      if (done_us - start_us > CHANGE_MS * 1000)
        fail (leak, event->name, "the uplink's resolvers are still asked");
    }
  g_test_message ("%s: answered within %" G_GINT64_FORMAT " ms", event->name, (done_us - start_us) / 1000);
  if (!adit_world_wait_state (adit_leak_get_world (leak), "connected", STATE_MS))
    fail (leak, event->name, "it did not connect again");
  ask (leak);
  /* It may write once more when its lease has come: between that and the mend nobody is asked, and never anybody else. */
  wait_for_asked (leak, ADIT_LAB_GATEWAY " ", event->name, CHANGE_MS);
}

static void
expect_backend (AditLeak *leak, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("\"backend\":\"%s\"", name);
  g_autoptr (AditLabResult) status = adit_world_adit (adit_leak_get_world (leak), 0, NULL, "status --json");

  if (strstr (status->out, wanted) == NULL)
    fail (leak, "another back end", status->out);
}

/* --- D07, where NetworkManager writes the file ----------------------------------------------------------------------------- */

static gboolean
file_is_ours (void)
{
  g_autofree char *servers = dup_servers ();

  return g_str_equal (servers, ADIT_LAB_GATEWAY " " ADIT_LAB_GATEWAY6);
}

static void
use_file (AditLeak *leak, const char *manager)
{
  AditWorld *world = adit_leak_get_world (leak);

  dns_mode = "default";
  rc_manager = manager;
  adit_world_stop_networkmanager (world, SIGTERM);
  g_assert_true (unlink (FILE_PATH) == 0);
  if (g_str_equal (manager, "symlink"))
    g_assert_cmpint (symlink (BEHIND_LINK, FILE_PATH), ==, 0);
  adit_world_set_lease (world, ADIT_LAB_DNS_ADDRESS);
  adit_world_start_networkmanager (world, dns_mode, rc_manager);
  expect_servers (leak, ADIT_LAB_DNS_ADDRESS, "NetworkManager's own file");
}

static void
expect_unmanaged (AditLeak *leak)
{
  g_autoptr (AditLabResult) result = adit_world_nmcli (adit_leak_get_world (leak), "-g GENERAL.STATE device show adit0");

  if (!g_str_has_prefix (result->out, "10 "))    /* NM_DEVICE_STATE_UNMANAGED */
    fail (leak, "adit0 is managed", result->out);
}

static void
row_d07 (AditLeak *leak)
{
  static const char *const managers[] = { "file", "symlink" };
  AditWorld *world = adit_leak_get_world (leak);

  for (gsize i = 0; i < G_N_ELEMENTS (managers); i++)
    {
      use_file (leak, managers[i]);
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      adit_leak_allow (leak, "events");
      expect_backend (leak, "networkmanager");
      expect_unmanaged (leak);
      g_assert_true (file_is_ours ());
      expect_asked (leak, ADIT_LAB_GATEWAY " ", "connected");
      adit_world_set_lease (world, OTHER_LEASE);
      for (gsize j = 0; j < G_N_ELEMENTS (events); j++)
        try_event (leak, &events[j], file_is_ours);
      for (gsize j = 0; j < G_N_ELEMENTS (file_events); j++)
        try_event (leak, &file_events[j], file_is_ours);
      adit_leak_expect_shut (leak, managers[i]);

      /* What comes back is not what was there, but what the last lease says. */
      adit_leak_expose (leak);
      expect_servers (leak, OTHER_LEASE, "disconnected");
      g_assert_cmpint (access (CONFIGURATION, F_OK), !=, 0);
      adit_world_set_lease (world, ADIT_LAB_DNS_ADDRESS);
      renew (leak);
      /* NetworkManager's own doing: a connection is up to it when one family is, and the lease may come after. */
      wait_for_servers (leak, ADIT_LAB_DNS_ADDRESS, "renewed", LEASE_MS);
      ask (leak);
      adit_leak_expect_open (leak, "NetworkManager's own");
    }
}

/* Where it does not write the uplink's resolvers itself, the plain file is written over and watched. */
static void
row_d07_elsewhere (AditLeak *leak)
{
  static const struct { const char *dns, *own, *servers; } forms[] = {
    { "default", "[global-dns-domain-*]\nservers=" ADIT_LAB_DNS_ADDRESS ",203.0.113.53\n", ADIT_LAB_DNS_ADDRESS " 203.0.113.53" },
    { "dnsmasq", "", "127.0.0.1" },
  };
  AditWorld *world = adit_leak_get_world (leak);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      use_file (leak, "file");
      adit_world_stop_networkmanager (world, SIGTERM);
      g_assert_true (g_file_set_contents (OWN_SERVERS, forms[i].own, -1, NULL));
      dns_mode = forms[i].dns;
      adit_world_start_networkmanager (world, dns_mode, rc_manager);
      expect_servers (leak, forms[i].servers, forms[i].dns);
      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      adit_leak_allow (leak, "events");
      expect_backend (leak, "file");
      g_assert_true (file_is_ours ());
      for (gsize j = 0; j < G_N_ELEMENTS (events); j++)
        try_event (leak, &events[j], file_is_ours);
      adit_leak_expect_shut (leak, forms[i].dns);
      adit_leak_expose (leak);
      expect_servers (leak, forms[i].servers, "disconnected");
      ask (leak);
      adit_leak_expect_open (leak, forms[i].dns);
      g_assert_cmpint (unlink (OWN_SERVERS), ==, 0);
    }
}

/* --- D11 ------------------------------------------------------------------------------------------------------------------- */

static void
expect_given_back (AditLeak *leak, const char *when)
{
  expect_servers (leak, ADIT_LAB_DNS_ADDRESS, when);
  g_assert_cmpint (access (CONFIGURATION, F_OK), !=, 0);
  expect_asked (leak, ADIT_LAB_DNS_ADDRESS " ", when);
}

static void
row_d11 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);

  use_file (leak, "file");
  adit_leak_enter (leak, ADIT_LEAK_ORPHANED);
  ask (leak);
  adit_leak_expect_shut (leak, "killed");
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  expect_given_back (leak, "recovered");

  /* The next start takes up the wish, and gives back afterwards. */
  adit_leak_enter (leak, ADIT_LEAK_ORPHANED);
  adit_leak_allow (leak, "again");
  adit_world_expect_helper (world);
  g_assert_true (adit_world_wait_state (world, "connected", STATE_MS));
  expect_asked (leak, ADIT_LAB_GATEWAY " ", "connected again");
  adit_leak_expect_shut (leak, "started again");
  adit_leak_expose (leak);
  expect_given_back (leak, "after a crash");
  ask (leak);
  adit_leak_expect_open (leak, "after a crash");

  /* Power was lost: everything below /run is gone, and NetworkManager starts with the lease's resolvers. */
  adit_leak_enter (leak, ADIT_LEAK_ORPHANED);
  adit_world_stop_networkmanager (world, SIGKILL);
  adit_leak_run (leak, NULL, "rm -rf /run/NetworkManager /run/adit");
  adit_leak_run (leak, NULL, "mkdir /run/NetworkManager");
  adit_world_start_networkmanager (world, dns_mode, rc_manager);
  expect_servers (leak, ADIT_LAB_DNS_ADDRESS, "after a reboot");
  ask (leak);
  adit_leak_expect_shut (leak, "after a reboot, the lock still there");
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  expect_given_back (leak, "recovered after a reboot");

  /* It is stopped meanwhile, so nobody but us can give back; and then the same by recovery. */
  for (guint i = 0; i < 2; i++)
    {
      adit_leak_enter (leak, i == 0 ? ADIT_LEAK_CONNECTED : ADIT_LEAK_ORPHANED);
      adit_world_stop_networkmanager (world, SIGTERM);
      ask (leak);
      adit_leak_expect_shut (leak, "without NetworkManager");
      adit_world_expect (world, 0, NULL, i == 0 ? "disconnect" : "recover --open", 0);
      expect_servers (leak, ADIT_LAB_DNS_ADDRESS, "given back without it");
      g_assert_cmpint (access (CONFIGURATION, F_OK), !=, 0);
      adit_world_start_networkmanager (world, dns_mode, rc_manager);
      expect_servers (leak, ADIT_LAB_DNS_ADDRESS, "it runs again");
    }

  /* It is stopped meanwhile, and another program writes the file: nobody can let it write ours. */
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_world_stop_networkmanager (world, SIGTERM);
  write_over (leak);
  if (!adit_world_wait_state (world, "blocked", STATE_MS))
    fail (leak, "without NetworkManager", "it is not blocked");
  ask (leak);
  adit_leak_expect_shut (leak, "without NetworkManager, written over");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_servers (leak, ADIT_LAB_DNS_ADDRESS, "another program's file stays");
  adit_world_start_networkmanager (world, dns_mode, rc_manager);
}

/* --- D07, where NetworkManager tells systemd-resolved ---------------------------------------------------------------------- */

static gboolean
uplink_is_silent (void)
{
  return !resolved_ask_is_default (resolved, "eth0") && resolved_ask_is_default (resolved, "adit0");
}

static void
try_resolved (AditLeak *leak, const char *manager)
{
  AditWorld *world = adit_leak_get_world (leak);

  dns_mode = "systemd-resolved";
  rc_manager = manager;
  adit_world_stop_networkmanager (world, SIGTERM);
  g_assert_true (unlink (FILE_PATH) == 0);
  if (g_str_equal (manager, "symlink"))
    g_assert_cmpint (symlink (STUB, FILE_PATH), ==, 0);
  adit_world_start_networkmanager (world, dns_mode, rc_manager);
  expect_servers (leak, "127.0.0.53", "it leads to systemd-resolved");
  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  adit_leak_allow (leak, "events");
  expect_backend (leak, "resolved");
  expect_unmanaged (leak);
  adit_world_set_lease (world, OTHER_LEASE);
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    try_event (leak, &events[i], uplink_is_silent);
  adit_leak_expect_shut (leak, "NetworkManager and systemd-resolved");

  adit_leak_expose (leak);
  g_assert_true (resolved_ask_is_default (resolved, "eth0"));
  adit_world_set_lease (world, ADIT_LAB_DNS_ADDRESS);
  renew (leak);
  ask (leak);
  adit_leak_expect_open (leak, "the lease's resolver");
  expect_asked (leak, ADIT_LAB_DNS_ADDRESS " ", "disconnected");
}

static void
row_d07_resolved (AditLeak *leak)
{
  static const char *const managers[] = { "file", "symlink" };    /* it writes the stub's address into it, or it is a link */

  for (gsize i = 0; i < G_N_ELEMENTS (managers); i++)
    try_resolved (leak, managers[i]);
}

static const AditLeakRow rows[] = {
  { "D07", "NetworkManager writes resolv.conf: leases, roaming, restarts", row_d07 },
  { "D07-elsewhere", "NetworkManager with resolvers for all links, or with dnsmasq", row_d07_elsewhere },
  { "D07-resolved", "NetworkManager tells systemd-resolved: leases, roaming, restarts", row_d07_resolved },
  { "D11-networkmanager", "NetworkManager's file after kill -9, a reboot, recovery", row_d11 },
};

int
main (int argc, char **argv)
{
  int failed;

  if (!adit_world_can_resolved () || !adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  resolved = resolved_ask_new ();
  failed = adit_leak_main (argc, argv, ADIT_WORLD_RESOLVED | ADIT_WORLD_NETWORKMANAGER, rows, G_N_ELEMENTS (rows));
  resolved_ask_free (resolved);
  return failed;
}
