/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select.h: draws a relay and a port from a server list.  Chance is passed in, so a test can hold it still. */
#pragma once

#include "client/model/server-list.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

/* Each of the 2^64 values equally likely. */
typedef guint64 (*AditRandomFunc) (gpointer user_data);

typedef struct
{
  const AditPlace *place;
  const char      *avoid;       /* a server's name or "": taken only if it is the only one */
  gboolean         has_ipv6;    /* IPv6 may be used inside */
  AditRandomFunc   random;
  gpointer         random_data;
} AditSelection;

gboolean adit_select_tunnel (AditServerList *list, const AditSelection *selection, AditTunnelSpec *spec, GError **error);

G_END_DECLS
