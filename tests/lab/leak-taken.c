/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-taken.c: rows of the catalogue about an openvpn that was taken over, and about whoever would like to take it over. */
#include "config.h"
#include "tests/lab/attack.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-bare.h"
#include "tests/lab/taken-openvpn.h"

#define FOLDER      "/run/lab/files"
#define BARE        FOLDER "/bare.ovpn"
#define UP          ADIT_LAB_OVPN_IS_UP
#define WAIT_MS     10000
#define MANAGEMENT  "/run/adit/openvpn.sock"
#define CARRIER_UID 61003    /* adit-openvpn's in the lab */
#define ANSWER_MS   300

static AditLabOvpn *exit_server;    /* of all rows */
static AditLeakwatch *watcher;

static const char *const carrier[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };

/* Needs the world, so it is the first thing that a row does. */
static void
set_up (void)
{
  static const AditLabOvpnServer server;
  g_autoptr (GError) error = NULL;

  if (exit_server != NULL)
    return;
  if (!adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (exit_server = adit_lab_ovpn_new (&server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error)) == NULL ||
      (watcher = adit_leakwatch_start ("router", "to-client", &error)) == NULL)
    g_error ("%s", error->message);
}

static void
put_taken (void)
{
  if (mount (g_getenv ("ADIT_TAKEN_OPENVPN"), ADIT_OPENVPN_PROGRAM, NULL, MS_BIND, NULL) != 0)
    g_error ("%s: %s", ADIT_OPENVPN_PROGRAM, g_strerror (errno));
}

static void
take_away_taken (void)
{
  g_assert_cmpint (umount2 (ADIT_OPENVPN_PROGRAM, MNT_DETACH), ==, 0);
}

typedef enum { KEPT_OUT, SENT_AWAY, GREETED } Welcome;

