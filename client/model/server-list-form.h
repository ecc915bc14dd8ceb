/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-form.h: the flat form of a service's relays: head, countries, cities, servers, strings, without a gap, in host byte
 * order (the magic number tells a foreign one).  Cities lie together by country and servers by city, so every range is exact and
 * can be checked in one pass.  For the server-list-*.c files alone. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

#define ADIT_FORM_MAGIC             0x4c534441u                 /* "ADSL" */
#define ADIT_FORM_VERSION           3
#define ADIT_FORM_MAX_BYTES         (16 * 1024 * 1024)          /* 20,000 relays need 4 MiB; also what the wire takes */
#define ADIT_FORM_MAX_LATITUDE_E6   (90 * 1000000)
#define ADIT_FORM_MAX_LONGITUDE_E6  (180 * 1000000)

#define ADIT_FORM_OWNED        1u
#define ADIT_FORM_IN_COUNTRY   2u
#define ADIT_FORM_IPV4         4u
#define ADIT_FORM_IPV6         8u
#define ADIT_FORM_WIREGUARD    16u
#define ADIT_FORM_OPENVPN      32u
#define ADIT_FORM_IPV6_INSIDE  64u
#define ADIT_FORM_ALL_FLAGS    127u

typedef struct
{
  char        name[ADIT_CODE_MAX_BYTES];
  AditAddress resolver;
  guint8      bits;
  guint8      reserved[6];
} AditFormBlock;

typedef struct
{
  guint32       magic, version, size_bytes, n_countries, n_cities, n_servers, strings_bytes, n_ports;
  guint32       n_dns, n_blocks;
  guint16       mtu_bytes, keepalive_s;
  guint16       picks_least_loaded, picks_first_port;
  gint64        fetched_at_s;
  char          service[16];
  char          etag[ADIT_ETAG_MAX_BYTES];
  AditAddress   dns[ADIT_TUNNEL_MAX_DNS];
  guint16       makes_tunnels, nests_tunnels;
  AditPortRange ports[ADIT_SERVER_LIST_MAX_PORT_RANGES];
  AditFormBlock blocks[ADIT_SERVER_LIST_MAX_BLOCKS];
} AditFormHead;

typedef struct { guint32 code, name, first_city, n_cities; } AditFormCountry;

typedef struct
{
  guint32 code, name, country, first_server, n_servers;
  gint32  latitude_e6, longitude_e6;
  guint32 reserved;
} AditFormCity;

typedef struct
{
  guint32 name, provider, city, flags;
  guint64 weight;
  guint8  ipv4[4], ipv6[16], openvpn_ipv4[4], key[ADIT_WG_KEY_BYTES];
  guint16 wireguard_exit_port, openvpn_exit_port;
  guint8  load, reserved[11];
} AditFormServer;

/* Each part starts where the one before it ends; multiples of eight keep the 64-bit fields aligned. */
G_STATIC_ASSERT (sizeof (AditFormBlock) == 40 && sizeof (AditPortRange) == 6);
G_STATIC_ASSERT (sizeof (AditFormHead) == 32 + 16 + 8 + 16 + 256 + 4 * 17 + 2 + 2 + 64 * 6 + 32 * 40);
G_STATIC_ASSERT (sizeof (AditFormHead) % 8 == 0);
G_STATIC_ASSERT (sizeof (AditFormCountry) == 16 && sizeof (AditFormCity) == 32 && sizeof (AditFormServer) == 96);

/* What any head and any row must be, whoever has written it. */
gboolean adit_server_list_head_is_valid   (const AditServerListHead *head);
gboolean adit_server_list_server_is_valid (const AditServerListHead *head, const AditServerListServer *server);

G_END_DECLS
