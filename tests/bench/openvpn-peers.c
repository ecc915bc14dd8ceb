/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-peers.c: the lab's computer with NetworkManager ruling its uplink, as on most desktops, for all who connect. */
#include "tests/bench/openvpn-peers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/bench/delay.h"

#define PROFILE     "/run/peer.ovpn"
#define CREDENTIALS "/run/peer.user"
#define WORDS       "/run/peer.words"    /* a pipe: its last word is read the moment it is said */
#define UP          "Initialization Sequence Completed"
#define KEYFILES    "/etc/NetworkManager/system-connections/"
#define SERVICE     "/usr/lib/NetworkManager/nm-openvpn-service"
#define NM_UID      61020
#define PATIENCE_MS 10000
#define WORDS_BYTES (64 * 1024)
#define AGAIN_US    5000

const AditLabOvpnServer bench_openvpn_by_password = { 0 };
const AditLabOvpnServer bench_openvpn_by_certificate = { .port = 1195, .proof = ADIT_LAB_OVPN_BY_CERTIFICATE };

/* As NetworkManager's dialog writes it for the same file: name, a digit, kind, port, what belongs to the kind. */
static const char keyfile[] =
  "[connection]\nid=%s\nuuid=6a6f2b5c-1d5e-4b7e-9d2a-00000000000%u\ntype=vpn\nautoconnect=false\n"
  "[vpn]\nservice-type=org.freedesktop.NetworkManager.openvpn\nconnection-type=%s\n"
  "remote=" ADIT_LAB_OVPN_ADDRESS ":%u:udp\nca=" ADIT_LAB_OVPN_DIRECTORY "/ca.pem\n"
  "tls-crypt=" ADIT_LAB_OVPN_DIRECTORY "/tls-crypt.key\nremote-cert-tls=server\nverify-x509-name=name:" ADIT_LAB_OVPN_NAME "\n"
  "data-ciphers=AES-256-GCM:CHACHA20-POLY1305\ndev=tun\n%s\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n";
static const char password_lines[] = "username=" ADIT_LAB_OVPN_USER "\npassword-flags=0\n"
                                     "[vpn-secrets]\npassword=" ADIT_LAB_OVPN_PASSWORD;
static const char certificate_lines[] = "cert=" ADIT_LAB_OVPN_DIRECTORY "/client.pem\nkey=" ADIT_LAB_OVPN_DIRECTORY "/client.key";

struct _BenchOpenvpn
{
  AditWorld  *world;
  BenchDelay *delay;
  char       *nmcli;
  const char *id;          /* what NetworkManager has connected */
  int         words_fd;
  pid_t       bare;
};

static const char *
get_folder (const char *variable)
{
  const char *folder = g_getenv (variable);

  if (folder == NULL)
    g_error ("%s has to name a folder; run this through meson test --benchmark", variable);
  return folder;
}

/* --- The computer --------------------------------------------------------------------------------------------------------- */

static gboolean
fetch (const char *name, const char *folder)
{
  g_autofree char *script = g_build_filename (get_folder ("ADIT_BENCH_RIG"), name, NULL);
  const char *const argv[] = { script, folder, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  if (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error) && status == 0)
    return TRUE;
  g_printerr ("SKIP: %s: %s\n", name, error != NULL ? error->message : "see above");
  return FALSE;
}

/**
 * bench_openvpn_fetch:
 *
 * Unpacks NetworkManager and its plugin into the build folder, unless that was done before.  Call it before the lab is entered,
 * which has no way to the package mirror.
 *
 * Returns: whether the peers can run; if not, why was said
 */
gboolean
bench_openvpn_fetch (void)
{
  g_autofree char *openvpn = g_find_program_in_path ("openvpn");

  if (geteuid () != 0 || openvpn == NULL)
    g_printerr ("SKIP: the lab needs root, and openvpn to compare with\n");
  return geteuid () == 0 && openvpn != NULL && fetch ("fetch-networkmanager", get_folder ("ADIT_LAB_NETWORKMANAGER")) &&
         fetch ("fetch-nm-openvpn", get_folder ("ADIT_BENCH_NM_OPENVPN")) && adit_world_can_networkmanager ();
}

