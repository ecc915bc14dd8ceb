/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-cli.c: the real program against a service of the test's own on a private bus: words, JSON, exit codes. */
#include "client/api/errors.h"
#include "client/api/names.h"
#include "client/api/org.aditvpn.Adit1.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/model/server-list-writer.h"

typedef struct
{
  GTestDBus       *daemon;
  GDBusConnection *bus;
  AditDBusAdit1   *skeleton;
  guint            name;
  gboolean         owned;
  AditError        fail_with;       /* 0: answer */
  const char      *after_connect;   /* the state that follows a connect */
  const char      *error_after_connect;
  gboolean         hostile;         /* answers with what a terminal would obey */
  char             credential[128];
  char             place[128];
  char             options[512];    /* of the last connect, as GVariant prints them */
  const char      *ssh;             /* (nullable): SSH_CONNECTION */
  char             setting[128];
  char             out[16384], err[16384];
  int              exit_code;
} Fixture;

/* --- The service --------------------------------------------------------------------------------------------------------- */

#define HOSTILE "\x1b]0;x\a\x1b[2J\xc2\x9b" "31m\xe2\x80\xae\x7f\nConnected\r"

static GVariant *
hostile_status (void)
{
  static const char *const keys[] = { "detail", "country", "country_name", "city", "city_name", "server", "exit_address",
                                      "entry_country", "entry_country_name", "entry_city", "entry_city_name", "entry_server",
                                      "tunnel", "lock", "dns_backend" };
  const char *const servers[] = { HOSTILE, NULL };
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "state", g_variant_new_string ("blocked"));
  g_variant_builder_add (&dict, "{sv}", "reason", g_variant_new_string ("account-expired"));
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_variant_builder_add (&dict, "{sv}", keys[i], g_variant_new_string (HOSTILE));
  g_variant_builder_add (&dict, "{sv}", "dns_servers", g_variant_new_strv (servers, -1));
  return g_variant_builder_end (&dict);
}

static GVariant *
status (const char *state, const char *error)
{
  GVariantBuilder dict;
  const char *const servers[] = { "10.64.0.1", NULL };

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "state", g_variant_new_string (state));
  g_variant_builder_add (&dict, "{sv}", "reason", g_variant_new_string (error[0] != '\0' ? "account-expired" : ""));
  g_variant_builder_add (&dict, "{sv}", "error", g_variant_new_string (error));
  g_variant_builder_add (&dict, "{sv}", "detail", g_variant_new_string (error[0] != '\0' ? "on purpose" : ""));
  g_variant_builder_add (&dict, "{sv}", "country", g_variant_new_string ("se"));
  g_variant_builder_add (&dict, "{sv}", "country_name", g_variant_new_string ("Sweden"));
  g_variant_builder_add (&dict, "{sv}", "city", g_variant_new_string ("got"));
  g_variant_builder_add (&dict, "{sv}", "city_name", g_variant_new_string ("Gothenburg"));
  g_variant_builder_add (&dict, "{sv}", "server", g_variant_new_string ("se-got-wg-001"));
  g_variant_builder_add (&dict, "{sv}", "entry_country", g_variant_new_string ("nl"));
  g_variant_builder_add (&dict, "{sv}", "entry_country_name", g_variant_new_string ("Netherlands"));
  g_variant_builder_add (&dict, "{sv}", "entry_city_name", g_variant_new_string ("Amsterdam"));
  g_variant_builder_add (&dict, "{sv}", "entry_server", g_variant_new_string ("nl-ams-wg-001"));
  g_variant_builder_add (&dict, "{sv}", "since", g_variant_new_int64 (g_str_equal (state, "connected") ? 1767225600 : 0));
  g_variant_builder_add (&dict, "{sv}", "tunnel", g_variant_new_string ("wireguard-userspace"));
  g_variant_builder_add (&dict, "{sv}", "lock", g_variant_new_string ("tunnel"));
  g_variant_builder_add (&dict, "{sv}", "lockdown", g_variant_new_boolean (FALSE));
  g_variant_builder_add (&dict, "{sv}", "dns_backend", g_variant_new_string ("file"));
  g_variant_builder_add (&dict, "{sv}", "dns_servers", g_variant_new_strv (servers, -1));
  return g_variant_builder_end (&dict);
}

