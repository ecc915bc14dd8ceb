/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-missing.c: what the helper needs and does not get.  Each time it says so, lets nothing out, and `adit disconnect` gives
 * the computer back. */
#include "config.h"
#include "tests/lab/world.h"

#include <jansson.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define EMPTY "/run/lab/empty"
#define RESOLV "/etc/resolv.conf"
#define STATE "/var/lib/adit"

static AditWorld *world;

static void
expect_state (const char *state, const char *reason)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL);

  if (g_strcmp0 (json_string_value (json_object_get (object, "state")), state) != 0 ||
      (reason != NULL && g_strcmp0 (json_string_value (json_object_get (object, "reason")), reason) != 0))
    {
      adit_world_print_log (world);
      g_error ("the state is not %s (%s): %s", state, reason != NULL ? reason : "-", result->out);
    }
  json_decref (object);
}

static void
run (const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line ("client", line, &error))
    g_error ("%s", error->message);
}

static gboolean
has_tables (void)
{
  const char *const argv[] = { "nft", "list", "tables", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

  return strstr (result->out, "adit") != NULL;
}

/* Rules, routes, names and lock, in words that can be compared. */
static char *
take_picture (void)
{
  static const char *const lines[] = { "ip -4 rule", "ip -6 rule", "ip -4 route show table all", "ip -6 route show table all",
                                       "ip -o addr", "nft list tables", "cat " RESOLV };
  GString *picture = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (GStrv) argv = g_strsplit (lines[i], " ", -1);
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, (const char *const *) argv, NULL);

      g_string_append (picture, result->out);
    }
  return g_string_free (picture, FALSE);
}

/* Blocked with a reason, nothing gets out, and the way back is open. */
static void
expect_blocked_then_free (const char *reason, const char *before)
{
  g_autofree char *after = NULL;

  expect_state ("blocked", reason);
  adit_world_expect_web (world, "");
  g_assert_true (has_tables ());
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_state ("disconnected", NULL);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
}

static void
mount_over (const char *path)
{
  g_assert_true (g_file_set_contents (EMPTY, "", 0, NULL));
  if (mount (EMPTY, path, NULL, MS_BIND, NULL) != 0)
    g_error ("cannot mount over %s: %s", path, g_strerror (errno));
}

static void
test_no_wireguard (void)
{
  g_autofree char *before = take_picture ();

  /* Not executable: as good as not there. */
  mount_over (ADIT_WIREGUARD_GO);
  if (adit_lab_run_line ("client", "ip link add wgtest type wireguard", NULL))
    {
      run ("ip link del wgtest");
      g_test_skip ("this kernel has a WireGuard of its own");
    }
  else
    {
      adit_world_expect (world, 0, NULL, "connect se-got --wait", 10);
      expect_blocked_then_free ("no-wireguard", before);
    }
  g_assert_cmpint (umount2 (ADIT_WIREGUARD_GO, MNT_DETACH), ==, 0);
}

static void
test_relay_is_silent (void)
{
  g_autofree char *before = take_picture ();

  adit_world_expect (world, 0, NULL, "connect us-nyc --wait", 10);
  expect_blocked_then_free ("no-handshake", before);
}

/* The service's clock is told by its answers, which TLS has proved; a relay refuses a handshake that says an earlier time than
 * the last one did. */
static void
test_clock_is_behind (void)
{
  g_autofree char *before = take_picture ();

  adit_world_set_fault (world, "ahead");
  adit_world_expect (world, 0, NULL, "connect us-nyc --wait", 9);
  expect_blocked_then_free ("wrong-clock", before);
  adit_world_set_fault (world, "");
}

