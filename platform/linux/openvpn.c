/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn.c: makes the device for a user who has nothing else, starts openvpn as that user, and takes exactly one connection from
 * exactly that process.
 *
 * The configuration is read by openvpn alone, from a descriptor; what stands in it is its worker's to answer for, and could give
 * whoever wrote it no more than this process may do anyway. */
#define G_LOG_DOMAIN "adit-tunnel"
#include "config.h"
#include "platform/openvpn.h"

#include <errno.h>
#include <glib-unix.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "client/base/error.h"
#include "client/base/file.h"
#include "platform/linux/link-watch.h"
#include "platform/linux/marks.h"
#include "platform/linux/tun.h"
#include "platform/process.h"

#define USER             "adit-openvpn"
#define SOCKET_DIRECTORY "/run/adit"
#define SOCKET_PATH      SOCKET_DIRECTORY "/openvpn.sock"
#define CONNECT_WAIT_MS  5000    /* seen: 10 ms; a loaded computer needs more, a hanging process must not keep us */
#define STOP_WAIT_MS     300     /* where nobody has asked it before, it says farewell to the server first */
#define CONFIGURATION_FD 0
#define FEED_MAX_BYTES   65536    /* a pipe takes that much and nobody waits: pipe(7) */
#define TUN_PATH         "/dev/net/tun"    /* Documentation/networking/tuntap.rst */

struct _AditOpenvpn
{
  GObject parent_instance;

  AditProcess   *process;
  AditLinkWatch *watch;
  GTask         *starting;    /* until it has connected */
  int            listener;
  int            feed;        /* of one that was started ahead, where it waits for its configuration; or -1 */
  guint          listener_source, deadline_source;
};

G_DEFINE_FINAL_TYPE (AditOpenvpn, adit_openvpn, G_TYPE_OBJECT)

enum { SIGNAL_LOST, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
stop_listening (AditOpenvpn *self)
{
  g_clear_handle_id (&self->listener_source, g_source_remove);
  g_clear_handle_id (&self->deadline_source, g_source_remove);
  if (self->listener >= 0)
    close (self->listener);
  self->listener = -1;
  unlink (SOCKET_PATH);
}

static void
fail_start (AditOpenvpn *self, const char *what)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->starting);

  adit_openvpn_stop (self, NULL);
  g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "%s", what);
}

static void
lose (AditOpenvpn *self, const char *what)
{
  g_autoptr (AditOpenvpn) alive = g_object_ref (self);
  g_autoptr (GError) reason = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, what);

  if (self->starting != NULL)
    fail_start (self, what);
  else
    g_signal_emit (alive, signals[SIGNAL_LOST], 0, reason);
}

static void
stop_feeding (AditOpenvpn *self)
{
  if (self->feed >= 0)
    close (self->feed);
  self->feed = -1;
}

static void
end_process (AditOpenvpn *self)
{
  stop_feeding (self);
  if (self->process == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->process, self);
  adit_process_stop (self->process, STOP_WAIT_MS);
  g_clear_object (&self->process);
}

static void
on_exited (AditProcess *process, int wait_status, gpointer data)
{
  AditOpenvpn *self = data;

  if (self->feed < 0)
    {
      lose (self, "openvpn has ended");
      return;
    }
  /* Nobody had asked it for anything yet; there will be another. */
  stop_feeding (self);
  g_signal_handlers_disconnect_by_data (process, self);
  g_clear_object (&self->process);
}

static void
on_link_gone (gpointer data)
{
  lose (data, "The tunnel's device is gone");
}

static gboolean
on_deadline (gpointer user_data)
{
  AditOpenvpn *self = user_data;

  self->deadline_source = 0;
  fail_start (self, "openvpn did not answer in time");
  return G_SOURCE_REMOVE;
}

/* Whoever else gets as far as this socket is sent away: whoever talks here has the password. */
static gboolean
on_connection (int fd, GIOCondition condition, gpointer user_data)
{
  AditOpenvpn *self = user_data;
  int connection = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  struct ucred peer = { 0 };
  socklen_t length = sizeof peer;
  g_autoptr (GTask) task = NULL;

  if (connection < 0)
    return G_SOURCE_CONTINUE;
  if (getsockopt (connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 || peer.pid != adit_process_get_pid (self->process))
    {
      g_warning ("process %d is not our openvpn, and was sent away", (int) peer.pid);
      close (connection);
      return G_SOURCE_CONTINUE;
    }
  self->listener_source = 0;
  stop_listening (self);
  task = g_steal_pointer (&self->starting);
  g_task_return_int (task, connection);
  return G_SOURCE_REMOVE;
}

static gboolean
fail (GError **error, const char *doing)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "%s %s: %s", doing, SOCKET_PATH, g_strerror (errno));
  return FALSE;
}