static gboolean
fails (Fixture *f, GDBusMethodInvocation *invocation)
{
  if (f->fail_with == 0)
    return FALSE;
  g_dbus_method_invocation_return_error (invocation, ADIT_ERROR, (gint) f->fail_with, "on purpose");
  return TRUE;
}

static gboolean
on_log_in (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, const char *service,
           GVariant *credential, GVariant *options, Fixture *f)
{
  int fd = g_unix_fd_list_get (fds, g_variant_get_handle (credential), NULL);

  memset (f->credential, 0, sizeof f->credential);
  g_assert_cmpint (pread (fd, f->credential, sizeof f->credential - 1, 0), >, 0);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & F_SEAL_WRITE, !=, 0);
  close (fd);
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_log_in (skeleton, invocation, NULL, "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11");
  return TRUE;
}

static gboolean
on_log_out (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *account, GVariant *options, Fixture *f)
{
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_log_out (skeleton, invocation);
  return TRUE;
}

static gboolean
on_get_accounts (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  g_autoptr (GVariant) rows = g_variant_ref_sink (g_variant_new_parsed (
    "[{'id': <'x'>, 'service': <'mullvad'>, 'service_name': <'Mullvad'>, 'device_name': <'happy seagull'>, 'current': <true>,"
    " 'expires_at': <int64 4102444800>, 'checked_at': <int64 1767225600>}]"));

  if (!fails (f, invocation))
    adit_dbus_adit1_complete_get_accounts (skeleton, invocation, rows);
  return TRUE;
}

static void
add_server (AditServerListWriter *writer, const char *country, const char *country_name, const char *city, const char *city_name,
            const char *name)
{
  AditLocation location = { 0 };
  AditServerListServer server = { .name = name, .provider = "", .in_country = TRUE, .weight = 1, .key = { 1 } };

  g_assert_true (adit_place_set (&location.place, country, city, name));
  g_strlcpy (location.country_name, country_name, sizeof location.country_name);
  g_strlcpy (location.city_name, city_name, sizeof location.city_name);
  g_assert_true (adit_address_parse ("198.51.100.10", &server.ipv4));
  g_assert_true (adit_server_list_writer_add (writer, &location, 0, 0, &server));
}

static gboolean
on_get_locations (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *in, const char *service,
                  GVariant *options, Fixture *f)
{
  AditServerListHead head = { .service = "mullvad", .fetched_at_s = 1, .n_dns = 2, .mtu_bytes = 1380, .n_ports = 1,
                              .ports = { { 51820, 51820 } } };
  g_autoptr (AditServerListWriter) writer = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int fd;

  if (fails (f, invocation))
    return TRUE;
  g_assert_true (adit_address_parse ("10.64.0.1", &head.dns[0]));
  g_assert_true (adit_address_parse ("fc00::1", &head.dns[1]));
  writer = adit_server_list_writer_new (&head);
  add_server (writer, "se", "Sweden", "got", "Göteborg", "se-got-wg-001");
  add_server (writer, "se", "Sweden", "sto", "Stockholm", "se-sto-wg-001");
  add_server (writer, "us", "USA", "lon", "London", "us-lon-wg-001");
  add_server (writer, "gb", "UK", "lon", "London", "gb-lon-wg-001");
  bytes = adit_server_list_writer_finish (g_steal_pointer (&writer));
  fd = memfd_create ("list", MFD_CLOEXEC);
  g_assert_cmpint (write (fd, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)), ==, (gssize) g_bytes_get_size (bytes));
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  adit_dbus_adit1_complete_get_locations (skeleton, invocation, fds, g_variant_new_handle (0));
  return TRUE;
}

static void
tell (Fixture *f, const char *state, const char *error)
{
  g_dbus_connection_emit_signal (f->bus, NULL, ADIT_DBUS_PATH, ADIT_DBUS_INTERFACE, "StatusChanged",
                                 g_variant_new ("(@a{sv})", status (state, error)), NULL);
}

