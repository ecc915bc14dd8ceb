/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-doors.c: rows of the catalogue about what stands open around the helper: its environment, the programs that it starts,
 * what listens. */
#include "config.h"
#include "tests/lab/attack.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/tracer.h"

#define HELPER ADIT_LIBEXECDIR "/aditd"
#define WORKER ADIT_LIBEXECDIR "/adit-worker"

/* --- P07: the environment --------------------------------------------------------------------------------------------------- */

#define EVIL   "/run/lab/evil"
#define LOADED "/run/lab/loaded"

static const char openssl_conf[] =
  "openssl_conf = all\n[all]\nproviders = some\n[some]\ndefault = builtin\nevil = theirs\n[builtin]\nactivate = 1\n"
  "[theirs]\nmodule = " EVIL "/libtell.so\nactivate = 1\n";

/* The first is what the loader obeys before any program can say a word. */
static const struct { const char *name, *value; } variables[] = {
  { "LD_PRELOAD", EVIL "/libtell.so" },
  { "LD_LIBRARY_PATH", EVIL },
  { "PATH", EVIL },
  { "OPENSSL_CONF", EVIL "/openssl.cnf" },
  { "OPENSSL_MODULES", EVIL },
  { "OPENSSL_ENGINES", EVIL },
  { "SSL_CERT_FILE", EVIL "/openssl.cnf" },
  { "SSL_CERT_DIR", EVIL },
  { "SSLKEYLOGFILE", EVIL "/keys" },
  { "CURL_CA_BUNDLE", EVIL "/openssl.cnf" },
  { "HTTPS_PROXY", "http://203.0.113.80:80" },
  { "ALL_PROXY", "http://203.0.113.80:80" },
  { "GIO_EXTRA_MODULES", EVIL },
  { "GIO_MODULE_DIR", EVIL },
  { "GIO_USE_VFS", "evil" },
  { "GTK_PATH", EVIL },
  { "GTK_MODULES", "tell" },
  { "G_MESSAGES_DEBUG", "all" },
  { "G_DBUS_DEBUG", "all" },
  { "G_ENABLE_DIAGNOSTIC", "1" },
  { "DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" EVIL "/bus" },
  { "WG_TUN_FD", "9" },
  { "WG_TUN_NAME_FILE", EVIL "/name" },
  { "LOG_LEVEL", "verbose" },
  { "GODEBUG", "netdns=cgo" },
  { "HOSTALIASES", EVIL "/openssl.cnf" },
  { "RES_OPTIONS", "use-vc" },
  { "TMPDIR", EVIL },
  { "HOME", EVIL },
};

static void
put_evil (void)
{
  g_autofree char *library = NULL;
  gsize length;

  g_assert_cmpint (g_mkdir_with_parents (EVIL, 0755), ==, 0);
  g_assert_true (g_file_get_contents (g_getenv ("ADIT_TELL_LOADED"), &library, &length, NULL));
  g_assert_true (g_file_set_contents (EVIL "/libtell.so", library, (gssize) length, NULL));
  g_assert_cmpint (chmod (EVIL "/libtell.so", 0755), ==, 0);
  g_assert_true (g_file_set_contents (EVIL "/openssl.cnf", openssl_conf, -1, NULL));
  g_assert_cmpint (chmod (EVIL "/openssl.cnf", 0644), ==, 0);
}

static void
forget_loaded (void)
{
  g_assert_true (g_file_set_contents (LOADED, "", 0, NULL));
  g_assert_cmpint (chmod (LOADED, 0666), ==, 0);
}

static gboolean
has_loaded (const char *program)
{
  g_autofree char *text = NULL, *line = g_strconcat (program, "\n", NULL);

  g_assert_true (g_file_get_contents (LOADED, &text, NULL, NULL));
  return strstr (text, line) != NULL;
}

static void
set_evil (guint first)
{
  for (guint i = first; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i].name, variables[i].value, TRUE);
}

/* The environment that a program was started with; NULL where none of its name runs. */
static char *
dup_environment (const char *program)
{
  int pid = g_str_equal (program, HELPER) ? adit_attack_find_helper () : adit_attack_find_child (program);
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", pid);
  char *text = NULL;
  gsize length;

  if (pid == 0 || !g_file_get_contents (path, &text, &length, NULL) || length == 0)
    {
      g_free (text);
      return NULL;
    }
  for (gsize i = 0; i < length - 1; i++)
    if (text[i] == '\0')
      text[i] = '\n';
  return text;
}