static gboolean
start_listening (AditOpenvpn *self, gid_t group, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET_PATH };
  mode_t before;
  int result;

  if (!adit_directory_ensure (SOCKET_DIRECTORY, 0755, error))
    return FALSE;
  unlink (SOCKET_PATH);
  self->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  before = umask (0177);    /* the file is born without rights for others */
  result = self->listener < 0 ? -1 : bind (self->listener, (struct sockaddr *) &address, sizeof address);
  umask (before);
  /* Its rights come last: whoever may see them sees a door that is there. */
  if (result != 0 || chown (SOCKET_PATH, 0, group) != 0 || listen (self->listener, 1) != 0 || chmod (SOCKET_PATH, 0620) != 0)
    return fail (error, "Could not listen on");
  self->listener_source = g_unix_fd_add (self->listener, G_IO_IN, on_connection, self);
  self->deadline_source = g_timeout_add (CONNECT_WAIT_MS, on_deadline, self);
  return TRUE;
}

static gboolean
start_process (AditOpenvpn *self, int configuration_fd, guint16 tcp_port, gboolean is_ahead, GError **error)
{
  static const char *const argv[] = { "openvpn", "--config", "stdin", NULL };
  /* No file of OpenSSL's: an engine is a library; and no complaint that it cannot be read. */
  static const char *const envp[] = { "OPENSSL_CONF=", "LC_ALL=C.UTF-8", NULL };
  AditProcessSpec spec = { .path = ADIT_OPENVPN_PROGRAM, .argv = argv, .envp = envp, .user = USER, .tcp_port = tcp_port,
                           .confinement = ADIT_CONFINEMENT_OPENVPN, .n_fds = 1, .is_ahead = is_ahead };

  spec.fds[0].from = configuration_fd;
  spec.fds[0].to = CONFIGURATION_FD;
  self->process = adit_process_start (&spec, error);
  if (self->process == NULL)
    return FALSE;
  g_signal_connect (self->process, "exited", G_CALLBACK (on_exited), self);
  return TRUE;
}

/* Once.  One for a stream is confined to its port, which nobody knew before. */
static gboolean
take_ahead (AditOpenvpn *self, int configuration_fd, guint16 tcp_port)
{
  struct stat status;

  return self->feed >= 0 && tcp_port == 0 && fstat (configuration_fd, &status) == 0 && status.st_size <= FEED_MAX_BYTES;
}

/* From descriptor to descriptor: what is in it is nothing that we read. */
static gboolean
feed (AditOpenvpn *self, int configuration_fd, GError **error)
{
  gssize n = FEED_MAX_BYTES;
  off_t offset = 0;

  if (!adit_process_await (self->process, error))
    return FALSE;
  while (n > 0)
    n = sendfile (self->feed, configuration_fd, &offset, FEED_MAX_BYTES);
  if (n < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "openvpn does not take its configuration: %s", g_strerror (errno));
  stop_feeding (self);
  return n == 0;
}

static gboolean
watch_link (AditOpenvpn *self, GError **error)
{
  self->watch = adit_link_watch_new (ADIT_TUNNEL_DEVICE, on_link_gone, self, error);
  return self->watch != NULL;
}

static void
adit_openvpn_dispose (GObject *object)
{
  AditOpenvpn *self = ADIT_OPENVPN (object);

  if (self->process != NULL)
    adit_openvpn_stop (self, NULL);
  G_OBJECT_CLASS (adit_openvpn_parent_class)->dispose (object);
}

