/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list.h: a service's relays in one flat form that is written once by a worker and afterwards only mapped: form, writer
 * and reader are this one file.  Whoever opens one checks all of it first, so that no later look-up can leave the map. */
#pragma once

#include "client/model/address.h"
#include "client/model/place.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_SERVER_LIST_MAX_PORT_RANGES 32
#define ADIT_ETAG_MAX_BYTES              256

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
  gint32      latitude_e6, longitude_e6;    /* millionths of a degree */
} AditServerListCity;

typedef struct
{
  const char  *name;              /* "se-got-wg-001" */
  const char  *provider;          /* "" where the service does not say */
  guint        city;
  gboolean     owned;             /* the service's own machine, not rented */
  gboolean     in_country;        /* may be drawn for a wish that names only a country, or none */
  guint64      weight;
  AditAddress  ipv4, ipv6;        /* ADIT_FAMILY_NONE where there is none */
  guint8       key[ADIT_WG_KEY_BYTES];
} AditServerListServer;

typedef struct { guint16 first, last; } AditPortRange;

typedef struct
{
  char          service[16];
  char          etag[ADIT_ETAG_MAX_BYTES];
  gint64        fetched_at_s;         /* UTC */
  AditAddress   gateway_ipv4, gateway_ipv6;    /* inside the tunnel: they answer DNS */
  AditPortRange ports[ADIT_SERVER_LIST_MAX_PORT_RANGES];
  guint         n_ports;
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

/* The writer sorts countries and cities by name, servers by name, and drops nothing: it answers FALSE for a row that breaks
 * the form, and the caller skips that row. */
typedef struct _AditServerListWriter AditServerListWriter;

AditServerListWriter *adit_server_list_writer_new  (const AditServerListHead *head);
void                  adit_server_list_writer_free (AditServerListWriter *self);
gboolean              adit_server_list_writer_add  (AditServerListWriter *self, const AditLocation *location,
                                                    gint32 latitude_e6, gint32 longitude_e6,
                                                    const AditServerListServer *server);
GBytes               *adit_server_list_writer_finish (AditServerListWriter *self);    /* takes the writer */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditServerList, adit_server_list_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditServerListWriter, adit_server_list_writer_free)

G_END_DECLS
