/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-kernel.c: the kernel answers at once, so the asynchronous start does its work synchronously and only reports later.
 *
 * The library keeps short-lived copies of what it sends in buffers of its own, which it does not wipe; ours are wiped. */
#define G_LOG_DOMAIN "adit-tunnel"
#include "platform/linux/wg-kernel.h"

#include <errno.h>
#include <string.h>
#include <wireguard.h>
#include "client/base/error.h"
#include "client/model/tunnel-peers.h"
#include "platform/linux/link-watch.h"
#include "platform/linux/marks.h"
#include "platform/linux/wg-progress.h"

#define PROBE_DEVICE "adit-probe0"

struct _AditWgKernel
{
  GObject parent;

  AditLinkWatch      *watch;    /* there exactly while started */
  AditWgProgress      progress;
  gboolean            proved;   /* a device could be made once; the kernel does not unlearn it */
};

static void adit_wg_kernel_iface_init (AditTunnelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditWgKernel, adit_wg_kernel, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL, adit_wg_kernel_iface_init))

static gboolean
fail (GError **error, AditError code, const char *doing, int result)
{
  g_set_error (error, ADIT_ERROR, code, "%s: %s", doing, g_strerror (result < 0 ? -result : EIO));
  return FALSE;
}

static const char *
wg_kernel_get_name (AditTunnel *tunnel)
{
  return "wireguard-kernel";
}

static gboolean
wg_kernel_probe (AditTunnel *tunnel, GError **error)
{
  AditWgKernel *self = ADIT_WG_KERNEL (tunnel);
  wg_device *device = NULL;
  int made, asked;

  if (self->proved)
    return TRUE;
  if (!adit_link_remove (PROBE_DEVICE, error))    /* left by a helper that was killed in the middle of this */
    return FALSE;
  made = wg_add_device (PROBE_DEVICE);
  if (made != 0)
    return fail (error, ADIT_ERROR_NO_WIREGUARD, "This kernel makes no WireGuard device", made);
  /* The device is one half, the way to configure it the other. */
  asked = wg_get_device (&device, PROBE_DEVICE);
  if (asked == 0)
    wg_free_device (device);
  if (!adit_link_remove (PROBE_DEVICE, error))
    return FALSE;
  self->proved = asked == 0;
  return self->proved || fail (error, ADIT_ERROR_NO_WIREGUARD, "This kernel's WireGuard cannot be configured", asked);
}

static gboolean
wg_kernel_stop (AditTunnel *tunnel, GError **error)
{
  AditWgKernel *self = ADIT_WG_KERNEL (tunnel);

  g_clear_pointer (&self->watch, adit_link_watch_free);
  self->progress = (AditWgProgress) { 0 };
  return adit_link_remove (ADIT_TUNNEL_DEVICE, error);
}

