/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-role.c: reads a person's files, which it was handed, and hands up what is kept of them and what is to be said. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <unistd.h>

#include "client/model/import-files.h"
#include "client/worker/import-work.h"
#include "client/worker/ovpn-read.h"
#include "client/worker/sealed-file.h"

/* The facts of each, in the order in which their texts lie in one file: a file each would be more descriptors under way than
 * the kernel lets a user have. */
static gboolean
send_profiles (AditWorker *worker, const AditImportResult *result, int texts, gsize *n_bytes, GError **error)
{
  for (guint i = 0; i < result->profiles->len; i++)
    {
      const AditImportProfile *profile = result->profiles->pdata[i];
      AditWireMessage message;
      gsize length;
      const guint8 *bytes = adit_secret_peek (profile->text, &length);

      *n_bytes += length;
      if (*n_bytes > ADIT_WIRE_TEXTS_MAX_BYTES)
        {
          g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There is more in these files than can be kept");
          return FALSE;
        }
      adit_wire_begin (&message, ADIT_WIRE_PROFILE, worker->attempt);
      message.profile.size_text_bytes = (guint32) length;
      message.profile.facts = profile->facts;
      if (!adit_sealed_file_add (texts, bytes, length, error) || !adit_worker_send (worker, &message, -1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
send_result (AditWorker *worker, const AditImportResult *result, int texts, int lines, GError **error)
{
  AditWireMessage message;
  const int fds[] = { lines, texts };
  guint n_fds = result->profiles->len > 0 ? 2 : 1;
  gsize n_bytes = 0;

  if (!send_profiles (worker, result, texts, &n_bytes, error) || !adit_sealed_file_end (texts, error) ||
      !adit_sealed_file_add (lines, result->lines->str, result->lines->len, error) || !adit_sealed_file_end (lines, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_IMPORTED, worker->attempt);
  message.imported.n_profiles = result->profiles->len;
  message.imported.size_texts_bytes = (guint32) n_bytes;
  message.imported.size_lines_bytes = (guint32) result->lines->len;
  return adit_worker_send_with (worker, &message, fds, n_fds, error);
}

static AditOpenvpnProfile *
read_profile (AditWorker *worker, GError **error)
{
  g_autoptr (GBytes) bytes = adit_sealed_file_read (worker->files_fd, ADIT_IMPORT_FILE_MAX_BYTES, error);
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  AditImportFile file = { .name = "profile" };
  AditOpenvpnProfile *profile;

  if (bytes == NULL)
    return NULL;
  file.bytes = g_bytes_get_data (bytes, &file.length);
  profile = adit_ovpn_read (&file, NULL, 0, report);
  if (profile == NULL)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED, "The profile that was kept cannot be read any more");
  return profile;
}

static void
put_host (const AditHost *host, char *name, AditAddress *address, guint16 *port)
{
  g_strlcpy (name, host->name, ADIT_HOST_NAME_MAX_BYTES);
  *address = host->address;
  *port = host->port;
}

/* One server of a profile that is kept, round and round. */
static gboolean
serve_server (AditWorker *worker, GError **error)
{
  g_autoptr (AditOpenvpnProfile) profile = read_profile (worker, error);
  const AditOpenvpnRemote *remote;
  AditWireMessage message;

  if (profile == NULL)
    return FALSE;
  if (worker->request.request.try_number >= profile->n_remotes)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The profile has no such server");
      return FALSE;
    }
  remote = &profile->remotes[worker->request.request.try_number];
  adit_wire_begin (&message, ADIT_WIRE_SERVER, worker->attempt);
  put_host (&remote->host, message.server.name, &message.server.address, &message.server.port);
  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    put_host (&profile->proxy_host, message.server.proxy_name, &message.server.proxy_address, &message.server.proxy_port);
  message.server.over_tcp = remote->transport == ADIT_OPENVPN_TCP;
  message.server.family = remote->family;
  message.server.n_servers = (guint8) profile->n_remotes;
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
import_serve (AditWorker *worker, GError **error)
{
  AditImportFile files[ADIT_IMPORT_MAX_FILES];
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AditImportResult) result = NULL;
  guint n_files;
  int texts, lines;
  gboolean sent = FALSE;

  if (worker->request.request.want == ADIT_WIRE_WANT_SERVER)
    return serve_server (worker, error);
  if (worker->request.request.want != ADIT_WIRE_WANT_IMPORT)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The helper wants what this worker cannot do");
      return FALSE;
    }
  bytes = adit_sealed_file_read (worker->files_fd, ADIT_IMPORT_FILES_MAX_BYTES, error);
  n_files = bytes != NULL ? adit_import_files_unpack (bytes, files, error) : 0;
  if (n_files == 0)
    return FALSE;
  result = adit_import_work (files, n_files);
  texts = adit_sealed_file_begin ("adit-profiles", error);
  if (texts < 0)
    return FALSE;
  lines = adit_sealed_file_begin ("adit-import", error);
  if (lines >= 0)
    {
      sent = send_result (worker, result, texts, lines, error);
      close (lines);
    }
  close (texts);
  return sent;
}

static void
import_init (void)
{
}

const AditWorkerRole adit_worker_import_role = {
  .name = "import",
  .sandbox = ADIT_SANDBOX_IMPORT,
  .init = import_init,
  .serve = import_serve,
};