static void
adit_openvpn_class_init (AditOpenvpnClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_openvpn_dispose;
  signals[SIGNAL_LOST] = g_signal_new ("lost", ADIT_TYPE_OPENVPN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
adit_openvpn_init (AditOpenvpn *self)
{
  self->listener = self->feed = -1;
}

/**
 * adit_openvpn_new:
 *
 * Returns: (transfer full): nothing is started yet
 */
AditOpenvpn *
adit_openvpn_new (void)
{
  return g_object_new (ADIT_TYPE_OPENVPN, NULL);
}

/**
 * adit_openvpn_probe:
 * @uid: (out) (optional): as whom it runs
 * @error: return location; %ADIT_ERROR_NO_OPENVPN says which part is missing
 *
 * Returns: whether this computer has an openvpn that only root can change, a user for it, and TUN
 */
gboolean
adit_openvpn_probe (guint32 *uid, GError **error)
{
  struct passwd *user = getpwnam (USER);
  struct stat status;

  if (stat (ADIT_OPENVPN_PROGRAM, &status) != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_OPENVPN, ADIT_OPENVPN_PROGRAM ": %s", g_strerror (errno));
  else if (!S_ISREG (status.st_mode) || status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
           (status.st_mode & S_IXOTH) == 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_OPENVPN,
                         ADIT_OPENVPN_PROGRAM " is not a program that only root can change");
  else if (user == NULL || user->pw_uid == 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_OPENVPN, "There is no user " USER " on this computer");
  else if (stat (TUN_PATH, &status) == 0 && (status.st_mode & (S_IROTH | S_IWOTH)) != (S_IROTH | S_IWOTH))
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_OPENVPN, TUN_PATH " is not open to users, as udev makes it");
  else if (adit_tun_is_there (error))
    {
      if (uid != NULL)
        *uid = user->pw_uid;
      return TRUE;
    }
  else if (error != NULL && *error != NULL)
    (*error)->code = ADIT_ERROR_NO_OPENVPN;
  return FALSE;
}

/**
 * adit_openvpn_get_device:
 *
 * Returns: (transfer none): the name of the device that its configuration has to name
 */
const char *
adit_openvpn_get_device (void)
{
  return ADIT_TUNNEL_DEVICE;
}

/**
 * adit_openvpn_get_socket_path:
 *
 * Returns: (transfer none): where its configuration has to tell it to connect
 */
const char *
adit_openvpn_get_socket_path (void)
{
  return SOCKET_PATH;
}

/**
 * adit_openvpn_prepare:
 * @self: stopped; what is left of an earlier one goes first
 * @error: return location; as adit_openvpn_start_finish()
 *
 * Starts the process, which loads its libraries and waits for its configuration.  There is no device yet.  It goes with
 * adit_openvpn_stop(), or a start that cannot use it.
 *
 * Returns: whether it waits
 */
gboolean
adit_openvpn_prepare (AditOpenvpn *self, GError **error)
{
  int ends[2];
  gboolean started;

  if (!adit_openvpn_stop (self, error) || !adit_openvpn_probe (NULL, error))
    return FALSE;
  if (pipe2 (ends, O_CLOEXEC | O_NONBLOCK) != 0 || fcntl (ends[0], F_SETFL, 0) != 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "Could not make a pipe: %s", g_strerror (errno));
      return FALSE;
    }
  started = start_process (self, ends[0], 0, TRUE, error);
  close (ends[0]);
  if (started)
    self->feed = ends[1];
  else
    close (ends[1]);
  return started;
}

/**
 * adit_openvpn_dismiss:
 * @self: prepared or not
 *
 * Ends the process that waits, if there is one, and nothing else: the device may be another's.
 */
void
adit_openvpn_dismiss (AditOpenvpn *self)
{
  if (self->feed >= 0)
    end_process (self);
}

/**
 * adit_openvpn_start_async:
 * @self: prepared, or stopped; what is left of an earlier one goes first
 * @configuration_fd: what it is to read, from its beginning; borrowed
 * @tcp_port: the one port to which it may open a stream, 0 for none
 * @cancellable: (nullable): ends the start
 * @callback: called when it has connected, or is over
 * @user_data: for @callback
 *
 * Starts the process, or lets the one go on that was started ahead, and makes the device meanwhile, which only root can take away
 * again.  It reads its configuration and connects to its management, which lets it go on when it has been handed over.
 */
void
adit_openvpn_start_async (AditOpenvpn *self, int configuration_fd, guint16 tcp_port, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  /* Without the cancellable, which would turn a success into a device that nobody knows of. */
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  struct passwd *user = getpwnam (USER);
  gboolean ahead = take_ahead (self, configuration_fd, tcp_port);
  GError *error = NULL;
  guint32 uid;

  g_task_set_source_tag (task, adit_openvpn_start_async);
  if ((!ahead && !adit_openvpn_stop (self, &error)) || g_cancellable_set_error_if_cancelled (cancellable, &error) ||
      !adit_openvpn_probe (&uid, &error) || !start_listening (self, user->pw_gid, &error) ||
      !(ahead ? feed (self, configuration_fd, &error) : start_process (self, configuration_fd, tcp_port, FALSE, &error)) ||
      !adit_tun_make_for (ADIT_TUNNEL_DEVICE, uid, &error) || !watch_link (self, &error))
    {
      adit_openvpn_stop (self, NULL);
      g_task_return_error (task, error);
      return;
    }
  self->starting = g_steal_pointer (&task);
}

/**
 * adit_openvpn_start_finish:
 * @self: as started
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED or %ADIT_ERROR_NO_OPENVPN; nothing is left then
 *
 * Returns: its management connection, which belongs to the caller, or -1
 */
int
adit_openvpn_start_finish (AditOpenvpn *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  return (int) g_task_propagate_int (G_TASK (result), error);
}

/**
 * adit_openvpn_kill:
 * @self: started or not
 *
 * Ends the process at once, for who has asked it in vain; the device stays.
 */
void
adit_openvpn_kill (AditOpenvpn *self)
{
  if (self->process != NULL)
    adit_process_kill (self->process);
}

/**
 * adit_openvpn_stop:
 * @self: started or not, or one whose predecessor was killed
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED when the device could not be removed
 *
 * Ends the process and removes the device.
 *
 * Returns: whether no device is left
 */
gboolean
adit_openvpn_stop (AditOpenvpn *self, GError **error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->starting);

  g_clear_pointer (&self->watch, adit_link_watch_free);
  stop_listening (self);
  end_process (self);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "openvpn was stopped while it started");
  return adit_link_remove (ADIT_TUNNEL_DEVICE, error);
}
