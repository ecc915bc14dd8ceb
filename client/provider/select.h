/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.h: draws a server, where it is wanted another one before it, and a port from a server list; or a place, where the
 * service makes the tunnels. */
#pragma once

#include "client/model/choice.h"
#include "client/model/server-list.h"
#include "client/model/tunnel-spec.h"
#include "client/provider/draw.h"

G_BEGIN_DECLS

typedef struct
{
  const AditPlace        *place;       /* where traffic leaves */
  const AditPlace        *places;      /* (array length=n_places): any of these, where there are some; then @place says nothing */
  guint                   n_places;
  const AditPlace        *entry;       /* (nullable): where it enters, by another server */
  AditProtocol            protocol;
  const AditServerFilter *filter;      /* (nullable): everything will do */
  AditPick                pick;
  const AditPosition     *near;        /* (nullable): where this computer is; for ADIT_PICK_NEAREST */
  const char             *avoid;       /* a server's name or "": taken for either only if it is the only one */
  guint                   try_number;  /* 0 for the first */
  gboolean                has_ipv6;    /* IPv6 may be used inside */
  gboolean                has_ipv6_outside;    /* a server's IPv6 address can be reached */
  AditRandom              random;
} AditSelection;

gboolean adit_select_location (AditServerList *list, const AditSelection *selection, AditLocation *location, GError **error);
gboolean adit_select_keeps_version (const AditSelection *selection, const AditEndpoint *peer, GError **error);
gboolean adit_select_tunnel (AditServerList *list, const AditSelection *selection, AditTunnelSpec *spec, GError **error);

G_END_DECLS
