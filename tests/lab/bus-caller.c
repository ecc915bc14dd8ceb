/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus-caller.c: somebody on the system bus who means ill.  Started as any user, with the word for what to do:
 *   methods ACCOUNT         calls every method and sets every property in every form, a line each: NAME FORM ANSWER
 *   flood RATE SECONDS      that many calls a second, and nobody waits for an answer
 *   deaf SECONDS            listens to the status and never reads a byte
 *   own                     wants the helper's name, in every way there is
 *   false-helper FILE       has the helper's name, and writes into FILE what it is told */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BUS_PATH   "/run/dbus/system_bus_socket"
#define NAME       "org.aditvpn.Adit1"
#define OBJECT     "/org/aditvpn/Adit1"
#define CREDENTIAL "6666777788889999\n"
#define CALL_MS    20000

static GDBusConnection *
open_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (bus == NULL)
    g_error ("%s", error->message);
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  return bus;
}

/* --- Every method ---------------------------------------------------------------------------------------------------------- */

typedef enum
{
  FORM_EMPTY, FORM_ACCOUNT, FORM_SERVICE, FORM_SETTING, FORM_NONE, FORM_NUMBER, FORM_SWAPPED, FORM_MANY, N_FORMS
} Form;

static const char *const form_names[N_FORMS] = { "empty", "account", "service", "setting", "none", "number", "swapped",
                                                 "many" };

static GVariant *
make_argument (const char *type, Form form, const char *account)
{
  const char *text = form == FORM_ACCOUNT ? account : form == FORM_SERVICE ? "mullvad" : form == FORM_SETTING ? "lan" : "";

  if (g_str_equal (type, "s"))
    return g_variant_new_string (text);
  if (g_str_equal (type, "u"))
    return g_variant_new_uint32 (60);
  if (g_str_equal (type, "b"))
    return g_variant_new_boolean (form == FORM_ACCOUNT);
  if (g_str_equal (type, "v"))
    return g_variant_new_variant (g_variant_new_parsed ("['subnet']"));
  if (g_str_equal (type, "h"))
    return g_variant_new_handle (0);
  if (g_str_equal (type, "a{sv}") && form == FORM_ACCOUNT)
    return g_variant_new_parsed ("{'account': <%s>, 'country': <'se'>, 'force': <true>, 'disconnect': <true>,"
                                 " 'interactive': <false>}", account);
  if (g_str_equal (type, "a{sv}"))
    return g_variant_new_parsed ("{'interactive': <false>}");
  return NULL;    /* a type that no method had when this was written */
}

/* (nullable): where the form does not exist for these arguments */
static GVariant *
make_arguments (const GDBusMethodInfo *method, Form form, const char *account)
{
  GVariantBuilder tuple;
  guint n = 0;

  while (method->in_args != NULL && method->in_args[n] != NULL)
    n++;
  if (form == FORM_NONE)
    return g_variant_new_tuple (NULL, 0);
  if (form == FORM_NUMBER)
    return g_variant_new ("(u)", G_MAXUINT32);
  if (form == FORM_SWAPPED)
    return g_variant_new ("(a{sv}s)", NULL, "x");
  g_variant_builder_init (&tuple, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; i < n; i++)
    {
      GVariant *value = make_argument (method->in_args[i]->signature, form, account);

      if (value == NULL)
        g_error ("%s: no argument of type %s is made here", method->name, method->in_args[i]->signature);
      g_variant_builder_add_value (&tuple, value);
    }
  for (guint i = 0; form == FORM_MANY && i < 200; i++)
    g_variant_builder_add_value (&tuple, g_variant_new_string ("and one more"));
  return g_variant_builder_end (&tuple);
}

