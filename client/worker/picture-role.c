/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-role.c: says what the QR code in a person's picture says.  The libraries for it are loaded before the sandbox closes,
 * by this role alone. */
#define G_LOG_DOMAIN "adit-worker"
#include "config.h"
#include "client/worker/roles.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/base/secret.h"
#include "client/model/import-files.h"
#include "client/worker/picture-read.h"
#include "client/worker/sealed-file.h"

static AditPictureRead picture_read;    /* %NULL where this installation is without */

static void
picture_init (void)
{
  void *module = dlopen (ADIT_PICTURE_MODULE, RTLD_NOW | RTLD_LOCAL);

  if (module != NULL)
    picture_read = (AditPictureRead) (gpointer) dlsym (module, "adit_picture_read");
  else
    g_debug ("%s", dlerror ());
}

static gboolean
send_text (AditWorker *worker, const char *text, GError **error)
{
  int fd = adit_sealed_file_begin ("adit-picture", error);
  AditWireMessage message;
  gboolean sent;

  if (fd < 0)
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_IMPORTED, worker->attempt);
  message.imported.size_lines_bytes = (guint32) strlen (text);
  sent = adit_sealed_file_add (fd, text, strlen (text), error) && adit_sealed_file_end (fd, error) &&
         adit_worker_send_with (worker, &message, &fd, 1, error);
  close (fd);
  return sent;
}

static gboolean
picture_serve (AditWorker *worker, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gboolean sent = FALSE;
  gsize length;
  const guint8 *picture;
  char *text;

  if (worker->request.request.want != ADIT_WIRE_WANT_PICTURE || picture_read == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "This worker cannot read pictures");
      return FALSE;
    }
  bytes = adit_sealed_file_read (worker->files_fd, ADIT_IMPORT_ARCHIVE_MAX_BYTES, error);
  if (bytes == NULL)
    return FALSE;
  picture = g_bytes_get_data (bytes, &length);
  text = picture_read (picture, length);
  if (text == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_CODE, "No QR code in a picture of PNG or JPEG");
      return FALSE;
    }
  sent = send_text (worker, text, error);
  adit_wipe (text, strlen (text));
  free (text);
  return sent;
}

const AditWorkerRole adit_worker_picture_role = {
  .name = "picture",
  .sandbox = ADIT_SANDBOX_IMPORT,
  .init = picture_init,
  .serve = picture_serve,
};
