/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-servers.c: the list of a service, and the server in it that a tunnel goes to. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/provider-role.h"

#include <string.h>
#include <unistd.h>

#include "client/model/server-list-keys.h"
#include "client/model/tunnel-peers.h"
#include "client/provider/select.h"
#include "client/worker/list-file.h"
#include "client/worker/ovpn-trust.h"
#include "client/worker/ovpn-write-file.h"

#define OPENVPN_TRUST_MAX_BYTES (64 * 1024)    /* a few roots in PEM, one of which has 2 KiB, and a key */
#define KEPT_SHARE              4              /* a list has at least a quarter of the servers of the one before */
#define KEPT_MAX_S              (30 * G_GINT64_CONSTANT (86400))    /* what stays so much smaller for a month is what there is */

/* A list that cannot be opened is the helper's business, when somebody wants it. */
static void
compare_keys (AditServerList *before, GBytes *bytes, AditWireList *message)
{
  g_autoptr (AditServerList) now = before != NULL ? adit_server_list_new_for_bytes (bytes, NULL) : NULL;

  if (now != NULL)
    message->n_changed_keys = adit_server_list_count_changed_keys (before, now, message->changed_server);
}

static gboolean
send_list (AditWorker *worker, AditServerList *before, GBytes *list, GError **error)
{
  AditWireMessage message;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_LIST, worker->attempt);
  if (list != NULL)
    {
      fd = adit_list_file_seal (list, error);
      if (fd < 0)
        return FALSE;
      message.list.size_list_bytes = (guint32) g_bytes_get_size (list);
      compare_keys (before, list, &message.list);
    }
  sent = adit_worker_send (worker, &message, fd, error);
  if (fd >= 0)
    close (fd);
  return sent;
}

static gboolean
send_api (AditWorker *worker, const AditProviderApi *api, GError **error)
{
  AditWireMessage message;

  if (api->n == 0)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_API, worker->attempt);
  memcpy (message.api.endpoints, api->endpoints, sizeof message.api.endpoints);
  message.api.n_endpoints = api->n;
  return adit_worker_send (worker, &message, -1, error);
}

static AditServerList *
open_stored_list (AditWorker *worker)
{
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;

  if (worker->list_fd < 0)
    return NULL;
  list = adit_server_list_new_for_fd (worker->list_fd, &error);
  if (list == NULL)
    {
      g_debug ("stored list: %s", error->message);
      return NULL;
    }
  /* A list of another service in this one's place is as good as none. */
  return g_str_equal (adit_server_list_get_head (list)->service, worker->request.request.service) ? g_steal_pointer (&list)
                                                                                                  : NULL;
}

/* A list that has lost most of its servers from one hour to the next was cut, by a fault or on purpose: whoever cuts it says who
 * one may connect to. */
static gboolean
is_plausible (AditServerList *stored, GBytes *fresh, gint64 now_s, GError **error)
{
  guint n_before = stored != NULL ? adit_server_list_get_n_servers (stored) : 0, n_now;
  g_autoptr (AditServerList) list = NULL;

  if (fresh == NULL || stored == NULL || adit_server_list_get_head (stored)->fetched_at_s + KEPT_MAX_S < now_s)
    return TRUE;
  list = adit_server_list_new_for_bytes (fresh, error);
  if (list == NULL)
    return FALSE;
  n_now = adit_server_list_get_n_servers (list);
  if (n_now >= n_before / KEPT_SHARE)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
               "The service's list is not whole: it has %u servers, and the one before has %u", n_now, n_before);
  return FALSE;
}

