/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-openvpn.c: rows of the catalogue about OpenVPN: what a server pushes, what a file wants run, and the bare openvpn (or
 * wg-quick) that does it. */
#include "config.h"
#include "tests/lab/attack.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
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
#include "tests/lab/openvpn-evil.h"
#include "tests/lab/taken-openvpn.h"

#define FOLDER   "/run/lab/files"
#define BARE     FOLDER "/bare.ovpn"
#define SCRIPT   "/run/lab/script"
#define UP       ADIT_LAB_OVPN_IS_UP
#define WAIT_MS  10000

static AditLabOvpn *exit_server;    /* of all rows; each leaves it honest */
static AditLeakwatch *watcher;

static const char *const carrier[] = { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };

static void
change_server (const AditLabOvpnServer *server)
{
  static const AditLabOvpnServer honest;
  g_autoptr (GError) error = NULL;

  if (!adit_lab_ovpn_change (exit_server, server != NULL ? server : &honest, &error))
    g_error ("%s", error->message);
}

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
put_script (const char *text)
{
  g_autofree char *whole = g_strconcat ("#!/bin/sh\n", text, NULL);

  g_assert_true (g_file_set_contents_full (SCRIPT, whole, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

/* To where rows begin, with an honest server. */
static void
leave (AditAttack *attack)
{
  adit_attack_rest (attack);
  change_server (NULL);
}

static gboolean
has_run (void)
{
  return access (ADIT_LAB_OVPN_RAN, F_OK) == 0;
}

/* --- P03, P04: what a server pushes ---------------------------------------------------------------------------------------- */

/* What a server must not change, and what it may: who answers names, inside. */
typedef struct { char *routes, *resolvers, *environment, *programs; } Picture;

static void
picture_clear (Picture *self)
{
  g_free (self->routes);
  g_free (self->resolvers);
  g_free (self->environment);
  g_free (self->programs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

/* Rules and routes, without the rule that leads a named resolver's packets inside. */
static char *
dup_routes (const char *resolvers)
{
  static const char *const commands[] = { "ip rule", "ip -6 rule", "ip route show table all", "ip -6 route show table all" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (GStrv) argv = g_strsplit (commands[i], " ", -1), lines = NULL;
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, (const char *const *) argv, NULL);

      lines = g_strsplit (result->out, "\n", -1);
      for (guint j = 0; lines[j] != NULL; j++)
        {
          const char *to = strstr (lines[j], "from all to "), *address = to != NULL ? to + strlen ("from all to ") : "";
          g_autofree char *resolver = g_strdup_printf ("nameserver %.*s\n", (int) strcspn (address, " "), address);

          if (to == NULL || strstr (resolvers, resolver) == NULL)
            g_string_append_printf (text, "%s\n", lines[j]);
        }
    }
  return g_string_free (text, FALSE);
}

static char *
dup_environment (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", pid);
  char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return g_strdup ("");
  for (gsize i = 0; i + 1 < length; i++)
    if (text[i] == '\0')
      text[i] = ' ';
  return text;
}

/* All that runs as openvpn's user. */
static char *
dup_programs (void)
{
  const char *const argv[] = { "ps", "-u", "adit-openvpn", "-o", "comm=", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, WAIT_MS, argv, NULL);

  return g_strdup (result->out);
}

static void
take_picture (Picture *self)
{
  picture_clear (self);
  g_assert_true (g_file_get_contents ("/etc/resolv.conf", &self->resolvers, NULL, NULL));
  self->routes = dup_routes (self->resolvers);
  self->environment = dup_environment (adit_attack_find_child (ADIT_OPENVPN_PROGRAM));
  self->programs = dup_programs ();
}

/* Addresses that can answer, and not a word more. */
static gboolean
is_plain (const char *resolvers)
{
  g_auto (GStrv) lines = g_strsplit (resolvers, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = NULL;

      if (lines[i][0] == '\0' || lines[i][0] == '#' || g_str_has_prefix (lines[i], "options "))
        continue;
      if (!g_str_has_prefix (lines[i], "nameserver "))
        return FALSE;
      address = g_inet_address_new_from_string (lines[i] + strlen ("nameserver "));
      if (address == NULL || g_inet_address_get_is_loopback (address) || g_inet_address_get_is_multicast (address) ||
          g_inet_address_get_is_any (address) || g_inet_address_get_is_link_local (address))
        return FALSE;
    }
  return TRUE;
}

/* Whoever connects to such a server is connected as to an honest one, or not at all. */
static void
expect_harmless (AditAttack *attack, const Picture *honest, const char *name)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *web = NULL, *web6 = NULL, *address = NULL, *state = adit_world_get_state (world);
  gboolean connected = g_str_equal (state, "connected");
  const char *seen = connected ? ADIT_LAB_OVPN_ADDRESS : "", *seen6 = connected ? ADIT_LAB_OVPN_ADDRESS6 : "";
  g_auto (Picture) now = { 0 };

  take_picture (&now);
  web = adit_world_ask_web (world, FALSE);
  web6 = adit_world_ask_web (world, TRUE);
  adit_attack_expect_refused (attack, g_str_equal (web, seen) && g_str_equal (web6, seen6),
                              "%s, %s: the web server saw \"%s\", \"%s\"", name, state, web, web6);
  adit_attack_expect_refused (attack, !has_run (), "%s: somebody ran it", name);
  if (!connected)
    return;
  address = adit_world_look_up (world, "web.example");    /* wherever it is asked, not over the cable */
  adit_attack_expect_refused (attack, g_str_equal (now.routes, honest->routes), "%s: routes\n%s\nand not\n%s", name, now.routes,
                              honest->routes);
  adit_attack_expect_refused (attack, is_plain (now.resolvers), "%s: resolvers\n%s", name, now.resolvers);
  adit_attack_expect_refused (attack, now.environment[0] != '\0' && g_str_equal (now.environment, honest->environment),
                              "%s: variables \"%s\"", name, now.environment);
  adit_attack_expect_refused (attack, g_str_equal (now.programs, honest->programs), "%s: programs\n%s", name, now.programs);
}

static void
try_server (AditAttack *attack, const Picture *honest, const char *name, const AditLabOvpnServer *server)
{
  /* One never answers, and is not waited for. */
  gboolean refused = g_str_equal (name, "control-bytes");
  g_autoptr (AditLabResult) result = NULL;
  g_autofree char *keys = NULL;

  change_server (server);
  adit_leakwatch_set_phase (watcher, name, carrier);
  result = adit_world_adit (adit_attack_get_world (attack), 0, NULL,
                            refused ? "reconnect --wait --timeout 2" : "reconnect --wait");
  expect_harmless (attack, honest, name);
  adit_leakwatch_set_phase (watcher, "between", NULL);
  keys = adit_leakwatch_dup_keys (watcher, name);
  adit_attack_expect_refused (attack, adit_leakwatch_get_outside (watcher, name) == 0, "%s: on the cable %s", name, keys);
  g_test_message ("%s: exit %d %s", name, result->status, result->err);
}

/* Connected to an honest server, with the lock from here on. */
static void
connect_honest (AditAttack *attack, Picture *honest)
{
  AditWorld *world = adit_attack_get_world (attack);

  adit_lab_ovpn_put_file (FOLDER "/pushed.ovpn", NULL, NULL);
  change_server (NULL);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/pushed.ovpn", 0);
  adit_world_expect (world, 0, NULL, "connect --profile pushed --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  take_picture (honest);
}

static gboolean
goes_beside (const AditLabOvpnEvil *evil)
{
  const char *way = evil->way_out != NULL ? evil->way_out : evil->way_out6;

  return way != NULL && way[0] != '\0';
}

/* The same push at openvpn alone, with the file of its service. */
static void
try_bare_evil (AditAttack *attack, const AditLabOvpnEvil *evil)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *seen = NULL, *name = g_strconcat ("bare ", evil->name, NULL);
  AditLabOvpnServer server = { 0 };
  gboolean ipv6 = evil->way_out == NULL;
  GPid pid;

  adit_lab_ovpn_evil_apply (evil, &server);
  change_server (&server);
  pid = adit_lab_ovpn_start_bare (BARE, UP);
  adit_leakwatch_set_phase (watcher, name, carrier);
  seen = adit_world_ask_web (world, ipv6);
  adit_leakwatch_set_phase (watcher, "between", NULL);
  adit_lab_ovpn_end_bare (pid);
  adit_attack_expect_obeyed (attack, g_str_equal (seen, ipv6 ? evil->way_out6 : evil->way_out), "%s: seen \"%s\"", name, seen);
  adit_attack_expect_obeyed (attack, adit_leakwatch_get_outside (watcher, name) > 0, "%s: nothing on the cable", name);
}

/* A variable that a server sets gets as far as a script. */
static void
try_bare_variable (AditAttack *attack)
{
  static const char *const pushes[] = { "setenv-safe IFS " ADIT_LAB_OVPN_RAN, NULL };
  const AditLabOvpnServer server = { .pushes = pushes };

  change_server (&server);
  put_script ("touch $OPENVPN_IFS\n");
  adit_lab_ovpn_put_file (BARE, NULL, "script-security 2\nup " SCRIPT "\n");
  adit_lab_ovpn_end_bare (adit_lab_ovpn_start_bare (BARE, UP));
  adit_attack_expect_obeyed (attack, has_run (), "a variable in a script");
  (void) unlink (ADIT_LAB_OVPN_RAN);
}

static void
row_p04 (AditAttack *attack)
{
  g_auto (Picture) honest = { 0 };

  set_up ();
  connect_honest (attack, &honest);
  for (const AditLabOvpnEvil *evil = adit_lab_ovpn_evils; evil->name != NULL; evil++)
    {
      AditLabOvpnServer server = { 0 };

      adit_lab_ovpn_evil_apply (evil, &server);
      try_server (attack, &honest, evil->name, &server);
      /* A server that names nobody who answers names is refused for that; so the same once more with one who does. */
      if (evil->is_silent)
        {
          g_autofree char *name = g_strconcat (evil->name, " with names", NULL);

          server.lines = "push \"dhcp-option DNS " ADIT_LAB_OVPN_RESOLVER "\"\n";
          try_server (attack, &honest, name, &server);
        }
    }
  leave (attack);
  adit_lab_ovpn_put_file (BARE, NULL, NULL);
  for (const AditLabOvpnEvil *evil = adit_lab_ovpn_evils; evil->name != NULL; evil++)
    if (evil->refusal == NULL && goes_beside (evil))
      try_bare_evil (attack, evil);
  try_bare_variable (attack);
}

#define TOUCH "touch " ADIT_LAB_OVPN_RAN

/* As scripts get them: in variables, one for each. */
static const char *const texts[] = {
  "dhcp-option DNS \"" ADIT_LAB_OVPN_RESOLVER ";" TOUCH "\"",
  "dhcp-option DNS \"$(" TOUCH ")\"",
  "dhcp-option DOMAIN \"$(" TOUCH ")\"",
  "dhcp-option DOMAIN `touch${IFS}" ADIT_LAB_OVPN_RAN "`",
  "dhcp-option DOMAIN \"x;" TOUCH ";#\"",
  "dhcp-option DOMAIN \"x|" TOUCH "\"",
  "dhcp-option DOMAIN-SEARCH \"x&" TOUCH "\"",
  "dhcp-option ADAPTER_DOMAIN_SUFFIX \"x&&" TOUCH "\"",
  "dhcp-option WINS \"$(" TOUCH ")\"",
  "dns search-domains \"$(" TOUCH ")\"",
};

static void
row_p03 (AditAttack *attack)
{
  g_auto (Picture) honest = { 0 };
  const char *pushes[2] = { NULL };
  const AditLabOvpnServer server = { .pushes = pushes };

  set_up ();
  connect_honest (attack, &honest);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      pushes[0] = texts[i];
      try_server (attack, &honest, texts[i], &server);
    }
  leave (attack);
  put_script ("env | while read -r line; do case $line in foreign_option_*|dns_*) eval \"echo ${line#*=}\";; esac; done\n");
  adit_lab_ovpn_put_file (BARE, NULL, "script-security 2\nup " SCRIPT "\n");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      pushes[0] = texts[i];
      change_server (&server);
      adit_lab_ovpn_end_bare (adit_lab_ovpn_start_bare (BARE, UP));
      adit_attack_expect_obeyed (attack, has_run (), "%s in a script", texts[i]);
      (void) unlink (ADIT_LAB_OVPN_RAN);
    }
}

/* --- P06, P25: an openvpn that was taken over ------------------------------------------------------------------------------- */

#define MANAGEMENT  "/run/adit/openvpn.sock"
#define CARRIER_UID 61003    /* adit-openvpn's in the lab */
#define ANSWER_MS   300

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

static gboolean
wait_for_file (const char *path)
{
  for (guint i = 0; i < WAIT_MS && access (path, F_OK) != 0; i++)
    g_usleep (1000);
  return access (path, F_OK) == 0;
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
  struct stat status = { 0 };
  GPid pid;

  set_up ();
  adit_lab_ovpn_put_file (FOLDER "/asked.ovpn", NULL, NULL);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/asked.ovpn", 0);
  put_taken ();
  log = adit_world_dup_log (world);
  adit_world_expect (world, 0, NULL, "connect --profile asked", 0);
  g_assert_true (wait_for_file (MANAGEMENT));
  g_assert_cmpint (stat (MANAGEMENT, &status), ==, 0);
  adit_attack_expect_refused (attack, (status.st_mode & 07777) == 0620 && status.st_uid == 0 && status.st_gid == CARRIER_UID,
                              "mode %o of %u:%u", status.st_mode, status.st_uid, status.st_gid);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    adit_attack_expect_refused (attack, knock (others[i], MANAGEMENT) == KEPT_OUT, "user %u gets in", others[i]);
  for (guint i = 0; i < G_N_ELEMENTS (trusted); i++)
    adit_attack_expect_refused (attack, knock (trusted[i], MANAGEMENT) == SENT_AWAY, "process of user %u is heard", trusted[i]);
  after = adit_world_dup_log (world);
  g_assert_nonnull (strstr (after + strlen (log), "is not our openvpn, and was sent away"));
  take_away_taken ();
  leave (attack);
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
  leave (attack);
  try_beside (attack);
  leave (attack);

  doors = run_taken (0, "--doors");
  for (guint i = 0; doors[i] != NULL; i++)
    adit_attack_expect_obeyed (attack, g_str_has_suffix (doors[i], " open"), "a door for root: %s", doors[i]);
  expect_out (attack, CARRIER_UID, "--ways");
  expect_out (attack, ADIT_WORLD_BOB_UID, "--carrier");
}

static const AditAttackRow rows[] = {
  { "P03", "shell text in the names and resolvers that a server pushes", row_p03 },
  { "P04", "what a server pushes: routes, resolvers, variables, programs, files", row_p04 },
  { "P06", "who else talks to openvpn's management", row_p06 },
  { "P25", "an openvpn that was taken over: at the lock, files, processes, other addresses", row_p25 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
