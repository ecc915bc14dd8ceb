/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-latency.c: the window sends nothing but to the helper, so it is the command line, from where it is installed, that asks
 * the servers; it does so only while nothing is locked. */
#include "config.h"
#include "ui/mirror-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "client/api/explain.h"

#define PROGRAM         ADIT_BINDIR "/adit"
#define MAX_LINES_BYTES 262144    /* of a thousand cities it is a quarter */

/* Of the same list, unless somebody has gone over to another service meanwhile. */
static void
take_lines (GTask *task, const char *lines)
{
  AditMirror *self = g_task_get_source_object (task);
  g_autoptr (AditLatencies) latencies = NULL;

  if (self->list == NULL || self->list != g_task_get_task_data (task))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Another list is shown now");
      return;
    }
  latencies = adit_latencies_new (self->list, lines);
  if (adit_latencies_get_n_known (latencies) == 0)
    {
      g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_FAILED, "%s", _("No place answered."));
      return;
    }
  g_clear_pointer (&self->latencies, adit_latencies_unref);
  self->latencies = g_steal_pointer (&latencies);
  adit_mirror_tell_choice (self);
  g_task_return_boolean (task, TRUE);
}

/* What the command line says itself, or the system of it, is for a terminal. */
static GError *
explain_failure (void)
{
  return g_error_new_literal (ADIT_ERROR, ADIT_ERROR_FAILED, _("It could not be measured."));
}

static GError *
explain_end (GSubprocess *process)
{
  g_autoptr (GError) refused = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_NOT_ALLOWED,
                                                    _("This computer lets nobody measure it (net.ipv4.ping_group_range)."));

  if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == adit_explain_exit_code (refused))
    return g_steal_pointer (&refused);
  return explain_failure ();
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &lines, NULL, &error))
    g_task_return_error (task, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? g_steal_pointer (&error)
                                                                                         : explain_failure ());
  else if (!g_subprocess_get_successful (G_SUBPROCESS (source)) || strlen (lines) > MAX_LINES_BYTES)
    g_task_return_error (task, explain_end (G_SUBPROCESS (source)));
  else
    take_lines (task, lines);
}

/**
 * adit_mirror_measure_async:
 * @self: a mirror with a list
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Has one server of each city asked how quickly it answers.  Whoever watches the network sees from that which service somebody
 * looks at, so it is never done by itself.
 */
void
adit_mirror_measure_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = adit_mirror_task_new (self, adit_mirror_measure_async, callback, user_data);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  /* In whatever the desktop is set to, its lines are to be UTF-8 and its numbers as they are read here. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_task_set_task_data (task, adit_server_list_ref (self->list), (GDestroyNotify) adit_server_list_unref);
  process = g_subprocess_launcher_spawn (launcher, &error, PROGRAM, "latency", self->list_service, NULL);
  if (process == NULL)
    {
      g_message ("%s", error->message);
      g_task_return_error (task, explain_failure ());
    }
  else
    g_subprocess_communicate_utf8_async (process, NULL, g_task_get_cancellable (task), on_ended, g_object_ref (task));
}

/**
 * adit_mirror_measure_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; what it says is for people
 *
 * Returns: whether adit_mirror_get_latencies() has some now
 */
gboolean
adit_mirror_measure_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * adit_mirror_get_latencies:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): how quickly the places of the list answered; in memory alone
 */
AditLatencies *
adit_mirror_get_latencies (AditMirror *self)
{
  return self->latencies;
}
