/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-memory.c: how this person connects.  The helper keeps no such wish after a disconnect, so the window does. */
#include "config.h"
#include "ui/mirror-private.h"

#include "client/api/time-zone.h"

#define FOLDER "adit"
#define FILE_NAME "window.conf"

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), FOLDER, FILE_NAME, NULL);
}

/**
 * adit_mirror_remember:
 * @self: a new mirror
 *
 * Reads what was remembered, and where this computer is by its clock; nobody is asked for it.
 */
void
adit_mirror_remember (AditMirror *self)
{
  g_autofree char *path = dup_path ();

  adit_memory_load (&self->memory, path);
  self->has_near = adit_time_zone_find_position (ADIT_LOCAL_TIME, ADIT_TIME_ZONES, &self->near);
}

/**
 * adit_mirror_keep_memory:
 * @self: a mirror, whose memory has been changed
 *
 * What cannot be written holds as long as this window does.
 */
void
adit_mirror_keep_memory (AditMirror *self)
{
  g_autofree char *path = dup_path ();
  g_autoptr (GError) error = NULL;

  if (!adit_memory_save (&self->memory, path, &error))
    g_message ("it will be forgotten: %s", error->message);
  adit_mirror_tell_choice (self);
}

/**
 * adit_mirror_get_memory:
 * @self: a mirror
 *
 * Returns: (transfer none): how this person connects
 */
const AditMemory *
adit_mirror_get_memory (AditMirror *self)
{
  return &self->memory;
}

/**
 * adit_mirror_set_protocol:
 * @self: a mirror
 * @has_protocol: else it is automatic
 * @protocol: of the next connections
 */
void
adit_mirror_set_protocol (AditMirror *self, gboolean has_protocol, AditProtocol protocol)
{
  self->memory.has_protocol = has_protocol;
  self->memory.protocol = has_protocol ? protocol : ADIT_PROTOCOL_WIREGUARD;
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_set_multihop:
 * @self: a mirror
 * @on: whether the next connections go in at one place and out at another
 */
void
adit_mirror_set_multihop (AditMirror *self, gboolean on)
{
  self->memory.multihop = on;
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_get_entry:
 * @self: a mirror
 *
 * Returns: (transfer none): where the next connections go in, with multi-hop; anywhere, where nothing was chosen at this service
 */
const AditPlace *
adit_mirror_get_entry (AditMirror *self)
{
  static const AditPlace anywhere;

  return g_str_equal (self->memory.entry.service, self->list_service) ? &self->memory.entry.place : &anywhere;
}

/**
 * adit_mirror_set_entry:
 * @self: a mirror
 * @place: where the next connections go in, with multi-hop
 */
void
adit_mirror_set_entry (AditMirror *self, const AditPlace *place)
{
  self->memory.entry = (AditFavourite) { .place = *place };
  g_strlcpy (self->memory.entry.service, self->list_service, sizeof self->memory.entry.service);
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_set_hears:
 * @self: a mirror
 * @hears: what this person wants to be told while they do not look at the window
 */
void
adit_mirror_set_hears (AditMirror *self, AditHears hears)
{
  self->memory.hears = hears;
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_set_background:
 * @self: a mirror
 * @on: whether the program stays when its window is closed
 */
void
adit_mirror_set_background (AditMirror *self, gboolean on)
{
  self->memory.background = on;
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_set_keeps_recent:
 * @self: a mirror
 * @on: whether recent places are on disk, too; without it they end with this window
 */
void
adit_mirror_set_keeps_recent (AditMirror *self, gboolean on)
{
  self->memory.keeps_recent = on;
  adit_mirror_keep_memory (self);
}

/**
 * adit_mirror_add_recent:
 * @self: a mirror
 *
 * The chosen place is connected to now.
 */
void
adit_mirror_add_recent (AditMirror *self)
{
  if (adit_place_is_any (&self->place))
    return;
  adit_memory_add_recent (&self->memory, self->list_service, &self->place);
  if (self->memory.keeps_recent)
    adit_mirror_keep_memory (self);
  else
    adit_mirror_tell_choice (self);
}

/**
 * adit_mirror_find_offer:
 * @self: a mirror
 * @offer: (out caller-allocates): by which ways the current account can connect
 */
void
adit_mirror_find_offer (AditMirror *self, AditTunnelOffer *offer)
{
  adit_tunnel_offer_find (offer, self->list, adit_mirror_get_account (self), &self->memory);
}

/**
 * adit_mirror_find_look:
 * @self: a mirror
 * @is_entry: whether it is about where the way to the chosen place begins
 * @look: (out caller-allocates): what is asked of a server
 */
void
adit_mirror_find_look (AditMirror *self, gboolean is_entry, AditPlaceLook *look)
{
  const AditChoice *choice = &self->choice;
  AditTunnelOffer offer;

  adit_mirror_find_offer (self, &offer);
  *look = (AditPlaceLook) {
    .filter = choice->servers.filter, .protocol = offer.protocol, .is_exit = offer.multihop && !is_entry,
    .pick = choice->servers.pick, .has_near = choice->has_near || self->has_near,
    .near = choice->has_near ? choice->near : self->near, .latencies = self->latencies,
  };
}

/**
 * adit_mirror_add_tunnel:
 * @self: a mirror
 * @place: (inout): an a{sv} of Connect, which gets by which way to go there
 */
void
adit_mirror_add_tunnel (AditMirror *self, GVariantBuilder *place)
{
  const AditPlace *entry = adit_mirror_get_entry (self);
  GVariantBuilder dict;
  AditTunnelOffer offer;

  adit_mirror_find_offer (self, &offer);
  if (self->memory.has_protocol)
    g_variant_builder_add (place, "{sv}", "tunnel", g_variant_new_string (adit_protocol_to_name (offer.protocol)));
  if (!offer.multihop)
    return;
  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "country", g_variant_new_string (entry->country));
  g_variant_builder_add (&dict, "{sv}", "city", g_variant_new_string (entry->city));
  g_variant_builder_add (&dict, "{sv}", "server", g_variant_new_string (entry->server));
  g_variant_builder_add (place, "{sv}", "entry", g_variant_builder_end (&dict));
}
