/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-polkit.c: a real polkitd with our actions, and a real bus with our policy. */
#include "platform/linux/polkit.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib-unix.h>

#include "client/base/error.h"
#include "tests/lab/desktop.h"

#define BUS_ADDRESS "unix:path=/run/dbus/system_bus_socket"
#define NAME        "org.aditvpn.Adit1"
#define PATH        "/org/aditvpn/Adit1"
#define POLKIT      "org.freedesktop.PolicyKit1"
#define SESSION     "c4001"    /* letters and digits only, or libsystemd takes it for none */
#define SCOPE       "/sys/fs/cgroup/user.slice/user-4001.slice/session-" SESSION ".scope"
#define SITTING_UID 4001    /* has a local, active session */
#define REMOTE_UID  4002    /* has none */

static GDBusConnection *bus;
static GPid polkitd;

/* --- the other person: this program again, as another user --- */

static int
client_main (const char *mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GDBusConnection) own = NULL;
  guint32 result = 0;
  char byte;

  own = g_dbus_connection_new_for_address_sync (BUS_ADDRESS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  if (own == NULL)
    return 1;
  if (g_str_equal (mode, "stay"))
    printf ("%s\n", g_dbus_connection_get_unique_name (own));
  else
    {
      if (g_str_equal (mode, "own"))
        answer = g_dbus_connection_call_sync (own, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                              g_variant_new ("(su)", NAME, 4u), G_VARIANT_TYPE ("(u)"), 0, 2000, NULL, &error);
      else if (g_str_equal (mode, "call"))
        answer = g_dbus_connection_call_sync (own, NAME, PATH, NAME, "GetStatus", NULL, NULL, 0, 2000, NULL, &error);
      else if (g_str_equal (mode, "get"))
        answer = g_dbus_connection_call_sync (own, NAME, PATH, "org.freedesktop.DBus.Properties", "GetAll",
                                              g_variant_new ("(s)", NAME), NULL, 0, 2000, NULL, &error);
      else if (g_str_equal (mode, "set"))
        answer = g_dbus_connection_call_sync (own, NAME, PATH, "org.freedesktop.DBus.Properties", "Set",
                                              g_variant_new ("(ssv)", NAME, "Phase", g_variant_new_string ("open")), NULL, 0,
                                              2000, NULL, &error);
      else if (g_str_equal (mode, "signal"))
        {
          g_dbus_connection_emit_signal (own, NULL, PATH, NAME, "Forged", NULL, &error);
          g_dbus_connection_flush_sync (own, NULL, NULL);
        }
      if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(u)")))
        g_variant_get (answer, "(u)", &result);
      if (error != NULL)
        printf ("%s\n", g_dbus_error_is_remote_error (error) ? g_dbus_error_get_remote_error (error) : error->message);
      else
        printf ("ok %u\n", result);
    }
  fflush (stdout);
  (void) !read (STDIN_FILENO, &byte, 1);
  return 0;
}

typedef struct
{
  GPid pid;
  int  in;
  char line[256];
} Person;

static void
become (gpointer user_data)
{
  guint uid = GPOINTER_TO_UINT (user_data);

  if (uid == SITTING_UID)
    {
      int fd = open (SCOPE "/cgroup.procs", O_WRONLY | O_CLOEXEC);

      if (fd < 0 || write (fd, "0", 1) != 1)
        _exit (120);
    }
  if (setgroups (0, NULL) < 0 || setgid (uid) < 0 || setuid (uid) < 0)
    _exit (121);
}

static gboolean
on_line (int fd, GIOCondition condition, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
person_start (Person *self, guint uid, const char *mode)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { program, "--person", mode, NULL };
  g_autoptr (GError) error = NULL;
  gboolean there = FALSE;
  gssize n;
  int out;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, become, GUINT_TO_POINTER (uid),
                            &self->pid, &self->in, &out, NULL, &error);
  g_assert_no_error (error);
  g_unix_fd_add (out, G_IO_IN | G_IO_HUP, on_line, &there);
  while (!there)    /* the helper that it calls is in this main loop */
    g_main_context_iteration (NULL, TRUE);
  n = read (out, self->line, sizeof self->line - 1);
  g_assert_cmpint (n, >, 0);
  self->line[n] = '\0';
  g_strchomp (self->line);
  close (out);
}

