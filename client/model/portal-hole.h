/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal-hole.h: what one program alone may reach through the lock, for a few minutes, to show itself to the network. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_PORTAL_GROUP         "adit-portal"    /* the control group of that program, directly below the root */
#define ADIT_PORTAL_MAX_S         300
#define ADIT_PORTAL_MAX_RESOLVERS 2

typedef struct
{
  AditAddress gateway;      /* the only one whose pages can be seen */
  AditAddress from;         /* this computer's own on that link */
  AditAddress resolvers[ADIT_PORTAL_MAX_RESOLVERS];    /* the network's, of the same family and near; asked for names alone */
  guint       n_resolvers;
} AditPortalHole;

G_END_DECLS