/* Its parts start each other by their paths, and find their libraries, as if they were installed. */
static void
install_networkmanager (void)
{
  const char *manager = get_folder ("ADIT_LAB_NETWORKMANAGER"), *plugin = get_folder ("ADIT_BENCH_NM_OPENVPN");
  g_autofree char *lower = g_strdup_printf ("lowerdir=%s/usr/lib:%s/usr/lib:%s/lib:/usr/lib", plugin, manager, manager);

  if (mount ("overlay", "/usr/lib", "overlay", MS_RDONLY, lower) != 0)
    g_error ("no overlay over /usr/lib: %s", g_strerror (errno));
  adit_lab_add_user ("nm-openvpn", NM_UID);    /* as its package does: openvpn runs as this one */
}

static void
write_keyfile (const char *id, guint digit, const char *kind, const AditLabOvpnServer *server, const char *lines)
{
  g_autofree char *path = g_strconcat (KEYFILES, id, ".nmconnection", NULL);
  g_autofree char *text = g_strdup_printf (keyfile, id, digit, kind, adit_lab_ovpn_get_port (server), lines);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_error ("%s", error->message);
}

static void
write_profiles (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (CREDENTIALS, ADIT_LAB_OVPN_USER "\n" ADIT_LAB_OVPN_PASSWORD "\n", -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error) ||
      !adit_lab_ovpn_write_client (PROFILE, &bench_openvpn_by_password, "auth-user-pass " CREDENTIALS "\n", &error))
    g_error ("%s", error->message);
  write_keyfile ("by-password", 2, "password", &bench_openvpn_by_password, password_lines);
  write_keyfile ("by-certificate", 3, "tls", &bench_openvpn_by_certificate, certificate_lines);
}