static guint
count_evil (const char *environment)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *pair = g_strdup_printf ("%s=%s", variables[i].name, variables[i].value);

      n += strstr (environment, pair) != NULL;
    }
  return n;
}

static void
expect_clean (AditAttack *attack, const char *program, const char *environment)
{
  adit_attack_count (attack, G_N_ELEMENTS (variables) - 1);
  adit_attack_expect_refused (attack, count_evil (environment) == 0, "%s was started with:\n%s", program, environment);
}

static void
try_environment (AditAttack *attack, guint first)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GSubprocess) ask = NULL;
  g_autofree char *worker = NULL, *tunnel = NULL, *helper = NULL;
  g_auto (GStrv) before = g_get_environ ();

  forget_loaded ();
  adit_world_kill_helper (world);
  set_evil (first);
  adit_world_expect_helper (world);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *value = g_environ_getenv (before, variables[i].name);

      if (value != NULL)
        g_setenv (variables[i].name, value, TRUE);
      else
        g_unsetenv (variables[i].name);
    }
  ask = adit_world_start_adit (world, "locations --refresh", NULL);
  for (guint i = 0; i < 5000 && worker == NULL; i++)
    {
      worker = dup_environment (WORKER);
      g_usleep (500);
    }
  g_assert_nonnull (worker);
  g_assert_true (g_subprocess_wait (ask, NULL, NULL));
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  tunnel = dup_environment (ADIT_WIREGUARD_GO);
  expect_clean (attack, WORKER, worker);
  if (tunnel != NULL)
    expect_clean (attack, ADIT_WIREGUARD_GO, tunnel);
  adit_attack_expect_refused (attack, !has_loaded (WORKER) && !has_loaded (ADIT_WIREGUARD_GO), "a library was loaded");
  /* The same look sees it all in the helper's own, where it was put. */
  helper = dup_environment (HELPER);
  for (guint n = count_evil (helper); n > 0; n--)
    adit_attack_expect_obeyed (attack, TRUE, "counted");
  g_assert_cmpuint (count_evil (helper), ==, G_N_ELEMENTS (variables) - first);
}

static void
row_p07 (AditAttack *attack)
{
  const char *const gio[] = { "env", "GIO_EXTRA_MODULES=" EVIL, "gio", "info", "/", NULL };
  const char *const openssl[] = { "env", "OPENSSL_CONF=" EVIL "/openssl.cnf", "openssl", "list", "-providers", NULL };
  g_autoptr (AditLabResult) gio_result = NULL, openssl_result = NULL;

  put_evil ();
  /* The exit has this computer's key then.  It is given it by a thread of this process, which starts a program for that, and
   * would not find it while the environment changes. */
  adit_world_expect (adit_attack_get_world (attack), 0, NULL, "connect --wait", 0);
  adit_attack_rest (attack);
  try_environment (attack, 0);
  /* What root has the loader put into the helper is in it, which shows that the library tells. */
  adit_attack_expect_obeyed (attack, has_loaded (HELPER), "a preloaded library is loaded");
  try_environment (attack, 1);
  adit_attack_expect_refused (attack, !has_loaded (HELPER), "the helper loads a module that its environment names");
  gio_result = adit_lab_run ("client", 0, 10000, gio, NULL);
  openssl_result = adit_lab_run ("client", 0, 10000, openssl, NULL);
  adit_attack_expect_obeyed (attack, has_loaded ("/usr/bin/gio"), "a module of GIO is loaded: %s", gio_result->err);
  adit_attack_expect_obeyed (attack, has_loaded ("/usr/bin/openssl"), "a provider of OpenSSL is loaded: %s", openssl_result->err);
  adit_attack_rest (attack);
}

/* --- P11: programs that are started ----------------------------------------------------------------------------------------- */

static gboolean
is_ours (const char *path)
{
  return g_str_equal (path, g_getenv ("ADIT_PROGRAM")) || g_str_equal (path, HELPER) || g_str_equal (path, WORKER) ||
         g_str_equal (path, ADIT_WIREGUARD_GO);
}

