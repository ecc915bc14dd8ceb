/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-files.c: rows of the catalogue about configuration files that somebody was handed: what they want run or written, plainly
 * and in disguise, and the bare openvpn or wg-quick that does it. */
#include "config.h"
#include "tests/lab/attack.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/openvpn-bare.h"

#define FOLDER  "/run/lab/files"
#define THEIRS  FOLDER "/theirs.ovpn"
#define SCRIPT  "/run/lab/script"
#define MARK    FOLDER "/mark"       /* whoever is obeyed leaves it there */
#define HOOK    "\"" SCRIPT " " MARK "\""
#define WAIT_MS 5000

static AditLabOvpn *exit_server;

static void
set_up (void)
{
  static const AditLabOvpnServer server;
  g_autoptr (GError) error = NULL;

  if (exit_server != NULL)
    return;
  if (!adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (exit_server = adit_lab_ovpn_new (&server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error)) == NULL ||
      !g_file_set_contents_full (SCRIPT, "#!/bin/sh\ntouch \"$1\"\n", -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, &error))
    g_error ("%s", error->message);
}

static gboolean
take_mark (void)
{
  return unlink (MARK) == 0;
}

/* What is tried with Adit: the file is refused, or what is left of it is harmless.  It says which;
 * @reported is said of what is left out. */
static void
try_import (AditAttack *attack, const char *name, const char *path, const char *reported, gboolean waits)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *import = g_strdup_printf ("import %s --json", path), *profile = g_path_get_basename (path);
  g_autofree char *export = NULL, *connect = NULL, *removal = NULL;
  g_autoptr (AditLabResult) imported = adit_world_adit (world, 0, NULL, import), kept = NULL;

  g_test_message ("%s: %d %s", name, imported->status, imported->out);
  adit_attack_expect_refused (attack, strstr (imported->out, imported->status == 0 ? reported : "\"fatal\":true") != NULL,
                              "%s: not a word of it: %s", name, imported->out);
  if (imported->status == 0)
    {
      *strrchr (profile, '.') = '\0';
      export = g_strdup_printf ("export %s", profile);
      connect = g_strdup_printf (waits ? "connect --profile %s --wait" : "connect --profile %s", profile);
      removal = g_strdup_printf ("profiles remove %s", profile);
      kept = adit_world_adit (world, 0, NULL, export);
      g_assert_cmpint (kept->status, ==, 0);
      adit_attack_expect_refused (attack, strstr (kept->out, MARK) == NULL, "%s: kept is\n%s", name, kept->out);
      adit_world_expect (world, 0, NULL, connect, 0);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
      adit_world_expect (world, 0, NULL, removal, 0);
    }
  adit_attack_expect_refused (attack, !take_mark (), "%s: it was obeyed", name);
}

/* --- P01, P02: OpenVPN ------------------------------------------------------------------------------------------------------ */

/* @first: the lines stand before all else.  @silent: what a bare openvpn says goes elsewhere. */
typedef struct { const char *name, *lines, *reported; gboolean first, silent; } File;

/* Some files are gone again when it ends, some are there only then. */
static gboolean
run_bare (const File *file)
{
  GPid pid = adit_lab_ovpn_start_bare (THEIRS, file->silent ? "" : ADIT_LAB_OVPN_IS_UP);
  gboolean marked;

  for (guint i = 0; i < WAIT_MS && file->silent; i++)
    {
      g_autofree char *log = NULL;

      if (g_file_get_contents (MARK, &log, NULL, NULL) && strstr (log, ADIT_LAB_OVPN_IS_UP) != NULL)
        break;
      g_usleep (1000);
    }
  marked = take_mark ();
  adit_lab_ovpn_end_bare (pid);
  return take_mark () || marked;
}

static void
put (const File *file)
{
  g_autofree char *text = NULL, *both = NULL;

  adit_lab_ovpn_put_file (THEIRS, NULL, file->first ? NULL : file->lines);
  if (!file->first)
    return;
  g_assert_true (g_file_get_contents (THEIRS, &text, NULL, NULL));
  both = g_strconcat (file->lines, text, NULL);
  g_assert_true (g_file_set_contents (THEIRS, both, -1, NULL));
}

static void
try_files (AditAttack *attack, const File *files, gsize n)
{
  set_up ();
  for (gsize i = 0; i < n; i++)
    {
      put (&files[i]);
      try_import (attack, files[i].name, THEIRS, files[i].reported, TRUE);
    }
  for (gsize i = 0; i < n; i++)
    {
      put (&files[i]);
      adit_attack_expect_obeyed (attack, run_bare (&files[i]), "%s, with a bare openvpn", files[i].name);
    }
}

#define MAY_RUN "script-security 2\n"