static gboolean
on_connect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *place, GVariant *options, Fixture *f)
{
  const char *country = "", *city = "", *server = "";

  if (fails (f, invocation))
    return TRUE;
  {
    g_autofree char *text = g_variant_print (options, FALSE);

    g_strlcpy (f->options, text, sizeof f->options);
  }
  g_variant_lookup (place, "country", "&s", &country);
  g_variant_lookup (place, "city", "&s", &city);
  g_variant_lookup (place, "server", "&s", &server);
  g_snprintf (f->place, sizeof f->place, "%s/%s/%s", country, city, server);
  tell (f, "connecting", "");
  adit_dbus_adit1_complete_connect (skeleton, invocation);
  if (f->after_connect != NULL)
    tell (f, f->after_connect, f->error_after_connect);
  return TRUE;
}

static gboolean
on_reconnect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_reconnect (skeleton, invocation);
  return TRUE;
}

static gboolean
on_disconnect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_disconnect (skeleton, invocation);
  return TRUE;
}

static gboolean
on_set_lockdown (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, gboolean on, GVariant *options, Fixture *f)
{
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_set_lockdown (skeleton, invocation);
  return TRUE;
}

static gboolean
on_get_settings (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  g_autoptr (GVariant) settings = g_variant_ref_sink (g_variant_new_parsed (
    "{'lockdown': <false>, 'lan': <['192.168.1.0/24', 'fd00::/8']>, 'multicast': <true>, 'guests': <@as []>,"
    " 'dns': <['service']>}"));

  if (!fails (f, invocation))
    adit_dbus_adit1_complete_get_settings (skeleton, invocation, settings);
  return TRUE;
}

static gboolean
on_set_setting (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *name, GVariant *value, GVariant *options,
                Fixture *f)
{
  g_autofree char *text = g_variant_print (value, FALSE);

  if (fails (f, invocation))
    return TRUE;
  g_snprintf (f->setting, sizeof f->setting, "%s %s", name, text);
  adit_dbus_adit1_complete_set_setting (skeleton, invocation);
  return TRUE;
}

static gboolean
on_get_status (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  if (!fails (f, invocation))
    adit_dbus_adit1_complete_get_status (skeleton, invocation, f->hostile ? hostile_status () : status ("connected", ""));
  return TRUE;
}

static gboolean
on_subscribe (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  /* Connected to somewhere else before the wish: the program must not take that for its answer. */
  adit_dbus_adit1_complete_subscribe (skeleton, invocation, status ("connected", ""));
  return TRUE;
}

/* Two lines, one more for whoever knows these, and then nobody may any more. */
static gboolean
on_get_log (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, Fixture *f)
{
  guint64 after = 0;

  g_variant_lookup (options, "after", "t", &after);
  if (after == 3)
    f->fail_with = ADIT_ERROR_NOT_ALLOWED;
  if (fails (f, invocation))
    return TRUE;
  adit_dbus_adit1_complete_get_log (skeleton, invocation, after == 2
    ? g_variant_new_parsed ("[(uint64 3, int64 1780000003000000, 'warning', 'lock', 'not whole')]")
    : g_variant_new_parsed ("[(uint64 1, int64 1780000000000000, 'notice', 'service', 'paused for 300 s'), "
                            "(uint64 2, int64 1780000002000000, 'info', 'session', 'connected\\n\\u001b[2J')]"));
  return TRUE;
}

/* --- Fixture ------------------------------------------------------------------------------------------------------------- */

