/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attempt.h: one try at one tunnel, from the offer to the first handshake. */
#pragma once

#include "client/core/tunnel-source.h"
#include "platform/platform.h"

G_BEGIN_DECLS

#define ADIT_TYPE_ATTEMPT (adit_attempt_get_type ())
G_DECLARE_FINAL_TYPE (AditAttempt, adit_attempt, ADIT, ATTEMPT, GObject)

/* Puts the connecting lock in force with this tunnel's peer in it, or the connected one where @is_proved: its far end has proved
 * itself.  The session's, because the session alone owns the lock. */
typedef gboolean (*AditAttemptLock) (const AditTunnelSpec *spec, gboolean is_proved, gpointer user_data, GError **error);

AditAttempt *adit_attempt_new (AditPlatform *platform, AditTunnelSource *source, AditAttemptLock lock, gpointer lock_data);

void     adit_attempt_run_async  (AditAttempt *self, const AditWish *wish, const char *avoid, guint try_number,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void     adit_attempt_prepare    (AditAttempt *self, const AditWish *wish);
gboolean adit_attempt_run_finish (AditAttempt *self, GAsyncResult *result, GError **error);

/* Before the lock, and what that opens to. */
AditTunnelSpec *adit_attempt_foresee   (AditAttempt *self, const AditWish *wish);    /* (nullable) */
AditTunnel     *adit_attempt_get_begun (AditAttempt *self);                          /* (nullable) */

/* Whom names are asked instead of the tunnel's resolvers; none: these. */
void adit_attempt_set_resolvers (AditAttempt *self, const AditAddress *resolvers, guint n_resolvers);

/* For a tunnel that is up: is the peer still there? */
gboolean adit_attempt_renew (AditAttempt *self, GError **error);
void     adit_attempt_probe (AditAttempt *self);
void     adit_attempt_set_tunnel_resolvers (AditAttempt *self, const AditResolvers *resolvers);

void     adit_attempt_set_mtu (AditAttempt *self, guint16 bytes);

/* What the try has got so far; for the session, also after a failure. */
const AditTunnelSpec *adit_attempt_get_spec   (AditAttempt *self);    /* (nullable) */
gboolean              adit_attempt_has_others   (AditAttempt *self);
const char           *adit_attempt_blame        (AditAttempt *self, const AditTunnelProgress *progress);
const char           *adit_attempt_get_suspect  (AditAttempt *self);
AditTunnel           *adit_attempt_get_tunnel (AditAttempt *self);    /* (nullable) */
AditDns              *adit_attempt_get_dns    (AditAttempt *self);    /* (nullable) */

G_END_DECLS