static GUnixFDList *
make_descriptors (const GDBusMethodInfo *method)
{
  int fd = -1;

  for (guint i = 0; method->in_args != NULL && method->in_args[i] != NULL; i++)
    if (g_str_equal (method->in_args[i]->signature, "h"))
      fd = memfd_create ("credential", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    return NULL;
  if (write (fd, CREDENTIAL, strlen (CREDENTIAL)) < 0 ||
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    g_error ("no credential to be had: %s", g_strerror (errno));
  return g_unix_fd_list_new_from_array (&fd, 1);
}

static void
tell (const char *name, const char *form, GVariant *answer, GError *error)
{
  g_autofree char *remote = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
  g_autofree char *text = answer != NULL ? g_variant_print (answer, FALSE) : NULL;

  g_print ("%s %s %s %s\n", name, form, answer != NULL ? "ok" : remote != NULL ? remote : error->message,
           text != NULL ? text : "");
}

static void
call (GDBusConnection *bus, const char *interface, const char *method, GVariant *arguments, GUnixFDList *fds, const char *form)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat (interface, ".", method, NULL);
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_sync (bus, NAME, OBJECT, interface, method, arguments,
                                                                               NULL, G_DBUS_CALL_FLAGS_NONE, CALL_MS, fds, NULL,
                                                                               NULL, &error);

  tell (name, form, answer, error);
}

static void
call_interface (GDBusConnection *bus, const GDBusInterfaceInfo *interface, const char *account)
{
  for (guint i = 0; interface->methods != NULL && interface->methods[i] != NULL; i++)
    for (guint form = 0; form < N_FORMS; form++)
      {
        g_autoptr (GUnixFDList) fds = make_descriptors (interface->methods[i]);

        call (bus, interface->name, interface->methods[i]->name, make_arguments (interface->methods[i], (Form) form, account),
              fds, form_names[form]);
      }
  for (guint i = 0; interface->properties != NULL && interface->properties[i] != NULL; i++)
    call (bus, "org.freedesktop.DBus.Properties", "Set",
          g_variant_new ("(ssv)", interface->name, interface->properties[i]->name, g_variant_new_string ("disconnected")), NULL,
          interface->properties[i]->name);
}

/* What it has is asked of itself, so a method that is added tomorrow is tried tomorrow. */
static int
call_methods (const char *account)
{
  g_autoptr (GDBusConnection) bus = open_bus ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_sync (bus, NAME, OBJECT, "org.freedesktop.DBus.Introspectable", "Introspect", NULL,
                                 G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, CALL_MS, NULL, &error);
  const char *xml;

  if (answer == NULL)
    g_error ("%s", error->message);
  g_variant_get (answer, "(&s)", &xml);
  node = g_dbus_node_info_new_for_xml (xml, &error);
  if (node == NULL)
    g_error ("%s", error->message);
  call_interface (bus, g_dbus_node_info_lookup_interface (node, NAME), account);
  call (bus, NAME, "NoSuchMethod", NULL, NULL, "none");
  call (bus, "org.freedesktop.systemd1.Manager", "StopUnit", g_variant_new ("(ss)", "aditd.service", "replace"), NULL, "none");
  return 0;
}

/* --- Without GDBus, which would read ---------------------------------------------------------------------------------------- */

static void
write_all (int fd, const void *bytes, gsize length)
{
  for (const char *p = bytes; length > 0;)
    {
      gssize put = write (fd, p, length);

      if (put < 0 && errno != EINTR)
        exit (3);    /* the bus has had enough */
      p += MAX (put, 0);
      length -= (gsize) MAX (put, 0);
    }
}

static void
send_call (int fd, const char *name, const char *object, const char *interface, const char *method, GVariant *body,
           guint32 serial)
{
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_call (name, object, interface, method);
  g_autofree guchar *blob = NULL;
  gsize length;

  if (body != NULL)
    g_dbus_message_set_body (message, body);
  if (!g_str_equal (method, "Hello"))
    g_dbus_message_set_flags (message, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  g_dbus_message_set_serial (message, serial);
  blob = g_dbus_message_to_blob (message, &length, G_DBUS_CAPABILITY_FLAGS_NONE, NULL);
  write_all (fd, blob, length);
}

static int
open_raw (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = BUS_PATH };
  g_autofree char *uid = g_strdup_printf ("%u", (guint) getuid ());
  g_autoptr (GString) hello = g_string_new ("AUTH EXTERNAL ");
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char answer[256];

  for (const char *p = uid; *p != '\0'; p++)
    g_string_append_printf (hello, "%02x", (guint) *p);
  g_string_append (hello, "\r\n");
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("no bus: %s", g_strerror (errno));
  write_all (fd, "", 1);
  write_all (fd, hello->str, hello->len);
  if (read (fd, answer, sizeof answer) < 2 || strncmp (answer, "OK", 2) != 0)
    g_error ("the bus does not let us in");
  write_all (fd, "BEGIN\r\n", 7);
  send_call (fd, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", NULL, 1);
  return fd;
}

static int
flood (guint rate, guint seconds)
{
  int fd = open_raw ();
  gint64 start_us = g_get_monotonic_time ();
  guint sent = 0;

  while (sent < rate * seconds && g_get_monotonic_time () - start_us < 2 * seconds * G_TIME_SPAN_SECOND)
    {
      gint64 due_us = start_us + (gint64) sent * G_TIME_SPAN_SECOND / rate;
      char dropped[65536];

      if (g_get_monotonic_time () < due_us)
        g_usleep (1000);
      for (guint i = 0; i < rate / 1000 + 1; i++)
        send_call (fd, NAME, OBJECT, NAME, "GetStatus", g_variant_new_parsed ("(@a{sv} {},)"), 2 + sent++);
      while (recv (fd, dropped, sizeof dropped, MSG_DONTWAIT) > 0)
        ;
    }
  g_print ("%u %d\n", sent, (int) ((g_get_monotonic_time () - start_us) / 1000));
  return 0;
}

static int
be_deaf (guint seconds)
{
  int fd = open_raw (), small = 2048;

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  send_call (fd, NAME, OBJECT, NAME, "Subscribe", g_variant_new_parsed ("(@a{sv} {},)"), 2);
  g_print ("deaf\n");
  g_usleep (seconds * G_USEC_PER_SEC);
  return 0;
}

/* --- The helper's name ------------------------------------------------------------------------------------------------------ */

static int
own (void)
{
  g_autoptr (GDBusConnection) bus = open_bus ();

  for (guint32 flags = 0; flags < 8; flags++)
    {
      g_autofree char *form = g_strdup_printf ("%u", flags);
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) answer =
        g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                     g_variant_new ("(su)", NAME, flags), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, CALL_MS,
                                     NULL, &error);

      tell ("RequestName", form, answer, error);
    }
  return 0;
}

