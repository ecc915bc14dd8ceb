/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.h: the one connection of this computer: its state, its lock, and the walk between them. */
#pragma once

#include "client/core/session-table.h"
#include "client/core/tunnel-source.h"
#include "client/model/diversion.h"
#include "client/model/lock-policy.h"
#include "client/model/settings.h"
#include "platform/platform.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SESSION (adit_session_get_type ())
G_DECLARE_FINAL_TYPE (AditSession, adit_session, ADIT, SESSION, GObject)

/* Signal "changed": anything that the getters below tell. */

AditSession *adit_session_new (AditPlatform *platform, AditTunnelSource *source);

gboolean adit_session_set_api      (AditSession *self, const AditEndpoint *api, guint n_api, GError **error);
void     adit_session_start        (AditSession *self, AditReason reason, const AditWish *wish, gboolean lockdown);
gboolean adit_session_connect      (AditSession *self, const AditWish *wish, GError **error);
void     adit_session_disconnect   (AditSession *self);
gboolean adit_session_pause        (AditSession *self, GError **error);
void     adit_session_resume       (AditSession *self);
void     adit_session_start_paused (AditSession *self, const AditWish *wish, gboolean lockdown);
gboolean adit_session_is_paused    (AditSession *self);
void     adit_session_sleep        (AditSession *self);
void     adit_session_wake         (AditSession *self);
void     adit_session_give_up      (AditSession *self, const GError *error);
gboolean adit_session_set_lockdown (AditSession *self, gboolean on, GError **error);

gboolean adit_session_set_reach    (AditSession *self, const AditReachSettings *settings, GError **error);

gboolean adit_session_set_tunnel_resolvers (AditSession *self, const AditResolvers *resolvers, GError **error);

gboolean adit_session_open_portal  (AditSession *self, const AditPortalHole *hole, guint seconds, GError **error);
gboolean adit_session_is_portal_free (AditSession *self);
void     adit_session_close_portal (AditSession *self);

gboolean adit_session_set_kept     (AditSession *self, const AditFlow *flow, GError **error);

AditState             adit_session_get_state    (AditSession *self);
AditReason            adit_session_get_reason   (AditSession *self);
const GError         *adit_session_get_error    (AditSession *self);    /* (nullable): why blocked, or what the last undo left */
AditLock              adit_session_get_lock     (AditSession *self);    /* the one that is known to be in force */
AditDiversions        adit_session_get_diversions (AditSession *self);    /* what the network tries with routes */
gboolean              adit_session_get_lockdown (AditSession *self);
const AditReachSettings *adit_session_get_reach (AditSession *self);
const AditAddress    *adit_session_get_resolvers (AditSession *self, guint *n_resolvers);    /* (nullable) */
const AditAddress    *adit_session_get_inside_resolver (AditSession *self);    /* (nullable) */
const AditWish       *adit_session_get_wish     (AditSession *self);
const AditTunnelSpec *adit_session_get_spec     (AditSession *self);    /* (nullable) */
AditTunnel           *adit_session_get_tunnel   (AditSession *self);    /* (nullable) */
AditDns              *adit_session_get_dns      (AditSession *self);    /* (nullable) */
gboolean              adit_session_are_several_silent (AditSession *self);
gboolean              adit_session_is_untrusted (AditSession *self);
gboolean              adit_session_loses_long_packets (AditSession *self);
gboolean              adit_session_are_names_dead (AditSession *self);
gint64                adit_session_get_since_s  (AditSession *self);    /* UTC; 0 while not connected */
guint                 adit_session_get_revision (AditSession *self);

G_END_DECLS
