/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.h: the services that Adit knows, with the API addresses that ship with it, so that a locked computer asks no DNS. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_SERVICE_ID_MAX_BYTES 16
#define ADIT_SERVICE_MAX_API       8

/* What somebody says who signs in. */
typedef enum
{
  ADIT_SIGN_IN_NUMBER = 0,    /* one word that is the whole account */
  ADIT_SIGN_IN_LOGIN,         /* a user name and, in a second line, a password */
  ADIT_SIGN_IN_BROWSER,       /* nothing: a page of the service's is opened */
} AditSignIn;

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
} AditService;

const AditService *adit_service_find (const char *id);
const AditService *adit_service_at   (guint position);    /* NULL past the end */

G_END_DECLS
