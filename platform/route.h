/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route.h: the tunnel's addresses, the routing block and the kernel settings that go with them. */
#pragma once

#include <gio/gio.h>
#include "client/model/diversion.h"
#include "client/model/reach.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_TYPE_ROUTE (adit_route_get_type ())
G_DECLARE_INTERFACE (AditRoute, adit_route, ADIT, ROUTE, GObject)

/* Signal "diverted" (AditDiversions now): other routes lead past the tunnel, or no longer do.  They change nothing. */
struct _AditRouteInterface
{
  GTypeInterface parent;

  /* Makes it so on the tunnel device that exists by now: addresses, MTU, link up, own table, rules, kernel settings (journalled
   * first).  Idempotent.  A family that the kernel has switched off is left out; the lock blocks it all the same. */
  gboolean (*apply)  (AditRoute *self, const AditTunnelSpec *spec, GError **error);
  /* What may be reached beside the tunnel from now on; rules that stand are changed at once, later ones follow it. */
  gboolean (*set_reach) (AditRoute *self, const AditReach *reach, GError **error);
  /* Takes everything back, also after a crash, by the journal and by our fixed numbers.  Idempotent. */
  gboolean (*revert) (AditRoute *self, GError **error);
};

gboolean adit_route_apply  (AditRoute *self, const AditTunnelSpec *spec, GError **error);
gboolean adit_route_set_reach (AditRoute *self, const AditReach *reach, GError **error);
gboolean adit_route_revert (AditRoute *self, GError **error);
void     adit_route_emit_diverted (AditRoute *self, AditDiversions now);

G_END_DECLS