static void
on_link_gone (gpointer data)
{
  g_autoptr (AditWgKernel) self = g_object_ref (data);
  g_autoptr (GError) reason = g_error_new_literal (ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel's device is gone");

  g_clear_pointer (&self->watch, adit_link_watch_free);
  g_message ("%s", reason->message);
  adit_tunnel_emit_lost (ADIT_TUNNEL (self), reason);
}

static void
fill_endpoint (const AditEndpoint *endpoint, wg_peer *peer)
{
  if (endpoint->address.family == ADIT_FAMILY_IPV4)
    {
      peer->endpoint.addr4.sin_family = AF_INET;
      peer->endpoint.addr4.sin_port = g_htons (endpoint->port);
      memcpy (&peer->endpoint.addr4.sin_addr, endpoint->address.bytes, sizeof (struct in_addr));
    }
  else
    {
      peer->endpoint.addr6.sin6_family = AF_INET6;
      peer->endpoint.addr6.sin6_port = g_htons (endpoint->port);
      memcpy (&peer->endpoint.addr6.sin6_addr, endpoint->address.bytes, sizeof (struct in6_addr));
    }
}

static void
fill_allowed_ips (const AditPrefix *prefixes, guint n, wg_peer *peer, wg_allowedip *allowed)
{
  for (guint i = 0; i < n; i++)
    {
      const AditPrefix *prefix = &prefixes[i];
      gboolean is_ipv4 = prefix->address.family == ADIT_FAMILY_IPV4;

      allowed[i] = (wg_allowedip) { .family = is_ipv4 ? AF_INET : AF_INET6, .cidr = prefix->prefix_bits };
      memcpy (&allowed[i].ip6, prefix->address.bytes, is_ipv4 ? sizeof (struct in_addr) : sizeof (struct in6_addr));
      if (i > 0)
        allowed[i - 1].next_allowedip = &allowed[i];
    }
  peer->first_allowedip = n > 0 ? &allowed[0] : NULL;
  peer->last_allowedip = n > 0 ? &allowed[n - 1] : NULL;
}

static void
fill_peer (const AditTunnelPeer *from, AditSecret *preshared_key, wg_peer *peer)
{
  peer->flags = WGPEER_HAS_PUBLIC_KEY | WGPEER_REPLACE_ALLOWEDIPS | WGPEER_HAS_PERSISTENT_KEEPALIVE_INTERVAL;
  peer->persistent_keepalive_interval = from->keepalive_s;
  memcpy (peer->public_key, from->key, sizeof peer->public_key);
  fill_endpoint (&from->endpoint, peer);
  if (preshared_key == NULL)
    return;
  peer->flags |= WGPEER_HAS_PRESHARED_KEY;
  memcpy (peer->preshared_key, adit_secret_peek (preshared_key, NULL), sizeof peer->preshared_key);
}

static gboolean
configure (const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  wg_allowedip allowed[ADIT_TUNNEL_MAX_ALLOWED_IPS];
  wg_peer peers[ADIT_TUNNEL_MAX_PEERS] = { 0 };
  wg_device device = {
    .name = ADIT_TUNNEL_DEVICE, .flags = WGDEVICE_REPLACE_PEERS | WGDEVICE_HAS_PRIVATE_KEY | WGDEVICE_HAS_FWMARK,
    .fwmark = ADIT_MARK, .first_peer = &peers[0], .last_peer = &peers[spec->n_more_peers],
  };
  AditTunnelPeer from;
  guint first;
  int result;

  for (guint i = 0; adit_tunnel_spec_get_peer (spec, i, &from, &first); i++)
    {
      fill_peer (&from, adit_tunnel_secrets_get_preshared_key (secrets, i), &peers[i]);
      fill_allowed_ips (&spec->allowed_ips[first], from.n_allowed_ips, &peers[i], &allowed[first]);
      if (i > 0)
        peers[i - 1].next_peer = &peers[i];
    }
  memcpy (device.private_key, adit_secret_peek (secrets->private_key, NULL), sizeof device.private_key);
  result = wg_set_device (&device);
  adit_wipe (&device, sizeof device);
  adit_wipe (peers, sizeof peers);
  return result == 0 || fail (error, ADIT_ERROR_TUNNEL_FAILED, "The kernel did not take the tunnel's configuration", result);
}

static gboolean
wg_kernel_renew (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  AditWgKernel *self = ADIT_WG_KERNEL (tunnel);

  if (self->watch == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not started");
      return FALSE;
    }
  if (!configure (spec, secrets, error))    /* which replaces the peers */
    return FALSE;
  adit_wg_progress_begin (&self->progress, spec);
  return TRUE;
}

static gboolean
start (AditWgKernel *self, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets, GError **error)
{
  int result;

  if (!adit_tunnel_spec_is_valid (spec, error) || !adit_tunnel_secrets_are_of_wireguard (secrets, error))
    return FALSE;
  result = wg_add_device (ADIT_TUNNEL_DEVICE);
  if (result != 0)
    return fail (error, result == -EOPNOTSUPP ? ADIT_ERROR_NO_WIREGUARD : ADIT_ERROR_TUNNEL_FAILED,
                 "Could not make the tunnel's device", result);
  if (!configure (spec, secrets, error))
    return FALSE;
  adit_wg_progress_begin (&self->progress, spec);
  self->watch = adit_link_watch_new (ADIT_TUNNEL_DEVICE, on_link_gone, self, error);
  return self->watch != NULL;
}

static void
wg_kernel_start_async (AditTunnel *tunnel, const AditTunnelSpec *spec, const AditTunnelSecrets *secrets,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (tunnel, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, wg_kernel_start_async);
  if (!wg_kernel_stop (tunnel, &error) || g_cancellable_set_error_if_cancelled (cancellable, &error))
    g_task_return_error (task, error);
  else if (start (ADIT_WG_KERNEL (tunnel), spec, secrets, &error))
    g_task_return_boolean (task, TRUE);
  else
    {
      wg_kernel_stop (tunnel, NULL);
      g_task_return_error (task, error);
    }
}

static gboolean
wg_kernel_start_finish (AditTunnel *tunnel, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, tunnel), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
wg_kernel_read_progress (AditTunnel *tunnel, AditTunnelProgress *progress, GError **error)
{
  AditWgKernel *self = ADIT_WG_KERNEL (tunnel);
  AditWgPeerStatus peers[ADIT_TUNNEL_MAX_PEERS];
  wg_device *device = NULL;
  wg_peer *peer;
  guint n = 0;
  int result;

  if (self->watch == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "The tunnel is not started");
      return FALSE;
    }
  result = wg_get_device (&device, ADIT_TUNNEL_DEVICE);
  if (result != 0)
    return fail (error, ADIT_ERROR_TUNNEL_FAILED, "Could not ask the kernel about the tunnel", result);
  wg_for_each_peer (device, peer)
    {
      adit_wipe (peer->preshared_key, sizeof peer->preshared_key);
      if (n == G_N_ELEMENTS (peers))
        continue;
      peers[n] = (AditWgPeerStatus) {
        .handshake_s = peer->last_handshake_time.tv_sec, .handshake_ns = peer->last_handshake_time.tv_nsec,
        .received_bytes = peer->rx_bytes, .sent_bytes = peer->tx_bytes,
      };
      memcpy (peers[n++].key, peer->public_key, ADIT_WG_KEY_BYTES);
    }
  adit_wg_progress_read (&self->progress, peers, n, progress);
  adit_wipe (device->private_key, sizeof device->private_key);
  wg_free_device (device);
  return n > 0 || fail (error, ADIT_ERROR_TUNNEL_FAILED, "The tunnel has lost its peer", -ENOENT);
}

static void
adit_wg_kernel_dispose (GObject *object)
{
  AditWgKernel *self = ADIT_WG_KERNEL (object);

  if (self->watch != NULL)
    wg_kernel_stop (ADIT_TUNNEL (self), NULL);
  G_OBJECT_CLASS (adit_wg_kernel_parent_class)->dispose (object);
}

static void
adit_wg_kernel_class_init (AditWgKernelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = adit_wg_kernel_dispose;
}

static void
adit_wg_kernel_init (AditWgKernel *self)
{
}

static void
adit_wg_kernel_iface_init (AditTunnelInterface *iface)
{
  iface->get_name = wg_kernel_get_name;
  iface->probe = wg_kernel_probe;
  iface->start_async = wg_kernel_start_async;
  iface->start_finish = wg_kernel_start_finish;
  iface->read_progress = wg_kernel_read_progress;
  iface->renew = wg_kernel_renew;
  iface->stop = wg_kernel_stop;
}

/**
 * adit_wg_kernel_new:
 *
 * Returns: (transfer full): the back end "wireguard-kernel"
 */
AditTunnel *
adit_wg_kernel_new (void)
{
  return g_object_new (ADIT_TYPE_WG_KERNEL, NULL);
}