static int
open_words (void)
{
  int fd;

  if (mkfifo (WORDS, 0600) != 0 || (fd = open (WORDS, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0)
    g_error (WORDS ": %s", g_strerror (errno));
  return fd;
}

/**
 * bench_openvpn_new:
 * @one_way_us: how much longer the cable to the internet is, in microseconds
 *
 * Makes the computer, its internet and the servers.  Call it first in main(), after bench_openvpn_fetch(), once.
 *
 * Returns: (transfer full): the computer; it goes with the program
 */
BenchOpenvpn *
bench_openvpn_new (guint one_way_us)
{
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  BenchOpenvpn *self = g_new0 (BenchOpenvpn, 1);
  g_autoptr (GError) error = NULL;

  adit_world_enter ();
  g_unsetenv ("ADIT_DEBUG");
  install_networkmanager ();
  self->nmcli = g_build_filename (get_folder ("ADIT_LAB_NETWORKMANAGER"), "usr/bin/nmcli", NULL);
  self->world = adit_world_new (ADIT_WORLD_POLKIT | ADIT_WORLD_NETWORKMANAGER, &error);
  if (self->world == NULL || !adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      adit_lab_ovpn_new (&bench_openvpn_by_password, verify, &error) == NULL ||    /* both go with the program */
      adit_lab_ovpn_new (&bench_openvpn_by_certificate, verify, &error) == NULL ||
      (one_way_us > 0 && (self->delay = bench_delay_new ("client", one_way_us, &error)) == NULL))
    g_error ("%s", error->message);
  write_profiles ();
  self->words_fd = open_words ();
  adit_world_start_networkmanager (self->world, "default", "file");
  return self;
}

/**
 * bench_openvpn_world:
 * @self: a computer
 *
 * Returns: (transfer none): its world
 */
AditWorld *
bench_openvpn_world (BenchOpenvpn *self)
{
  return self->world;
}

/* --- openvpn alone -------------------------------------------------------------------------------------------------------- */

static void
wait_for_words (BenchOpenvpn *self, gint64 start_us)
{
  g_autoptr (GString) said = g_string_new (NULL);
  struct pollfd ready = { .fd = self->words_fd, .events = POLLIN };
  char buffer[4096];

  while (strstr (said->str, UP) == NULL)
    {
      gssize got;

      if (bench_get_ms_since (start_us) > PATIENCE_MS || said->len > WORDS_BYTES)
        g_error ("openvpn does not come up:\n%s", said->str);
      poll (&ready, 1, PATIENCE_MS);
      while ((got = read (self->words_fd, buffer, sizeof buffer)) > 0)
        g_string_append_len (said, buffer, got);
    }
}

static double
connect_bare (BenchOpenvpn *self)
{
  const char *const argv[] = { "openvpn", "--config", PROFILE, "--log", WORDS, NULL };
  const BenchCaller root = { .space = "client" };
  BenchChild child = bench_prepare (&root, argv);
  gint64 start_us = g_get_monotonic_time ();

  bench_release (&child);
  self->bare = child.pid;
  wait_for_words (self, start_us);
  return bench_get_ms_since (start_us);
}

static void
disconnect_bare (BenchOpenvpn *self)
{
  char buffer[4096];

  kill (self->bare, SIGTERM);
  bench_finish (self->bare, "openvpn");
  while (read (self->words_fd, buffer, sizeof buffer) > 0)
    ;
}

static double
read_bare_pss (BenchOpenvpn *self)
{
  return bench_read_pss_mib (self->bare);
}

static double
read_bare_cpu_s (BenchOpenvpn *self)
{
  return bench_read_cpu_s (self->bare);
}

const BenchOpenvpnWay bench_openvpn_bare = { "openvpn", connect_bare, disconnect_bare, read_bare_pss, read_bare_cpu_s };

/* --- NetworkManager ------------------------------------------------------------------------------------------------------- */

static double
run_nmcli (BenchOpenvpn *self, const char *word, const char *id)
{
  const char *const argv[] = { self->nmcli, "connection", word, id, NULL };
  const BenchCaller root = { .space = "client" };

  return bench_run_ms (&root, argv);
}

static double
connect_by_password (BenchOpenvpn *self)
{
  return run_nmcli (self, "up", self->id = "by-password");
}

static double
connect_by_certificate (BenchOpenvpn *self)
{
  return run_nmcli (self, "up", self->id = "by-certificate");
}

/* nmcli comes back before openvpn has gone, and the routes go with that. */
static void
disconnect_networkmanager (BenchOpenvpn *self)
{
  g_autofree char *openvpn = g_find_program_in_path ("openvpn");
  gint64 start_us = g_get_monotonic_time ();

  run_nmcli (self, "down", self->id);
  while (bench_runs (openvpn))
    {
      if (bench_get_ms_since (start_us) > PATIENCE_MS)
        g_error ("NetworkManager's openvpn stays");
      g_usleep (AGAIN_US);
    }
}

static double
read_networkmanager_pss (BenchOpenvpn *self)
{
  g_autofree char *manager = g_build_filename (get_folder ("ADIT_LAB_NETWORKMANAGER"), "usr/sbin/NetworkManager", NULL);
  g_autofree char *openvpn = g_find_program_in_path ("openvpn");
  const char *const programs[] = { manager, SERVICE, openvpn, NULL };

  return bench_sum (programs, bench_read_pss_mib);
}

/* With a password its service lets openvpn wait 200 ms for the first word on the management socket; a certificate needs none. */
const BenchOpenvpnWay bench_openvpn_nm_password = { "nm-password", connect_by_password, disconnect_networkmanager,
                                                    read_networkmanager_pss, NULL };
const BenchOpenvpnWay bench_openvpn_nm_certificate = { "nm-certificate", connect_by_certificate, disconnect_networkmanager,
                                                       read_networkmanager_pss, NULL };
