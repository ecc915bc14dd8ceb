/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-helper.c: rows of the catalogue about people on the bus: who calls what he may not, calls too often, listens without
 * reading, or wants to be the helper himself. */
#include "config.h"
#include "tests/lab/attack.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME        "org.aditvpn.Adit1"
#define OBJECT      "/org/aditvpn/Adit1"
#define BUS         "unix:path=/run/dbus/system_bus_socket"
#define METHODS_MS  120000
#define RATE        10000         /* calls a second */
#define FLOOD_S     5
#define ANSWER_MS   1000          /* in which everybody else is answered meanwhile */
#define GROWTH_KIB  (16 * 1024)   /* more than a helper needs for all that may wait at once */
#define N_DEAF      8
#define N_CHANGES   100

static AditLabResult *
run_caller (guint uid, const char *word, const char *first, const char *second)
{
  const char *const argv[] = { g_getenv ("ADIT_BUS_CALLER"), word, first, second, NULL };
  g_autoptr (GError) error = NULL;
  AditLabResult *result = adit_lab_run ("client", uid, METHODS_MS, argv, &error);

  g_assert_no_error (error);
  return result;
}

static char *
dup_account_id (AditAttack *attack)
{
  g_autoptr (AditLabResult) result = adit_world_adit (adit_attack_get_world (attack), 0, NULL, "account --json");
  const char *id = strstr (result->out, "\"id\":\"");

  g_assert_nonnull (id);
  return g_strndup (id + strlen ("\"id\":\""), 36);
}

/* --- P13: every method ------------------------------------------------------------------------------------------------------ */

/* Open to everybody, and what they say to a stranger. */
static gboolean
is_open (const char *method)
{
  return g_str_equal (method, NAME ".GetStatus") || g_str_equal (method, NAME ".Subscribe") ||
         g_str_equal (method, NAME ".Unsubscribe");
}

static gboolean
tells_too_much (const char *answer)
{
  static const char *const keys[] = { "country", "country_name", "city", "city_name", "server", "account", "dns_servers", "since",
                                      "exit_address", "reason", "detail", "tunnel" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *key = g_strdup_printf ("'%s': <", keys[i]);
      const char *value = strstr (answer, key);

      value = value != NULL ? value + strlen (key) : NULL;
      if (value != NULL && !g_str_has_prefix (value, "''>") && !g_str_has_prefix (value, "@as []>") &&
          !g_str_has_prefix (value, "int64 0>"))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_refusal (const char *answer)
{
  return g_str_has_prefix (answer, NAME ".Error.") || g_str_has_prefix (answer, "org.freedesktop.DBus.Error.AccessDenied") ||
         g_str_has_prefix (answer, "org.freedesktop.DBus.Error.InvalidArgs") ||
         g_str_has_prefix (answer, "org.freedesktop.DBus.Error.UnknownMethod") ||
         g_str_has_prefix (answer, "org.freedesktop.DBus.Error.UnknownInterface");
}

/* Each line: NAME FORM ANSWER. */
static void
expect_all_refused (AditAttack *attack, const char *said, const char *state)
{
  g_auto (GStrv) lines = g_strsplit (said, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);
      gboolean refused = is_refusal (words[2]);

      if (is_open (words[0]) && g_str_equal (words[2], "ok"))
        refused = !tells_too_much (words[3]);
      adit_attack_expect_refused (attack, refused, "while %s: %s", state, lines[i]);
    }
}

static guint
count_obeyed (const char *said)
{
  g_auto (GStrv) lines = g_strsplit (said, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);

      n += g_str_equal (words[2], "ok") && !is_open (words[0]);
    }
  return n;
}

static void
row_p13 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *account = dup_account_id (attack);
  g_autoptr (AditLabResult) own = NULL;

  for (guint connected = 0; connected < 2; connected++)
    {
      g_autofree char *before = NULL, *after = NULL;
      g_autoptr (AditLabResult) result = NULL;

      adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, connected ? "connect --wait" : "disconnect", 0);
      g_usleep (G_USEC_PER_SEC);    /* the list of places and the exit's address have come */
      before = adit_attack_dup_picture (attack);
      result = run_caller (ADIT_WORLD_BOB_UID, "methods", account, NULL);
      g_assert_cmpint (result->status, ==, 0);
      expect_all_refused (attack, result->out, connected ? "connected" : "disconnected");
      after = adit_attack_dup_picture (attack);
      g_assert_cmpstr (after, ==, before);
    }
  /* She may: the same calls from her seat do what they say. */
  own = adit_world_run (world, ADIT_WORLD_ALICE_UID,
                        (const char *const[]) { g_getenv ("ADIT_BUS_CALLER"), "methods", account, NULL });
  g_assert_cmpuint (count_obeyed (own->out), >, 0);
  for (guint n = count_obeyed (own->out); n > 0; n--)
    adit_attack_expect_obeyed (attack, TRUE, "counted");
  adit_attack_rest (attack);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
}

