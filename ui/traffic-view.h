/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traffic-view.h: how much goes through the tunnel, in words and as a small graph. */
#pragma once

#include <adwaita.h>
#include "client/api/status.h"

G_BEGIN_DECLS

#define ADIT_TYPE_TRAFFIC_VIEW (adit_traffic_view_get_type ())
G_DECLARE_FINAL_TYPE (AditTrafficView, adit_traffic_view, ADIT, TRAFFIC_VIEW, AdwBin)

void adit_traffic_view_add   (AditTrafficView *self, const AditStatus *status);
void adit_traffic_view_clear (AditTrafficView *self);

G_END_DECLS