static void
person_end (Person *self)
{
  close (self->in);
  g_assert_cmpint (waitpid (self->pid, NULL, 0), ==, self->pid);
}

/* --- asking --- */

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
ask (const char *sender, guint uid, const char *action, gboolean may_ask)
{
  g_autoptr (AditAuthority) authority = adit_polkit_new (bus);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  adit_authority_check_async (authority, sender, uid, action, may_ask, NULL, on_checked, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (adit_authority_check_finish (authority, result, &error))
    return g_strdup ("yes");
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED);
  return g_strdup (error->message);
}

#define assert_answer(sender, uid, action, may_ask, pattern) \
  G_STMT_START { \
    g_autofree char *got_ = ask (sender, uid, action, may_ask); \
    if (!g_pattern_match_simple (pattern, got_)) \
      g_error ("%s for %u: \"%s\", not \"%s\"", action, (guint) uid, got_, pattern); \
  } G_STMT_END

static void
start_polkitd (void)
{
  const char *const argv[] = { "/usr/lib/polkit-1/polkitd", "--no-debug", NULL };

  polkitd = lab_desktop_spawn (argv, NULL);
  g_assert_true (lab_desktop_wait_name (bus, POLKIT, 10000));
}

static void
test_session (void)
{
  Person sitting, remote;

  person_start (&sitting, SITTING_UID, "stay");
  person_start (&remote, REMOTE_UID, "stay");
  assert_answer (sitting.line, SITTING_UID, NAME ".read", FALSE, "yes");
  assert_answer (sitting.line, SITTING_UID, NAME ".connect", FALSE, "yes");
  assert_answer (sitting.line, SITTING_UID, NAME ".raise-protection", FALSE, "yes");
  assert_answer (sitting.line, SITTING_UID, NAME ".lower-protection", FALSE, "*did not allow asking*");
  assert_answer (sitting.line, SITTING_UID, NAME ".lower-protection", TRUE, "*no program in this session*");
  assert_answer (sitting.line, SITTING_UID, NAME ".act-for-others", FALSE, "*did not allow asking*");
  assert_answer (sitting.line, SITTING_UID, NAME ".no-such-action", FALSE, "polkit gave no answer*");

  assert_answer (remote.line, REMOTE_UID, NAME ".read", FALSE, "*did not allow asking*");
  assert_answer (remote.line, REMOTE_UID, NAME ".account", FALSE, "*did not allow asking*");
  assert_answer (remote.line, REMOTE_UID, NAME ".connect", FALSE, "*did not allow asking*");
  assert_answer (remote.line, REMOTE_UID, NAME ".raise-protection", FALSE, "*did not allow asking*");
  assert_answer (remote.line, REMOTE_UID, NAME ".lower-protection", FALSE, "*did not allow asking*");
  assert_answer (":1.99999", SITTING_UID, NAME ".connect", FALSE, "polkit gave no answer*");
  assert_answer (NAME, SITTING_UID, NAME ".connect", FALSE, "*no unique name*");
  assert_answer (g_dbus_connection_get_unique_name (bus), 0, NAME ".lower-protection", FALSE, "yes");
  person_end (&sitting);
  person_end (&remote);
}

static void
test_gone (void)
{
  Person sitting;

  person_start (&sitting, SITTING_UID, "stay");
  assert_answer (sitting.line, SITTING_UID, NAME ".connect", FALSE, "yes");
  lab_desktop_end (polkitd);
  assert_answer (sitting.line, SITTING_UID, NAME ".connect", FALSE, "polkit is not there*");
  assert_answer (g_dbus_connection_get_unique_name (bus), 0, NAME ".connect", FALSE, "yes");
  start_polkitd ();
  assert_answer (sitting.line, SITTING_UID, NAME ".connect", FALSE, "yes");
  person_end (&sitting);
}

/* --- the person at the dialog --- */

static gboolean agent_says_ok;
static guint agent_asked;