/* What a connection to @path comes to for @uid.  Only what is safe after a fork with threads. */
static Welcome
knock (guint uid, const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  pid_t pid;
  int status = 0;

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  pid = fork ();
  if (pid == 0)
    {
      int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      struct pollfd wait = { .fd = fd, .events = POLLIN };
      char byte;

      if (uid != 0 && (setgroups (0, NULL) != 0 || setgid (uid) != 0 || setuid (uid) != 0))
        _exit (GREETED);
      if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
        _exit (KEPT_OUT);
      /* Who is left standing there has been let in, too: the next word is his. */
      _exit (poll (&wait, 1, ANSWER_MS) == 1 && read (fd, &byte, 1) <= 0 ? SENT_AWAY : GREETED);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return WIFEXITED (status) ? (Welcome) WEXITSTATUS (status) : GREETED;
}

/* Its rights once somebody besides root has any: it is born with none for others, and given them last. */
static struct stat
wait_for_door (void)
{
  struct stat status = { 0 };

  for (guint i = 0; i < WAIT_MS && (status.st_mode & 0077) == 0; i++)
    {
      g_usleep (1000);
      if (stat (MANAGEMENT, &status) != 0)
        status.st_mode = 0;
    }
  return status;
}

static void
row_p06 (AditAttack *attack)
{
  static const guint others[] = { ADIT_WORLD_ALICE_UID, ADIT_WORLD_BOB_UID, ADIT_WORLD_DAEMON_UID, 61001, 61002, 61004, 61005,
                                  65534 };
  static const guint trusted[] = { 0, 0, CARRIER_UID, CARRIER_UID };    /* who may open it, and is not the one process */
  const char *const curl[] = { "curl", "-s", "--max-time", "0.3", "telnet://127.0.0.1:7505", NULL };
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (AditLabResult) tcp = NULL;
  g_autofree char *log = NULL, *after = NULL;
  struct stat status;
  GPid pid;

  set_up ();
  adit_lab_ovpn_put_file (FOLDER "/asked.ovpn", NULL, NULL);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/asked.ovpn", 0);
  put_taken ();
  log = adit_world_dup_log (world);
  adit_world_expect (world, 0, NULL, "connect --profile asked", 0);
  status = wait_for_door ();
  adit_attack_expect_refused (attack, (status.st_mode & 07777) == 0620 && status.st_uid == 0 && status.st_gid == CARRIER_UID,
                              "mode %o of %u:%u", status.st_mode, status.st_uid, status.st_gid);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    adit_attack_expect_refused (attack, knock (others[i], MANAGEMENT) == KEPT_OUT, "user %u gets in", others[i]);
  for (guint i = 0; i < G_N_ELEMENTS (trusted); i++)
    adit_attack_expect_refused (attack, knock (trusted[i], MANAGEMENT) == SENT_AWAY, "process of user %u is heard", trusted[i]);
  after = adit_world_dup_log (world);
  g_assert_nonnull (strstr (after + strlen (log), "is not our openvpn, and was sent away"));
  take_away_taken ();
  adit_attack_rest (attack);
  adit_attack_expect_refused (attack, access (MANAGEMENT, F_OK) != 0, "it is left behind");

  adit_lab_ovpn_put_file (BARE, NULL, "management " FOLDER "/bare.sock unix\n");
  pid = adit_lab_ovpn_start_bare (BARE, UP);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    adit_attack_expect_obeyed (attack, knock (others[i], FOLDER "/bare.sock") == GREETED, "user %u at a bare openvpn", others[i]);
  adit_lab_ovpn_end_bare (pid);
  adit_lab_ovpn_put_file (BARE, NULL, "management 127.0.0.1 7505\n");
  pid = adit_lab_ovpn_start_bare (BARE, UP);
  tcp = adit_lab_run ("client", ADIT_WORLD_BOB_UID, WAIT_MS, curl, NULL);
  adit_lab_ovpn_end_bare (pid);
  adit_attack_expect_obeyed (attack, strstr (tcp->out, "Management Interface") != NULL, "a bare port: \"%s\"", tcp->out);
}

/* Where the taken one says what it got. */
static int
listen_to_taken (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = TAKEN_OPENVPN_SOCKET };
  const struct timeval limit = { .tv_sec = WAIT_MS / 1000 };
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  (void) unlink (TAKEN_OPENVPN_SOCKET);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (chmod (TAKEN_OPENVPN_SOCKET, 0666), ==, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

/* One word of it: a door and what came of it; 0 where it says no more. */
static gboolean
hear (int fd, char **door, char **outcome)
{
  char line[256];
  gssize length = recv (fd, line, sizeof line - 1, 0);
  char *space;

  if (length <= 0)
    return FALSE;
  line[length] = '\0';
  g_strchomp (line);
  space = strchr (line, ' ');
  g_assert_nonnull (space);
  *space = '\0';
  g_free (*door);
  g_free (*outcome);
  *door = g_strdup (line);
  *outcome = g_strdup (space + 1);
  return TRUE;
}

/* As @uid, of the user's own accord: what stands in the way is the lock alone.  What it says, line by line. */
static char **
run_taken (guint uid, const char *option)
{
  const char *const argv[] = { "timeout", "5", g_getenv ("ADIT_TAKEN_OPENVPN"), option, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", uid, WAIT_MS, argv, NULL);

  if (result == NULL || result->status != 0)
    g_error ("%s: %d %s", option, result != NULL ? result->status : -1, result != NULL ? result->err : "");
  return g_strsplit (g_strchomp (result->out), "\n", -1);
}

static guint
run_ways (guint uid, const char *option)
{
  g_auto (GStrv) lines = run_taken (uid, option);

  g_assert_true (g_str_has_prefix (lines[0], "ways "));
  return (guint) atoi (lines[0] + strlen ("ways "));
}

/* Nothing has come of @n ways on the cable. */
static void
expect_nothing_out (AditAttack *attack, const char *phase, guint n)
{
  g_autofree char *keys = NULL;

  adit_leakwatch_set_phase (watcher, "between", NULL);
  keys = adit_leakwatch_dup_keys (watcher, phase);
  adit_attack_count (attack, n - 1);
  adit_attack_expect_refused (attack, adit_leakwatch_get_outside (watcher, phase) == 0, "%s: on the cable %s", phase, keys);
}

static void
try_taken (AditAttack *attack, int fd)
{
  g_autofree char *door = NULL, *outcome = NULL;
  guint n_ways = 0;

  put_taken ();
  adit_world_expect (adit_attack_get_world (attack), 0, NULL, "lockdown on", 0);    /* so that all of the phase is locked */
  adit_leakwatch_set_phase (watcher, "taken", carrier);
  adit_world_expect (adit_attack_get_world (attack), 0, NULL, "connect --profile taken", 0);
  for (guint rounds = 0; rounds < 5;)
    {
      if (!hear (fd, &door, &outcome))
        g_error ("nothing more is heard after %s", door);
      if (g_str_equal (door, "ways"))
        {
          n_ways += (guint) atoi (outcome);
          rounds++;
        }
      else
        adit_attack_expect_refused (attack, !g_str_equal (outcome, "open"), "the door %s", door);
      if (rounds <= 1)
        g_test_message ("taken: %s %s", door, outcome);
    }
  expect_nothing_out (attack, "taken", n_ways);
  take_away_taken ();
}

/* While the real one is connected: its user by another program, and others to its server. */
static void
try_beside (AditAttack *attack)
{
  static const guint users[] = { 0, ADIT_WORLD_ALICE_UID, ADIT_WORLD_BOB_UID, 61001, 61004 };
  AditWorld *world = adit_attack_get_world (attack);
  guint n;

  adit_world_expect (world, 0, NULL, "connect --profile taken --wait", 0);
  adit_leakwatch_set_phase (watcher, "beside", carrier);
  n = run_ways (CARRIER_UID, "--ways");
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    n += run_ways (users[i], "--carrier");
  expect_nothing_out (attack, "beside", n);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
}

/* Each of them by routing and bound to the cable; a stream has more packets than one, so what counts is where they went. */
static void
expect_out (AditAttack *attack, guint uid, const char *option)
{
  g_autofree char *phase = g_strdup_printf ("free %u", uid), *keys = NULL;
  g_auto (GStrv) seen = NULL;
  guint n;

  adit_leakwatch_set_phase (watcher, phase, carrier);
  n = run_ways (uid, option);
  adit_leakwatch_set_phase (watcher, "between", NULL);
  keys = adit_leakwatch_dup_keys (watcher, phase);
  seen = g_strsplit (keys, " ", -1);
  for (guint i = 0; i < n / 2; i++)
    adit_attack_expect_obeyed (attack, i < g_strv_length (seen), "%u ways to %u places, on the cable: %s", n, n / 2, keys);
}

static void
row_p25 (AditAttack *attack)
{
  g_auto (GStrv) doors = NULL;
  int fd;

  set_up ();
  fd = listen_to_taken ();
  adit_lab_ovpn_put_file (FOLDER "/taken.ovpn", NULL, NULL);
  adit_world_expect (adit_attack_get_world (attack), 0, NULL, "import " FOLDER "/taken.ovpn", 0);
  try_taken (attack, fd);
  close (fd);
  adit_attack_rest (attack);
  try_beside (attack);
  adit_attack_rest (attack);

  doors = run_taken (0, "--doors");
  for (guint i = 0; doors[i] != NULL; i++)
    adit_attack_expect_obeyed (attack, g_str_has_suffix (doors[i], " open"), "a door for root: %s", doors[i]);
  expect_out (attack, CARRIER_UID, "--ways");
  expect_out (attack, ADIT_WORLD_BOB_UID, "--carrier");
}

static const AditAttackRow rows[] = {
  { "P06", "who else talks to openvpn's management", row_p06 },
  { "P25", "an openvpn that was taken over: at the lock, files, processes, other addresses", row_p25 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
