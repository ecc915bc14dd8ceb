/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.h: the services that Adit knows, with the API addresses that ship with it, so that a locked computer asks no DNS. */
#pragma once

#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_SERVICE_ID_MAX_BYTES 16
#define ADIT_SERVICE_MAX_API       8

typedef struct
{
  const char *id;                              /* "mullvad": on the bus, on disk, on the command line */
  const char *name;                            /* "Mullvad": shown to people */
  const char *api_host;                        /* the name its certificate must carry */
  const char *api_endpoints[ADIT_SERVICE_MAX_API + 1];   /* NULL-terminated; empty: by its name alone */
  gboolean    trusts_system;                   /* the roots of this computer are believed: its adapter has none of its own */
} AditService;

const AditService *adit_service_find (const char *id);
const AditService *adit_service_at   (guint position);    /* NULL past the end */

G_END_DECLS