static void
row_p11 (AditAttack *attack)
{
  static const char *const lines[] = { "account --refresh", "locations --refresh", "lockdown on", "connect se-got --wait",
                                       "connect 'se-sto' --wait", "reconnect --wait", "diagnose", "disconnect", "lockdown off" };
  const char *const shell[] = { "/bin/sh", "-c", "/bin/true; /bin/true", NULL };
  const BenchCaller caller = { .space = "client" };
  g_auto (GStrv) foreign = NULL;
  guint n_ours = 0;

  adit_attack_rest (attack);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strdup_printf ("%s %s", g_getenv ("ADIT_PROGRAM"), lines[i]);
      g_auto (GStrv) argv = NULL, programs = NULL;

      g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
      programs = bench_trace_programs (&caller, (const char *const *) argv, adit_attack_find_helper ());
      for (guint j = 0; programs[j] != NULL; j++)
        {
          adit_attack_expect_refused (attack, is_ours (programs[j]), "%s starts %s", lines[i], programs[j]);
          n_ours += g_str_equal (programs[j], WORKER) || g_str_equal (programs[j], ADIT_WIREGUARD_GO);
        }
    }
  g_assert_cmpuint (n_ours, >=, 3);    /* the helper was followed */
  foreign = bench_trace_programs (&caller, shell, 0);
  for (guint i = 0; foreign[i] != NULL; i++)
    adit_attack_expect_obeyed (attack, !is_ours (foreign[i]), "%s is started by a shell", foreign[i]);
}

/* --- P19: sockets that listen ----------------------------------------------------------------------------------------------- */

static const char *const tables[] = { "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "sctp/eps" };

static gboolean
has_socket (const char *pid, const char *inode)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/fd", pid), *wanted = g_strdup_printf ("socket:[%s]", inode);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *link = g_build_filename (path, name, NULL), *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

/* One tunnel may be on its way out while the next one is there. */
static gboolean
is_carrier (const char *inode)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (processes)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc", name, "exe", NULL), *program = g_file_read_link (link, NULL);

      if (g_strcmp0 (program, ADIT_WIREGUARD_GO) == 0 && has_socket (name, inode))
        return TRUE;
    }
  return FALSE;
}

/* What others could reach: each with its table; of wireguard-go nothing but its carrier, which is UDP. */
static char *
dup_listeners (void)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/net/%s", tables[i]);
      const char *const argv[] = { "cat", path, NULL };
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 5000, argv, NULL);
      g_auto (GStrv) lines = g_strsplit (result->out, "\n", -1);

      for (guint j = 1; lines[0] != NULL && lines[j] != NULL; j++)
        {
          char local[64], remote[64], state[8], uid[16], inode[32];

          if (sscanf (lines[j], " %*s %63s %63s %7s %*s %*s %*s %15s %*s %31s", local, remote, state, uid, inode) != 5)
            continue;
          if (g_str_has_prefix (tables[i], "tcp") && !g_str_equal (state, "0A"))
            continue;
          if (g_str_has_prefix (tables[i], "udp") && is_carrier (inode))
            continue;
          g_string_append_printf (text, "%s %s of user %s\n", tables[i], local, uid);
        }
    }
  return g_string_free (text, FALSE);
}

static void
row_p19 (AditAttack *attack)
{
  static const char *const lines[] = { "status", "lockdown on", "connect us-nyc", "connect se-got --wait", "locations --refresh",
                                       "account --refresh", "disconnect", "lockdown off" };
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *before = NULL, *with = NULL;
  int back, fd;

  adit_world_kill_helper (world);
  before = dup_listeners ();
  adit_world_expect_helper (world);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *now = NULL;

      adit_world_expect (world, 0, NULL, lines[i], 0);
      /* A process may end between the look at its socket and the look for it. */
      for (guint again = 0; again < 20 && g_strcmp0 (now, before) != 0; again++)
        {
          g_free (now);
          now = dup_listeners ();
        }
      adit_attack_count (attack, G_N_ELEMENTS (tables) - 1);
      adit_attack_expect_refused (attack, g_str_equal (now, before), "after \"%s\" there are:\n%sand before:\n%s", lines[i], now,
                                  before);
    }
  g_assert_true (adit_lab_switch ("client", &back, NULL));
  fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  adit_lab_switch_back (back);
  with = dup_listeners ();
  adit_attack_expect_obeyed (attack, !g_str_equal (with, before), "a program that listens");
  close (fd);
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P07", "what the helper's environment could make it or its children load", row_p07 },
  { "P11", "programs started by each command: no shell, none but ours", row_p11 },
  { "P19", "sockets that others could reach", row_p19 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
