/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant-chains.h: what others have in nftables, where iptables of today writes as well. */
#pragma once

#include "client/model/tenant.h"

G_BEGIN_DECLS

gboolean adit_tenant_chains_read (AditTenants *tenants, GError **error);

G_END_DECLS
