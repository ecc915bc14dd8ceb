/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-userspace.c: makes the device and the socket, gives both to wireguard-go under a user of its own, and tells it the keys.
 *
 * Our copy of the device's descriptor is closed once the process has it, so that the two end together. */
#define G_LOG_DOMAIN "adit-tunnel"
#include "config.h"
#include "platform/linux/wg-userspace.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/link-watch.h"
#include "platform/linux/marks.h"
#include "platform/linux/tun.h"
#include "platform/linux/tunnel-link.h"
#include "platform/linux/uapi.h"
#include "platform/linux/uapi-socket.h"
#include "platform/process.h"

#define USER              "adit-wireguard"
#define PROBE_DEVICE      "adit-probe1"
#define CONFIGURE_WAIT_MS 3000    /* seen: 2 ms; a loaded computer needs more, a hanging process must not keep us */
#define PROGRESS_WAIT_MS  1000    /* seen: under 1 ms; the same, and the main loop stands still meanwhile */
#define STOP_WAIT_MS       300    /* seen: 29 ms */
#define TUN_FD 3
#define UAPI_FD 4

struct _AditWgUserspace
{
  GObject parent;

  AditProcess        *process;
  AditLinkWatch      *watch;
  guint               attempt;    /* each stop begins a new one: answers to an older one are dropped */
  gboolean            prepared;   /* the process was started ahead and knows no key */
  gboolean            started;
  gboolean            proved;     /* a device could be made once; from then on the probe only looks whether it still may */
  struct stat         program;    /* that was looked into last, and ... */
  AditTunForm         form;       /* ... what it wants */
  AditWgProgress      progress;
};

static void adit_wg_userspace_iface_init (AditTunnelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditWgUserspace, adit_wg_userspace, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL, adit_wg_userspace_iface_init))

static const char *
wg_userspace_get_name (AditTunnel *tunnel)
{
  return "wireguard-userspace";
}

static gboolean
check_program (GError **error)
{
  struct stat status;

  if (stat (ADIT_WIREGUARD_GO, &status) != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD, ADIT_WIREGUARD_GO ": %s", g_strerror (errno));
  else if (!S_ISREG (status.st_mode) || status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
           (status.st_mode & S_IXOTH) == 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD,
                         ADIT_WIREGUARD_GO " is not a program that only root can change");
  else
    return TRUE;
  return FALSE;
}

static gboolean
look_up_group (gid_t *group, GError **error)
{
  struct passwd *user = getpwnam (USER);

  if (user == NULL)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD, "There is no user " USER " on this computer");
  else
    *group = user->pw_gid;
  return user != NULL;
}

static gboolean
wg_userspace_probe (AditTunnel *tunnel, GError **error)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);
  gid_t group;
  int fd;

  if (!check_program (error) || !look_up_group (&group, error))
    return FALSE;
  if (self->proved)
    return adit_tun_is_there (error);
  fd = adit_tun_open (PROBE_DEVICE, ADIT_TUN_PACKET_INFO, FALSE, error);
  if (fd < 0)
    {
      if (error != NULL && *error != NULL)
        (*error)->code = ADIT_ERROR_NO_WIREGUARD;
      return FALSE;
    }
  close (fd);
  self->proved = TRUE;
  return TRUE;
}

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
         a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Up to 0.0.20220703 wireguard-go wants the packet information header on a device that it is given; since 0.0.20230223 it asks
 * the device (NativeTun.initFromFlags) and wants it without.  A Go program keeps its functions' names for stack traces, also
 * when it is stripped, so the file tells which kind it is; the program's --version cannot be trusted to. */
static gboolean
find_tun_form (AditWgUserspace *self, AditTunForm *form, GError **error)
{
  static const char newer[] = "NativeTun).initFromFlags";
  g_autoptr (GMappedFile) file = NULL;
  struct stat now = { 0 };

  if (stat (ADIT_WIREGUARD_GO, &now) == 0 && now.st_ino != 0 && is_same_file (&now, &self->program))
    {
      *form = self->form;
      return TRUE;
    }
  file = g_mapped_file_new (ADIT_WIREGUARD_GO, FALSE, error);
  if (file == NULL)
    return FALSE;
  *form = memmem (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), newer, strlen (newer)) != NULL
          ? ADIT_TUN_OFFLOAD : ADIT_TUN_PACKET_INFO;
  self->program = now;
  self->form = *form;
  return TRUE;
}

