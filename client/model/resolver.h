/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.h: who may be asked for the address of a name out of somebody's file, by DNS over HTTPS (RFC 8484). */
#pragma once

#include "client/model/service.h"

G_BEGIN_DECLS

#define ADIT_RESOLVER_ID   "doh"           /* of all of them: what /etc/adit/services.conf calls them */
#define ADIT_RESOLVER_PATH "/dns-query"

const AditService *adit_resolver_at (guint position);    /* NULL past the end */

G_END_DECLS
