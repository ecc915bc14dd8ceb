/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-mtu.c: where long packets vanish on the way and nobody says so, pages begin to load and stop.  Once a tunnel is up, one
 * question as long as its longest packet is sent through it; where that has no answer and a short one has, the longest that gets
 * through is searched for and becomes the tunnel's. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#include "client/model/tunnel-peers.h"

#define SHORT_BYTES 100
#define STEP_BYTES   20    /* as fine as Mullvad's client looks */

static void try_next (AditSession *self);
static void ask      (AditSession *self, guint bytes);

static void
use (AditSession *self, guint bytes)
{
  g_autoptr (GError) error = NULL;

  g_info ("packets longer than %u bytes vanish on the way; the tunnel's are no longer than that from now on", bytes);
  adit_attempt_set_mtu (self->attempt, (guint16) bytes);
  if (!adit_route_apply (self->platform->route, adit_attempt_get_spec (self->attempt), &error))
    adit_session_handle (self, ADIT_EVENT_TUNNEL_LOST, ADIT_REASON_NONE, error);
  else if (bytes == ADIT_TUNNEL_MTU_MIN_BYTES)
    ask (self, bytes);    /* that it passes was only taken for granted */
}

static void
on_told (gboolean is_through, gpointer user_data)
{
  AditSession *self = user_data;
  guint size = self->mtu_asked;

  g_clear_pointer (&self->mtu_probe, adit_path_probe_free);
  if (size == ADIT_TUNNEL_MTU_MIN_BYTES)
    {
      self->loses_long = !is_through;    /* nothing more can be done about it than to say so */
      return;
    }
  if (size == SHORT_BYTES && !is_through)
    return;    /* nobody answers here, so silence says nothing of length */
  if (size == self->mtu_top && is_through)
    return;
  if (size == SHORT_BYTES)
    self->mtu_passes = ADIT_TUNNEL_MTU_MIN_BYTES;    /* less than that no link may have */
  else if (is_through)
    self->mtu_passes = size;
  else
    self->mtu_fails = size;
  try_next (self);
}

/* What is sent to the second of two peers is enciphered once more: the packet that is asked about is so much shorter than the one
 * that comes of it, and that one is never in pieces. */
static guint
get_nested_bytes (const AditTunnelSpec *spec)
{
  return spec->is_nested ? (guint) spec->mtu_bytes - adit_tunnel_spec_get_nested_mtu_bytes (spec) : 0;
}

static void
ask (AditSession *self, guint bytes)
{
  const AditAddress *resolver = adit_session_get_inside_resolver (self);

  self->mtu_asked = bytes;
  if (resolver != NULL)
    self->mtu_probe = adit_path_probe_new (resolver, bytes - get_nested_bytes (adit_attempt_get_spec (self->attempt)), on_told,
                                           self);
}

static void
try_next (AditSession *self)
{
  if (self->mtu_passes == 0)
    ask (self, SHORT_BYTES);
  else if (self->mtu_fails - self->mtu_passes > STEP_BYTES)
    ask (self, (self->mtu_passes + self->mtu_fails) / 2);
  else
    use (self, self->mtu_passes);
}

/**
 * adit_session_begin_mtu:
 * @self: a session that has just become connected
 *
 * OpenVPN looks after that itself.
 */
void
adit_session_begin_mtu (AditSession *self)
{
  const AditTunnelSpec *spec = adit_attempt_get_spec (self->attempt);

  adit_session_end_mtu (self);
  if (spec->kind != ADIT_TUNNEL_WIREGUARD || spec->mtu_bytes <= ADIT_TUNNEL_MTU_MIN_BYTES)
    return;
  self->mtu_passes = 0;
  self->loses_long = FALSE;
  self->mtu_top = self->mtu_fails = spec->mtu_bytes;
  ask (self, spec->mtu_bytes);
}

/**
 * adit_session_end_mtu:
 * @self: a session
 */
void
adit_session_end_mtu (AditSession *self)
{
  g_clear_pointer (&self->mtu_probe, adit_path_probe_free);
}
