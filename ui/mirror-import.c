/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-import.c: several files at once: each configuration is a call of its own, and the certificates go along with each. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/api/explain.h"

typedef struct
{
  GPtrArray        *requests;    /* of AditImportRequest */
  guint             at;          /* which is being asked about */
  AditImportAnswer *first;       /* (nullable): what was said of it before the files beside it were opened */
  AditImportAnswer *all;
} Job;

static void
job_free (Job *job)
{
  g_ptr_array_unref (job->requests);
  g_clear_pointer (&job->first, adit_import_answer_free);
  g_clear_pointer (&job->all, adit_import_answer_free);
  g_free (job);
}

static void open_next (GTask *task);

static void
take (GTask *task, AditImportAnswer *answer)
{
  Job *job = g_task_get_task_data (task);

  adit_import_answer_append (job->all, answer);
  g_clear_pointer (&job->first, adit_import_answer_free);
  job->at++;
  open_next (task);
}

/* What went wrong with one file is told as what became of it, since another one may be good. */
static void
take_failure (GTask *task, const char *sentence)
{
  Job *job = g_task_get_task_data (task);
  g_autofree char *name = g_filename_display_basename (adit_import_request_get_path (job->requests->pdata[job->at]));
  AditImportAnswer *answer = adit_import_answer_new ();
  AditImportOutcome *outcome = adit_import_outcome_new (name);

  adit_import_report_add (outcome->report, 0, NULL, ADIT_IMPORT_FILE, TRUE, adit_import_report_keep (outcome->report, sentence));
  g_ptr_array_add (answer->outcomes, outcome);
  take (task, answer);
}

/* The helper's own words where they are about the file, and else those for people. */
static void
take_error (GTask *task, const GError *error)
{
  g_autofree char *sentence = NULL;
  AditExplanation words;

  if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT) || g_error_matches (error, ADIT_ERROR, ADIT_ERROR_BUSY))
    {
      take_failure (task, error->message);
      return;
    }
  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  sentence = g_strdup_printf ("%s %s", words.what, words.remedy);
  take_failure (task, sentence);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) tuple = adit_client_call_finish (ADIT_CLIENT (source), result, &fds, &error);
  AditImportAnswer *answer = tuple != NULL ? adit_import_answer_read (tuple, fds, &error) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (answer == NULL)
    take_error (task, error);
  else if (job->first != NULL)
    take (task, answer);
  else
    {
      job->first = answer;
      open_next (task);
    }
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  AditMirror *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (error != NULL)
    take_failure (task, error->message);
  else if (fds == NULL)
    take (task, g_steal_pointer (&job->first));
  else
    adit_client_call_async (self->client, "Import", g_variant_new ("(h@a{sv})", 0, adit_mirror_no_options ()), fds,
                            self->cancellable, on_imported, g_steal_pointer (&task));
}

static void
on_words (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  gpointer *request = &job->requests->pdata[job->at];
  g_autoptr (AditImportRequest) picture = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) words = adit_mirror_read_picture_finish (ADIT_MIRROR (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_FAILED))
    take_failure (task, error->message);    /* it could not be opened */
  else if (words == NULL)
    take_error (task, error);
  else
    {
      picture = *request;
      *request = adit_import_request_new_for_words (picture, words);
      open_next (task);
    }
}

/* In a thread, since the disk may be on a network.  Nothing, and no error, where there is no more to ask about. */
static void
open_in_thread (GTask *opening, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  AditImportRequest *request = job->requests->pdata[job->at];
  GUnixFDList *fds = NULL;
  GError *error = NULL;

  if (job->first != NULL ? adit_import_request_open_wanted (request, job->first) : adit_import_request_open (request, &error))
    fds = adit_import_request_wrap (request, &error);
  if (error != NULL)
    g_task_return_error (opening, error);
  else
    g_task_return_pointer (opening, fds, g_object_unref);
}

static void
open_next (GTask *task)
{
  Job *job = g_task_get_task_data (task);
  AditImportRequest *request;
  g_autoptr (GTask) opening = NULL;

  if (job->at == job->requests->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&job->all), (GDestroyNotify) adit_import_answer_free);
      return;
    }
  request = job->requests->pdata[job->at];
  if (adit_import_request_is_picture (request))
    {
      adit_mirror_read_picture_async (g_task_get_source_object (task), adit_import_request_get_path (request), on_words,
                                      g_object_ref (task));
      return;
    }
  opening = g_task_new (g_task_get_source_object (task), g_task_get_cancellable (task), on_opened, g_object_ref (task));
  g_task_set_source_tag (opening, open_next);
  g_task_set_task_data (opening, job, NULL);
  g_task_run_in_thread (opening, open_in_thread);
}

/* --- Which belong together -------------------------------------------------------------------------------------------------- */

/* By its name alone; what is in it the worker finds out. */
static gboolean
is_configuration (const char *path)
{
  static const char *const endings[] = { ".ovpn", ".conf", ".zip", ".png", ".jpg", ".jpeg" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

static void
add_request (Job *job, const char *path, const char *const *paths)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  g_ptr_array_add (files, (gpointer) path);
  for (; *paths != NULL; paths++)
    if (*paths != path && !is_configuration (*paths))
      g_ptr_array_add (files, (gpointer) *paths);
  g_ptr_array_add (files, NULL);
  g_ptr_array_add (job->requests, adit_import_request_new ((const char *const *) files->pdata, NULL));
}

static GTask *
new_task (AditMirror *self, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = adit_mirror_task_new (self, tag, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_import_request_free);
  job->all = adit_import_answer_new ();
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  return task;
}

static void
begin (AditMirror *self, GTask *task)
{
  if (self->client != NULL)
    open_next (task);
  else
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "There is no helper");
}

/**
 * adit_mirror_import_async:
 * @self: a mirror
 * @paths: configurations, and the files that they name, in any order
 * @callback: called when all has been asked
 * @user_data: for @callback
 *
 * Opens the files with this person's rights and has them imported; where there is no configuration by its name, the first file
 * is taken for one.
 */
void
adit_mirror_import_async (AditMirror *self, const char *const *paths, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (self, adit_mirror_import_async, callback, user_data);
  Job *job = g_task_get_task_data (task);

  for (const char *const *path = paths; *path != NULL; path++)
    if (is_configuration (*path))
      add_request (job, *path, paths);
  if (job->requests->len == 0 && paths[0] != NULL)
    add_request (job, paths[0], paths);
  begin (self, task);
}

/**
 * adit_mirror_import_text_async:
 * @self: a mirror
 * @text: a configuration that somebody has copied
 * @name: what it is to be called
 * @callback: called when all has been asked; it ends by adit_mirror_import_finish()
 * @user_data: for @callback
 */
void
adit_mirror_import_text_async (AditMirror *self, const char *text, const char *name, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = new_task (self, adit_mirror_import_text_async, callback, user_data);
  Job *job = g_task_get_task_data (task);

  g_ptr_array_add (job->requests, adit_import_request_new_for_text (text, name));
  begin (self, task);
}

/**
 * adit_mirror_import_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_HELPER_UNREACHABLE, or that the window closes
 *
 * Returns: (transfer full) (nullable): what became of each file
 */
AditImportAnswer *
adit_mirror_import_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
