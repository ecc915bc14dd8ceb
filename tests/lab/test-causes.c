/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-causes.c: what is broken on this computer itself, or at the service, and how `adit diagnose` names it; test-diagnose.c has
 * what is broken on the way.  Each case begins where nothing is wrong, and ends there. */
#include "config.h"
#include "tests/lab/diagnosis.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/arrivals.h"
#include "tests/lab/links.h"

#define OTHER_VERSION 13    /* the command line's exit code */
#define EMPTY  "/run/lab/empty"
#define HELPER ADIT_LIBEXECDIR "/aditd"
#define WORKER ADIT_LIBEXECDIR "/adit-worker"

static AditWorld *world;

static void
adit (const char *line)
{
  adit_world_expect (world, 0, NULL, line, 0);
}

static void
run (const char *line)
{
  links_run ("client", line);
}

static void
sign_in (void)
{
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

static void
connect_well (void)
{
  adit ("connect se --wait");
  diagnosis_expect_well (world);
}

static void
restart_helper (void)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
}

/* The last byte of a word in a program becomes another one. */
static void
change_word (char *content, gsize length, const char *word)
{
  gsize size = strlen (word);
  guint n = 0;

  for (char *at = content; (at = memmem (at, length - (gsize) (at - content), word, size)) != NULL; at++, n++)
    at[size - 1] ^= 1;
  g_assert_cmpuint (n, >, 0);
}

/* @method: (nullable): one that it does not know */
static void
put_helper_of_other_build (const char *build_id, const char *method)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (HELPER, &content, &length, NULL));
  change_word (content, length, build_id);
  if (method != NULL)
    change_word (content, length, method);
  g_assert_true (g_file_set_contents (HELPER ".other", content, (gssize) length, NULL));
  run ("chmod 0755 " HELPER ".other");
  run ("mv " HELPER " " HELPER ".own");
  run ("mv " HELPER ".other " HELPER);
}

static void
test_helper_old (void)
{
  json_t *root = diagnosis_ask (world, 0), *older;
  const char *build_id = json_string_value (json_object_get (root, "build_id"));

  put_helper_of_other_build (build_id, NULL);
  /* Updated, and not started again: what runs is of another build than what asks. */
  restart_helper ();
  diagnosis_expect (world, "helper-old", "The helper that runs is of another build than this program.");
  run ("mv " HELPER ".own " HELPER);
  /* So old that it does not know what it is asked. */
  put_helper_of_other_build (build_id, "GetDiagnostics");
  json_decref (root);
  restart_helper ();
  older = diagnosis_ask (world, OTHER_VERSION);
  g_assert_cmpstr (json_string_value (json_object_get (older, "cause")), ==, "helper-old");
  g_assert_nonnull (json_object_get (older, "error"));
  json_decref (older);
  run ("mv " HELPER ".own " HELPER);
  restart_helper ();
  connect_well ();
}

static void
test_settings_lost (void)
{
  adit_world_kill_helper (world);
  run ("cp -a /var/lib/adit/settings /run/lab/settings");
  run ("sh -c 'echo nonsense > /var/lib/adit/settings'");
  adit_world_expect_helper (world);
  diagnosis_expect (world, "settings-lost", "Adit's settings are lost, so it blocks until you decide.");
  adit_world_expect_web (world, "");
  adit ("connect se --wait");
  adit ("lockdown off");
  connect_well ();
}

static void
test_account_gone (void)
{
  adit_world_kill_helper (world);
  run ("sh -c 'rm -r /var/lib/adit/vault'");
  adit_world_expect_helper (world);
  diagnosis_expect (world, "no-account", "Nobody is signed in.");
  adit_world_expect_web (world, "");
  adit ("disconnect");
  sign_in ();
  connect_well ();
}

/* Removed by somebody who has the account on another computer. */
static void
test_device_revoked (void)
{
  adit_world_set_fault (world, "apart\nrevoke");
  adit ("connect us-nyc");
  diagnosis_expect (world, "device-revoked", "The service no longer knows this computer.");
  adit_world_set_fault (world, "apart");
  adit ("disconnect");
  adit ("logout --force");
  sign_in ();
  connect_well ();
}

static void
test_place (void)
{
  /* The service has given up the country since it was chosen. */
  adit_world_kill_helper (world);
  run ("sed -i s/^country=.*/country=aq/ /var/lib/adit/wanted");
  adit_world_expect_helper (world);
  diagnosis_expect (world, "no-such-place", "There is no server in that place.");
  adit ("connect se --wait");
  adit ("settings set ownership rented");
  adit ("reconnect");
  diagnosis_expect (world, "filtered", "What you ask of a server leaves none in that place.");
  adit ("settings set ownership any");
  connect_well ();
}

/* The service itself answers, and with nothing that is a list. */
static void
test_nonsense (void)
{
  adit_world_kill_helper (world);
  run ("sh -c 'rm -rf /var/cache/adit/*'");
  adit_world_set_fault (world, "apart\nhtml /app/v1/relays");
  adit_world_expect_helper (world);
  diagnosis_expect (world, "service-nonsense", "The service answered in a way that Adit does not understand.");
  adit_world_set_fault (world, "apart");
  connect_well ();
}