static void
on_owned (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ((Fixture *) user_data)->owned = TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;

  adit_errors_register ();
  f->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->daemon);
  f->bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (f->daemon),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  f->skeleton = adit_dbus_adit1_skeleton_new ();
  g_signal_connect (f->skeleton, "handle-log-in", G_CALLBACK (on_log_in), f);
  g_signal_connect (f->skeleton, "handle-log-out", G_CALLBACK (on_log_out), f);
  g_signal_connect (f->skeleton, "handle-get-accounts", G_CALLBACK (on_get_accounts), f);
  g_signal_connect (f->skeleton, "handle-get-locations", G_CALLBACK (on_get_locations), f);
  g_signal_connect (f->skeleton, "handle-connect", G_CALLBACK (on_connect), f);
  g_signal_connect (f->skeleton, "handle-reconnect", G_CALLBACK (on_reconnect), f);
  g_signal_connect (f->skeleton, "handle-disconnect", G_CALLBACK (on_disconnect), f);
  g_signal_connect (f->skeleton, "handle-set-lockdown", G_CALLBACK (on_set_lockdown), f);
  g_signal_connect (f->skeleton, "handle-get-settings", G_CALLBACK (on_get_settings), f);
  g_signal_connect (f->skeleton, "handle-set-setting", G_CALLBACK (on_set_setting), f);
  g_signal_connect (f->skeleton, "handle-get-log", G_CALLBACK (on_get_log), f);
  g_signal_connect (f->skeleton, "handle-get-status", G_CALLBACK (on_get_status), f);
  g_signal_connect (f->skeleton, "handle-subscribe", G_CALLBACK (on_subscribe), f);
  g_assert_true (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (f->skeleton), f->bus, ADIT_DBUS_PATH, &error));
  f->name = g_bus_own_name_on_connection (f->bus, ADIT_DBUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, on_owned, NULL, f, NULL);
  while (!f->owned)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->name != 0)
    g_bus_unown_name (f->name);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (f->skeleton));
  g_clear_object (&f->skeleton);
  g_dbus_connection_close_sync (f->bus, NULL, NULL);
  g_clear_object (&f->bus);
  g_test_dbus_down (f->daemon);
  g_clear_object (&f->daemon);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* A file, not a pipe: a program that ends without reading would break the pipe under whoever is still writing. */
static int
make_input (const char *text)
{
  int fd = memfd_create ("input", MFD_CLOEXEC);

  g_assert_cmpint (pwrite (fd, text, strlen (text), 0), ==, (gssize) strlen (text));
  return fd;
}

/* Runs "adit LINE" with @input on its standard input. */
static void
run (Fixture *f, const char *line, const char *input)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *command = g_strdup_printf ("%s %s", g_getenv ("ADIT_PROGRAM"), line);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *out = NULL, *err = NULL;
  GError *error = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_subprocess_launcher_setenv (launcher, "DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (f->daemon), TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "SSH_CONNECTION");    /* of whoever runs the tests */
  if (f->ssh != NULL)
    g_subprocess_launcher_setenv (launcher, "SSH_CONNECTION", f->ssh, TRUE);
  g_subprocess_launcher_take_stdin_fd (launcher, make_input (input));
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_communicate_utf8_finish (process, result, &out, &err, &error));
  g_strlcpy (f->out, out, sizeof f->out);
  g_strlcpy (f->err, err, sizeof f->err);
  g_assert_true (g_subprocess_get_if_exited (process));
  f->exit_code = g_subprocess_get_exit_status (process);
}

