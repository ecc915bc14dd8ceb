/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-paths.c: a row of the catalogue about names that lead elsewhere: a link, a pipe, a directory or somebody's own folder in
 * the place of everything that the helper opens.  Only root could put them there; the helper does not rely on that alone. */
#include "config.h"
#include "tests/lab/attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER    ADIT_LIBEXECDIR "/aditd"
#define KEPT      "/run/lab/kept"
#define START_MS  4000
#define PRECIOUS  "[adit]\nformat=1\nlockdown=false\nconnected=false\n"    /* what could be obeyed, if it were read */

typedef enum { KIND_LINK, KIND_DANGLING, KIND_HARD_LINK, KIND_PIPE, KIND_DIRECTORY, N_KINDS } Kind;

static const char *const kind_names[N_KINDS] = { "a link", "a link to nothing", "a hard link", "a pipe", "a directory" };

/* "<account>" is the account's id. */
static const char *const files[] = {
  "/var/lib/adit/settings", "/var/lib/adit/settings.new", "/var/lib/adit/wanted", "/var/lib/adit/wanted.new",
  "/var/lib/adit/vault/<account>", "/var/lib/adit/vault/<account>.new",
  "/var/cache/adit/mullvad.servers", "/var/cache/adit/mullvad.servers.new",
  "/run/adit/lock", "/run/adit/journal", "/run/adit/journal.new",
  "/etc/adit/lockdown", "/etc/adit/lockdown.new", "/etc/adit/services.conf",
  "/etc/resolv.conf", "/etc/resolv.conf.adit-new", "/etc/resolv.conf.before-adit", "/etc/resolv.conf.none-before-adit",
  "/run/wireguard/adit0.sock",
};

static const char *const folders[] = { "/var/lib/adit", "/var/lib/adit/vault", "/var/cache/adit", "/run/adit", "/etc/adit" };

/* All that rows change; the folder beside it is on the same file system.  Of /run/wireguard only our socket: the lab's exit has
 * its own there, and ends when that goes. */
static const struct { const char *path, *beside; } trees[] = {
  { "/var/lib/adit", "/var/lib" }, { "/var/cache/adit", "/var/cache" }, { "/run/adit", "/run" }, { "/etc/adit", "/etc" },
  { "/run/wireguard/adit0.sock", "/run" }, { "/etc/resolv.conf", "/etc" },
};

static void run (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
run (const char *format, ...)
{
  va_list arguments;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  adit_lab_run_line (NULL, line, &error);
  g_assert_no_error (error);
}

static const char *
beside (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    if (g_str_has_prefix (path, trees[i].path))
      return trees[i].beside;
  g_assert_not_reached ();
}

static void
keep (void)
{
  run ("rm -rf " KEPT);
  run ("mkdir -p " KEPT);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    {
      g_autofree char *to = g_strdup_printf (KEPT "/%u", i);

      if (access (trees[i].path, F_OK) == 0)
        run ("cp -a %s %s", trees[i].path, to);
    }
}

static void
put_back (void)
{
  run ("rm -rf /etc/resolv.conf.adit-new /etc/resolv.conf.before-adit /etc/resolv.conf.none-before-adit");
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    {
      g_autofree char *from = g_strdup_printf (KEPT "/%u", i);

      run ("rm -rf %s", trees[i].path);
      if (access (from, F_OK) == 0)
        run ("cp -a %s %s", from, trees[i].path);
    }
}

/* --- What is put in the way, and what must stay as it is -------------------------------------------------------------------- */

typedef struct { char *victim, *nothing; struct stat status; } Trap;

static Trap
make_trap (const char *path, Kind kind)
{
  Trap trap = { g_build_filename (beside (path), "victim", NULL), g_build_filename (beside (path), "nothing", NULL), { 0 } };

  run ("rm -rf %s %s", trap.victim, trap.nothing);
  run ("rm -rf %s", path);
  if (kind == KIND_DIRECTORY)
    {
      g_autofree char *inside = g_build_filename (path, "inside", NULL);

      g_assert_cmpint (mkdir (path, 0700), ==, 0);
      g_assert_true (g_file_set_contents (inside, PRECIOUS, -1, NULL));
    }
  g_assert_true (g_file_set_contents (trap.victim, PRECIOUS, -1, NULL));
  g_assert_cmpint (chmod (trap.victim, 0640), ==, 0);
  if (kind == KIND_LINK)
    g_assert_cmpint (symlink (trap.victim, path), ==, 0);
  else if (kind == KIND_DANGLING)
    g_assert_cmpint (symlink (trap.nothing, path), ==, 0);
  else if (kind == KIND_HARD_LINK)
    g_assert_cmpint (link (trap.victim, path), ==, 0);
  else if (kind == KIND_PIPE)
    g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_cmpint (stat (trap.victim, &trap.status), ==, 0);
  return trap;
}

/* Written, narrowed, given away or made: whatever was done to what the name led to. */
static gboolean
is_sprung (const Trap *trap)
{
  g_autofree char *content = NULL;
  struct stat now;

  return stat (trap->victim, &now) != 0 || now.st_ino != trap->status.st_ino || now.st_mode != trap->status.st_mode ||
         now.st_uid != trap->status.st_uid || now.st_gid != trap->status.st_gid ||
         !g_file_get_contents (trap->victim, &content, NULL, NULL) || !g_str_equal (content, PRECIOUS) ||
         access (trap->nothing, F_OK) == 0;
}

static void
free_trap (Trap *trap)
{
  run ("rm -rf %s %s", trap->victim, trap->nothing);
  g_free (trap->victim);
  g_free (trap->nothing);
}

/* --- A day of the helper's life with it ------------------------------------------------------------------------------------- */

static gboolean
answers (AditWorld *world)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");

  return result->status == 0;
}

