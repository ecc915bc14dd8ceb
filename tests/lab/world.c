/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world.c: builds the computer that Adit runs on, out of overlays over the real one, and starts what would run on it. */
#include "config.h"
#include "tests/lab/world.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <arpa/inet.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAB       "/run/lab"
#define PKI       LAB "/pki"
#define FAULT     LAB "/fault"
#define LOG       LAB "/log"
#define DNS_LOG   "/run/adit-lab-dns.log"
#define BUS       "unix:path=/run/dbus/system_bus_socket"
#define API_HOST  "api.mullvad.net"
#define EXIT_HOST "ipv4.am.i.mullvad.net"    /* the same computer in the lab */

/* Alice sits at the computer.  polkit learns that from logind's files and from the control group that her programs are in. */
#define SESSION   "cadit1"    /* letters and digits alone: libsystemd reads no other */
#define SLICE     "/sys/fs/cgroup/user.slice/user-61011.slice"
#define SCOPE     SLICE "/session-" SESSION ".scope"

struct _AditWorld
{
  GDBusConnection *bus;
  GPid             helper, service;
  GThread         *peers;       /* tells the exit what the service says */
  int              peers_fd;
};

/* What the computer has of its own: written here, read by the real one below. */
static const char *const overlays[] = { "/etc", "/usr/local", "/usr/share/polkit-1/actions", "/var/lib", "/var/cache" };

static const struct { const char *name; guint uid; } users[] = {
  { "adit-provider", 61001 }, { "adit-import", 61002 }, { "adit-openvpn", 61003 }, { "adit-wireguard", 61004 },
  { "adit-report", 61005 },
  { "alice", ADIT_WORLD_ALICE_UID }, { "bob", ADIT_WORLD_BOB_UID }, { "systemd-resolve", 61013 }, { "polkitd", 61014 },
};

static const char bus_configuration[] =
  "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
  "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
  "<busconfig><type>system</type><listen>" BUS "</listen><auth>EXTERNAL</auth>\n"
  "<policy context=\"default\"><allow user=\"*\"/><deny own=\"*\"/><deny send_type=\"method_call\"/><allow send_type=\"signal\"/>"
  "<allow send_requested_reply=\"true\" send_type=\"method_return\"/><allow send_requested_reply=\"true\" send_type=\"error\"/>"
  "<allow receive_type=\"method_call\"/><allow receive_type=\"method_return\"/><allow receive_type=\"error\"/>"
  "<allow receive_type=\"signal\"/><allow send_destination=\"org.freedesktop.DBus\" send_interface=\"org.freedesktop.DBus\"/>"
  "</policy><policy user=\"root\"><allow own=\"*\"/><allow send_destination=\"*\"/></policy>\n"
  "<includedir>/usr/share/dbus-1/system.d</includedir><include>%s/org.aditvpn.Adit1.conf</include>%s</busconfig>\n";

static const char *
program (const char *variable)
{
  const char *path = g_getenv (variable);

  if (path == NULL)
    g_error ("%s has to name a program; run this through meson test or ./demo", variable);
  return path;
}

static void
make_directory (const char *path)
{
  if (g_mkdir_with_parents (path, 0755) != 0)
    g_error ("cannot make %s: %s", path, g_strerror (errno));
}

static void
overlay (const char *path, guint number)
{
  g_autofree char *upper = g_strdup_printf (LAB "/overlay-%u/upper", number),
                  *work = g_strdup_printf (LAB "/overlay-%u/work", number);
  g_autofree char *options = g_strdup_printf ("lowerdir=%s,upperdir=%s,workdir=%s", path, upper, work);

  make_directory (path);
  make_directory (upper);
  make_directory (work);
  if (mount ("overlay", path, "overlay", 0, options) != 0)
    {
      g_printerr ("SKIP: no overlay over %s: %s\n", path, g_strerror (errno));
      exit (ADIT_LAB_SKIP);
    }
}

static void
write_file (const char *path, const char *content, int mode)
{
  g_autoptr (GError) error = NULL;

  if (unlink (path) != 0 && errno != ENOENT)
    g_error ("cannot replace %s: %s", path, g_strerror (errno));
  if (!g_file_set_contents (path, content, -1, &error))
    g_error ("%s", error->message);
  g_assert_cmpint (chmod (path, (mode_t) mode), ==, 0);
}

static void
copy_file (const char *from, const char *to, int mode)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  g_autoptr (GError) error = NULL;

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &error))
    g_error ("%s: %s", from, error->message);
  g_assert_cmpint (chmod (to, (mode_t) mode), ==, 0);
}

