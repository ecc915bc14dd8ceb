/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-portal.c: a network's own page.  This program starts itself once more; the helper lets that process alone through to the
 * router; then it hears of the page and becomes the browser.  The window itself never has the hole. */
#include "config.h"
#include "ui/mirror-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/api/portal-browser.h"

typedef struct { int way; } Waiting;

/* Without a page whoever waits for one ends. */
static void
waiting_free (Waiting *waiting)
{
  if (waiting->way >= 0)
    close (waiting->way);
  g_free (waiting);
}

/* That it is watched reaps it, which is all. */
static void
on_ended (GPid pid, int status, gpointer user_data)
{
}

/* A page is shorter than what a pipe takes at once. */
static gboolean
say_page (Waiting *waiting, GVariant *answer, GError **error)
{
  const char *gateway;
  g_autofree char *page = NULL;

  if (!adit_mirror_has_form (answer, "(su)", error))
    return FALSE;
  g_variant_get (answer, "(&su)", &gateway, NULL);
  page = adit_portal_browser_dup_page (gateway);
  if (write (waiting->way, page, strlen (page)) == (gssize) strlen (page))
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The browser did not wait: %s", g_strerror (errno));
  return FALSE;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, NULL, &error);

  if (answer != NULL && say_page (g_task_get_task_data (task), answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  g_task_set_task_data (task, NULL, NULL);    /* that was all of the page */
}

/**
 * adit_mirror_open_portal_async:
 * @self: a mirror
 * @option: what this program is started with to call adit_portal_browser_wait()
 * @callback: called when the browser may come up
 * @user_data: for @callback
 *
 * The helper asks the person.
 */
void
adit_mirror_open_portal_async (AditMirror *self, const char *option, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = adit_mirror_task_new (self, adit_mirror_open_portal_async, callback, user_data);
  Waiting *waiting = g_new0 (Waiting, 1);
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;
  GPid pid;

  waiting->way = -1;
  g_task_set_task_data (task, waiting, (GDestroyNotify) waiting_free);
  if (self->client == NULL)
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "There is no helper");
  else if (adit_portal_browser_start (option, &pid, &waiting->way, &error))
    {
      fds = adit_portal_browser_wrap_process (pid, &error);    /* before it may be reaped: the number is still its own */
      g_child_watch_add (pid, on_ended, NULL);
    }
  if (fds == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  adit_client_call_async (self->client, "OpenPortal", g_variant_new ("(h@a{sv})", 0, adit_mirror_no_options ()), fds,
                          self->cancellable, on_opened, g_steal_pointer (&task));
}

/**
 * adit_mirror_open_portal_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether the browser may come up
 */
gboolean
adit_mirror_open_portal_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
