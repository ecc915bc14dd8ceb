/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.h: the services that Adit knows, with the API addresses that ship with it, so that a locked computer asks no DNS. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_SERVICE_ID_MAX_BYTES 16
#define ADIT_SERVICE_MAX_API       8
#define ADIT_SERVICE_API_PORT      443    /* RFC 9110, 4.2.2 */

/* What somebody says who signs in. */
typedef enum
{
  ADIT_SIGN_IN_NUMBER = 0,    /* one word that is the whole account */
  ADIT_SIGN_IN_LOGIN,         /* a user name and, in a second line, a password */
  ADIT_SIGN_IN_BROWSER,       /* nothing: a page of the service's is opened */
} AditSignIn;

/* How a service has its customers change the key that this computer is known by there. */
typedef struct
{
  guint8   days, max_days;      /* how long a key is used where nothing is set, and at most; 0: none is registered */
  guint8   grace_days;          /* of a key that could not be changed, so long past that; 0: as long as it works */
  guint32  first_s;             /* one that is due waits at least so long */
  guint32  retry_s, retry_max_s;    /* after the nth failure, n times so long, and at most */
  guint32  spreads_s;           /* until every server has heard of a new one */
  gboolean is_only_idle;        /* never while a tunnel has the old one */
  gboolean drops_old;           /* a change that names no tunnel ends all keys, whatever becomes of the new one */
  gboolean is_first;            /* one that is due is changed before a connection */
  gboolean is_told;             /* whoever asks about the account hears which key it has */
} AditKeyRules;

typedef struct
{
  const char *id;                              /* "mullvad": on the bus, on disk, on the command line */
  const char *name;                            /* "Mullvad": shown to people */
  const char *api_host;                        /* the name its certificate must carry */
  const char *api_endpoints[ADIT_SERVICE_MAX_API + 1];   /* NULL-terminated; empty: by its name alone */
  gboolean    trusts_system;                   /* the roots of this computer are believed: its adapter has none of its own */
  AditSignIn  sign_in;
  const char *sign_in_at;                      /* (nullable): how the address of every such page begins */
  gboolean    enters_by_udp_alone;             /* a tunnel that goes in at one place and out at another is never by TCP */
  gboolean    makes_tunnels;                   /* one for each connection: with a key for it, and who asks must be known */
  gboolean    tells_api;                       /* it says itself at which further addresses it is */
  AditKeyRules keys;
} AditService;

const AditService *adit_service_find (const char *id);
const AditService *adit_service_at   (guint position);    /* NULL past the end */
gboolean           adit_service_may_tell_api (const AditEndpoint *endpoint);

G_END_DECLS
