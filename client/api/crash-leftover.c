/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crash-leftover.c: the notes that the window's and the command line's crash handlers leave in their person's state folder.  They
 * are not looked into here: the helper hands them on to where nothing can be lost. */
#include "client/api/crash-leftover.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"

#define FOLDER         "adit"
#define NOTE_MAX_BYTES 8192    /* no form of a note is larger: client/report/crash-note.h */

/* Which have one there; the helper's and the worker's are not this person's. */
static const char *const programs[] = { "adit-gtk", "adit" };

typedef struct
{
  GBytes     *notes[G_N_ELEMENTS (programs)];    /* (nullable) */
  struct stat files[G_N_ELEMENTS (programs)];    /* each as it was just before it was read */
  guint       at;
} Round;

static void
round_free (Round *round)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    g_clear_pointer (&round->notes[i], g_bytes_unref);
  g_free (round);
}

static char *
dup_path (guint which)
{
  g_autofree char *name = g_strconcat (programs[which], ".note", NULL);

  return g_build_filename (g_get_user_state_dir (), FOLDER, name, NULL);
}

/* What is no note of a crash that was written whole: there is nothing to be had of it.  An empty one is being written. */
static GBytes *
read_note (guint which, struct stat *file)
{
  g_autofree char *path = dup_path (which), *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (lstat (path, file) != 0)
    memset (file, 0, sizeof *file);
  text = adit_file_read (path, NOTE_MAX_BYTES, &length, &error);
  if (error != NULL)
    g_message ("a note of a crash stays where it is: %s", error->message);
  return text != NULL && length > 0 ? g_bytes_new_take (g_steal_pointer (&text), length) : NULL;
}

/* Another that was written in its place since then stays, for the next time. */
static void
remove_note (guint which, const struct stat *file)
{
  g_autofree char *path = dup_path (which);
  struct stat now;

  if (lstat (path, &now) == 0 && (now.st_dev != file->st_dev || now.st_ino != file->st_ino ||
                                  now.st_mtim.tv_sec != file->st_mtim.tv_sec || now.st_mtim.tv_nsec != file->st_mtim.tv_nsec))
    return;
  if (unlink (path) != 0 && errno != ENOENT)
    g_message ("%s cannot be removed: %s", path, g_strerror (errno));
}

static void give_next (GTask *task);

/* One that the helper refuses for what is in it is never taken; where it cannot take any now, it is offered another time. */
static void
on_given (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Round *round = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, NULL, &error);

  if (answer == NULL && !g_error_matches (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT))
    {
      g_task_return_error (task, error);
      return;
    }
  if (error != NULL)
    g_message ("what %s left as it crashed is no note: %s", programs[round->at], error->message);
  g_clear_error (&error);
  remove_note (round->at, &round->files[round->at]);
  round->at++;
  give_next (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
give_next (GTask *task)
{
  g_autoptr (GTask) taken = task;
  Round *round = g_task_get_task_data (task);
  AditClient *client = g_task_get_source_object (task);
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;
  GVariantBuilder options;

  while (round->at < G_N_ELEMENTS (programs) && round->notes[round->at] == NULL)
    round->at++;
  if (round->at == G_N_ELEMENTS (programs))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  fds = adit_client_wrap_files (round->notes[round->at], &error);
  if (fds == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "program", g_variant_new_string (programs[round->at]));
  adit_client_call_async (client, "AddCrash", g_variant_new ("(ha{sv})", 0, &options), fds, g_task_get_cancellable (task),
                          on_given, g_steal_pointer (&taken));
}

/**
 * adit_crash_leftover_give_async:
 * @client: how the helper is spoken with
 * @cancellable: (nullable): stops waiting
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gives the helper the notes of crashes that are in `$XDG_STATE_HOME/adit`, and removes what it has taken.  Where there is none
 * the helper is not asked for anything.
 */
void
adit_crash_leftover_give_async (AditClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Round *round = g_new0 (Round, 1);

  g_task_set_source_tag (task, adit_crash_leftover_give_async);
  g_task_set_task_data (task, round, (GDestroyNotify) round_free);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    round->notes[i] = read_note (i, &round->files[i]);
  give_next (task);
}

/**
 * adit_crash_leftover_give_finish:
 * @client: of adit_crash_leftover_give_async()
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR, and then what was not taken is still there
 *
 * Returns: whether nothing is left
 */
gboolean
adit_crash_leftover_give_finish (AditClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
