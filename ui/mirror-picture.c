/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-picture.c: what a QR code in a picture says.  The window opens the file, and a worker of the helper's reads it. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/api/answer.h"
#include "client/model/import-lines.h"

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  GError *error = NULL;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, &fds, &error);
  g_autoptr (GBytes) words = answer != NULL ? adit_answer_read_file (answer, 0, fds, ADIT_IMPORT_LINES_MAX_BYTES, &error) : NULL;

  if (words == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&words), (GDestroyNotify) g_bytes_unref);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AditMirror *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GUnixFDList) fds = g_task_propagate_pointer (G_TASK (result), &error);

  if (fds == NULL)
    g_task_return_error (task, error);
  else if (self->client == NULL)
    g_task_return_new_error (task, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "There is no helper");
  else
    adit_client_call_async (self->client, "ReadPicture", g_variant_new ("(h@a{sv})", 0, adit_mirror_no_options ()), fds,
                            self->cancellable, on_read, g_steal_pointer (&task));
}

/* In a thread, since the disk may be on a network. */
static void
open_in_thread (GTask *opening, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  AditImportRequest *request = task_data;
  GUnixFDList *fds = NULL;
  GError *error = NULL;

  if (adit_import_request_open (request, &error))
    fds = adit_import_request_wrap_picture (request, &error);
  if (fds == NULL)
    g_task_return_error (opening, error);
  else
    g_task_return_pointer (opening, fds, g_object_unref);
}

/**
 * adit_mirror_read_picture_async:
 * @self: a mirror
 * @path: a picture
 * @callback: called when it has been read
 * @user_data: for @callback
 *
 * Opens the file with this person's rights.
 */
void
adit_mirror_read_picture_async (AditMirror *self, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = adit_mirror_task_new (self, adit_mirror_read_picture_async, callback, user_data);
  g_autoptr (GTask) opening = g_task_new (self, self->cancellable, on_opened, task);

  g_task_set_source_tag (opening, adit_mirror_read_picture_async);
  g_task_set_task_data (opening, adit_import_request_new ((const char *const[]) { path, NULL }, NULL),
                        (GDestroyNotify) adit_import_request_free);
  g_task_run_in_thread (opening, open_in_thread);
}

/**
 * adit_mirror_read_picture_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_NO_CODE, others
 *
 * Returns: (transfer full) (nullable): what its QR code says, wiped when it is freed
 */
GBytes *
adit_mirror_read_picture_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
