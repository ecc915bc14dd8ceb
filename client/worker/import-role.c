/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-role.c: reads a person's files, which it was handed, and hands up what is kept of them and what is to be said. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <string.h>
#include <unistd.h>

#include "client/model/import-files.h"
#include "client/worker/import-work.h"
#include "client/worker/ovpn-read.h"
#include "client/worker/sealed-file.h"
#include "client/worker/wg-read.h"

#define WG_MTU_BYTES 1420    /* 1500 less an IPv6 header, UDP, and WireGuard's 32: wg-quick(8) */

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

static gboolean
fail (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

static void
put_host (const AditHost *host, char *name, AditAddress *address, guint16 *port)
{
  g_strlcpy (name, host->name, ADIT_HOST_NAME_MAX_BYTES);
  *address = host->address;
  *port = host->port;
}

static gboolean
serve_openvpn (AditWorker *worker, const AditImportFile *file, AditImportReport *report, GError **error)
{
  g_autoptr (AditOpenvpnProfile) profile = adit_ovpn_read (file, NULL, 0, report);
  const AditOpenvpnRemote *remote;
  AditWireMessage message;

  if (profile == NULL)
    return fail (error, ADIT_ERROR_STORE_FAILED, "The profile that was kept cannot be read any more");
  if (worker->request.request.try_number >= profile->n_remotes)
    return fail (error, ADIT_ERROR_WORKER_FAILED, "The profile has no such server");
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

static void
fill_peer (AditWirePeer *message, const AditWireguardPeer *peer)
{
  memcpy (message->key, peer->public_key, sizeof message->key);
  if (peer->preshared_key != NULL)
    adit_secret_copy_to (peer->preshared_key, message->preshared_key, sizeof message->preshared_key);
  message->has_preshared_key = peer->preshared_key != NULL;
  put_host (&peer->endpoint, message->name, &message->address, &message->port);
  message->n_allowed_ips = (guint16) peer->n_allowed_ips;
  message->keepalive_s = peer->keepalive_s;
}

/* Its own addresses without the networks around them: where packets go is for the allowed IPs to say. */
static void
fill_peers (AditWirePeers *message, const AditWireguardProfile *profile)
{
  guint n_networks = 0;

  adit_secret_copy_to (profile->private_key, message->private_key, sizeof message->private_key);
  message->n_peers = profile->n_peers;
  for (guint i = 0; i < profile->n_peers; i++)
    {
      const AditWireguardPeer *peer = &profile->peers[i];

      fill_peer (&message->peers[i], peer);
      /* They fit: adit_wireguard_profile_is_valid(). */
      memcpy (&message->allowed_ips[n_networks], peer->allowed_ips, peer->n_allowed_ips * sizeof peer->allowed_ips[0]);
      n_networks += peer->n_allowed_ips;
    }
  message->n_addresses = profile->n_addresses;
  for (guint i = 0; i < profile->n_addresses; i++)
    {
      message->addresses[i].address = profile->addresses[i].address;
      message->addresses[i].prefix_bits = profile->addresses[i].address.family == ADIT_FAMILY_IPV4 ? 32 : 128;
    }
  message->n_dns = profile->n_dns;
  memcpy (message->dns, profile->dns, profile->n_dns * sizeof profile->dns[0]);
  message->mtu_bytes = profile->mtu_bytes != 0 ? profile->mtu_bytes : WG_MTU_BYTES;
}

static gboolean
serve_wireguard (AditWorker *worker, const AditImportFile *file, AditImportReport *report, GError **error)
{
  g_autoptr (AditWireguardProfile) profile = adit_wg_read (file, report);
  AditWireMessage message;
  gboolean sent;

  if (profile == NULL)
    return fail (error, ADIT_ERROR_STORE_FAILED, "The profile that was kept cannot be read any more");
  adit_wire_begin (&message, ADIT_WIRE_PEERS, worker->attempt);
  fill_peers (&message.peers, profile);
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

/* One server of a profile that is kept. */
static gboolean
serve_server (AditWorker *worker, GError **error)
{
  g_autoptr (GBytes) bytes = adit_sealed_file_read (worker->files_fd, ADIT_IMPORT_FILE_MAX_BYTES, error);
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  AditImportFile file = { .name = "profile" };

  if (bytes == NULL)
    return FALSE;
  file.bytes = g_bytes_get_data (bytes, &file.length);
  /* So begins every WireGuard file, and no option of OpenVPN's. */
  return file.length > 0 && file.bytes[0] == '[' ? serve_wireguard (worker, &file, report, error)
                                                 : serve_openvpn (worker, &file, report, error);
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