static json_t *
parse_line (Fixture *f)
{
  json_t *object;

  g_assert_nonnull (strchr (f->out, '\n'));
  g_assert_true (strchr (f->out, '\n') == f->out + strlen (f->out) - 1);    /* one object, one line */
  object = json_loads (f->out, JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull (object);
  g_assert_cmpint (json_integer_value (json_object_get (object, "version")), ==, 1);
  return object;
}

/* --- Tests --------------------------------------------------------------------------------------------------------------- */

static void
test_usage (Fixture *f, gconstpointer data)
{
  static const struct { const char *line; int exit_code; } lines[] = {
    { "", 2 }, { "--help", 0 }, { "--version", 0 }, { "nonsense", 2 }, { "login", 2 }, { "login a b", 2 }, { "status x", 2 },
    { "lockdown", 2 }, { "lockdown perhaps", 2 }, { "connect --nonsense", 2 }, { "status --wait", 2 },
    { "connect --wait --timeout 0", 2 }, { "settings get", 2 }, { "settings set lan", 2 }, { "settings put lan off", 2 },
    { "dns --search x", 2 }, { "settings list more", 2 },
    { "connect --help", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      run (f, lines[i].line, "");
      if (f->exit_code != lines[i].exit_code)
        g_error ("adit %s: exit %d, not %d", lines[i].line, f->exit_code, lines[i].exit_code);
    }
}

/* What the usage names is explained below it, except what is written large, which is what a person puts there. */
static void
expect_words (Fixture *f, const char *name)
{
  g_autofree char *line = g_strdup_printf ("%s --help", name), *head = g_strdup_printf ("  adit %s [", name);
  g_auto (GStrv) typed = NULL;
  const char *usage, *end, *words;

  run (f, line, "");
  g_assert_cmpint (f->exit_code, ==, 0);
  usage = strstr (f->out, head);
  g_assert_nonnull (usage);
  usage = strchr (usage, ']') + 1;
  end = strchr (usage, '\n');
  words = strstr (f->out, "Words:\n");
  {
    g_autofree char *all = g_strndup (usage, (gsize) (end - usage));

    typed = g_strsplit_set (all, "[]| .-", -1);
  }
  for (guint i = 0; typed[i] != NULL; i++)
    if (g_ascii_islower (typed[i][0]) && (words == NULL || strstr (words, typed[i]) == NULL))
      g_error ("adit %s --help does not say what \"%s\" is", name, typed[i]);
}

static void
test_help (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  run (f, "--help", "");
  lines = g_strsplit (f->out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "  ") && g_ascii_islower (lines[i][2]))
      {
        g_autofree char *name = g_strndup (lines[i] + 2, strcspn (lines[i] + 2, " "));

        expect_words (f, name);
        n++;
      }
  g_assert_cmpuint (n, >=, 24);
}

static void
test_log (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  json_t *object;

  run (f, "diagnose --log", "");
  g_assert_cmpint (f->exit_code, ==, 0);
  lines = g_strsplit (f->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_suffix (lines[0], "  notice   service: paused for 300 s"));
  g_assert_true (g_str_has_suffix (lines[1], "  info     session: connected??[2J"));
  run (f, "diagnose --log --json", "");
  *strchr (f->out, '\n') = '\0';
  object = json_loads (f->out, 0, NULL);
  g_assert_cmpint (json_integer_value (json_object_get (object, "version")), ==, 1);
  g_assert_cmpstr (json_string_value (json_object_get (object, "time")), ==, "2026-05-28T20:26:40Z");
  g_assert_cmpstr (json_string_value (json_object_get (object, "level")), ==, "notice");
  g_assert_cmpstr (json_string_value (json_object_get (object, "topic")), ==, "service");
  g_assert_cmpstr (json_string_value (json_object_get (object, "message")), ==, "paused for 300 s");
  json_decref (object);

  /* Followed until it is told no more; what is known is not asked for again. */
  run (f, "watch --log", "");
  g_assert_cmpint (f->exit_code, ==, 5);
  g_strfreev (lines);
  lines = g_strsplit (f->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_suffix (lines[2], "  warning  lock: not whole"));
}

static void
test_status (Fixture *f, gconstpointer data)
{
  json_t *object;

  run (f, "status", "");
  g_assert_cmpint (f->exit_code, ==, 0);
  g_assert_nonnull (strstr (f->out, "Connected"));
  g_assert_nonnull (strstr (f->out, "Gothenburg, Sweden (se-got-wg-001)"));
  g_assert_nonnull (strstr (f->out, "Entry:     Amsterdam, Netherlands (nl-ams-wg-001)"));
  g_assert_null (strchr (f->out, '\x1b'));

  run (f, "status --json", "");
  object = parse_line (f);
  g_assert_cmpstr (json_string_value (json_object_get (object, "state")), ==, "connected");
  g_assert_true (json_is_null (json_object_get (object, "reason")));
  g_assert_true (json_is_null (json_object_get (object, "exit_address")));
  g_assert_cmpstr (json_string_value (json_object_get (object, "since")), ==, "2026-01-01T00:00:00Z");
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (object, "place"), "server")), ==, "se-got-wg-001");
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (object, "entry"), "country")), ==, "nl");
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (object, "dns"), "backend")), ==, "file");
  json_decref (object);
}

