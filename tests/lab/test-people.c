/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-people.c: SECURITY.md's "Who may do what", row by row: real bus, real polkit, while Alice's connection is there.
 * Every question is put as one that must not ask a person, so that "asks" is an answer. */
#include "config.h"
#include "tests/lab/world.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUS        "unix:path=/run/dbus/system_bus_socket"
#define NAME       "org.aditvpn.Adit1"
#define PATH       "/org/aditvpn/Adit1"
#define ERRORS     NAME ".Error."
#define DEAD_PLACE "us-nyc"    /* connecting for as long as nobody says otherwise */
#define STATE_MS   15000
#define IMPORTED   "/run/lab/home.conf"
#define A_FILE     "[Interface]\nPrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\nAddress = 10.64.0.2\n[Peer]\n" \
                   "PublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:1\n"

static AditWorld *world;

/* --- A caller: this program again ---------------------------------------------------------------------------------------- */

/* Arguments as GVariant writes them, behind the options; those of effect are such that an authorised call fails without one,
 * where there is such a thing. */
static const struct { const char *name, *method, *arguments; gboolean has_descriptor; } calls[] = {
  { "status", "GetStatus", "(%s,)", FALSE },
  { "watch", "Subscribe", "(%s,)", FALSE },
  { "accounts", "GetAccounts", "(%s,)", FALSE },
  { "account", "RefreshAccount", "('ACCOUNT', %s)", FALSE },
  { "places", "GetLocations", "('mullvad', %s)", FALSE },
  { "settings", "GetSettings", "(%s,)", FALSE },
  { "diagnostics", "GetDiagnostics", "(%s,)", FALSE },
  { "log", "GetLog", "(%s,)", FALSE },
  { "portal", "OpenPortal", "(handle 0, %s)", TRUE },
  { "close portal", "ClosePortal", "(%s,)", FALSE },
  { "networks", "GetNetworks", "(%s,)", FALSE },
  { "network narrower", "SetNetwork", "('mobile', 'unknown', 'lockdown', %s)", FALSE },
  { "network wider", "SetNetwork", "('mobile', 'unknown', 'ask', %s)", FALSE },
  { "forget network", "ForgetNetwork", "('mobile', %s)", FALSE },
  { "connect", "Connect", "({'account': <'none'>}, %s)", FALSE },
  { "reconnect", "Reconnect", "(%s,)", FALSE },
  { "disconnect", "Disconnect", "(%s,)", FALSE },
  { "keep", "Connect", "({'account': <'none'>}, {'interactive': <false>, 'keep_session': <true>, "
    "'remote': <([byte 10, 10, 0, 2], uint16 22, [byte 10, 10, 0, 3], uint16 40000)>})", FALSE },
  { "confirm", "Confirm", "(%s,)", FALSE },
  { "pause", "Pause", "(uint32 0, %s)", FALSE },
  { "resume", "Resume", "(%s,)", FALSE },
  { "lockdown on", "SetLockdown", "(true, %s)", FALSE },
  { "lockdown off", "SetLockdown", "(false, %s)", FALSE },
  { "wider", "SetSetting", "('multicast', <true>, %s)", FALSE },
  { "narrower", "SetSetting", "('multicast', <false>, %s)", FALSE },
  { "sign in", "LogIn", "('mullvad', handle 0, %s)", TRUE },
  { "sign-in's question", "GetSignInQuestion", "(%s,)", FALSE },
  { "sign-in's answer", "AnswerSignIn", "(%s,)", FALSE },
  { "new account", "CreateAccount", "('none', %s)", FALSE },
  { "voucher", "AddVoucher", "('ACCOUNT', handle 0, %s)", TRUE },
  { "devices", "GetDevices", "('ACCOUNT', %s)", FALSE },
  { "remove device", "RemoveDevice", "('ACCOUNT', '', %s)", FALSE },
  { "new key", "RotateKey", "('ACCOUNT', %s)", FALSE },
  { "sign out", "LogOut", "('ACCOUNT', %s)", FALSE },
  { "choose account", "UseAccount", "('ACCOUNT', %s)", FALSE },
  { "reveal account", "RevealAccount", "('ACCOUNT', %s)", FALSE },
  { "import", "Import", "(handle 0, %s)", TRUE },
  { "profiles", "GetProfiles", "(%s,)", FALSE },
  { "login", "SetProfileLogin", "('ACCOUNT', handle 0, %s)", TRUE },
  { "rename", "RenameProfile", "('ACCOUNT', 'work', %s)", FALSE },
  { "remove", "RemoveProfile", "('ACCOUNT', %s)", FALSE },
  { "export", "ExportProfile", "('ACCOUNT', %s)", FALSE },
  { "reports", "GetReports", "(%s,)", FALSE },
  { "report", "GetReport", "('none', %s)", FALSE },
  { "add crash", "AddCrash", "(handle 0, %s)", TRUE },
  { "add problem", "AddProblem", "('', '', %s)", FALSE },
  { "send report", "SendReport", "('none', %s)", FALSE },
  { "delete report", "DeleteReport", "('none', %s)", FALSE },
  { "report server", "GetReportServer", "(%s,)", FALSE },
  { "set report server", "SetReportServer", "('nonsense', '', %s)", FALSE },
  { "report consent", "SetReportConsent", "('nonsense', %s)", FALSE },
};