static void
on_agent (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
          GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  const char *cookie;
  g_autoptr (GVariant) identities = NULL;
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (method, "BeginAuthentication"))
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }
  agent_asked++;
  if (!agent_says_ok)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, POLKIT ".Error.Cancelled", "The person said no");
      return;
    }
  g_variant_get (parameters, "(&s&s&s@a{ss}&s@a(sa{sv}))", NULL, NULL, NULL, NULL, &cookie, &identities);
  first = g_variant_get_child_value (identities, 0);
  answer = g_dbus_connection_call_sync (bus, POLKIT, "/org/freedesktop/PolicyKit1/Authority", POLKIT ".Authority",
                                        "AuthenticationAgentResponse2", g_variant_new ("(us@(sa{sv}))", 0u, cookie, first),
                                        NULL, 0, 5000, NULL, &error);
  g_assert_no_error (error);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* For one process: polkit lets only someone of the session itself register for the whole session. */
static GVariant *
agent_subject (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  GVariantBuilder details;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (strrchr (text, ')') + 2, " ", 0);    /* from field 3 on; 22 is the start time, proc(5) */
  g_variant_builder_init (&details, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&details, "{sv}", "pid", g_variant_new_uint32 ((guint32) pid));
  g_variant_builder_add (&details, "{sv}", "start-time", g_variant_new_uint64 (g_ascii_strtoull (fields[19], NULL, 10)));
  g_variant_builder_add (&details, "{sv}", "uid", g_variant_new_int32 (SITTING_UID));
  return g_variant_new ("(sa{sv})", "unix-process", &details);
}

static void
agent_call (const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, POLKIT, "/org/freedesktop/PolicyKit1/Authority",
                                                             POLKIT ".Authority", method, parameters, NULL, 0, 5000, NULL,
                                                             &error);

  g_assert_no_error (error);
}

static void
test_dialog (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_agent };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.freedesktop.PolicyKit1.AuthenticationAgent'><method name='BeginAuthentication'>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{ss}' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='a(sa{sv})' direction='in'/></method>"
    "<method name='CancelAuthentication'><arg type='s' direction='in'/></method></interface></node>", NULL);
  guint id = g_dbus_connection_register_object (bus, "/agent", node->interfaces[0], &vtable, NULL, NULL, NULL);
  Person sitting;

  person_start (&sitting, SITTING_UID, "stay");
  agent_call ("RegisterAuthenticationAgent", g_variant_new ("(@(sa{sv})ss)", agent_subject (sitting.pid), "C", "/agent"));
  agent_asked = 0;
  agent_says_ok = FALSE;
  assert_answer (sitting.line, SITTING_UID, NAME ".lower-protection", FALSE, "*did not allow asking*");
  g_assert_cmpuint (agent_asked, ==, 0);
  assert_answer (sitting.line, SITTING_UID, NAME ".lower-protection", TRUE, "*was dismissed");
  g_assert_cmpuint (agent_asked, ==, 1);
  agent_says_ok = TRUE;
  assert_answer (sitting.line, SITTING_UID, NAME ".act-for-others", TRUE, "yes");
  g_assert_cmpuint (agent_asked, ==, 2);
  assert_answer (sitting.line, SITTING_UID, NAME ".act-for-others", FALSE, "*did not allow asking*");    /* nothing is kept */
  agent_call ("UnregisterAuthenticationAgent", g_variant_new ("(@(sa{sv})s)", agent_subject (sitting.pid), "/agent"));
  g_dbus_connection_unregister_object (bus, id);
  person_end (&sitting);
}

/* --- the bus policy --- */

static guint n_calls, n_sets, n_forged;

static GDBusMessage *
on_message (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  if (incoming && g_strcmp0 (g_dbus_message_get_member (message), "Set") == 0)
    g_atomic_int_inc (&n_sets);
  return message;
}

static void
on_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  n_calls++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_forged (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
           GVariant *parameters, gpointer user_data)
{
  n_forged++;
}

static void
assert_person (guint uid, const char *mode, const char *wanted)
{
  Person person;

  person_start (&person, uid, mode);
  g_assert_cmpstr (person.line, ==, wanted);
  person_end (&person);
}

