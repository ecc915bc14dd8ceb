/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept.c: which connection stays is a small file of root's in /run, so it stays over the death of a helper too; what the kernel
 * says of it decides each time whether it still may. */
#define G_LOG_DOMAIN "adit-kept"

#include "client/helper/kept.h"

#include "client/base/error.h"
#include "client/base/file.h"
#include "platform/socket.h"

#define GROUP          "adit"
#define FORMAT         1
#define FILE_MAX_BYTES 4096
#define LOOK_EVERY_S   5    /* a hole that nothing goes through any more is closed by then */

struct _AditKept
{
  char        *path;
  AditSession *session;    /* outlives us */
  AditFlow     flow;       /* or none */
  guint        timer;
};

/**
 * adit_kept_new:
 * @path: the file, which only root may write
 * @session: whose lock has the hole
 *
 * Returns: (transfer full): nothing is kept yet
 */
AditKept *
adit_kept_new (const char *path, AditSession *session)
{
  AditKept *self = g_new0 (AditKept, 1);

  self->path = g_strdup (path);
  self->session = session;
  return self;
}

/**
 * adit_kept_free:
 * @self: (nullable): the file and the hole stay, for the next helper
 */
void
adit_kept_free (AditKept *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_free (self->path);
  g_free (self);
}

static gboolean
is_served (const AditFlow *flow, GError **error)
{
  AditSocketKind kind;

  if (!adit_socket_find (flow, &kind, error))
    return FALSE;
  if (kind == ADIT_SOCKET_SERVED)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_WOULD_CUT_OFF,
               kind == ADIT_SOCKET_NONE ? "This computer has no such connection"
                                        : "Only a connection that a service of root's has accepted can be kept");
  return FALSE;
}

static void
forget (AditKept *self)
{
  static const AditFlow nothing;
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->flow = nothing;
  if (adit_file_exists (self->path) && !adit_file_remove (self->path, &error))
    g_warning ("%s", error->message);
  g_clear_error (&error);
  if (!adit_session_set_kept (self->session, &nothing, &error))
    g_warning ("a connection that is over may not be shut out: %s", error->message);
}

static gboolean
on_look (gpointer user_data)
{
  AditKept *self = user_data;
  AditSocketKind kind;

  if (!adit_socket_find (&self->flow, &kind, NULL) || kind != ADIT_SOCKET_NONE)
    return G_SOURCE_CONTINUE;
  g_info ("the connection that was kept is over");
  self->timer = 0;
  forget (self);
  return G_SOURCE_REMOVE;
}

static gboolean
keep (AditKept *self, const AditFlow *flow, GError **error)
{
  if (!adit_session_set_kept (self->session, flow, error))
    return FALSE;
  self->flow = *flow;
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (LOOK_EVERY_S, on_look, self);
  return TRUE;
}

/**
 * adit_kept_begin:
 * @self: what is kept
 * @flow: by which the caller says to have come
 * @error: return location; %ADIT_ERROR_WOULD_CUT_OFF for a connection that cannot be kept
 *
 * Called before the lock closes; one that is locked already has the hole at once.  It takes the place of an earlier one.
 *
 * Returns: whether it stays
 */
gboolean
adit_kept_begin (AditKept *self, const AditFlow *flow, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *local = adit_endpoint_dup_text (&flow->local), *remote = adit_endpoint_dup_text (&flow->remote), *text = NULL;
  gsize length;

  if (!is_served (flow, error))
    return FALSE;
  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  g_key_file_set_string (file, GROUP, "local", local);
  g_key_file_set_string (file, GROUP, "remote", remote);
  text = g_key_file_to_data (file, &length, NULL);
  if (!adit_file_write (self->path, text, length, 0600, error))
    return FALSE;
  if (keep (self, flow, error))
    return TRUE;
  forget (self);
  return FALSE;
}

/**
 * adit_kept_read:
 * @path: the file
 * @flow: (out caller-allocates): what an earlier helper has kept, or none
 *
 * Returns: whether that is still a connection of a service of root's
 */
gboolean
adit_kept_read (const char *path, AditFlow *flow)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *local = NULL, *remote = NULL;
  AditFlow found;
  gsize length;

  *flow = (AditFlow) { 0 };
  if (!adit_file_exists (path))
    return FALSE;
  text = adit_file_read (path, FILE_MAX_BYTES, &length, NULL);
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL) ||
      g_key_file_get_integer (file, GROUP, "format", NULL) != FORMAT ||
      (local = g_key_file_get_string (file, GROUP, "local", NULL)) == NULL ||
      (remote = g_key_file_get_string (file, GROUP, "remote", NULL)) == NULL ||
      !adit_endpoint_parse (local, &found.local) || !adit_endpoint_parse (remote, &found.remote) || !adit_flow_is_valid (&found))
    {
      g_warning ("%s cannot be read; no connection is kept", path);
      return FALSE;
    }
  if (!is_served (&found, &error))
    {
      g_info ("no connection is kept: %s", error->message);
      return FALSE;
    }
  *flow = found;
  return TRUE;
}

/**
 * adit_kept_resume:
 * @self: what is kept, before the session has started
 *
 * Goes on with what an earlier helper has kept.
 */
void
adit_kept_resume (AditKept *self)
{
  g_autoptr (GError) error = NULL;
  AditFlow flow;

  if (!adit_kept_read (self->path, &flow))
    forget (self);
  else if (!keep (self, &flow, &error))
    g_warning ("%s", error->message);
}

/**
 * adit_kept_follow:
 * @self: what is kept
 *
 * The session has changed, or what was to close its lock has not: without a lock nothing has to be kept.
 */
void
adit_kept_follow (AditKept *self)
{
  if (self->timer != 0 && adit_session_get_state (self->session) == ADIT_STATE_DISCONNECTED &&
      adit_session_get_lock (self->session) == ADIT_LOCK_OFF)
    forget (self);
}
