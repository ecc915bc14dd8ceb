/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-post.c: whether a report may leave now, and its way to the server: by the name that was set, looked up where the names
 * of people's files are, to a worker. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/reports-private.h"

/**
 * adit_reports_find_way:
 * @self: the reports
 *
 * Through the tunnel; or as this computer is, where its owner has chosen to be without one for no set time.
 *
 * Returns: whether a report may leave now
 */
AditReportWay
adit_reports_find_way (AditReports *self)
{
  AditSession *session = self->parts.session;
  AditWay way;

  if (session == NULL)
    return ADIT_REPORT_WAY_HELD;
  if (adit_session_get_state (session) == ADIT_STATE_CONNECTED)
    return ADIT_REPORT_WAY_OPEN;
  if (adit_session_get_state (session) != ADIT_STATE_DISCONNECTED || adit_session_get_lock (session) != ADIT_LOCK_OFF ||
      adit_session_is_paused (session))
    return ADIT_REPORT_WAY_HELD;
  if (self->parts.network != NULL && !adit_network_find_way (self->parts.network, NULL, &way))
    return ADIT_REPORT_WAY_OFFLINE;
  return ADIT_REPORT_WAY_OPEN;
}

static AditReportWay
find_way (gpointer data)
{
  return adit_reports_find_way (data);
}

static gint64
get_now_s (gpointer data)
{
  return adit_reports_get_now_s ();
}

typedef struct
{
  AditDsn dsn;
  char    pin[ADIT_DSN_PIN_MAX_BYTES], id[ADIT_REPORT_ID_LENGTH + 1];
  GBytes *text;
  AditReportAnswer answer;
} Post;

static void
post_free (Post *post)
{
  g_bytes_unref (post->text);
  g_free (post);
}

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  if (adit_worker_report_send_finish (ADIT_WORKER_REPORT (source), result, &post->answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Looking a name up takes a while, in which what may leave can become another. */
static void
on_name (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditReports *self = g_task_get_source_object (task);
  Post *post = g_task_get_task_data (task);
  AditNamesAnswer found;
  GError *error = NULL;

  if (!adit_names_find_finish (ADIT_NAMES (source), result, &found, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  if (adit_reports_find_way (self) != ADIT_REPORT_WAY_OPEN)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nothing may leave any more");
      return;
    }
  adit_worker_report_send_async (self->worker, &post->dsn, post->pin[0] != '\0' ? post->pin : NULL, found.addresses,
                                 found.n_addresses, post->id, post->text, g_task_get_cancellable (task), on_posted, task);
  (void) g_steal_pointer (&task);
}

static void
send_report (gpointer data, const AditReportServer *server, const char *id, GBytes *text, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  AditReports *self = data;
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Post *post = g_new0 (Post, 1);

  g_task_set_source_tag (task, send_report);
  g_task_set_check_cancellable (task, FALSE);    /* what the server has said counts, also when nobody wants to know any more */
  post->dsn = server->dsn;
  g_strlcpy (post->pin, server->pin, sizeof post->pin);
  g_strlcpy (post->id, id, sizeof post->id);
  post->text = g_bytes_ref (text);
  g_task_set_task_data (task, post, (GDestroyNotify) post_free);
  adit_names_find_async (self->parts.names, server->dsn.host, ADIT_REPORT_NAMES, ADIT_FAMILY_NONE, cancellable, on_name, task);
}

static gboolean
send_report_finish (gpointer data, GAsyncResult *result, AditReportAnswer *answer, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *answer = ((Post *) g_task_get_task_data (G_TASK (result)))->answer;
  return TRUE;
}

static void
tell (gpointer data, guint32 owner_uid)
{
  adit_reports_tell (data, owner_uid);
}

const AditReportPost adit_reports_post = { find_way, get_now_s, send_report, send_report_finish, tell };