static void
test_login (Fixture *f, gconstpointer data)
{
  run (f, "login mullvad", "1234 5678\n");
  /* Whoever runs this is the helper here, and a credential goes to nobody but root. */
  if (geteuid () != 0)
    {
      g_assert_cmpint (f->exit_code, ==, 13);
      g_assert_cmpstr (f->credential, ==, "");
      return;
    }
  g_assert_cmpint (f->exit_code, ==, 0);
  g_assert_cmpstr (f->credential, ==, "1234 5678");
  g_assert_null (strstr (f->out, "1234"));
  g_assert_null (strstr (f->err, "1234"));
  run (f, "login nobody", "1234\n");
  g_assert_cmpint (f->exit_code, ==, 4);
  g_assert_nonnull (strstr (f->err, "mullvad"));
  run (f, "login mullvad", "");
  g_assert_cmpint (f->exit_code, ==, 6);
}

static void
test_account_and_places (Fixture *f, gconstpointer data)
{
  json_t *object;

  run (f, "account --json", "");
  object = parse_line (f);
  g_assert_cmpstr (json_string_value (json_object_get (json_array_get (json_object_get (object, "accounts"), 0), "expires_at")),
                   ==, "2100-01-01T00:00:00Z");
  json_decref (object);
  run (f, "account", "");
  g_assert_nonnull (strstr (f->out, "happy seagull"));

  run (f, "locations", "");
  g_assert_nonnull (strstr (f->out, "se-got     Göteborg (1 server)"));
  run (f, "locations --search goteborg --json", "");
  object = parse_line (f);
  g_assert_cmpuint (json_array_size (json_object_get (object, "locations")), ==, 1);
  json_decref (object);
  run (f, "locations --search atlantis", "");
  g_assert_cmpint (f->exit_code, ==, 4);
}