/* --- P12: too many calls, and nobody who reads ------------------------------------------------------------------------------ */

static GDBusConnection *
open_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static gboolean
answers (GDBusConnection *bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, NAME, OBJECT, NAME, "GetStatus",
                                                             g_variant_new_parsed ("(@a{sv} {},)"), NULL, G_DBUS_CALL_FLAGS_NONE,
                                                             ANSWER_MS, NULL, &error);

  return answer != NULL;
}

static gboolean
is_running (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid), *stat = NULL;

  return g_file_get_contents (path, &stat, NULL, NULL) && strstr (stat, ") Z ") == NULL;
}

static void
expect_bounded (AditAttack *attack, int helper, gsize before_kib, const char *what)
{
  gsize now_kib = adit_attack_read_memory (helper);

  adit_attack_expect_refused (attack, now_kib < before_kib + GROWTH_KIB, "%s: the helper grew from %" G_GSIZE_FORMAT " to %"
                              G_GSIZE_FORMAT " KiB", what, before_kib, now_kib);
}

static void
try_flood (AditAttack *attack, GDBusConnection *bus, int helper, gsize before_kib)
{
  const char *const argv[] = { g_getenv ("ADIT_BUS_CALLER"), "flood", G_STRINGIFY (RATE), G_STRINGIFY (FLOOD_S), NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;
  guint n_asked = 0, n_sent = 0, took_ms = 0;
  int out_fd;
  char said[64] = "";

  pid = adit_lab_spawn_logged ("client", ADIT_WORLD_BOB_UID, argv, "/run/lab/flood", &out_fd, &error);
  g_assert_no_error (error);
  while (is_running (pid))
    {
      n_asked++;
      adit_attack_expect_refused (attack, answers (bus), "a flood keeps others waiting (call %u)", n_asked);
      expect_bounded (attack, helper, before_kib, "flood");
      g_usleep (20000);
    }
  g_assert_cmpint (read (out_fd, said, sizeof said - 1), >, 0);
  close (out_fd);
  adit_lab_end (pid);
  g_assert_cmpint (sscanf (said, "%u %u", &n_sent, &took_ms), ==, 2);
  adit_attack_count (attack, n_sent);
  g_test_message ("%u calls in %u ms, and %u of somebody else's", n_sent, took_ms, n_asked);
  g_assert_cmpuint (n_sent, >, RATE * FLOOD_S / 2);
}

static void
try_deaf (AditAttack *attack, int helper, gsize before_kib)
{
  const char *const argv[] = { g_getenv ("ADIT_BUS_CALLER"), "deaf", "600", NULL };
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GError) error = NULL;
  GPid pids[N_DEAF];

  for (guint i = 0; i < N_DEAF; i++)
    {
      pids[i] = adit_lab_spawn_logged ("client", ADIT_WORLD_BOB_UID, argv, "/run/lab/flood", NULL, &error);
      g_assert_no_error (error);
    }
  g_usleep (500000);
  for (guint i = 0; i < N_CHANGES; i++)
    adit_world_expect (world, 0, NULL, i % 2 == 0 ? "lockdown on" : "lockdown off", 0);
  adit_attack_count (attack, N_DEAF * N_CHANGES);
  expect_bounded (attack, helper, before_kib, "deaf listeners");
  for (guint i = 0; i < N_DEAF; i++)
    adit_lab_end (pids[i]);
}

