/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-route.h: addresses and routes that are only remembered; for unit tests only. */
#pragma once

#include "platform/fake/fake-calls.h"
#include "platform/route.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_ROUTE (adit_fake_route_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeRoute, adit_fake_route, ADIT, FAKE_ROUTE, GObject)

AditFakeRoute        *adit_fake_route_new        (GPtrArray *log);
const AditTunnelSpec *adit_fake_route_get_spec   (AditFakeRoute *self);
const AditReach      *adit_fake_route_get_reach  (AditFakeRoute *self);
void                  adit_fake_route_fail_next  (AditFakeRoute *self, const char *call, const GError *error);

G_END_DECLS
