/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-profiles.c: people import files through the real helper, with a real polkit: what is kept, who sees it, who gets it. */
#include "config.h"
#include "tests/lab/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/ovpn-sample.h"

#define FOLDER "/run/lab/files"
#define STATE  "/var/lib/adit/profiles"
#define KEY1   "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2   "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define KEPT   "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n\n[Peer]\nPublicKey = " KEY2 "\n" \
               "AllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:51820\n"
#define THEIRS "[Interface]\nPostUp = touch /run/lab/hooked\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n[Peer]\n" \
               "PublicKey = " KEY2 "\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:51820\n"
#define OVPN   "client\ndev tun\nremote vpn.example.org 1194 udp\nauth-user-pass login.txt\nca /somewhere/else/ca.crt\n"

static AditWorld *world;

/* Alice's own, which nobody else may read. */
static void
put (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (FOLDER, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (chmod (path, 0600), ==, 0);
  g_assert_cmpint (chown (path, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ALICE_UID), ==, 0);
}

/* What it says when it ends with @status. */
static char *
run (guint uid, const char *line, int status)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, uid, NULL, line);

  g_test_message ("%u: adit %s: %d\n%s%s", uid, line, result->status, result->out, result->err);
  if (result->status != status)
    g_error ("adit %s: exit %d, not %d\n%s%s", line, result->status, status, result->out, result->err);
  return g_strconcat (result->out, result->err, NULL);
}

/* Bob at the machine, too. */
static char *
run_bob (const char *line, int status)
{
  g_autofree char *whole = g_strconcat (g_getenv ("ADIT_PROGRAM"), " ", line, NULL), *said = NULL;
  g_auto (GStrv) argv = g_strsplit (whole, " ", -1);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;

  g_subprocess_launcher_setenv (launcher, "DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/run/dbus/system_bus_socket", TRUE);
  process = adit_world_spawn_in (world, ADIT_WORLD_BOB_SEATED, ADIT_WORLD_BOB_UID, launcher, (const char *const *) argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &said, NULL, &error))
    g_error ("%s: %s", line, error->message);
  g_test_message ("bob: adit %s: %d\n%s", line, g_subprocess_get_exit_status (process), said);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);
  return g_steal_pointer (&said);
}

static void
expect_words (const char *text, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strstr (text, *words) == NULL)
      g_error ("there is no \"%s\" in:\n%s", *words, text);
}

static guint
count_files (char **one)
{
  g_autoptr (GDir) entries = g_dir_open (STATE, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_free (*one);
      *one = g_build_filename (STATE, name, NULL);
      n++;
    }
  return n;
}

