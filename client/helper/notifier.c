/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notifier.c: datagrams to the service manager's socket (sd_notify(3)); without one nothing is said. */
#define G_LOG_DOMAIN "adit-helper"

#include "client/helper/notifier.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _AditNotifier
{
  int                fd;    /* -1: nobody wants to hear anything */
  struct sockaddr_un address;
  socklen_t          length;
  guint              watchdog;
};

static void
tell (AditNotifier *self, const char *text)
{
  if (self->fd >= 0 && sendto (self->fd, text, strlen (text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *) &self->address,
                               self->length) < 0)
    g_debug ("the service manager was not told \"%s\": %s", text, g_strerror (errno));
}

/* In the main loop on purpose: one that does not turn any more says nothing, and is ended and started anew. */
static gboolean
on_watchdog (gpointer user_data)
{
  tell (user_data, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

/* "@" stands for the zero byte of an abstract address. */
static gboolean
read_address (AditNotifier *self, const char *path)
{
  gsize length = strlen (path);

  if (length < 2 || length >= sizeof self->address.sun_path || (path[0] != '/' && path[0] != '@'))
    return FALSE;
  self->address.sun_family = AF_UNIX;
  memcpy (self->address.sun_path, path, length);
  if (path[0] == '@')
    self->address.sun_path[0] = '\0';
  self->length = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + length);
  return TRUE;
}

/**
 * adit_notifier_new:
 *
 * Takes out of the environment where the service manager listens, and how often it wants to hear of the helper, which it does
 * from now on: twice in that time (sd_watchdog_enabled(3)).
 *
 * Returns: (transfer full): the notifier
 */
AditNotifier *
adit_notifier_new (void)
{
  AditNotifier *self = g_new0 (AditNotifier, 1);
  const char *path = g_getenv ("NOTIFY_SOCKET"), *microseconds = g_getenv ("WATCHDOG_USEC");
  guint64 every_us;

  self->fd = -1;
  if (path != NULL && read_address (self, path))
    self->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (self->fd >= 0 && microseconds != NULL &&
      g_ascii_string_to_unsigned (microseconds, 10, 2000, (guint64) G_MAXUINT * 1000, &every_us, NULL))
    self->watchdog = g_timeout_add ((guint) (every_us / 2000), on_watchdog, self);
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("WATCHDOG_USEC");
  return self;
}

/**
 * adit_notifier_free:
 * @self: (nullable): the notifier
 *
 * Says that the helper ends.
 */
void
adit_notifier_free (AditNotifier *self)
{
  if (self == NULL)
    return;
  tell (self, "STOPPING=1");
  g_clear_handle_id (&self->watchdog, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/**
 * adit_notifier_ready:
 * @self: the notifier
 *
 * Says that the helper can be asked.
 */
void
adit_notifier_ready (AditNotifier *self)
{
  tell (self, "READY=1");
}
