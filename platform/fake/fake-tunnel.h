/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-tunnel.h: a tunnel without a device, whose handshakes a test gives; for unit tests only. */
#pragma once

#include "platform/fake/fake-calls.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FAKE_TUNNEL (adit_fake_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (AditFakeTunnel, adit_fake_tunnel, ADIT, FAKE_TUNNEL, GObject)

AditFakeTunnel       *adit_fake_tunnel_new           (GPtrArray *log);
const AditTunnelSpec *adit_fake_tunnel_get_spec      (AditFakeTunnel *self);
gboolean              adit_fake_tunnel_had_psk       (AditFakeTunnel *self);
void                  adit_fake_tunnel_set_assigned  (AditFakeTunnel *self, const AditTunnelSpec *assigned);
void                  adit_fake_tunnel_set_progress  (AditFakeTunnel *self, const AditTunnelProgress *progress);
void                  adit_fake_tunnel_set_pause_s   (AditFakeTunnel *self, guint pause_s);
void                  adit_fake_tunnel_hold_start    (AditFakeTunnel *self, gboolean hold);
gboolean              adit_fake_tunnel_release_start (AditFakeTunnel *self);
void                  adit_fake_tunnel_fail_next     (AditFakeTunnel *self, const char *call, const GError *error);

G_END_DECLS