static void
row_p12 (AditAttack *attack)
{
  g_autoptr (GDBusConnection) bus = open_bus ();
  int helper = adit_attack_find_helper ();
  gsize before_kib, own_kib = adit_attack_read_memory (getpid ());
  guint n_descriptors;
  char *much;

  for (guint i = 0; i < 100; i++)    /* what it needs for any call at all, it has then */
    g_assert_true (answers (bus));
  before_kib = adit_attack_read_memory (helper);
  n_descriptors = adit_attack_count_descriptors (helper);
  try_flood (attack, bus, helper, before_kib);
  try_deaf (attack, helper, before_kib);
  g_usleep (G_USEC_PER_SEC);
  g_assert_cmpuint (adit_attack_count_descriptors (helper), <=, n_descriptors + 4);
  g_assert_cmpint (adit_attack_find_helper (), ==, helper);

  /* A helper that does not answer, and one that grows, would be seen. */
  kill (helper, SIGSTOP);
  adit_attack_expect_obeyed (attack, !answers (bus), "a helper that stands still answers");
  kill (helper, SIGCONT);
  much = mmap (NULL, GROWTH_KIB * 1024L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  g_assert_true (much != MAP_FAILED);
  adit_attack_expect_obeyed (attack, adit_attack_read_memory (getpid ()) >= own_kib + GROWTH_KIB, "memory that was taken");
  munmap (much, GROWTH_KIB * 1024L);
}

/* --- The name of the helper ------------------------------------------------------------------------------------------------- */

#define FALSE_BUS  "/run/lab/false-bus"
#define TOLD       "/run/lab/told"

static const char false_bus_configuration[] =
  "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
  "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
  "<busconfig><type>system</type><listen>unix:path=" FALSE_BUS "</listen><auth>EXTERNAL</auth><policy context=\"default\">"
  "<allow user=\"*\"/><allow own=\"*\"/><allow send_destination=\"*\"/><allow receive_sender=\"*\"/></policy></busconfig>\n";

static void
try_own (AditAttack *attack, gboolean running)
{
  guint uids[] = { ADIT_WORLD_BOB_UID, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    {
      g_autoptr (AditLabResult) result = run_caller (uids[i], "own", NULL, NULL);
      g_auto (GStrv) lines = g_strsplit (result->out, "\n", -1);

      g_assert_cmpuint (g_strv_length (lines), ==, 9);
      for (guint form = 0; form < 8; form++)
        {
          gboolean has_it = strstr (lines[form], " ok (1,)") != NULL || strstr (lines[form], " ok (4,)") != NULL;

          /* Root may have it, and has it only where no helper does. */
          if (uids[i] == 0 && !running)
            adit_attack_expect_obeyed (attack, has_it, "root, without a helper: %s", lines[form]);
          else if (uids[i] == 0)
            adit_attack_expect_refused (attack, !has_it, "beside a helper: %s", lines[form]);
          else
            adit_attack_expect_refused (attack, strstr (lines[form], "AccessDenied") != NULL, "%s", lines[form]);
        }
    }
}

static AditLabResult *
log_in_there (AditAttack *attack, const char *line)
{
  const char *const env[] = { "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" FALSE_BUS, NULL };

  return adit_world_adit_with (adit_attack_get_world (attack), ADIT_WORLD_ALICE_UID, env, ADIT_WORLD_ACCOUNT "\n", line);
}

static char *
try_false_helper (guint uid, AditAttack *attack, AditLabResult **result)
{
  const char *const argv[] = { "env", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" FALSE_BUS, g_getenv ("ADIT_BUS_CALLER"),
                               "false-helper", TOLD, NULL };
  g_autoptr (GError) error = NULL;
  char *told = NULL;
  GPid pid;

  g_assert_true (g_file_set_contents (TOLD, "", 0, NULL));
  g_assert_cmpint (chmod (TOLD, 0666), ==, 0);
  pid = adit_lab_spawn_logged ("client", uid, argv, "/run/lab/flood", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 500 && (told == NULL || told[0] == '\0'); i++)
    {
      g_clear_pointer (&told, g_free);
      g_usleep (10000);
      g_assert_true (g_file_get_contents (TOLD, &told, NULL, NULL));
    }
  g_clear_pointer (&told, g_free);
  *result = log_in_there (attack, "login mullvad --json");
  adit_lab_end (pid);
  g_assert_true (g_file_get_contents (TOLD, &told, NULL, NULL));
  return told;
}

static void
row_p13_name (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  const char *const bus[] = { "/usr/bin/dbus-daemon", "--config-file=/run/lab/false-bus.conf", "--nofork", "--nopidfile", NULL };
  g_autoptr (AditLabResult) refused = NULL, taken = NULL;
  g_autofree char *told = NULL, *root_told = NULL;
  g_autoptr (GError) error = NULL;

  try_own (attack, TRUE);
  adit_world_kill_helper (world);
  try_own (attack, FALSE);
  adit_world_expect_helper (world);

  /* Where the bus itself is lenient, a client still hands its secret to nobody but root. */
  g_assert_true (g_file_set_contents ("/run/lab/false-bus.conf", false_bus_configuration, -1, NULL));
  g_assert_cmpint (adit_lab_spawn_logged (NULL, 0, bus, "/run/lab/flood", NULL, &error), >, 0);
  for (guint i = 0; i < 500 && access (FALSE_BUS, F_OK) != 0; i++)
    g_usleep (10000);
  told = try_false_helper (ADIT_WORLD_BOB_UID, attack, &refused);
  adit_attack_expect_refused (attack, refused->status == 13 && strstr (refused->out, "\"FalseHelper\"") != NULL &&
                              strstr (told, ADIT_WORLD_ACCOUNT) == NULL && strstr (told, "LogIn") == NULL,
                              "exit %d, %s; it was told: %s", refused->status, refused->out, told);
  root_told = try_false_helper (0, attack, &taken);
  adit_attack_expect_obeyed (attack, taken->status == 0 && strstr (root_told, ADIT_WORLD_ACCOUNT) != NULL,
                             "exit %d, %s; it was told: %s", taken->status, taken->out, root_told);
}

static const AditAttackRow rows[] = {
  { "P12", "10,000 calls a second, and listeners that never read", row_p12 },
  { "P13", "every method of the helper, called by somebody without a seat", row_p13 },
  { "P13-name", "somebody else wants the helper's name", row_p13_name },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_POLKIT, rows, G_N_ELEMENTS (rows));
}