static const char *told_file;

static void
take_note (const char *method, const char *text)
{
  g_autofree char *line = g_strdup_printf ("%s %s\n", method, text);
  int fd = open (told_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

  write_all (fd, line, strlen (line));
  close (fd);
}

/* It has the name, and answers as the helper would. */
static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  char credential[64] = "";
  int fd = fds != NULL ? g_unix_fd_list_get (fds, 0, NULL) : -1;

  if (fd >= 0 && pread (fd, credential, sizeof credential - 1, 0) < 0)
    credential[0] = '\0';
  take_note (method, credential);
  if (g_str_equal (method, "LogIn"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", "6f0b4c5e-0d0e-4a35-9c5c-0a2f6a0b7c11"));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, NAME ".Error.Failed", "\x1b[2Jno\nConnected");
}

static void
on_named (GDBusConnection *bus, const char *name, gpointer user_data)
{
  take_note ("named", "");
}

static int
be_false_helper (const char *file)
{
  static const char xml[] = "<node><interface name='" NAME "'><method name='LogIn'><arg type='s' direction='in'/>"
    "<arg type='h' direction='in'/><arg type='a{sv}' direction='in'/><arg type='s' direction='out'/></method>"
    "<method name='GetStatus'><arg type='a{sv}' direction='in'/><arg type='a{sv}' direction='out'/></method>"
    "</interface></node>";
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusConnection) bus = open_bus ();
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  told_file = file;
  g_dbus_connection_register_object (bus, OBJECT, node->interfaces[0], &vtable, NULL, NULL, NULL);
  g_bus_own_name_on_connection (bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, on_named, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  const char *word = argc > 1 ? argv[1] : "";

  if (g_str_equal (word, "methods") && argc == 3)
    return call_methods (argv[2]);
  if (g_str_equal (word, "flood") && argc == 4)
    return flood ((guint) atoi (argv[2]), (guint) atoi (argv[3]));
  if (g_str_equal (word, "deaf") && argc == 3)
    return be_deaf ((guint) atoi (argv[2]));
  if (g_str_equal (word, "own"))
    return own ();
  if (g_str_equal (word, "false-helper") && argc == 3)
    return be_false_helper (argv[2]);
  return 2;
}