/* 0: it has ended by itself */
static GPid
start (AditAttack *attack, const char *what)
{
  const char *const argv[] = { HELPER, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = adit_lab_spawn_logged ("client", 0, argv, "/run/lab/log", NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < START_MS / 20; i++)
    {
      if (waitpid (pid, NULL, WNOHANG) == pid)
        return 0;
      if (answers (adit_attack_get_world (attack)))
        return pid;
      g_usleep (20000);
    }
  adit_lab_end (pid);
  adit_attack_expect_refused (attack, FALSE, "%s holds the helper up", what);
  return 0;
}

static void
live (AditAttack *attack, const char *what)
{
  static const char *const lines[] = { "lockdown on", "lockdown off", "account --refresh", "connect --wait --timeout 5",
                                       "disconnect" };
  AditWorld *world = adit_attack_get_world (attack);
  GPid pid = start (attack, what);

  /* Whether each of these can be done then is not the point: they open all there is. */
  for (guint i = 0; pid != 0 && i < G_N_ELEMENTS (lines); i++)
    {
      /* Without its file the service's real addresses hold, and nobody is there. */
      g_autoptr (AditLabResult) result = strstr (lines[i], "refresh") != NULL && strstr (what, "services.conf") != NULL
                                         ? NULL : adit_world_adit (world, 0, NULL, lines[i]);

      adit_attack_expect_refused (attack, waitpid (pid, NULL, WNOHANG) == 0, "%s ends the helper at \"%s\"", what, lines[i]);
    }
  if (pid != 0)
    adit_lab_end (pid);
}

static void
try_file (AditAttack *attack, const char *path)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_autofree char *what = g_strdup_printf ("%s at %s", kind_names[kind], path);
      Trap trap = make_trap (path, (Kind) kind);

      live (attack, what);
      adit_attack_expect_refused (attack, !is_sprung (&trap), "%s was followed", what);
      free_trap (&trap);
      put_back ();
    }
}

/* Somebody's own folder: given to the helper by a link, or where its own should be. */
static void
try_folder (AditAttack *attack, const char *path)
{
  for (guint by_link = 0; by_link < 2; by_link++)
    {
      g_autofree char *theirs = g_build_filename (beside (path), "theirs", NULL);
      g_autofree char *what = g_strdup_printf ("somebody's folder%s at %s", by_link ? ", by a link," : "", path);
      const char *folder = by_link ? theirs : path;
      g_autoptr (GDir) entries = NULL;
      const char *entry;

      run ("rm -rf %s %s", path, theirs);
      g_assert_cmpint (mkdir (folder, 0777), ==, 0);
      g_assert_cmpint (chown (folder, ADIT_WORLD_BOB_UID, ADIT_WORLD_BOB_UID), ==, 0);
      if (by_link)
        g_assert_cmpint (symlink (theirs, path), ==, 0);
      live (attack, what);
      entries = g_dir_open (folder, 0, NULL);
      entry = entries != NULL ? g_dir_read_name (entries) : NULL;
      adit_attack_expect_refused (attack, entry == NULL, "%s is written into: %s", what, entry);
      run ("rm -rf %s", theirs);
      put_back ();
    }
}

/* As a program that does not look. */
static void
control (AditAttack *attack)
{
  for (guint kind = KIND_LINK; kind <= KIND_HARD_LINK; kind++)
    {
      Trap trap = make_trap ("/etc/adit/lockdown", (Kind) kind);
      int fd = open ("/etc/adit/lockdown", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

      g_assert_cmpint (write (fd, "x", 1), ==, 1);
      close (fd);
      adit_attack_expect_obeyed (attack, is_sprung (&trap), "%s, written without a look", kind_names[kind]);
      free_trap (&trap);
      put_back ();
    }
}

static void
row_p09 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GDir) vault = NULL;
  const char *account;

  adit_world_expect (world, 0, NULL, "connect --wait", 0);    /* so that all folders are there */
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  (void) adit_world_stop_helper (world);
  keep ();
  vault = g_dir_open ("/var/lib/adit/vault", 0, NULL);
  account = g_dir_read_name (vault);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_auto (GStrv) parts = g_strsplit (files[i], "<account>", 2);
      g_autofree char *path = g_strjoinv (account, parts);

      try_file (attack, path);
    }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    try_folder (attack, folders[i]);
  control (attack);
  adit_world_expect_helper (world);
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P09", "links, pipes and folders of others in the place of every file that the helper opens", row_p09 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
