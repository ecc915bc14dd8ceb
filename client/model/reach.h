/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reach.h: what this computer may reach beside the tunnel: as the user wants it, and as that comes out on the network at hand. */
#pragma once

#include "client/model/flow.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_REACH_MAX_RANGES  16
#define ADIT_REACH_MAX_GUESTS   8
#define ADIT_REACH_MAX_NEARBY  32
#define ADIT_REACH_MAX_NETS   128
#define ADIT_REACH_MAX_POINTS 128
#define ADIT_LINK_NAME_BYTES   16    /* IFNAMSIZ: linux/if.h */

typedef enum
{
  ADIT_LAN_OFF = 0,
  ADIT_LAN_SUBNET,    /* what is private of the networks that the links are on */
  ADIT_LAN_LIST,      /* the named ranges */
} AditLan;

/* What was set.  Zero is the strictest: nothing beside the tunnel, and the service's own resolvers. */
typedef struct
{
  AditLan     lan;
  AditPrefix  ranges[ADIT_REACH_MAX_RANGES];    /* of %ADIT_LAN_LIST; each private or link-local, without host bits */
  guint       n_ranges;
  gboolean    multicast;
  char        guests[ADIT_REACH_MAX_GUESTS][ADIT_LINK_NAME_BYTES];    /* virtual links */
  guint       n_guests;
  AditAddress dns[ADIT_TUNNEL_MAX_DNS];         /* none: the service's */
  guint       n_dns;
} AditReachSettings;

/* One address of one link, as the system tells it. */
typedef struct
{
  char       link[ADIT_LINK_NAME_BYTES];
  AditPrefix address;     /* with its host bits */
  gboolean   is_guests;   /* behind it are only guests of this computer; else it is a cable or a radio */
} AditNearby;

/* By this link, from this address of its own, to this network. */
typedef struct
{
  char        link[ADIT_LINK_NAME_BYTES];
  AditAddress from;
  AditPrefix  to;
  gboolean    is_guests;
} AditReachNet;

/* The same to one port: a resolver's, or a group's. */
typedef struct
{
  char         link[ADIT_LINK_NAME_BYTES];
  AditAddress  from;
  AditEndpoint to;
  guint8       protocol;    /* IPPROTO_ */
} AditReachPoint;

/* What comes of it here and now; a pure function of what was set, of the links, and of the tunnel. */
typedef struct
{
  AditReachNet   nets[ADIT_REACH_MAX_NETS];         /* everything but names */
  guint          n_nets;
  AditReachPoint resolvers[ADIT_REACH_MAX_POINTS];  /* the ways to those in @outside */
  guint          n_resolvers;
  AditReachPoint groups[ADIT_REACH_MAX_POINTS];
  guint          n_groups;
  AditAddress    inside[ADIT_TUNNEL_MAX_DNS], outside[ADIT_TUNNEL_MAX_DNS];    /* own resolvers, by where they are asked */
  guint          n_inside, n_outside;
  AditFlow       kept;                              /* a connection from before, which stays as it is; or none */
  gboolean       has_portal;                        /* there is room for a hole of a few minutes (portal-hole.h) */
} AditReach;

gboolean adit_reach_link_is_valid       (const char *name);
gboolean adit_reach_settings_equal      (const AditReachSettings *a, const AditReachSettings *b);
gboolean adit_reach_settings_is_wider   (const AditReachSettings *self, const AditReachSettings *than);
gboolean adit_reach_settings_need_links (const AditReachSettings *self);
gboolean adit_reach_resolver_is_valid   (const AditAddress *address);
gboolean adit_reach_resolver_is_private (const AditAddress *address);
gboolean adit_reach_resolver_is_inside  (const AditAddress *address, const AditTunnelSpec *spec);

void     adit_reach_resolve (AditReach *self, const AditReachSettings *settings, const AditNearby *nearby, guint n_nearby,
                             const AditTunnelSpec *spec);
gboolean adit_reach_equal   (const AditReach *a, const AditReach *b);

G_END_DECLS
