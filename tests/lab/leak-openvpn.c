/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-openvpn.c: rows of the catalogue about what a server of OpenVPN pushes, and the bare openvpn that does it. */
#include "config.h"
#include "tests/lab/attack.h"

#include <string.h>
#include <unistd.h>

#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-bare.h"
#include "tests/lab/openvpn-evil.h"

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

  web = adit_world_ask_web (world, FALSE);
  web6 = adit_world_ask_web (world, TRUE);
  take_picture (&now);    /* not before: the kernel puts the local route of a new IPv6 address in at its leisure */
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
  g_autofree char *web6 = NULL;

  adit_lab_ovpn_put_file (FOLDER "/pushed.ovpn", NULL, NULL);
  change_server (NULL);
  adit_world_expect (world, 0, NULL, "import " FOLDER "/pushed.ovpn", 0);
  adit_world_expect (world, 0, NULL, "connect --profile pushed --wait", 0);
  adit_world_expect_web (world, ADIT_LAB_OVPN_ADDRESS);
  web6 = adit_world_ask_web (world, TRUE);
  g_assert_cmpstr (web6, ==, ADIT_LAB_OVPN_ADDRESS6);
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

static const AditAttackRow rows[] = {
  { "P03", "shell text in the names and resolvers that a server pushes", row_p03 },
  { "P04", "what a server pushes: routes, resolvers, variables, programs, files", row_p04 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
