/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select-server.h: one server of a list for one part of a wish.  For the select*.c files alone. */
#pragma once

#include "client/provider/select.h"

G_BEGIN_DECLS

/* What one of the two servers has to be. */
typedef struct
{
  const AditPlace *place;
  const char      *avoid;
  const AditServerListServer *other;    /* (nullable): the server that it must not be, nor, where tunnels are nested, beside */
  gboolean         is_exit;      /* it is reached by way of another one */
  gboolean         is_called;    /* from here */
  gboolean         needs_ipv6;   /* it is called by IPv6 alone */
} AditSelectRole;

gboolean adit_select_server (AditServerList *list, const AditSelection *selection, const AditSelectRole *role,
                             AditServerListServer *server, GError **error);
gboolean adit_select_find_only (AditServerList *list, const AditSelection *selection, const AditSelectRole *role,
                                AditServerListServer *server);
gboolean adit_select_refuse (const AditSelectRole *role, const char *sentence, GError **error);
gboolean adit_select_refuse_filtered (const char *what, const AditSelectRole *role, GError **error);

G_END_DECLS