static gboolean
fetch_list (AditWorker *worker, const AditProviderOps *ops, AditServerList *stored, GBytes **list, GError **error)
{
  g_auto (AditProviderLoan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;

  adit_provider_loan_take (&loan, &worker->request.request, ADIT_PROVIDER_LIST);
  loan.wanted.etag = stored != NULL ? adit_server_list_get_head (stored)->etag : NULL;
  if (!adit_provider_run (worker, ops, &loan.wanted, &task, error) ||
      !is_plausible (stored, task->result.list, loan.wanted.now_s, error) ||
      !send_list (worker, stored, task->result.list, error) || !send_api (worker, &task->result.api, error))
    return FALSE;
  *list = g_steal_pointer (&task->result.list);
  return TRUE;
}

/* Where the list does not say it.  Without that the list is worth as much, and so is a service that says nothing. */
static gboolean
fetch_api (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_API, .now_s = worker->request.request.now_s };
  g_autoptr (AditProviderTask) task = NULL;
  g_autoptr (GError) silent = NULL;

  if ((ops->wants & 1u << ADIT_PROVIDER_API) == 0)
    return TRUE;
  if (adit_provider_run (worker, ops, &wanted, &task, &silent))
    return send_api (worker, &task->result.api, error);
  g_debug ("where the service is besides: %s", silent->message);
  return TRUE;
}

/**
 * adit_provider_serve_list:
 * @worker: the worker, with its request and, where there is one, the list of before
 * @ops: the adapter of the service
 * @error: return location, as of adit_provider_run(); %ADIT_ERROR_SERVICE_NONSENSE where most of the servers are gone
 *
 * Returns: whether the helper has the list, or has been told that it is the one that it has
 */
gboolean
adit_provider_serve_list (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  g_autoptr (AditServerList) stored = open_stored_list (worker);
  g_autoptr (GBytes) list = NULL;
  AditWireMessage message;

  if (!fetch_list (worker, ops, stored, &list, error) || !fetch_api (worker, ops, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_DONE, worker->attempt);
  return adit_worker_send (worker, &message, -1, error);
}

/* Who may write services.conf says by what the servers are known, and nobody else. */
static gboolean
replace_trust (int fd, AditOpenvpnProfile *profile, GError **error)
{
  g_autofree char *text = adit_list_file_read_trust (fd, OPENVPN_TRUST_MAX_BYTES, error);

  return text != NULL && adit_ovpn_trust_replace (profile, text, error);
}

/* A profile whose one server is the one that was drawn. */
static int
make_profile (AditWorker *worker, const AditProviderOps *ops, const AditTunnelSpec *spec, guint32 *size, GError **error)
{
  g_autoptr (AditOpenvpnProfile) profile = ops->make_profile != NULL ? ops->make_profile (spec) : NULL;
  g_autoptr (AditSecret) text = NULL;

  if (profile == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "The service does not offer that over OpenVPN");
      return -1;
    }
  if (worker->openvpn_trust_fd >= 0 && !replace_trust (worker->openvpn_trust_fd, profile, error))
    return -1;
  text = adit_ovpn_write_file (profile, error);
  if (text == NULL)
    return -1;
  *size = (guint32) adit_secret_get_size (text);
  return adit_list_file_seal_secret (text, error);
}

