/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-exit.c: the servers' processes: started, changed, asked over their management sockets, killed. */
#include "tests/lab/openvpn-exit.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gio/gio.h>

#define IN       ADIT_LAB_OVPN_DIRECTORY "/"
#define DNS_LOG  "/run/adit-lab-dns.log"
#define START_MS 10000    /* some 15 ms here; the rest is for a busy machine */
#define AGAIN_US 1000

struct _AditLabOvpn
{
  guint number;
  GPid  pid;    /* 0: it does not run */
  char *configuration, *log, *socket;
  char *verify_program;
};

/**
 * adit_lab_make_ovpn:
 * @dns_server_program: the lab's DNS server, for the resolver inside the tunnels
 * @error: return location
 *
 * Makes the keys, the servers' way out and the resolver.  Once, after adit_lab_make_internet().
 *
 * Returns: whether servers can be started
 */
gboolean
adit_lab_make_ovpn (const char *dns_server_program, GError **error)
{
  const char *const resolver[] = { dns_server_program, ADIT_LAB_OVPN_RESOLVER, DNS_LOG, NULL };

  /* The resolver's address is there without any server, so that it outlives them all. */
  return adit_lab_ovpn_make_keys (error)
         && adit_lab_run_line (NULL, "ip -n ovpn addr add " ADIT_LAB_OVPN_RESOLVER "/32 dev lo", error)
         && adit_lab_masquerade ("ovpn", "eth0", "10.65.0.0/16", "fd00:65::/48", error)
         && adit_lab_spawn ("ovpn", 0, resolver, error) != 0;
}

/**
 * adit_lab_ovpn_new:
 * @server: what it is
 * @verify_program: the lab's own, that knows the users
 * @error: return location
 *
 * Starts a server, after adit_lab_make_ovpn().  Several can run side by side, each with a port of its own.
 *
 * Returns: (transfer full) (nullable): the server, which listens
 */
