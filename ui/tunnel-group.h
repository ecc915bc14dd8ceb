/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-group.h: by which way the next connections go. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_TUNNEL_GROUP (adit_tunnel_group_get_type ())
G_DECLARE_FINAL_TYPE (AditTunnelGroup, adit_tunnel_group, ADIT, TUNNEL_GROUP, AdwPreferencesGroup)

void       adit_tunnel_group_set_mirror   (AditTunnelGroup *self, AditMirror *mirror);
GtkWidget *adit_tunnel_group_get_multihop (AditTunnelGroup *self);

G_END_DECLS