static void
test_places_that_are_typed (Fixture *f, gconstpointer data)
{
  static const struct { const char *typed, *place; } places[] = {
    { "se", "se//" }, { "Sweden", "se//" }, { "SE-GOT", "se/got/" }, { "goteborg", "se/got/" }, { "'Göteborg'", "se/got/" },
    { "sweden stockholm", "se/sto/" }, { "'Stockholm, Sweden'", "se/sto/" }, { "se-sto-wg-001", "se/sto/se-sto-wg-001" },
    { "gb-lon", "gb/lon/" }, { "", "//" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *line = g_strconcat ("connect ", places[i].typed, NULL);

      run (f, line, "");
      g_assert_cmpint (f->exit_code, ==, 0);
      g_assert_cmpstr (f->place, ==, places[i].place);
    }
  f->place[0] = '\0';
  run (f, "connect london", "");
  g_assert_cmpint (f->exit_code, ==, 4);
  g_assert_nonnull (strstr (f->err, "gb-lon"));
  g_assert_nonnull (strstr (f->err, "us-lon"));
  run (f, "connect ../../etc", "");
  g_assert_cmpint (f->exit_code, ==, 4);
  g_assert_cmpstr (f->place, ==, "");    /* neither was asked of the helper */
}

static void
test_waiting (Fixture *f, gconstpointer data)
{
  json_t *object;

  f->after_connect = "connected";
  f->error_after_connect = "";
  run (f, "connect --wait", "");
  g_assert_cmpint (f->exit_code, ==, 0);

  f->after_connect = "blocked";
  f->error_after_connect = "AccountExpired";
  run (f, "connect --wait --json", "");
  g_assert_cmpint (f->exit_code, ==, 7);
  object = parse_line (f);
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (object, "error"), "name")), ==, "AccountExpired");
  json_decref (object);

  /* Nothing follows: what was connected before is not taken for the answer, and the time runs out. */
  f->after_connect = NULL;
  run (f, "connect --wait --timeout 1", "");
  g_assert_cmpint (f->exit_code, ==, 12);
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  static const struct { const char *line, *setting; } lines[] = {
    { "settings set lan subnet", "lan <['subnet']>" }, { "settings set lan off", "lan <['off']>" },
    { "settings set lan 10.0.0.0/8 fd00::/8", "lan <['10.0.0.0/8', 'fd00::/8']>" },
    { "settings set multicast on", "multicast <true>" },
    { "settings set multicast perhaps", "multicast <['perhaps']>" },
    { "settings set guests virbr0 docker0", "guests <['virbr0', 'docker0']>" },
    { "dns 9.9.9.9 192.168.1.1", "dns <['9.9.9.9', '192.168.1.1']>" },
    { "dns service", "dns <['service']>" }, { "settings set lockdown on", "" },
  };
  json_t *object, *settings;

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      f->setting[0] = '\0';
      run (f, lines[i].line, "");
      g_assert_cmpint (f->exit_code, ==, 0);
      g_assert_cmpstr (f->out, ==, "");
      g_assert_cmpstr (f->setting, ==, lines[i].setting);
    }
  run (f, "settings", "");
  g_assert_nonnull (strstr (f->out, "lan          192.168.1.0/24 fd00::/8\n"));
  g_assert_nonnull (strstr (f->out, "multicast    on\n"));
  g_assert_nonnull (strstr (f->out, "guests       none\n"));
  run (f, "settings get lan", "");
  g_assert_cmpstr (f->out, ==, "192.168.1.0/24 fd00::/8\n");
  run (f, "dns", "");
  g_assert_cmpstr (f->out, ==, "service\n");
  run (f, "settings list --json", "");
  object = parse_line (f);
  settings = json_object_get (object, "settings");
  g_assert_true (json_is_false (json_object_get (settings, "lockdown")));
  g_assert_true (json_is_true (json_object_get (settings, "multicast")));
  g_assert_cmpuint (json_array_size (json_object_get (settings, "lan")), ==, 2);
  g_assert_true (json_is_array (json_object_get (settings, "guests")));
  json_decref (object);
  run (f, "dns --json", "");
  object = parse_line (f);
  g_assert_cmpstr (json_string_value (json_object_get (object, "name")), ==, "dns");
  g_assert_cmpstr (json_string_value (json_array_get (json_object_get (object, "value"), 0)), ==, "service");
  json_decref (object);
  run (f, "settings get everything --json", "");
  g_assert_cmpint (f->exit_code, ==, 2);
  json_decref (parse_line (f));
}

static void
test_errors (Fixture *f, gconstpointer data)
{
  static const struct { AditError code; int exit_code; } codes[] = {
    { ADIT_ERROR_NOT_ALLOWED, 5 }, { ADIT_ERROR_NO_ACCOUNT, 4 }, { ADIT_ERROR_CREDENTIAL_REFUSED, 6 },
    { ADIT_ERROR_ACCOUNT_EXPIRED, 7 },
    { ADIT_ERROR_TOO_MANY_DEVICES, 8 }, { ADIT_ERROR_SERVICE_UNREACHABLE, 9 }, { ADIT_ERROR_SERVICE_NONSENSE, 9 },
    { ADIT_ERROR_TUNNEL_FAILED, 10 }, { ADIT_ERROR_LOCK_FAILED, 11 }, { ADIT_ERROR_BUSY, 1 },
  };
  static const char *const lines[] = { "status", "logout", "account", "locations", "connect", "disconnect", "reconnect",
                                       "lockdown on",
                                       "login mullvad", "settings", "dns 9.9.9.9", "settings set lan subnet" };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      const char *line = lines[i % G_N_ELEMENTS (lines)];
      gboolean is_false = g_str_equal (line, "login mullvad") && geteuid () != 0;    /* this helper is not root's then */

      f->fail_with = codes[i].code;
      run (f, line, "1\n");
      g_assert_cmpint (f->exit_code, ==, is_false ? 13 : codes[i].exit_code);
      g_assert_true (is_false || strstr (f->err, "on purpose") != NULL);
      run (f, "status --json", "");
      g_assert_cmpint (f->exit_code, ==, codes[i].exit_code);
      json_decref (parse_line (f));
    }
}