AditLabOvpn *
adit_lab_ovpn_new (const AditLabOvpnServer *server, const char *verify_program, GError **error)
{
  static guint n_servers;
  g_autoptr (AditLabOvpn) self = g_new0 (AditLabOvpn, 1);

  self->number = ++n_servers;
  self->configuration = g_strdup_printf (IN "%u.conf", self->number);
  self->log = g_strdup_printf (IN "%u.log", self->number);
  self->socket = g_strdup_printf (IN "%u.sock", self->number);
  self->verify_program = g_strdup (verify_program);
  return adit_lab_ovpn_change (self, server, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * adit_lab_ovpn_free:
 * @self: (nullable) (transfer full): a server; if it runs, it is killed
 */
void
adit_lab_ovpn_free (AditLabOvpn *self)
{
  if (self == NULL)
    return;
  adit_lab_ovpn_stop (self, SIGKILL);
  g_free (self->configuration);
  g_free (self->log);
  g_free (self->socket);
  g_free (self->verify_program);
  g_free (self);
}

/**
 * adit_lab_ovpn_change:
 * @self: a server
 * @server: what it is from now on; if it runs it is killed for that, as a crash would
 * @error: return location
 *
 * Returns: whether it listens
 */
gboolean
adit_lab_ovpn_change (AditLabOvpn *self, const AditLabOvpnServer *server, GError **error)
{
  g_autofree char *text = adit_lab_ovpn_dup_server (server, self->number, self->verify_program);

  adit_lab_ovpn_stop (self, SIGKILL);
  return g_file_set_contents (self->configuration, text, -1, error) && adit_lab_ovpn_start (self, error);
}

static gboolean
wait_until_it_listens (AditLabOvpn *self, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + START_MS * 1000;
  g_autofree char *log = NULL;

  do
    {
      g_free (log);
      log = adit_lab_ovpn_dup_log (self);
      if (strstr (log, "Initialization Sequence Completed") != NULL)
        return TRUE;
      if (waitpid (self->pid, NULL, WNOHANG) == self->pid)
        {
          self->pid = 0;
          break;
        }
      g_usleep (AGAIN_US);
    }
  while (g_get_monotonic_time () < end_us);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the server of openvpn does not come up:\n%s", log);
  return FALSE;
}

/**
 * adit_lab_ovpn_start:
 * @self: a server that does not run
 * @error: return location
 *
 * Returns: whether it listens, as it did before
 */
gboolean
adit_lab_ovpn_start (AditLabOvpn *self, GError **error)
{
  const char *const argv[] = { "openvpn", "--config", self->configuration, NULL };

  if (unlink (self->log) != 0 && errno != ENOENT)
    g_error ("%s: %s", self->log, g_strerror (errno));
  self->pid = adit_lab_spawn_logged ("ovpn", 0, argv, self->log, NULL, error);
  return self->pid != 0 && wait_until_it_listens (self, error);
}

/**
 * adit_lab_ovpn_stop:
 * @self: a server; one that does not run is no error
 * @signal_number: how it ends: SIGKILL without a word, SIGTERM as its service manager does it
 */
void
adit_lab_ovpn_stop (AditLabOvpn *self, int signal_number)
{
  if (self->pid == 0)
    return;
  kill (self->pid, signal_number);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  self->pid = 0;
}

/* An answer is one line, or several and "END"; the greeting is none. */
static gboolean
is_whole (const char *answer)
{
  return g_str_has_suffix (answer, "\n") &&
         (strstr (answer, "\nEND\r") != NULL || strstr (answer, "\nSUCCESS: ") != NULL || strstr (answer, "\nERROR: ") != NULL);
}

/**
 * adit_lab_ovpn_ask:
 * @self: a server that runs
 * @command: of its management interface
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its answer
 */
char *
adit_lab_ovpn_ask (AditLabOvpn *self, const char *command, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const struct timeval limit = { .tv_sec = 5 };
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autoptr (GString) answer = g_string_new (NULL);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char buffer[1024];
  gssize got = -1;

  g_strlcpy (address.sun_path, self->socket, sizeof address.sun_path);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0 && send (fd, line, strlen (line), MSG_NOSIGNAL) > 0)
    while (!is_whole (answer->str) && (got = recv (fd, buffer, sizeof buffer, 0)) > 0)
      g_string_append_len (answer, buffer, got);
  if (got <= 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->socket, g_strerror (errno));
  close (fd);
  return got > 0 ? g_strdup (answer->str) : NULL;
}

/* In the lines "CLIENT_LIST,common name,real address,..." of status format 2, the client's number is the eleventh. */
static char *
dup_client_number (const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", -1);

  return g_strv_length (fields) > 10 && g_str_equal (fields[0], "CLIENT_LIST") ? g_strdup (fields[10]) : NULL;
}

/**
 * adit_lab_ovpn_dismiss:
 * @self: a server that runs
 * @message: what it tells its clients before it forgets them: "RESTART", "HALT,reason"
 * @error: return location
 *
 * Returns: how many clients were told; 0 with or without @error
 */
guint
adit_lab_ovpn_dismiss (AditLabOvpn *self, const char *message, GError **error)
{
  g_autofree char *status = adit_lab_ovpn_ask (self, "status 2", error);
  g_auto (GStrv) lines = g_strsplit (status != NULL ? status : "", "\n", -1);
  guint n_told = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *number = dup_client_number (lines[i]);
      g_autofree char *command = g_strdup_printf ("client-kill %s \"%s\"", number, message);
      g_autofree char *answer = number != NULL ? adit_lab_ovpn_ask (self, command, NULL) : NULL;

      n_told += answer != NULL && strstr (answer, "SUCCESS: client-kill") != NULL;
    }
  return n_told;
}

/**
 * adit_lab_ovpn_dup_log:
 * @self: a server
 *
 * Returns: (transfer full): all that it has said since it was started last
 */
char *
adit_lab_ovpn_dup_log (AditLabOvpn *self)
{
  char *text = NULL;

  return g_file_get_contents (self->log, &text, NULL, NULL) ? text : g_strdup ("");
}

/**
 * adit_lab_ovpn_get_pid:
 * @self: a server
 *
 * Returns: its process, for signals and stops; 0 if it does not run
 */
GPid
adit_lab_ovpn_get_pid (AditLabOvpn *self)
{
  return self->pid;
}

/**
 * adit_lab_ovpn_get_number:
 * @self: a server
 *
 * Returns: which of the lab's it is, from 1; its device ("ovs1") and its networks (10.65.1.0/24) have that number
 */
guint
adit_lab_ovpn_get_number (AditLabOvpn *self)
{
  return self->number;
}