static guint
find_call (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (g_str_equal (calls[i].name, name))
      return i;
  g_error ("no call \"%s\"", name);
}

static GVariant *
make_arguments (guint call, const char *account)
{
  g_autofree char *with_options = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) parts = g_strsplit (calls[call].arguments, "%s", 2);
  g_auto (GStrv) around = NULL;
  GVariant *arguments;

  with_options = g_strconcat (parts[0], parts[1] != NULL ? "@a{sv} {'interactive': <false>}" : NULL, parts[1], NULL);
  around = g_strsplit (with_options, "ACCOUNT", 2);
  text = g_strjoinv (account, around);
  arguments = g_variant_parse (NULL, text, NULL, NULL, &error);
  if (arguments == NULL)
    g_error ("%s: %s", text, error->message);
  return arguments;
}

/* "yes" also where an authorised call then had something to complain about. */
static const char *
judge (const GError *error, const char *remote)
{
  if (error == NULL)
    return "yes";
  if (g_strcmp0 (remote, ERRORS "NotAllowed") != 0)
    return remote != NULL && g_str_has_prefix (remote, ERRORS) ? "yes" : "lost";
  return strstr (error->message, "needs a password") != NULL ? "asks" : "no";
}

static int
caller_main (guint call, const char *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autofree char *remote = NULL, *seen = NULL;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  if (bus == NULL)
    return 1;
  if (calls[call].has_descriptor)
    fds = g_unix_fd_list_new_from_array (&fd, 1);
  answer = g_dbus_connection_call_with_unix_fd_list_sync (bus, NAME, PATH, NAME, calls[call].method,
                                                          make_arguments (call, account), NULL, G_DBUS_CALL_FLAGS_NONE, 20000,
                                                          fds, NULL, NULL, &error);
  remote = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
  seen = answer != NULL ? g_variant_print (answer, FALSE) : NULL;
  printf ("%s\n%s\n", judge (error, remote), seen != NULL ? seen : error->message);
  return 0;
}

/* --- The table ----------------------------------------------------------------------------------------------------------- */

/* As SECURITY.md has its columns. */
static const struct { const char *name; AditWorldSession session; guint uid; } callers[] = {
  { "the owner at the machine", ADIT_WORLD_ALICE_SEATED, ADIT_WORLD_ALICE_UID },
  { "another user at the machine", ADIT_WORLD_BOB_SEATED, ADIT_WORLD_BOB_UID },
  { "the owner over ssh", ADIT_WORLD_ALICE_AWAY, ADIT_WORLD_ALICE_UID },
  { "another user over ssh", ADIT_WORLD_BOB_AWAY, ADIT_WORLD_BOB_UID },
  { "a service", ADIT_WORLD_NO_SESSION, ADIT_WORLD_DAEMON_UID },
  { "root", ADIT_WORLD_NO_SESSION, 0 },
};

enum { OWNER = 0, OTHER = 1, ROOT = G_N_ELEMENTS (callers) - 1 };

typedef struct { const char *call, *answers[G_N_ELEMENTS (callers)]; } Row;