/* The programs stand where an installation puts them, because that is where the helper looks. */
static void
install (void)
{
  const char *data = program ("ADIT_LAB_DATA");
  g_autofree char *policy = g_build_filename (data, "org.aditvpn.Adit1.policy", NULL);

  make_directory (ADIT_LIBEXECDIR);
  copy_file (program ("ADIT_HELPER"), ADIT_LIBEXECDIR "/aditd", 0755);
  copy_file (program ("ADIT_WORKER"), ADIT_LIBEXECDIR "/adit-worker", 0755);
  copy_file (policy, "/usr/share/polkit-1/actions/org.aditvpn.Adit1.policy", 0644);
  make_directory ("/etc/adit");
  write_file ("/etc/adit/services.conf", "[mullvad]\napi-endpoints=" ADIT_LAB_API_ADDRESS ":443\ntrust=/etc/adit/lab-ca.pem\n",
              0644);
  write_file ("/etc/resolv.conf", "# the lab's own\nnameserver " ADIT_LAB_DNS_ADDRESS "\noptions timeout:1 attempts:1\n", 0644);
  write_file ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n", 0644);
}

/**
 * adit_world_enter:
 *
 * adit_lab_enter(), and a computer of the lab's own in it.  Call it first in main().
 */
void
adit_world_enter (void)
{
  adit_lab_enter ();
  g_setenv ("ADIT_DEBUG", "all", TRUE);    /* for the helper and its workers; while there is one thread */
  make_directory (LAB);
  make_directory ("/run/dbus");
  for (guint i = 0; i < G_N_ELEMENTS (overlays); i++)
    overlay (overlays[i], i);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    adit_lab_add_user (users[i].name, users[i].uid);
  install ();
}

/* --- The service --------------------------------------------------------------------------------------------------------- */

static gboolean
make_pki (GError **error)
{
  static const char *const lines[] = {
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=The lab'"
    " -keyout " PKI "/ca.key -out " PKI "/ca.pem",
    "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=" API_HOST "'"
    " -addext 'subjectAltName=DNS:" API_HOST ",DNS:" EXIT_HOST "' -keyout " PKI "/service.key -out " PKI "/service.csr",
    "openssl x509 -req -in " PKI "/service.csr -CA " PKI "/ca.pem -CAkey " PKI "/ca.key -CAcreateserial -days 2"
    " -copy_extensions copy -out " PKI "/service.pem",
  };

  make_directory (PKI);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (!adit_lab_run_line (NULL, lines[i], error))
      return FALSE;
  copy_file (PKI "/ca.pem", "/etc/adit/lab-ca.pem", 0644);
  return TRUE;
}

/* The service tells its exits which keys are good; here that is a pipe. */
static gpointer
carry_peers (gpointer data)
{
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (GPOINTER_TO_INT (data));
  g_autofree char *line = NULL;

  while (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (line), " ", -1);
      g_autoptr (GError) error = NULL;
      guint n_words = g_strv_length (words);

      if (n_words == 4 && g_str_equal (words[1], "add"))
        (void) adit_lab_add_exit_peer (words[2], words[3], &error);
      else if (n_words == 3 && g_str_equal (words[1], "remove"))
        (void) adit_lab_remove_exit_peer (words[2], &error);
      if (error != NULL)
        g_printerr ("lab: %s\n", error->message);
      g_clear_pointer (&line, g_free);
    }
  return NULL;
}

static gboolean
try_connect (const char *space, const char *address, guint16 port)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string (address, port);
  gboolean connected;
  int back;

  if (!adit_lab_switch (space, &back, NULL))
    return FALSE;
  socket = g_socket_new (g_socket_address_get_family (to), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  connected = socket != NULL && g_socket_connect (socket, to, NULL, NULL);
  adit_lab_switch_back (back);
  return connected;
}