static gboolean
wg_userspace_stop (AditTunnel *tunnel, GError **error)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);

  self->prepared = self->started = FALSE;
  self->attempt++;
  g_clear_pointer (&self->watch, adit_link_watch_free);
  if (self->process != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->process, self);
      adit_process_stop (self->process, STOP_WAIT_MS);
      g_clear_object (&self->process);
    }
  self->progress = (AditWgProgress) { 0 };
  adit_uapi_socket_remove (ADIT_TUNNEL_DEVICE);
  /* After the process: its end took the device along.  What is still there is of another back end, or of a crashed helper. */
  return adit_link_remove (ADIT_TUNNEL_DEVICE, error);
}

static void
lose (AditWgUserspace *self, const char *what)
{
  g_autoptr (AditWgUserspace) alive = g_object_ref (self);
  g_autoptr (GError) reason = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, what);

  /* During a start its own task tells the failure: the socket closes with the process. */
  if (!self->started)
    return;
  self->started = FALSE;
  g_message ("%s", what);
  adit_tunnel_emit_lost (ADIT_TUNNEL (alive), reason);
}

static void
on_exited (AditProcess *process, int wait_status, gpointer data)
{
  lose (data, "WireGuard's process has ended");
}

static void
on_link_gone (gpointer data)
{
  lose (data, "The tunnel's device is gone");
}

static gboolean
start_process (AditWgUserspace *self, GError **error)
{
  static const char *const argv[] = { "wireguard-go", "-f", ADIT_TUNNEL_DEVICE, NULL };
  static const char *const envp[] = {
    "WG_TUN_FD=" G_STRINGIFY (TUN_FD), "WG_UAPI_FD=" G_STRINGIFY (UAPI_FD), "WG_PROCESS_FOREGROUND=1", "LOG_LEVEL=error", NULL
  };
  AditProcessSpec spec = {
    .path = ADIT_WIREGUARD_GO, .argv = argv, .envp = envp, .user = USER, .confinement = ADIT_CONFINEMENT_WIREGUARD, .n_fds = 2,
  };
  AditTunForm form;
  gid_t group;
  int tun, listener;

  if (!check_program (error) || !look_up_group (&group, error) || !find_tun_form (self, &form, error))
    return FALSE;
  tun = adit_tun_open (ADIT_TUNNEL_DEVICE, form, FALSE, error);
  listener = tun < 0 ? -1 : adit_uapi_socket_listen (ADIT_TUNNEL_DEVICE, group, error);
  if (listener >= 0)
    {
      spec.fds[0].from = tun;
      spec.fds[0].to = TUN_FD;
      spec.fds[1].from = listener;
      spec.fds[1].to = UAPI_FD;
      self->process = adit_process_start (&spec, error);
      if (self->process != NULL)
        {
          g_signal_connect (self->process, "exited", G_CALLBACK (on_exited), self);
          self->watch = adit_link_watch_new (ADIT_TUNNEL_DEVICE, on_link_gone, self, error);
        }
      close (listener);
    }
  if (tun >= 0)
    close (tun);
  return self->watch != NULL;
}

static gboolean
wg_userspace_prepare (AditTunnel *tunnel)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);
  g_autoptr (GError) error = NULL;

  self->prepared = wg_userspace_stop (tunnel, &error) && start_process (self, &error);
  if (self->prepared)
    return TRUE;
  g_debug ("not started ahead: %s", error->message);
  wg_userspace_stop (tunnel, NULL);
  return FALSE;
}

/* Once: the next start begins with a process of its own. */
static gboolean
take_prepared (AditWgUserspace *self)
{
  gboolean there = self->prepared && adit_process_is_running (self->process);

  self->prepared = FALSE;
  return there;
}

static void
on_configured (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  AditWgUserspace *self = g_task_get_source_object (task);
  guint attempt = GPOINTER_TO_UINT (g_task_get_task_data (task));
  GError *error = NULL;
  gboolean taken = adit_uapi_exchange_finish (result, &error);

  if (attempt != self->attempt)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The tunnel was stopped while it started");
    }
  else if (!taken)
    {
      wg_userspace_stop (ADIT_TUNNEL (self), NULL);
      g_task_return_error (task, error);
    }
  else
    {
      self->started = TRUE;
      g_task_return_boolean (task, TRUE);
    }
}