static gboolean
send_tunnel (AditWorker *worker, const AditProviderOps *ops, AditTunnelSpec *spec, AditSecret *preshared_key,
             AditProtocol protocol, GError **error)
{
  AditWireMessage message;
  AditWireTunnel *tunnel = &message.tunnel;
  const AditServerFilter *filter = &worker->request.request.choice.filter;
  const AditPrefix *allowed_ips = spec->allowed_ips;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_TUNNEL, worker->attempt);
  tunnel->protocol = protocol;
  tunnel->peer = spec->peer;
  memcpy (tunnel->peer_key, spec->peer_key, sizeof tunnel->peer_key);
  if (spec->is_nested)    /* which addresses the first of the two carries is for the helper to say */
    {
      tunnel->inner_peer = spec->more_peers[0].endpoint;
      memcpy (tunnel->inner_peer_key, spec->more_peers[0].key, sizeof tunnel->inner_peer_key);
      allowed_ips++;
    }
  tunnel->n_allowed_ips = MIN (spec->n_allowed_ips - (guint) (allowed_ips - spec->allowed_ips), ADIT_WIRE_MAX_ALLOWED_IPS);
  memcpy (tunnel->allowed_ips, allowed_ips, tunnel->n_allowed_ips * sizeof *tunnel->allowed_ips);
  memcpy (tunnel->dns, spec->dns, sizeof tunnel->dns);
  tunnel->n_dns = spec->n_dns;
  memcpy (tunnel->addresses, spec->addresses, sizeof tunnel->addresses);
  tunnel->n_addresses = spec->n_addresses;
  if (filter->mtu_bytes != 0 && protocol == ADIT_PROTOCOL_WIREGUARD)
    adit_tunnel_spec_set_mtu (spec, filter->mtu_bytes);
  tunnel->mtu_bytes = spec->mtu_bytes;
  tunnel->keepalive_s = spec->keepalive_s;
  tunnel->location = spec->location;
  tunnel->entry = spec->entry;
  memcpy (tunnel->blocks, spec->blocks, sizeof tunnel->blocks);
  tunnel->n_blocks = spec->n_blocks;
  if (preshared_key != NULL)
    adit_secret_copy_to (preshared_key, tunnel->preshared_key, sizeof tunnel->preshared_key);
  if (protocol != ADIT_PROTOCOL_WIREGUARD && (fd = make_profile (worker, ops, spec, &tunnel->size_profile_bytes, error)) < 0)
    return FALSE;
  sent = adit_worker_send (worker, &message, fd, error);
  adit_wipe (&message, sizeof message);
  if (fd >= 0)
    close (fd);
  return sent;
}

/* The service itself makes a tunnel to the place that was drawn. */
static gboolean
serve_made_tunnel (AditWorker *worker, const AditProviderOps *ops, AditServerList *list, const AditSelection *selection,
                   GError **error)
{
  g_auto (AditProviderLoan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;
  AditLocation location;

  if (!adit_select_location (list, selection, &location, error))
    return FALSE;
  adit_provider_loan_take (&loan, &worker->request.request, ADIT_PROVIDER_TUNNEL);
  loan.wanted.place = &worker->request.request.place;
  loan.wanted.location = &location;
  return adit_provider_run (worker, ops, &loan.wanted, &task, error) &&
         adit_select_keeps_version (selection, &task->result.tunnel.peer, error) &&
         send_tunnel (worker, ops, &task->result.tunnel, task->result.preshared_key, ADIT_PROTOCOL_WIREGUARD, error);
}

/**
 * adit_provider_serve_choose:
 * @worker: the worker, with its request and, where there is one, the list
 * @ops: the adapter of the service
 * @error: return location, as of adit_provider_run(); %ADIT_ERROR_NO_SUCH_PLACE where no server is left
 *
 * Draws one server among those that the request allows.
 *
 * Returns: whether the helper has the tunnel
 */
gboolean
adit_provider_serve_choose (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  const AditWireChoice *choice = &request->choice;
  AditSelection selection = {
    .place = &request->place, .places = choice->places, .n_places = choice->n_places,
    .entry = choice->has_entry ? &choice->entry : NULL,
    .protocol = (AditProtocol) choice->protocol, .filter = &choice->filter, .pick = (AditPick) choice->pick,
    .near = choice->has_near ? &choice->near : NULL, .avoid = request->avoid, .try_number = request->try_number,
    .has_ipv6 = request->has_ipv6, .has_ipv6_outside = choice->has_ipv6_outside, .random = { adit_provider_draw, NULL },
  };
  g_autoptr (AditServerList) list = open_stored_list (worker);
  g_autoptr (GBytes) fresh = NULL;
  AditTunnelSpec spec;

  if (list == NULL)
    {
      if (!fetch_list (worker, ops, NULL, &fresh, error))
        return FALSE;
      list = adit_server_list_new_for_bytes (fresh, error);
      if (list == NULL)
        return FALSE;
    }
  if (adit_server_list_get_head (list)->makes_tunnels)
    return serve_made_tunnel (worker, ops, list, &selection, error);
  return adit_select_tunnel (list, &selection, &spec, error) &&
         send_tunnel (worker, ops, &spec, NULL, selection.protocol, error);
}