static void
test_names_cannot_be_set (void)
{
  g_autofree char *before = take_picture ();

  /* A folder that nothing can be written to. */
  if (mount ("/etc", "/etc", NULL, MS_BIND | MS_REC, NULL) != 0 ||
      mount (NULL, "/etc", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
    g_error ("/etc cannot be made read-only: %s", g_strerror (errno));
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 10);
  expect_blocked_then_free ("dns-failed", before);
  g_assert_cmpint (umount2 ("/etc", MNT_DETACH), ==, 0);
}

/* The tunnel's IPv6 addresses have nowhere to go: IPv4 works alone, and nothing leaves by the other family. */
static void
test_no_ipv6 (void)
{
  g_autofree char *before = NULL, *after = NULL, *seen = NULL;

  run ("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");
  before = take_picture ();
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  seen = adit_world_ask_web (world, TRUE);
  g_assert_cmpstr (seen, ==, "");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
  run ("sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0");
  run ("ip addr replace 2001:db8:10::2/64 dev eth0 nodad");
  run ("ip -6 route replace default via 2001:db8:10::1");
}

static void
test_strict_filter (void)
{
  g_autofree char *before = NULL, *after = NULL;

  run ("sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1");
  before = take_picture ();
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
  run ("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0");
}

/* Wrong rights on the folder of WireGuard's sockets: refused, as others could put themselves between. */
static void
test_open_socket_folder (void)
{
  g_autofree char *before = take_picture ();

  run ("chmod 0777 /run/wireguard");
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 10);
  expect_blocked_then_free ("tunnel-failed", before);
  run ("chmod 0711 /run/wireguard");
}

/* Returns: a helper that is started by way of another program, on the bus. */
static GPid
start_helper_by (const char *const *argv)
{
  GPid pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, NULL);

  g_assert_cmpint (pid, !=, 0);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *state = adit_world_get_state (world);

      if (state[0] != '\0')
        return pid;
      g_usleep (20000);
    }
  adit_world_print_log (world);
  g_error ("this helper does not answer");
}