/* What no cause is told of by itself: the file of what was imported is damaged under the helper that runs. */
static void
test_internal (void)
{
  static const char file[] = "[Interface]\nPrivateKey = AEEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=\nAddress = 10.66.0.7/24\n"
                             "[Peer]\nPublicKey = AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAllowedIPs = 0.0.0.0/0\n"
                             "Endpoint = " ADIT_LAB_EXIT_ADDRESS ":51820\n";

  g_assert_true (g_file_set_contents ("/run/lab/spoilt.conf", file, -1, NULL));
  adit ("import /run/lab/spoilt.conf");
  run ("sh -c 'truncate --size=-8 /var/lib/adit/profiles/*'");
  adit ("connect --profile spoilt");
  diagnosis_expect (world, "internal", "Something went wrong.");
  adit_world_expect_web (world, "");
  adit ("connect se --wait");
  adit ("profiles remove spoilt");
  connect_well ();
}

static void
test_worker (void)
{
  run ("mv " WORKER " " WORKER ".own");
  adit ("reconnect");
  diagnosis_expect (world, "worker-failed", "A part of Adit stopped working.");
  run ("mv " WORKER ".own " WORKER);
  connect_well ();
}

static void
test_tunnel (void)
{
  run ("chmod 0777 /run/wireguard");
  adit ("reconnect");
  diagnosis_expect (world, "tunnel-failed", "The tunnel could not be set up.");
  run ("chmod 0711 /run/wireguard");
  connect_well ();
}

static void
test_no_wireguard (void)
{
  g_assert_true (g_file_set_contents (EMPTY, "", 0, NULL));
  if (adit_lab_run_line ("client", "ip link add wgtest type wireguard", NULL))
    {
      run ("ip link del wgtest");
      g_test_skip ("this kernel has a WireGuard of its own");
      return;
    }
  g_assert_cmpint (mount (EMPTY, ADIT_WIREGUARD_GO, NULL, MS_BIND, NULL), ==, 0);
  adit ("reconnect");
  diagnosis_expect (world, "no-wireguard", "This computer has no WireGuard.");
  g_assert_cmpint (umount2 (ADIT_WIREGUARD_GO, MNT_DETACH), ==, 0);
  connect_well ();
}

static void
test_names (void)
{
  adit ("disconnect");
  if (mount ("/etc", "/etc", NULL, MS_BIND | MS_REC, NULL) != 0 ||
      mount (NULL, "/etc", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0)
    g_error ("/etc cannot be made read-only: %s", g_strerror (errno));
  adit ("connect se");
  diagnosis_expect (world, "dns-failed", "Names could not be sent through the tunnel, so nothing was connected.");
  g_assert_cmpint (umount2 ("/etc", MNT_DETACH), ==, 0);
  connect_well ();
}

/* The file leads to systemd-resolved, which does not run.  Connected, the file is ours, and leads to whom the tunnel has. */
static void
test_resolver_missing (void)
{
  static const char sentence[] = "This computer asks systemd-resolved for its names, and that is not running.";

  adit ("disconnect");
  run ("mv /etc/resolv.conf /run/lab/resolv.conf");
  run ("mkdir -p /run/systemd/resolve");
  run ("sh -c 'echo nameserver 127.0.0.53 > /run/systemd/resolve/stub-resolv.conf'");
  run ("ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf");
  diagnosis_expect (world, "resolver-missing", sentence);
  connect_well ();
  adit ("disconnect");
  run ("rm -r /etc/resolv.conf /run/systemd/resolve");
  run ("mv /run/lab/resolv.conf /etc/resolv.conf");
  connect_well ();
}

/* It is killed, and what it had set up goes with the cable. */
static void
test_manager_missing (void)
{
  adit_world_stop_networkmanager (world, SIGKILL);
  run ("ip addr flush dev eth0");
  diagnosis_expect (world, "network-manager-missing", "NetworkManager is not running, and nobody else has set up the network.");
  adit_world_start_networkmanager (world, "default", "file");
  connect_well ();
}

int
main (int argc, char **argv)
{
  gboolean with_manager = argc > 1 && g_str_equal (argv[1], "networkmanager");

  if (with_manager && !adit_world_can_networkmanager ())
    return ADIT_LAB_SKIP;
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = with_manager ? arrivals_new_world (NULL) : links_new_world (ADIT_WORLD_PLAIN);
  if (with_manager)
    {
      connect_well ();
      g_test_add_func ("/causes/network-manager-missing", test_manager_missing);
    }
  else
    {
      g_test_add_func ("/causes/helper-old", test_helper_old);
      g_test_add_func ("/causes/settings-lost", test_settings_lost);
      g_test_add_func ("/causes/account-gone", test_account_gone);
      g_test_add_func ("/causes/device-revoked", test_device_revoked);
      g_test_add_func ("/causes/place", test_place);
      g_test_add_func ("/causes/nonsense", test_nonsense);
      g_test_add_func ("/causes/internal", test_internal);
      g_test_add_func ("/causes/worker", test_worker);
      g_test_add_func ("/causes/tunnel", test_tunnel);
      g_test_add_func ("/causes/no-wireguard", test_no_wireguard);
      g_test_add_func ("/causes/names", test_names);
      g_test_add_func ("/causes/resolver-missing", test_resolver_missing);
    }
  return adit_world_end_test (world);
}