static gboolean
wait_listening (const char *space, const char *address, guint16 port, GError **error)
{
  for (guint i = 0; i < 1000; i++)
    {
      if (try_connect (space, address, port))
        return TRUE;
      g_usleep (10000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "nobody listens at %s:%u", address, port);
  return FALSE;
}

/**
 * adit_world_start_service:
 * @self: the world, without a running service
 * @error: return location
 *
 * Returns: whether the service answers
 */
gboolean
adit_world_start_service (AditWorld *self, GError **error)
{
  g_autofree char *exit_key = adit_lab_get_exit_key ();
  const char *const argv[] = { program ("ADIT_SIMULATOR"), "443", PKI "/service.pem", PKI "/service.key", FAULT, exit_key, NULL };

  self->service = adit_lab_spawn_logged ("api", 0, argv, LOG, &self->peers_fd, error);
  if (self->service == 0)
    return FALSE;
  self->peers = g_thread_new ("peers", carry_peers, GINT_TO_POINTER (self->peers_fd));
  return wait_listening ("api", ADIT_LAB_API_ADDRESS, 443, error);
}

/**
 * adit_world_stop_service:
 * @self: the world
 *
 * The service is down: its computer refuses connections.
 */
void
adit_world_stop_service (AditWorld *self)
{
  if (self->service == 0)
    return;
  adit_lab_end (self->service);
  self->service = 0;
  g_thread_join (g_steal_pointer (&self->peers));
  close (self->peers_fd);
}

/**
 * adit_world_set_fault:
 * @self: the world
 * @fault: what the service does wrong from now on (simulator.c), "" for nothing
 */
void
adit_world_set_fault (AditWorld *self, const char *fault)
{
  write_file (FAULT, fault, 0644);
}

/* --- The desktop --------------------------------------------------------------------------------------------------------- */

static gboolean
has_owner (AditWorld *self, const char *name)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                                             "NameHasOwner", g_variant_new ("(s)", name), G_VARIANT_TYPE ("(b)"),
                                                             G_DBUS_CALL_FLAGS_NONE, 1000, NULL, NULL);
  gboolean has = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &has);
  return has;
}

static gboolean
wait_owner (AditWorld *self, const char *name, GError **error)
{
  for (guint i = 0; i < 2000; i++)
    {
      if (has_owner (self, name))
        return TRUE;
      g_usleep (5000);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not come up on the bus", name);
  return FALSE;
}

static gboolean
start_bus (AditWorld *self, AditWorldFlags flags, GError **error)
{
  const char *const argv[] = { "/usr/bin/dbus-daemon", "--config-file=" LAB "/bus.conf", "--nofork", "--nopidfile", NULL };
  g_autofree char *resolved = flags & ADIT_WORLD_RESOLVED
    ? g_strdup_printf ("<include>%s/usr/share/dbus-1/system.d/org.freedesktop.resolve1.conf</include>",
                       program ("ADIT_LAB_RESOLVED"))
    : g_strdup ("");
  g_autofree char *configuration = g_strdup_printf (bus_configuration, program ("ADIT_LAB_DATA"), resolved);

  write_file (LAB "/bus.conf", configuration, 0644);
  if (adit_lab_spawn_logged (NULL, 0, argv, LOG, NULL, error) == 0)
    return FALSE;
  for (guint i = 0; i < 1000 && self->bus == NULL; i++)
    {
      g_usleep (5000);
      g_clear_error (error);
      self->bus = g_dbus_connection_new_for_address_sync (BUS, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, error);
    }
  return self->bus != NULL;
}

static gboolean
start_resolved (AditWorld *self, GError **error)
{
  g_autofree char *path = g_build_filename (program ("ADIT_LAB_RESOLVED"), "lib/systemd/systemd-resolved", NULL);
  const char *const argv[] = { path, NULL };

  make_directory ("/run/systemd/resolve");
  g_assert_cmpint (chown ("/run/systemd/resolve", 61013, 61013), ==, 0);
  write_file ("/etc/systemd/resolved.conf", "[Resolve]\nFallbackDNS=\nLLMNR=no\nMulticastDNS=no\n", 0644);
  if (unlink ("/etc/resolv.conf") != 0 || symlink ("/run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf") != 0)
    g_error ("cannot link /etc/resolv.conf: %s", g_strerror (errno));
  return adit_lab_spawn_logged ("client", 0, argv, LOG, NULL, error) != 0 && wait_owner (self, "org.freedesktop.resolve1", error);
}

/* As DHCP would: the uplink's resolver, known to resolved. */
static gboolean
give_link_dns (AditWorld *self, GError **error)
{
  g_autofree char *line = NULL;
  g_autoptr (GVariant) answer = NULL;
  const guint8 address[] = { 192, 0, 2, 53 };
  GVariantBuilder servers;
  guint index;
  int back;

  if (!adit_lab_switch ("client", &back, error))
    return FALSE;
  index = if_nametoindex ("eth0");
  adit_lab_switch_back (back);
  g_variant_builder_init (&servers, G_VARIANT_TYPE ("a(iay)"));
  g_variant_builder_add (&servers, "(i@ay)", AF_INET, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, address, 4, 1));
  answer = g_dbus_connection_call_sync (self->bus, "org.freedesktop.resolve1", "/org/freedesktop/resolve1",
                                        "org.freedesktop.resolve1.Manager", "SetLinkDNS",
                                        g_variant_new ("(ia(iay))", (gint) index, &servers), NULL, G_DBUS_CALL_FLAGS_NONE, 5000,
                                        NULL, error);
  return answer != NULL;
}