/* What closes the lock is refused, and the network stays as it was. */
static void
expect_nothing_begun (void)
{
  g_autofree char *before = take_picture (), *after = NULL;
  g_autoptr (AditLabResult) refused = adit_world_adit (world, 0, NULL, "connect se-got --wait");

  g_assert_cmpint (refused->status, ==, 11);
  g_assert_nonnull (strstr (refused->err, "this kernel cannot hold the lock (it needs nftables"));
  adit_world_expect (world, 0, NULL, "lockdown on", 11);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static void
end_helper (GPid pid)
{
  adit_lab_end (pid);
  adit_world_expect_helper (world);
  expect_state ("disconnected", NULL);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

static void
test_no_right_to_lock (void)
{
  static const char *const argv[] = { "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", ADIT_LIBEXECDIR "/aditd",
                                      NULL };
  GPid pid;

  adit_world_kill_helper (world);
  pid = start_helper_by (argv);
  expect_nothing_begun ();
  end_helper (pid);
}

/* On a kernel without nftables nothing is begun either, and there is no lock of ours that would have to be kept. */
static void
test_no_nftables (void)
{
  const char *const argv[] = { g_getenv ("ADIT_WITHOUT_NFTABLES"), ADIT_LIBEXECDIR "/aditd", NULL };
  const char *const recover[] = { argv[0], argv[1], "--recover", "--open", NULL };
  g_autoptr (AditLabResult) recovered = NULL;
  GPid pid;

  adit_world_kill_helper (world);
  pid = start_helper_by (argv);
  expect_state ("disconnected", NULL);
  expect_nothing_begun ();
  adit_lab_end (pid);
  /* As the first helper of all: nothing that it would miss was there. */
  g_assert_no_errno (rename (STATE, STATE ".kept"));
  g_assert_no_errno (mkdir (STATE, 0700));
  pid = start_helper_by (argv);
  expect_state ("disconnected", NULL);
  adit_world_expect (world, 0, NULL, "lockdown on", 11);
  adit_lab_end (pid);
  run ("rm -r " STATE);
  g_assert_no_errno (rename (STATE ".kept", STATE));
  /* Lockdown is from the time of another kernel, and cannot be had: that is said, and who gives it up gets no error. */
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_kill_helper (world);
  run ("nft flush ruleset");
  pid = start_helper_by (argv);
  expect_state ("blocked", "lock-failed");
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_state ("disconnected", NULL);
  adit_lab_end (pid);
  recovered = adit_lab_run ("client", 0, 10000, recover, NULL);    /* what a package does that is removed */
  g_assert_cmpint (recovered->status, ==, 0);
  adit_world_expect_helper (world);
  expect_state ("disconnected", NULL);
}

/* --- Another program has removed the lock and owns tables of those names: the kernel keeps everybody else from them. ------ */

/* Counts at the router's end of the cable what is neither the tunnel's carrier, nor a request to the service, nor of the link. */
static const char watch[] =
  "table netdev watch {\ncounter out4 { }\ncounter out6 { }\n"
  "chain in { type filter hook ingress device \"to-client\" priority 0; policy accept;\n"
  "ip daddr " ADIT_LAB_EXIT_ADDRESS " udp dport 51820 accept\nip daddr " ADIT_LAB_API_ADDRESS " tcp dport 443 accept\n"
  "icmpv6 type { 133, 134, 135, 136, 143 } accept\n"
  "meta protocol ip counter name out4\nmeta protocol ip6 counter name out6\n}\n}\n";

static const char *const senders[][5] = { { "ping", "-q", "-i0.02", ADIT_LAB_WEB_ADDRESS },
                                          { "ping", "-q", "-i0.02", "2001:db8:ff::80" } };

typedef struct
{
  GPid         senders[G_N_ELEMENTS (senders)];
  GSubprocess *taker;
  char        *before;
} Taken;

static guint
count (const char *counter)
{
  g_autofree char *line = g_strdup_printf ("nft list counter netdev watch %s", counter);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run ("router", 0, 5000, (const char *const *) argv, NULL);
  const char *number = strstr (result->out, "packets ");

  g_assert_nonnull (number);
  return (guint) g_ascii_strtoull (number + strlen ("packets "), NULL, 10);
}

static void
start_watch (Taken *t)
{
  g_autoptr (GError) error = NULL;

  t->before = take_picture ();
  g_assert_true (g_file_set_contents ("/run/lab/watch", watch, -1, NULL));
  if (!adit_lab_run_line ("router", "nft -f /run/lab/watch", &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    t->senders[i] = adit_lab_spawn_logged ("client", 0, senders[i], "/run/lab/log", NULL, NULL);
}

static void
begin_to_count (void)
{
  if (!adit_lab_run_line ("router", "nft reset counters table netdev watch", NULL))
    g_error ("nobody counts on the cable");
}

static void
expect_nothing_out (void)
{
  guint out4 = count ("out4"), out6 = count ("out6");

  if (out4 == 0 && out6 == 0)
    return;
  adit_world_print_log (world);
  g_error ("%u packets of IPv4 and %u of IPv6 left in clear", out4, out6);
}

/* The other half: without a lock that is wanted, the same watcher sees the same senders; and the computer is as it was. */
static void
expect_open (Taken *t)
{
  g_autofree char *after = NULL;

  begin_to_count ();
  g_usleep (500000);
  g_assert_cmpuint (count ("out4"), >, 5);
  g_assert_cmpuint (count ("out6"), >, 5);
  g_assert_false (has_tables ());
  after = take_picture ();
  g_assert_cmpstr (after, ==, t->before);
  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    adit_lab_end (t->senders[i]);
  g_free (t->before);
  if (!adit_lab_run_line ("router", "nft delete table netdev watch", NULL))
    g_error ("the watcher does not go");
}

/* In one transaction, so that there is no moment for a helper to put its own back. */
static void
take_table (Taken *t)
{
  static const char *const argv[] = { "nft", "-i", NULL };
  static const char line[] = "flush ruleset; add table inet adit { flags owner; }; add table inet adit-guard { flags owner; }\n";
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  GOutputStream *input;

  t->taker = adit_world_spawn (world, 0, launcher, argv, &error);
  g_assert_no_error (error);
  input = g_subprocess_get_stdin_pipe (t->taker);
  g_assert_true (g_output_stream_write_all (input, line, strlen (line), NULL, NULL, &error));
  for (guint i = 0; i < 200; i++)
    {
      static const char *const list[] = { "nft", "list", "table", "inet", "adit", NULL };
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, list, NULL);

      if (strstr (result->out, "flags owner") != NULL)
        return;
      g_usleep (10000);
    }
  g_error ("the table could not be taken");
}

static void
give_back_table (Taken *t)
{
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (t->taker), NULL, NULL));
  g_assert_true (g_subprocess_wait (t->taker, NULL, NULL));
  g_clear_object (&t->taker);
}

static void
wait_state (const char *state, const char *reason)
{
  if (!adit_world_wait_state (world, state, 15000))
    adit_world_print_log (world);
  expect_state (state, reason);
}

/* The lock is gone and refused: routes and device stay, so that what went into the tunnel does not go beside it. */
static void
test_lock_taken_while_connected (void)
{
  Taken t = { 0 };

  start_watch (&t);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  begin_to_count ();
  take_table (&t);
  wait_state ("blocked", "lock-failed");
  g_usleep (2500000);    /* some retries */
  expect_state ("blocked", "lock-failed");
  expect_nothing_out ();
  /* A helper that starts in the middle of it does not open either. */
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  wait_state ("blocked", "lock-failed");
  g_usleep (1500000);
  expect_nothing_out ();
  give_back_table (&t);
  wait_state ("connected", NULL);
  expect_nothing_out ();
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  expect_open (&t);
}

/* Who disconnects gets the network back, though our table cannot be removed, and nothing locks it again when it can. */
static void
test_lock_taken_and_disconnected (void)
{
  Taken t = { 0 };

  start_watch (&t);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  take_table (&t);
  wait_state ("blocked", "lock-failed");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  give_back_table (&t);
  wait_state ("disconnected", NULL);
  expect_open (&t);
}

/* Lockdown is tried again too, although nobody wants a connection. */
static void
test_lock_taken_under_lockdown (void)
{
  Taken t = { 0 };

  start_watch (&t);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_kill_helper (world);
  take_table (&t);
  adit_world_expect_helper (world);
  wait_state ("blocked", "lock-failed");
  give_back_table (&t);
  wait_state ("disconnected", NULL);
  begin_to_count ();
  adit_world_expect_web (world, "");
  expect_nothing_out ();
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  expect_open (&t);
}

/* wireguard-go ends with its socket's other end, a moment after the helper. */
static void
wait_for_device_to_end (void)
{
  const char *const argv[] = { "ip", "link", "show", "adit0", NULL };

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);

      if (result->status != 0)
        return;
      g_usleep (20000);
    }
  g_error ("the device outlives the helper");
}

