/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-filter.h: which of a service's servers somebody wants at all, by what is known of them besides their place. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

#define ADIT_FILTER_MAX_HOSTING 4
#define ADIT_FILTER_MAX_BLOCKS  ADIT_TUNNEL_MAX_BLOCKS

/* The parts of a filter that a server passes or not. */
typedef enum
{
  ADIT_FILTER_NOTHING   = 0,
  ADIT_FILTER_OWNERSHIP = 1 << 0,
  ADIT_FILTER_HOSTING   = 1 << 1,
  ADIT_FILTER_IPV6      = 1 << 2,
  ADIT_FILTER_ALL       = ADIT_FILTER_OWNERSHIP | ADIT_FILTER_HOSTING | ADIT_FILTER_IPV6,
} AditFilterParts;

typedef enum { ADIT_OWNED_OR_RENTED = 0, ADIT_OWNED_ONLY, ADIT_RENTED_ONLY, ADIT_N_OWNERSHIPS } AditOwnership;

/* By which version of IP. */
typedef enum { ADIT_IP_ANY = 0, ADIT_IP_IPV4, ADIT_IP_IPV6, ADIT_N_IPS } AditIpVersion;

/* All zero lets everything through.  No holes: it travels as it is. */
typedef struct
{
  guint8  ownership;        /* AditOwnership: whose machine it is */
  guint8  only_with_ipv6;   /* 0 or 1: IPv6 goes through it */
  guint16 port;             /* of the server, where the service lets one choose; 0: any */
  guint8  outside;          /* AditIpVersion: how the server is called, where the service lets one choose */
  guint8  inside;           /* AditIpVersion, not ADIT_IP_IPV6: what goes through the tunnel */
  guint16 mtu_bytes;        /* the longest packet of a program in a tunnel of WireGuard; 0: as the service has it */
  guint32 n_hosting;        /* 0: of any company */
  char    hosting[ADIT_FILTER_MAX_HOSTING][ADIT_NAME_MAX_BYTES];    /* in whose house it stands */
  guint32 n_blocks;
  char    blocks[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];      /* what the resolver leaves out; not every service has all */
} AditServerFilter;

gboolean adit_server_filter_is_valid (const AditServerFilter *self);
AditFilterParts adit_server_filter_get_parts (const AditServerFilter *self);
gboolean adit_server_filter_passes   (const AditServerFilter *self, const AditServerListServer *server, AditFilterParts parts);
char    *adit_server_filter_dup_text (const AditServerFilter *self, AditFilterParts parts);

G_END_DECLS