static void
row_p01 (AditAttack *attack)
{
  static const File files[] = {
    { "up", MAY_RUN "up " HOOK "\n", "\"up\"" },
    { "down", MAY_RUN "down " HOOK "\n", "\"down\"" },
    { "route-up", MAY_RUN "route-up " HOOK "\n", "\"route-up\"" },
    { "route-pre-down", MAY_RUN "route-pre-down " HOOK "\n", "\"route-pre-down\"" },
    { "ipchange", MAY_RUN "ipchange " HOOK "\n", "\"ipchange\"" },
    { "tls-verify", MAY_RUN "tls-verify " HOOK "\n", "\"tls-verify\"" },
    { "config", "config " FOLDER "/more\n", "\"config\"" },
    { "log", "log " MARK "\n", "\"log\"", .silent = TRUE },
    { "log-append", "log-append " MARK "\n", "\"log-append\"", .silent = TRUE },
    { "status", "status " MARK " 1\n", "\"status\"" },
    { "writepid", "writepid " MARK "\n", "\"writepid\"" },
    { "replay-persist", "replay-persist " MARK "\n", "\"replay-persist\"" },
    { "setenv opt", MAY_RUN "setenv opt up " HOOK "\n", "\"up\"" },
  };

  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  g_assert_true (g_file_set_contents (FOLDER "/more", MAY_RUN "up " HOOK "\n", -1, NULL));
  try_files (attack, files, G_N_ELEMENTS (files));
}

static void
row_p02 (AditAttack *attack)
{
  static const File files[] = {
    { "hyphens", "--script-security 2\n--up " HOOK "\n", "\"option\":\"up\"" },
    { "blanks", "\t script-security\t2\n \tup\t" HOOK "  \n", "\"option\":\"up\"" },
    { "ends of lines", "script-security 2\r\nup " HOOK "\r\n", "\"option\":\"up\"" },
    { "quotes", MAY_RUN "\"up\" " HOOK "\n", "\"option\":\"up\"" },
    { "other quotes", MAY_RUN "'up' '" SCRIPT " " MARK "'\n", "\"option\":\"up\"" },
    { "backslash in a word", MAY_RUN "up " SCRIPT "\\ " MARK "\n", "\"option\":\"up\"" },
    { "quotes within quotes", MAY_RUN "up \"" SCRIPT " \\\"" MARK "\\\"\"\n", "\"option\":\"up\"" },
    { "comment behind", MAY_RUN "up " HOOK " # nothing\n", "\"option\":\"up\"" },
    { "other comment behind", MAY_RUN "up " HOOK " ;nothing\n", "\"option\":\"up\"" },
    { "vertical tab", MAY_RUN "\vup " HOOK "\n", "\"option\":\"up\"" },
    { "form feed", MAY_RUN "\fup " HOOK "\n", "\"option\":\"up\"" },
    { "byte order mark", "\xef\xbb\xbfup " HOOK "\n" MAY_RUN, "\"option\":\"up\"", .first = TRUE },
    { "a block that ends early", "<connection>\nremote " ADIT_LAB_OVPN_ADDRESS " 1194 udp\n</connection>X\n" MAY_RUN
      "up " HOOK "\n", "\"option\":\"up\"" },
    { "a block whose end is not alone", "<connection>\nremote " ADIT_LAB_OVPN_ADDRESS " 1194 udp\n</connection> <ca>\n" MAY_RUN
      "up " HOOK "\n", "\"option\":\"up\"" },
  };

  try_files (attack, files, G_N_ELEMENTS (files));
}

/* --- P05: WireGuard --------------------------------------------------------------------------------------------------------- */

#define TUNNEL FOLDER "/wgfile.conf"
#define KEY1   "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2   "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="

#define INTERFACE "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.99.0.2/32\n"
#define PEER      "\n[Peer]\nPublicKey = " KEY2 "\nAllowedIPs = 10.99.0.0/24\nEndpoint = 198.51.100.99:51820\n"

static gboolean
wg_quick (const char *word)
{
  g_autofree char *line = g_strdup_printf ("exec wg-quick %s " TUNNEL " > /run/lab/wg-quick.log 2>&1", word);
  const char *const argv[] = { "sh", "-c", line, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, WAIT_MS, argv, NULL);

  return result != NULL && result->status == 0;
}

static void
row_p05 (AditAttack *attack)
{
  static const struct { const char *name, *line; } files[] = {
    { "PreUp", "PreUp = touch " MARK }, { "PostUp", "PostUp = touch " MARK }, { "PreDown", "PreDown = touch " MARK },
    { "PostDown", "PostDown = touch " MARK }, { "small letters", "postup=touch " MARK }, { "blanks", "\tPostUp\t=\ttouch " MARK },
    { "several", "PostUp = true; touch " MARK "\nPostUp = touch " MARK }, { "the device's name", "PostUp = : %i; touch " MARK },
    { "comment behind", "PostUp = touch " MARK " # nothing" }, { "ends of lines", "PostUp = touch " MARK "; true\r" },
    { "a second section", "[Interface]\nPostUp = touch " MARK },
  };

  g_assert_cmpint (g_mkdir_with_parents (FOLDER, 0755), ==, 0);
  for (guint half = 0; half < 2; half++)
    for (guint i = 0; i < G_N_ELEMENTS (files); i++)
      {
        g_autofree char *text = g_strconcat (INTERFACE, files[i].line, PEER, NULL);
        gboolean up;

        g_assert_true (g_file_set_contents_full (TUNNEL, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
        if (half == 0)
          {
            try_import (attack, files[i].name, TUNNEL, "\"reason\":\"hook\"", FALSE);
            continue;
          }
        up = wg_quick ("up");
        adit_attack_expect_obeyed (attack, up && wg_quick ("down") && take_mark (), "%s, with wg-quick", files[i].name);
      }
}

static const AditAttackRow rows[] = {
  { "P01", "an OpenVPN file's programs, logs and further files", row_p01 },
  { "P02", "the same in other spellings", row_p02 },
  { "P05", "a WireGuard file's programs", row_p05 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