/* The helper is dead, its rules are gone, its routes are not. */
static void
test_recover_without_a_lock (void)
{
  g_autoptr (AditLabResult) refused = NULL, done = NULL;
  g_autofree char *routes = NULL, *routes_after = NULL;
  Taken t = { 0 };

  start_watch (&t);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  begin_to_count ();
  adit_world_kill_helper (world);
  wait_for_device_to_end ();
  take_table (&t);
  routes = take_picture ();
  refused = adit_world_adit (world, 0, NULL, "recover");
  g_assert_cmpint (refused->status, ==, 11);
  g_assert_nonnull (strstr (refused->err, "Nothing was put back"));
  routes_after = take_picture ();
  g_assert_cmpstr (routes_after, ==, routes);
  expect_nothing_out ();

  give_back_table (&t);
  g_assert_false (has_tables ());
  expect_nothing_out ();
  done = adit_world_adit (world, 0, NULL, "recover");
  g_assert_cmpint (done->status, ==, 0);
  g_assert_nonnull (strstr (done->out, "the lock, which is in force"));
  g_assert_true (has_tables ());
  adit_world_expect_web (world, "");
  expect_nothing_out ();
  adit_world_expect (world, 0, NULL, "recover --open", 0);
  expect_open (&t);
  adit_world_expect_helper (world);
  expect_state ("disconnected", NULL);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_test_add_func ("/missing/wireguard", test_no_wireguard);
  g_test_add_func ("/missing/names", test_names_cannot_be_set);
  g_test_add_func ("/missing/ipv6", test_no_ipv6);
  g_test_add_func ("/missing/strict-filter", test_strict_filter);
  g_test_add_func ("/missing/socket-folder", test_open_socket_folder);
  g_test_add_func ("/missing/right-to-lock", test_no_right_to_lock);
  g_test_add_func ("/missing/nftables", test_no_nftables);
  g_test_add_func ("/missing/lock-while-connected", test_lock_taken_while_connected);
  g_test_add_func ("/missing/lock-and-disconnected", test_lock_taken_and_disconnected);
  g_test_add_func ("/missing/lock-under-lockdown", test_lock_taken_under_lockdown);
  g_test_add_func ("/missing/lock-in-recover", test_recover_without_a_lock);
  g_test_add_func ("/missing/answer", test_relay_is_silent);
  g_test_add_func ("/missing/clock", test_clock_is_behind);
  return adit_world_end_test (world);
}