static void
wg_userspace_start_async (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);
  /* Without the cancellable: a task that has one reports "cancelled" even after success, and would leave the device behind. */
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (AditSecret) request = NULL;
  GError *error = NULL;
  gboolean there;

  g_task_set_source_tag (task, wg_userspace_start_async);
  there = take_prepared (self);
  if ((!there && !wg_userspace_stop (tunnel, &error)) || g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      wg_userspace_stop (tunnel, NULL);
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, GUINT_TO_POINTER (self->attempt), NULL);
  request = adit_uapi_new_set_request (spec, secrets, ADIT_MARK, &error);
  if (request == NULL || (!there && !start_process (self, &error)))
    {
      wg_userspace_stop (tunnel, NULL);
      g_task_return_error (task, error);
      return;
    }
  adit_wg_progress_begin (&self->progress, spec);
  adit_uapi_exchange_async (ADIT_TUNNEL_DEVICE, request, CONFIGURE_WAIT_MS, cancellable, on_configured, g_steal_pointer (&task));
}

static gboolean
wg_userspace_start_finish (AditTunnel *tunnel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, tunnel), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
wg_userspace_read_progress (AditTunnel *tunnel, AditTunnelProgress *progress, GError **error)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);
  AditUapiStatus status;
  gboolean understood;
  char *answer;
  gsize length;

  if (!self->started)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not started");
      return FALSE;
    }
  answer = adit_uapi_ask (ADIT_TUNNEL_DEVICE, ADIT_UAPI_GET, strlen (ADIT_UAPI_GET), PROGRESS_WAIT_MS, &length, error);
  if (answer == NULL)
    return FALSE;
  understood = adit_uapi_parse_get_answer (answer, length, &status, error);
  adit_wipe (answer, length);
  g_free (answer);
  if (!understood)
    return FALSE;
  adit_wg_progress_read (&self->progress, status.peers, status.n_peers, progress);
  return TRUE;
}

static guint64
wg_userspace_count_packets (AditTunnel *tunnel)
{
  return adit_tunnel_link_count_packets ();
}

static gboolean
wg_userspace_renew (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (tunnel);
  g_autoptr (AditSecret) request = NULL;
  const guint8 *bytes;
  gboolean taken;
  char *answer;
  gsize length;

  if (!self->started)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not started");
      return FALSE;
    }
  request = adit_uapi_new_set_request (spec, secrets, ADIT_MARK, error);    /* which replaces the peers */
  if (request == NULL)
    return FALSE;
  bytes = adit_secret_peek (request, &length);
  answer = adit_uapi_ask (ADIT_TUNNEL_DEVICE, bytes, length, PROGRESS_WAIT_MS, &length, error);
  if (answer == NULL)
    return FALSE;
  taken = adit_uapi_check_set_answer (answer, length, error);
  g_free (answer);
  if (taken)
    adit_wg_progress_begin (&self->progress, spec);
  return taken;
}

static void
adit_wg_userspace_dispose (GObject *object)
{
  AditWgUserspace *self = ADIT_WG_USERSPACE (object);

  /* Only what is ours: another instance, or back end, may have made the device that is there now. */
  if (self->process != NULL)
    wg_userspace_stop (ADIT_TUNNEL (self), NULL);
  G_OBJECT_CLASS (adit_wg_userspace_parent_class)->dispose (object);
}

static void
adit_wg_userspace_class_init (AditWgUserspaceClass *class)
{
  G_OBJECT_CLASS (class)->dispose = adit_wg_userspace_dispose;
}

static void
adit_wg_userspace_init (AditWgUserspace *self)
{
}

static void
adit_wg_userspace_iface_init (AditTunnelInterface *iface)
{
  iface->get_name = wg_userspace_get_name;
  iface->probe = wg_userspace_probe;
  iface->prepare = wg_userspace_prepare;
  iface->start_async = wg_userspace_start_async;
  iface->start_finish = wg_userspace_start_finish;
  iface->read_progress = wg_userspace_read_progress;
  iface->count_packets = wg_userspace_count_packets;
  iface->renew = wg_userspace_renew;
  iface->stop = wg_userspace_stop;
}

/**
 * adit_wg_userspace_new:
 *
 * Returns: (transfer full): the back end "wireguard-userspace"
 */
AditTunnel *
adit_wg_userspace_new (void)
{
  return g_object_new (ADIT_TYPE_WG_USERSPACE, NULL);
}
