/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenants.h: which other programs rule the network of this computer, and which of their rules and ours cannot both hold. */
#pragma once

#include <gio/gio.h>
#include "client/model/tenant.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

void adit_tenants_read (GDBusConnection *bus, const AditTunnelSpec *spec, AditTenants *tenants);

G_END_DECLS
