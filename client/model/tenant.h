/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant.h: other programs that rule this computer's network beside ours, and where they and we cannot both be right.  They are
 * looked at and never changed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_TENANT_NONE      = 0,
  ADIT_TENANT_TAILSCALE = 1 << 0,
  ADIT_TENANT_WG_QUICK  = 1 << 1,
  ADIT_TENANT_DOCKER    = 1 << 2,
  ADIT_TENANT_LIBVIRT   = 1 << 3,
  ADIT_TENANT_UFW       = 1 << 4,
  ADIT_TENANT_FIREWALLD = 1 << 5,
  ADIT_TENANT_MULLVAD   = 1 << 6,    /* that service's own client */
} AditTenantSet;

#define ADIT_N_TENANTS 7

/* That a rule of theirs accepts before ours is none: with nftables a packet has to pass every chain at its hook. */
typedef enum
{
  ADIT_CONFLICT_RESOLVER = 0,    /* another link of systemd-resolved is asked for every name as well */
  ADIT_CONFLICT_RANGE,           /* a route of theirs holds an address of our tunnel */
  ADIT_CONFLICT_REFUSES,         /* a firewall that refuses what leaves unless it is named there */
  ADIT_CONFLICT_RULE,            /* a routing rule that comes before ours */
  ADIT_CONFLICT_KILL_SWITCH,     /* a rule that refuses what does not leave by their device */
  ADIT_N_CONFLICTS
} AditConflictKind;

typedef struct
{
  AditConflictKind kind;
  char             by[64];     /* a tenant's nick, or the name of a table or link; UTF-8 */
  char             what[96];   /* the chain, rule, route or link; UTF-8 */
} AditConflict;

#define ADIT_TENANTS_MAX_CONFLICTS 16    /* more say nothing more */

typedef struct
{
  AditTenantSet present;
  AditConflict  conflicts[ADIT_TENANTS_MAX_CONFLICTS];
  guint         n_conflicts;
} AditTenants;

const char *adit_tenant_get_nick     (AditTenantSet one);
const char *adit_conflict_get_nick   (AditConflictKind kind);
gboolean    adit_conflict_from_nick  (const char *nick, AditConflictKind *kind);
gboolean    adit_conflict_stops      (AditConflictKind kind);
void        adit_tenants_add         (AditTenants *self, AditConflictKind kind, const char *by, const char *what);

G_END_DECLS
