/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list.h: a service's relays in one flat form that is written once by a worker (server-list-writer.h) and afterwards only
 * mapped.  Whoever opens one checks all of it first, so that no later look-up can leave the map. */
#pragma once

#include "client/model/address.h"
#include "client/model/place.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_SERVER_LIST_MAX_PORT_RANGES 64     /* IVPN has 38 */
#define ADIT_SERVER_LIST_MAX_BLOCKS      32     /* IVPN has 20 */
#define ADIT_BLOCK_DEFAULT               "default"    /* what stands in for one that the list does not have any more */
#define ADIT_BLOCK_HARD_SUFFIX           "-hard"      /* the form of one that leaves out more */
#define ADIT_ETAG_MAX_BYTES              256
#define ADIT_LOAD_UNKNOWN                G_MAXUINT8

typedef struct _AditServerList AditServerList;

/* Strings point into the map and live as long as the list. */
typedef struct
{
  const char *code, *name;
  guint       first_city, n_cities;
} AditServerListCountry;

typedef struct
{
  const char *code, *name;
  guint       country;
  guint       first_server, n_servers;
  gint32      latitude_e6, longitude_e6;    /* millionths of a degree; both 0, where no city is: the service does not say */
} AditServerListCity;

typedef struct
{
  const char  *name;              /* "se-got-wg-001" */
  const char  *provider;          /* "" where the service does not say */
  guint        city;
  gboolean     owned;             /* the service's own machine, not rented */
  gboolean     in_country;        /* may be drawn for a wish that names only a country, or none */
  gboolean     has_ipv6_inside;   /* IPv6 goes through it */
  guint64      weight;            /* how likely it is drawn beside others */
  guint8       load;              /* percent, or ADIT_LOAD_UNKNOWN */
  AditAddress  ipv4, ipv6;        /* for WireGuard; ADIT_FAMILY_NONE where there is none */
  AditAddress  openvpn_ipv4;      /* ADIT_FAMILY_NONE: it takes no OpenVPN */
  guint16      wireguard_exit_port, openvpn_exit_port;    /* to leave by this one: of any other server, or its own where tunnels
                                                           * are nested; 0: not offered */
  guint8       key[ADIT_WG_KEY_BYTES];                    /* zero: it takes no WireGuard, or stands for a place */
} AditServerListServer;

typedef struct
{
  guint16 first, last;
  guint16 protocol;    /* AditProtocol */
} AditPortRange;

/* What a resolver inside the tunnel leaves out of its answers. */
typedef struct
{
  char        name[ADIT_CODE_MAX_BYTES];    /* "ads" */
  AditAddress resolver;    /* who is asked, IPv4.  With bits: the sum of those of all that are chosen is added to it */
  guint8      bits;        /* 0: it goes with no other */
} AditBlock;

typedef struct
{
  char          service[16];
  char          etag[ADIT_ETAG_MAX_BYTES];
  gint64        fetched_at_s;         /* UTC */
  AditAddress   dns[ADIT_TUNNEL_MAX_DNS];    /* inside the tunnel */
  guint         n_dns;
  guint16       mtu_bytes;            /* of a WireGuard tunnel */
  guint16       keepalive_s;          /* 0: none */
  gboolean      picks_least_loaded;   /* of the servers that fit; otherwise one is drawn */
  gboolean      picks_first_port;     /* of a protocol, at the first try; otherwise one is drawn */
  gboolean      makes_tunnels;        /* the service makes each one for a place: there are no ports, resolvers or packet sizes
                                       * here, and a server stands for a place and has neither address nor key */
  gboolean      nests_tunnels;        /* whoever enters by another server has a tunnel to the exit in a tunnel to that one */
  AditPortRange ports[ADIT_SERVER_LIST_MAX_PORT_RANGES];
  guint         n_ports;
  AditBlock     blocks[ADIT_SERVER_LIST_MAX_BLOCKS];
  guint         n_blocks;
} AditServerListHead;

AditServerList *adit_server_list_new_for_fd   (int fd, GError **error);
AditServerList *adit_server_list_new_for_bytes (GBytes *bytes, GError **error);
AditServerList *adit_server_list_ref          (AditServerList *self);
void            adit_server_list_unref        (AditServerList *self);

const AditServerListHead *adit_server_list_get_head (AditServerList *self);
guint adit_server_list_get_n_countries (AditServerList *self);
guint adit_server_list_get_n_cities    (AditServerList *self);
guint adit_server_list_get_n_servers   (AditServerList *self);
void  adit_server_list_get_country     (AditServerList *self, guint position, AditServerListCountry *country);
void  adit_server_list_get_city        (AditServerList *self, guint position, AditServerListCity *city);
void  adit_server_list_get_server      (AditServerList *self, guint position, AditServerListServer *server);
gboolean adit_server_list_has_place    (AditServerList *self, const AditPlace *place);
const AditBlock *adit_server_list_find_block (AditServerList *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditServerList, adit_server_list_unref)

G_END_DECLS