static void
test_wireguard (void)
{
  g_autofree char *said = NULL, *path = NULL, *list = NULL, *others = NULL, *text = NULL, *again = NULL;
  struct stat status;

  put ("office.conf", THEIRS);
  said = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/office.conf", 0);
  expect_words (said, (const char *const []) { "office (WireGuard, 1 server)", "line 2, PostUp, left out", "(hook)",
                                               "never runs one", NULL });
  g_assert_cmpint (access ("/run/lab/hooked", F_OK), ==, -1);
  g_assert_cmpuint (count_files (&path), ==, 1);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (status.st_uid, ==, 0);

  list = run (ADIT_WORLD_ALICE_UID, "profiles --json", 0);
  expect_words (list, (const char *const []) { "\"name\":\"office\"", "\"kind\":\"wireguard\"", NULL });
  g_assert_null (strstr (list, KEY1));
  others = run_bob ("profiles --json", 0);
  expect_words (others, (const char *const []) { "\"profiles\":[]", NULL });

  /* Root gets it as it is kept; its owner is asked, and there is nobody here to ask. */
  text = run (0, "export office", 0);
  g_assert_cmpstr (text, ==, KEPT);
  g_free (run (ADIT_WORLD_ALICE_UID, "export office", 5));
  /* A second one of the same name gets another. */
  again = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/office.conf --name office", 0);
  expect_words (again, (const char *const []) { "office 2", NULL });
  g_free (run (ADIT_WORLD_ALICE_UID, "profiles remove 'office 2'", 0));
  g_free (run (ADIT_WORLD_ALICE_UID, "profiles remove 'office 2'", 2));
  g_assert_cmpuint (count_files (&path), ==, 1);
  g_free (run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/office.conf", 0));
}

/* Another person does not see, take or remove it, not even by its id. */
static void
test_others (void)
{
  g_autofree char *path = NULL, *line = NULL, *removal = NULL, *id = NULL;

  g_assert_cmpuint (count_files (&path), ==, 2);
  id = g_path_get_basename (path);
  line = g_strconcat ("export ", id, NULL);
  removal = g_strconcat ("profiles remove ", id, NULL);
  g_free (run_bob (line, 2));    /* is not in his list */
  g_free (run_bob (removal, 2));
  g_assert_cmpuint (count_files (&path), ==, 2);
  g_free (run (ADIT_WORLD_ALICE_UID, removal, 0));
  g_assert_cmpuint (count_files (&path), ==, 1);
}

/* What stays over a restart, and what a person may not read is not read for them. */
static void
test_rights (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL, *refused = NULL;

  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  list = run (ADIT_WORLD_ALICE_UID, "profiles", 0);
  expect_words (list, (const char *const []) { "office", NULL });
  refused = run (ADIT_WORLD_ALICE_UID, "import /etc/shadow", 1);
  g_assert_null (strstr (refused, "root:"));
  g_free (run_bob ("import " FOLDER "/office.conf", 1));
}

static void
test_openvpn (void)
{
  g_autofree char *alone = NULL, *beside = NULL, *along = NULL, *text = NULL, *hostile = NULL, *path = NULL;
  guint n = count_files (&path);

  put ("job.ovpn", OVPN);
  alone = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/job.ovpn", 1);
  expect_words (alone, (const char *const []) { "job.ovpn: cannot be imported", "not beside it: ca.crt", NULL });
  g_assert_cmpuint (count_files (&path), ==, n);

  /* The certificate is taken from beside it; the file of passwords only when a person says so. */
  put ("ca.crt", ovpn_sample_get ()->ca);
  put ("login.txt", "somebody\nhidden-word\n");
  beside = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/job.ovpn", 0);
  expect_words (beside, (const char *const []) { "job (OpenVPN, 1 server)", "user name, password", "login.txt", NULL });
  along = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/job.ovpn " FOLDER "/login.txt --name mine", 0);
  g_assert_null (strstr (along, "asks for"));
  text = run (0, "export mine", 0);
  expect_words (text, (const char *const []) { "<auth-user-pass>\nsomebody\nhidden-word\n", "BEGIN CERTIFICATE", NULL });
  g_assert_null (strstr (text, "login.txt"));

  put ("bad.ovpn", OVPN "plugin /tmp/x.so\n");
  hostile = run (ADIT_WORLD_ALICE_UID, "import " FOLDER "/bad.ovpn --json", 1);
  expect_words (hostile, (const char *const []) { "\"reason\":\"plugin\"", "\"fatal\":true", "\"profiles\":[]", NULL });
}

int
main (int argc, char **argv)
{
  if (access ("/usr/lib/polkit-1/polkitd", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no polkitd\n");
      return ADIT_LAB_SKIP;
    }
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_POLKIT | ADIT_WORLD_PEOPLE);
  g_assert_cmpint (mkdir (FOLDER, 0755), ==, 0);
  g_assert_cmpint (chmod (FOLDER, 0755), ==, 0);
  g_test_add_func ("/profiles/wireguard", test_wireguard);
  g_test_add_func ("/profiles/others", test_others);
  g_test_add_func ("/profiles/rights", test_rights);
  g_test_add_func ("/profiles/openvpn", test_openvpn);
  return adit_world_end_test (world);
}