static gboolean
make_session (GError **error)
{
  make_directory ("/run/systemd/sessions");
  make_directory ("/run/systemd/users");
  make_directory ("/run/systemd/seats");
  write_file ("/run/systemd/sessions/" SESSION,
              "UID=61011\nUSER=alice\nACTIVE=1\nIS_DISPLAY=1\nSTATE=active\nREMOTE=0\nTYPE=wayland\n"
              "CLASS=user\nSCOPE=session-" SESSION ".scope\nSEAT=seat0\n", 0644);
  write_file ("/run/systemd/users/61011",
              "NAME=alice\nSTATE=active\nDISPLAY=" SESSION "\nSESSIONS=" SESSION "\nACTIVE_SESSIONS=" SESSION
              "\nSEATS=seat0\nACTIVE_SEATS=seat0\n", 0644);
  write_file ("/run/systemd/seats/seat0", "ACTIVE=" SESSION "\nACTIVE_UID=61011\nSESSIONS=" SESSION "\nUIDS=61011\n", 0644);
  if (mount ("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL) == 0 && g_mkdir_with_parents (SCOPE, 0755) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no control group to be had: %s", g_strerror (errno));
  return FALSE;
}

/**
 * adit_world_new:
 * @flags: what else runs on the computer
 * @error: return location
 *
 * Makes the internet, the exit, the service and the desktop; the helper is started by adit_world_start_helper().
 *
 * Returns: (transfer full) (nullable): the world
 */
AditWorld *
adit_world_new (AditWorldFlags flags, GError **error)
{
  g_autoptr (AditWorld) self = g_new0 (AditWorld, 1);
  const char *const web[] = { program ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  const char *const polkit[] = { "/usr/lib/polkit-1/polkitd", "--no-debug", NULL };

  self->peers_fd = -1;
  adit_world_set_fault (self, "");
  write_file (DNS_LOG, "", 0644);
  if (!adit_lab_make_internet (error) || !adit_lab_start_exit (program ("ADIT_LAB_DNS_SERVER"), error) ||
      adit_lab_spawn_logged ("web", 0, web, LOG, NULL, error) == 0 || !make_pki (error) ||
      !adit_world_start_service (self, error) ||
      !wait_listening ("web", ADIT_LAB_WEB_ADDRESS, 80, error) || !start_bus (self, flags, error))
    return NULL;
  if ((flags & ADIT_WORLD_POLKIT) && (!make_session (error) || adit_lab_spawn_logged (NULL, 0, polkit, LOG, NULL, error) == 0 ||
                                      !wait_owner (self, "org.freedesktop.PolicyKit1", error)))
    return NULL;
  if ((flags & ADIT_WORLD_RESOLVED) && (!start_resolved (self, error) || !give_link_dns (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * adit_world_free:
 * @self: (nullable): the world; what still runs in it ends with the program
 */
void
adit_world_free (AditWorld *self)
{
  if (self == NULL)
    return;
  adit_world_kill_helper (self);
  adit_world_stop_service (self);
  (void) rmdir (SCOPE);    /* the tree of control groups is the real computer's */
  (void) rmdir (SLICE);
  g_clear_object (&self->bus);
  g_free (self);
}

/* --- Adit ---------------------------------------------------------------------------------------------------------------- */

/**
 * adit_world_start_helper:
 * @self: the world, without a running helper
 * @error: return location
 *
 * Returns: whether the helper is on the bus
 */
gboolean
adit_world_start_helper (AditWorld *self, GError **error)
{
  const char *const argv[] = { ADIT_LIBEXECDIR "/aditd", NULL };

  self->helper = adit_lab_spawn_logged ("client", 0, argv, LOG, NULL, error);
  return self->helper != 0 && wait_owner (self, "org.aditvpn.Adit1", error);
}

/**
 * adit_world_kill_helper:
 * @self: the world
 *
 * Kills the helper at once, as a crash would.
 */
void
adit_world_kill_helper (AditWorld *self)
{
  if (self->helper != 0)
    adit_lab_end (self->helper);
  self->helper = 0;
}

/**
 * adit_world_stop_helper:
 * @self: the world
 *
 * Ends the helper as a service manager does.
 *
 * Returns: its wait status
 */
int
adit_world_stop_helper (AditWorld *self)
{
  int status = 0;

  kill (self->helper, SIGTERM);
  while (waitpid (self->helper, &status, 0) < 0 && errno == EINTR)
    ;
  self->helper = 0;
  return status;
}

typedef struct { int space_fd; guint uid; } Caller;

static void
become (gpointer user_data)
{
  Caller *caller = user_data;
  int scope = caller->uid == ADIT_WORLD_ALICE_UID ? open (SCOPE "/cgroup.procs", O_WRONLY | O_CLOEXEC) : -1;

  if (scope >= 0 && write (scope, "0", 1) != 1)
    _exit (126);
  if (setns (caller->space_fd, CLONE_NEWNET) != 0 ||
      (caller->uid != 0 && (setgroups (0, NULL) != 0 || setgid (caller->uid) != 0 || setuid (caller->uid) != 0)))
    _exit (126);
}

/* "adit LINE" on the client, as @uid. */
static GSubprocess *
start_adit (guint uid, const char *input, const char *line, GSubprocessFlags flags, GError **error)
{
  /* A file, not a pipe: a program that ends without reading would break the pipe under whoever is still writing. */
  int input_fd = memfd_create ("input", MFD_CLOEXEC);
  g_autofree char *command = g_strdup_printf ("timeout 90 %s %s", program ("ADIT_PROGRAM"), line);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_auto (GStrv) argv = NULL;
  Caller caller = { .uid = uid };
  GSubprocess *process;

  if (input_fd < 0 || pwrite (input_fd, input, strlen (input), 0) != (gssize) strlen (input))
    g_error ("no memory for the input of adit: %s", g_strerror (errno));
  g_subprocess_launcher_take_stdin_fd (launcher, input_fd);
  if (!g_shell_parse_argv (command, NULL, &argv, error))
    return NULL;
  caller.space_fd = open ("/run/netns/client", O_RDONLY | O_CLOEXEC);
  g_subprocess_launcher_set_child_setup (launcher, become, &caller, NULL);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "ADIT_DEBUG");
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
  close (caller.space_fd);
  return process;
}

/**
 * adit_world_start_adit:
 * @self: the world
 * @line: what root types behind "adit"
 * @error: return location
 *
 * Starts the command line on the client and does not wait for it; its output is dropped.
 *
 * Returns: (transfer full) (nullable): the process
 */
GSubprocess *
adit_world_start_adit (AditWorld *self, const char *line, GError **error)
{
  return start_adit (0, "", line, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, error);
}

/**
 * adit_world_adit:
 * @self: the world
 * @uid: who types it
 * @input: (nullable): its standard input
 * @line: what is typed behind "adit", quoted as in a shell; no shell runs
 *
 * Runs the command line on the client, for at most 90 seconds.
 *
 * Returns: (transfer full): what it said and how it ended
 */
AditLabResult *
adit_world_adit (AditWorld *self, guint uid, const char *input, const char *line)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  AditLabResult *result = g_new0 (AditLabResult, 1);

  process = start_adit (uid, input != NULL ? input : "", line, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                        &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &result->out, &result->err, &error))
    g_error ("adit %s: %s", line, error->message);
  result->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128;
  return result;
}

/**
 * adit_world_get_state:
 * @self: the world
 *
 * Returns: (transfer full): the state's nick, "" without a helper
 */
char *
adit_world_get_state (AditWorld *self)
{
  g_autoptr (AditLabResult) result = adit_world_adit (self, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL);
  const char *state = json_string_value (json_object_get (object, "state"));
  char *copy = g_strdup (state != NULL ? state : "");

  json_decref (object);
  return copy;
}

/**
 * adit_world_wait_state:
 * @self: the world
 * @state: a state's nick
 * @max_ms: how long at the most
 *
 * Returns: whether the helper got there in time
 */
gboolean
adit_world_wait_state (AditWorld *self, const char *state, guint max_ms)
{
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;

  do
    {
      g_autofree char *now = adit_world_get_state (self);

      if (g_str_equal (now, state))
        return TRUE;
      g_usleep (20000);
    }
  while (g_get_monotonic_time () < end);
  return FALSE;
}

/**
 * adit_world_ask_web:
 * @self: the world
 * @ipv6: by which family
 *
 * Returns: (transfer full): the address that the web server saw; "" if it could not be reached within two seconds
 */
char *
adit_world_ask_web (AditWorld *self, gboolean ipv6)
{
  static const char request[] = "GET / HTTP/1.0\r\nHost: web.example\r\n\r\n";
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string (ipv6 ? "2001:db8:ff::80" : ADIT_LAB_WEB_ADDRESS, 80);
  g_autoptr (GSocket) socket = NULL;
  char answer[4096] = "";
  gsize length = 0;
  gssize got = 1;
  const char *body;
  int back;

  if (!adit_lab_switch ("client", &back, NULL))
    return g_strdup ("");
  socket = g_socket_new (g_socket_address_get_family (to), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_socket_set_timeout (socket, 2);
  if (g_socket_connect (socket, to, NULL, NULL) && g_socket_send (socket, request, strlen (request), NULL, NULL) > 0)
    while (got > 0 && length < sizeof answer - 1)
      {
        got = g_socket_receive (socket, answer + length, sizeof answer - 1 - length, NULL, NULL);
        length += got > 0 ? (gsize) got : 0;
      }
  adit_lab_switch_back (back);
  body = strstr (answer, "\r\n\r\n");
  return g_strdup (body != NULL ? body + 4 : "");
}

/**
 * adit_world_look_up:
 * @self: the world
 * @name: a name
 *
 * Asks as any program does: by the computer's own resolver.
 *
 * Returns: (transfer full): the answer's first line, "" for none
 */
char *
adit_world_look_up (AditWorld *self, const char *name)
{
  const char *const argv[] = { "getent", "ahostsv4", name, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);
  char *end = result != NULL ? strchr (result->out, '\n') : NULL;

  if (end != NULL)
    *end = '\0';
  return g_strdup (result != NULL && result->status == 0 ? result->out : "");
}

/**
 * adit_world_ping:
 * @self: the world
 * @address: an IPv4 address
 * @max_ms: how long at the most
 *
 * Sends an ICMP echo every two milliseconds until one is answered.
 *
 * Returns: whether one was
 */
gboolean
adit_world_ping (AditWorld *self, const char *address, guint max_ms)
{
  struct sockaddr_in to = { .sin_family = AF_INET };
  gint64 end = g_get_monotonic_time () + max_ms * 1000L;
  gboolean answered = FALSE;
  guint16 sequence = 0;
  int back, fd;

  inet_pton (AF_INET, address, &to.sin_addr);
  if (!adit_lab_switch ("client", &back, NULL))
    return FALSE;
  fd = socket (AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
  adit_lab_switch_back (back);
  while (fd >= 0 && !answered && g_get_monotonic_time () < end)
    {
      struct icmphdr echo = { .type = ICMP_ECHO, .un.echo = { .id = 4711, .sequence = ++sequence } };
      guint32 sum = 0;
      guint8 packet[256];
      gssize got;

      for (gsize i = 0; i < sizeof echo / 2; i++)
        sum += ((guint16 *) &echo)[i];
      echo.checksum = (guint16) ~((sum & 0xffff) + (sum >> 16));
      (void) sendto (fd, &echo, sizeof echo, 0, (struct sockaddr *) &to, sizeof to);
      g_usleep (2000);
      while ((got = recv (fd, packet, sizeof packet, 0)) > 0)
        answered = answered || (got >= 28 && packet[20] == ICMP_ECHOREPLY && memcmp (packet + 12, &to.sin_addr, 4) == 0);
    }
  if (fd >= 0)
    close (fd);
  return answered;
}

/**
 * adit_world_dup_dns_log:
 * @self: the world
 *
 * Returns: (transfer full): what the DNS servers were asked since the last call, a line a question: server, asker, name, type
 */
char *
adit_world_dup_dns_log (AditWorld *self)
{
  g_autofree char *text = NULL;
  char *copy;

  if (!g_file_get_contents (DNS_LOG, &text, NULL, NULL))
    return g_strdup ("");
  copy = g_steal_pointer (&text);
  if (truncate (DNS_LOG, 0) != 0)
    g_printerr ("lab: %s: %s\n", DNS_LOG, g_strerror (errno));
  return copy;
}

/**
 * adit_world_dup_log:
 * @self: the world
 *
 * Returns: (transfer full): what helper, workers and servers have said so far
 */
char *
adit_world_dup_log (AditWorld *self)
{
  char *text = NULL;

  return g_file_get_contents (LOG, &text, NULL, NULL) ? text : g_strdup ("");
}