static const Row rows[] = {
  { "status",       { "yes", "word", "yes",  "word", "word", "yes" } },
  { "watch",        { "yes", "word", "yes",  "word", "word", "yes" } },
  { "accounts",     { "yes", "none", "asks", "asks", "asks", "yes" } },
  { "account",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "places",       { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "settings",     { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "diagnostics",  { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "log",          { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "portal",       { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "close portal", { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "networks",     { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "network narrower", { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "network wider",    { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "forget network",   { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "connect",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "reconnect",    { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "disconnect",   { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "keep",         { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "confirm",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "pause",        { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "resume",       { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "lockdown on",  { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "lockdown off", { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "wider",        { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "narrower",     { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "sign in",      { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "sign-in's question", { "yes", "yes", "asks", "asks", "asks", "yes" } },
  { "sign-in's answer",   { "yes", "yes", "asks", "asks", "asks", "yes" } },
  { "new account",  { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "voucher",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "devices",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "remove device", { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "new key",      { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "sign out",     { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "choose account", { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "reveal account", { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "import",       { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "profiles",     { "yes", "none", "asks", "asks", "asks", "yes" } },
  { "login",        { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "remove",       { "yes", "asks", "asks", "asks", "asks", "yes" } },
  { "export",       { "asks", "asks", "asks", "asks", "asks", "yes" } },
  { "reports",      { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "report",       { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "add crash",    { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "add problem",  { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "send report",  { "yes", "yes",  "asks", "asks", "asks", "yes" } },
  { "delete report", { "yes", "yes", "asks", "asks", "asks", "yes" } },
  { "report server", { "yes", "yes", "asks", "asks", "asks", "yes" } },
  { "set report server", { "yes", "yes", "asks", "asks", "asks", "yes" } },
  { "report consent", { "yes", "yes", "asks", "asks", "asks", "yes" } },
};

/* Her connection is there before every question, whatever the last one did. */
static void
settle (void)
{
  g_autofree char *state = adit_world_get_state (world);

  if (!g_str_equal (state, "connecting"))
    {
      adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "connect " DEAD_PLACE, 0);
      g_assert_true (adit_world_wait_state (world, "connecting", STATE_MS));
    }
}

static gboolean
is_of_profile (const char *call)
{
  return g_strv_contains ((const char *const []) { "profiles", "login", "remove", "export", NULL }, call);
}

/* What a call is about: Alice's account, or a profile of hers, which is there before every question. */
static char *
get_id (const char *call)
{
  gboolean of_profile = is_of_profile (call);
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_sync (
    BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
  g_autoptr (GVariant) answer = NULL, all = NULL, first = NULL;
  const char *id = NULL;

  if (of_profile)
    adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "import " IMPORTED, 0);
  answer = g_dbus_connection_call_sync (bus, NAME, PATH, NAME, of_profile ? "GetProfiles" : "GetAccounts",
                                        g_variant_new_parsed ("(@a{sv} {},)"), NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
  all = g_variant_get_child_value (answer, 0);
  first = g_variant_get_child_value (all, 0);
  g_assert_true (g_variant_lookup (first, "id", "&s", &id));
  return g_strdup (id);
}

/* (transfer full): "yes", "asks" or "no", and what was answered */
static GStrv
dup_answer (const char *call, guint caller, const char *account)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL), *out = NULL;
  const char *const argv[] = { program, "--caller", call, account, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  GStrv lines;

  process = adit_world_spawn_in (world, callers[caller].session, callers[caller].uid, launcher, argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error))
    g_error ("%s: %s", call, error->message);
  lines = g_strsplit (out, "\n", 3);
  g_assert_cmpuint (g_strv_length (lines), >=, 2);
  return lines;
}

/* What the answer comes down to: for what is told to everybody, how much of it. */
static char *
ask (const char *call, guint caller, const char *account)
{
  g_auto (GStrv) lines = dup_answer (call, caller, account);

  if (!g_str_equal (lines[0], "yes"))
    return g_strdup (lines[0]);
  if (strstr ("status watch", call) != NULL && strstr (lines[1], "'us'") == NULL)
    {
      /* The state in a word, and whether the computer is locked. */
      g_assert_true (g_pattern_match_simple ("({'state': <'connecting'>, 'lock': <'peer'>, 'lockdown': <*>},)", lines[1]));
      return g_strdup ("word");
    }
  if (strstr ("accounts profiles", call) != NULL && strstr (lines[1], account) == NULL)
    {
      g_assert_cmpstr (lines[1], ==, "([],)");
      return g_strdup ("none");
    }
  return g_strdup (lines[0]);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *account = get_id ("accounts");    /* whoever signs out has none any more */

  for (guint i = 0; i < G_N_ELEMENTS (callers); i++)
    {
      g_autofree char *got = NULL, *profile = NULL;

      settle ();
      if (g_str_equal (row->call, "network wider"))
        adit_world_expect (world, 0, NULL, "networks set mobile lockdown", 0);
      profile = is_of_profile (row->call) ? get_id (row->call) : NULL;
      got = ask (row->call, i, profile != NULL ? profile : account);
      if (!g_str_equal (got, row->answers[i]))
        {
          g_test_message ("%s, %s: \"%s\", not \"%s\"", row->call, callers[i].name, got, row->answers[i]);
          g_test_fail ();
        }
      if (i > 0 && i < G_N_ELEMENTS (callers) - 1)    /* who may not has changed nothing either */
        {
          g_autofree char *state = adit_world_get_state (world);

          g_assert_cmpstr (state, ==, "connecting");
        }
    }
}

static char *
dup_log (guint caller)
{
  g_auto (GStrv) lines = dup_answer ("log", caller, "");

  g_assert_cmpstr (lines[0], ==, "yes");
  return g_strdup (lines[1]);
}

/* While nobody is connected anybody at the machine may ask, and is told nothing of what somebody else's connection was; the owner
 * is told that, and nothing that may be about others' accounts. */
static void
test_log_lines (void)
{
  g_autofree char *alice = NULL, *bob = NULL, *root = NULL, *shared = NULL;

  settle ();
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "pause 5", 0);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, NULL, "disconnect", 0);
  alice = dup_log (OWNER);
  bob = dup_log (OTHER);
  root = dup_log (ROOT);
  g_assert_nonnull (strstr (alice, "'session', 'connecting, lock peer'"));
  g_assert_nonnull (strstr (alice, "'service', 'paused for 300 s'"));
  g_assert_nonnull (strstr (root, "'session', 'connecting, lock peer'"));
  g_assert_cmpstr (bob, ==, "([],)");

  adit_world_expect (world, ADIT_WORLD_BOB_UID, NULL, "import " IMPORTED, 5);    /* he may only at his seat */
  {
    const char *const argv[] = { g_getenv ("ADIT_PROGRAM"), "import", IMPORTED, NULL };
    g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocess) process = adit_world_spawn_in (world, callers[OTHER].session, callers[OTHER].uid, launcher, argv,
                                                           &error);

    g_assert_no_error (error);
    g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  }
  shared = dup_log (OWNER);
  g_assert_nonnull (strstr (shared, "'session', 'connecting, lock peer'"));
  g_assert_null (strstr (shared, "'service'"));
}

/* Every method of the interface is in the table. */
static void
test_whole (void)
{
  const char *const argv[] = { "gdbus", "introspect", "--address", BUS, "--dest", NAME, "--object-path", PATH, "--xml", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, 5000, argv, NULL);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (result->out, NULL);
  GDBusInterfaceInfo *interface = g_dbus_node_info_lookup_interface (node, NAME);

  for (guint i = 0; interface->methods[i] != NULL; i++)
    {
      gboolean known = g_str_equal (interface->methods[i]->name, "Unsubscribe");    /* of oneself */

      for (guint j = 0; j < G_N_ELEMENTS (calls); j++)
        known = known || g_str_equal (calls[j].method, interface->methods[i]->name);
      if (!known)
        g_error ("%s is not in the table", interface->methods[i]->name);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int failed;

  if (argc == 4 && strcmp (argv[1], "--caller") == 0)
    return caller_main (find_call (argv[2]), argv[3]);
  if (access ("/usr/lib/polkit-1/polkitd", X_OK) != 0)
    {
      g_printerr ("SKIP: there is no polkitd\n");
      return ADIT_LAB_SKIP;
    }
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = adit_world_new (ADIT_WORLD_POLKIT | ADIT_WORLD_PEOPLE, &error);
  if (world == NULL)
    g_error ("%s", error->message);
  adit_world_expect_helper (world);
  adit_world_expect (world, ADIT_WORLD_ALICE_UID, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  g_assert_true (g_file_set_contents (IMPORTED, A_FILE, -1, NULL));
  g_test_add_func ("/people/whole", test_whole);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/people/", rows[i].call, NULL);

      g_strdelimit (path, " ", '-');
      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/people/log-lines", test_log_lines);
  failed = g_test_run ();
  adit_world_free (world);
  return failed;
}