static void
test_bus (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='" NAME "'><method name='GetStatus'/></interface></node>", NULL);
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;
  guint id, filter, watch;

  assert_person (REMOTE_UID, "own", "org.freedesktop.DBus.Error.AccessDenied");
  assert_person (0, "own", "ok 1");
  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", NAME, 4u), NULL, 0, 2000, NULL, &error);
  g_assert_no_error (error);
  id = g_dbus_connection_register_object (bus, PATH, node->interfaces[0], &vtable, NULL, NULL, NULL);
  filter = g_dbus_connection_add_filter (bus, on_message, NULL, NULL);
  watch = g_dbus_connection_signal_subscribe (bus, NAME, NAME, "Forged", PATH, NULL, 0, on_forged, NULL, NULL);

  assert_person (REMOTE_UID, "call", "ok 0");
  g_assert_cmpuint (n_calls, ==, 1);
  assert_person (REMOTE_UID, "get", "ok 0");
  assert_person (REMOTE_UID, "set", "org.freedesktop.DBus.Error.AccessDenied");
  g_assert_cmpuint (g_atomic_int_get (&n_sets), ==, 0);
  assert_person (REMOTE_UID, "signal", "ok 0");
  lab_desktop_iterate (200);
  g_assert_cmpuint (n_forged, ==, 0);
  g_dbus_connection_emit_signal (bus, NULL, PATH, NAME, "Forged", NULL, NULL);    /* the owner's own arrives */
  lab_desktop_iterate (200);
  g_assert_cmpuint (n_forged, ==, 1);

  g_dbus_connection_signal_unsubscribe (bus, watch);
  g_dbus_connection_remove_filter (bus, filter);
  g_dbus_connection_unregister_object (bus, id);
}

/* --- the desktop --- */

static void
write_file (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

/* What logind would have written; polkit reads it through libsystemd. */
static void
make_session (void)
{
  write_file ("/run/systemd/sessions/" SESSION,
              "UID=4001\nUSER=adit-sitting\nACTIVE=1\nIS_DISPLAY=1\nSTATE=active\nREMOTE=0\nTYPE=wayland\n"
              "CLASS=user\nSCOPE=session-" SESSION ".scope\nSEAT=seat0\n");
  write_file ("/run/systemd/users/4001", "NAME=adit-sitting\nSTATE=active\nSESSIONS=" SESSION "\nACTIVE_SESSIONS=" SESSION
              "\nDISPLAY=" SESSION "\n");
  write_file ("/run/systemd/seats/seat0", "IS_SEAT0=1\nACTIVE=" SESSION "\nACTIVE_UID=4001\nSESSIONS=" SESSION "\n");
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) < 0 || g_mkdir_with_parents (SCOPE, 0755) < 0)
    {
      fprintf (stderr, "skipped: no cgroup to be had\n");
      exit (77);
    }
}

int
main (int argc, char **argv)
{
  const char *data = g_getenv ("ADIT_LAB_DATA");
  g_autofree char *policy = NULL, *text = NULL, *include = NULL;
  int result;

  if (argc == 3 && strcmp (argv[1], "--person") == 0)
    return client_main (argv[2]);
  if (data == NULL || access ("/usr/lib/polkit-1/polkitd", X_OK) != 0)
    {
      fprintf (stderr, "skipped: ADIT_LAB_DATA is not set or there is no polkitd\n");
      return 77;
    }
  lab_desktop_enter ();
  g_test_init (&argc, &argv, NULL);
  policy = g_build_filename (data, "org.aditvpn.Adit1.policy", NULL);
  g_assert_true (g_file_get_contents (policy, &text, NULL, NULL));
  g_assert_cmpint (mount ("tmpfs", "/usr/share/polkit-1/actions", "tmpfs", 0, "mode=0755"), ==, 0);
  write_file ("/usr/share/polkit-1/actions/org.aditvpn.Adit1.policy", text);
  adit_lab_add_user ("adit-sitting", SITTING_UID);
  adit_lab_add_user ("adit-remote", REMOTE_UID);
  make_session ();
  include = g_strdup_printf ("<include>/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>"
                             "<include>%s/org.aditvpn.Adit1.conf</include>", data);
  bus = lab_desktop_start_bus (include);
  start_polkitd ();

  g_test_add_func ("/polkit/session", test_session);
  g_test_add_func ("/polkit/dialog", test_dialog);
  g_test_add_func ("/polkit/gone", test_gone);
  g_test_add_func ("/polkit/bus", test_bus);
  result = g_test_run ();
  lab_desktop_end (polkitd);
  g_clear_object (&bus);
  return result;
}