static void
assert_shown (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c != '\n' && (g_unichar_type (c) == G_UNICODE_CONTROL || g_unichar_type (c) == G_UNICODE_FORMAT))
        g_error ("U+%04X is printed in: %s", c, text);
    }
  g_assert_null (strstr (text, "\nConnected"));
}

/* A terminal obeys some characters, and people believe a line that stands alone. */
static void
test_hostile_words (Fixture *f, gconstpointer data)
{
  static const char *const lines[] = { "status", "status --json", "connect '" HOSTILE "'", "'" HOSTILE "'",
                                       "login '" HOSTILE "'" };

  f->hostile = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      run (f, lines[i], "");
      assert_shown (f->out);
      if (i != 3)    /* what was typed is said as it was typed, over two lines */
        assert_shown (f->err);
    }
}

static void
test_no_helper (Fixture *f, gconstpointer data)
{
  static const char *const lines[] = { "status", "connect", "connect --wait", "disconnect", "lockdown on", "locations" };

  g_bus_unown_name (f->name);
  f->name = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      run (f, lines[i], "");
      g_assert_cmpint (f->exit_code, ==, 3);
      g_assert_nonnull (strstr (f->err, "systemctl start aditd"));
    }
}

/* How the person has come goes to the helper as values, and so does how they stay in. */
static void
test_over_ssh (Fixture *f, gconstpointer data)
{
  static const struct { const char *ssh, *line, *options; } rows[] = {
    { NULL, "connect se", "{}" },
    { "203.0.113.80 40000 10.10.0.2 22", "connect se",
      "{'remote': <([byte 0x0a, 0x0a, 0x00, 0x02], uint16 22, [byte 0xcb, 0x00, 0x71, 0x50], uint16 40000)>}" },
    { "nonsense", "connect se", "{'remote': <(@ay [], uint16 0, @ay [], uint16 0)>}" },
    { "1.2.3.4 99999 1.2.3.4 22", "connect se", "{'remote': <(@ay [], uint16 0, @ay [], uint16 0)>}" },
    { NULL, "connect se --confirm-within 60", "{'confirm_within': <uint32 60>}" },
    { NULL, "connect se --keep-session", "{'keep_session': <true>}" },
  };
  g_autofree char *program = g_strdup (g_getenv ("ADIT_PROGRAM"));
  g_autofree char *sudo = g_strdup_printf ("-c \"env -u SSH_CONNECTION SUDO_UID=1000 %s connect se; true\"", program);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      f->ssh = rows[i].ssh;
      run (f, rows[i].line, "");
      g_assert_cmpint (f->exit_code, ==, 0);
      g_assert_cmpstr (f->options, ==, rows[i].options);
    }
  /* sudo takes the variable away; the shell that asked it has it. */
  f->ssh = rows[1].ssh;
  g_setenv ("ADIT_PROGRAM", "sh", TRUE);
  run (f, sudo, "");
  g_setenv ("ADIT_PROGRAM", program, TRUE);
  g_assert_cmpstr (f->options, ==, rows[1].options);

  f->ssh = NULL;
  f->fail_with = ADIT_ERROR_WOULD_CUT_OFF;
  run (f, "connect se", "");
  g_assert_cmpint (f->exit_code, ==, 5);
  g_assert_nonnull (strstr (f->err, "adit connect --confirm-within 60"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/cli/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("usage", test_usage);
  ADD ("status", test_status);
  ADD ("login", test_login);
  ADD ("account-and-places", test_account_and_places);
  ADD ("places-that-are-typed", test_places_that_are_typed);
  ADD ("waiting", test_waiting);
  ADD ("settings", test_settings);
  ADD ("errors", test_errors);
  ADD ("hostile-words", test_hostile_words);
  ADD ("help", test_help);
  ADD ("log", test_log);
  ADD ("no-helper", test_no_helper);
  g_test_add ("/cli/over-ssh", Fixture, NULL, set_up, test_over_ssh, tear_down);
  return g_test_run ();
}
