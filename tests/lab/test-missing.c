/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-missing.c: what the helper needs and does not get.  Each time it says so, lets nothing out, and `adit disconnect` gives
 * the computer back. */
#include "config.h"
#include "tests/lab/world.h"

#include <jansson.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define EMPTY "/run/lab/empty"
#define RESOLV "/etc/resolv.conf"

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

/* Without the right to set rules nothing is begun, and the network stays as it was. */
static void
test_no_right_to_lock (void)
{
  static const char *const argv[] = { "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", ADIT_LIBEXECDIR "/aditd",
                                      NULL };
  g_autofree char *before = NULL, *after = NULL;
  GPid pid;

  adit_world_kill_helper (world);
  before = take_picture ();
  pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, NULL);
  g_assert_cmpint (pid, !=, 0);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *state = adit_world_get_state (world);

      if (state[0] != '\0')
        break;
      g_usleep (20000);
    }
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 11);
  adit_world_expect (world, 0, NULL, "lockdown on", 11);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
  after = take_picture ();
  g_assert_cmpstr (after, ==, before);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_lab_end (pid);
  adit_world_expect_helper (world);
  expect_state ("disconnected", NULL);
  adit_world_expect_web (world, ADIT_LAB_ROUTER_ADDRESS);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  adit_world_expect_helper (world);
  {
    g_autoptr (AditLabResult) login = adit_world_adit (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad");

    g_assert_cmpint (login->status, ==, 0);
  }
  g_test_add_func ("/missing/wireguard", test_no_wireguard);
  g_test_add_func ("/missing/names", test_names_cannot_be_set);
  g_test_add_func ("/missing/ipv6", test_no_ipv6);
  g_test_add_func ("/missing/strict-filter", test_strict_filter);
  g_test_add_func ("/missing/socket-folder", test_open_socket_folder);
  g_test_add_func ("/missing/right-to-lock", test_no_right_to_lock);
  g_test_add_func ("/missing/answer", test_relay_is_silent);
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}
