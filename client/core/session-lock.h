/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-lock.h: the lock that the session wants, from everything that it is made of, and the one that is known to be in
 * force. */
#pragma once

#include "client/model/lock-policy.h"
#include "platform/platform.h"

G_BEGIN_DECLS

typedef struct
{
  AditPlatform     *platform;
  AditEndpoint      api[ADIT_LOCK_MAX_API];
  guint             n_api;
  AditReachSettings settings;    /* what may be reached beside the tunnel */
  AditFlow          kept;        /* a connection that stays outside; or none */
  gboolean          has_portal;  /* room for a hole of a few minutes */

  AditLock          lock;
  gboolean          refused;     /* the firewall did not take the last one, or has lost it: nothing may be known to hold */
  AditReach         reach;       /* what came of the settings, as the one in force has it */
  AditTunnelSpec    spec;        /* the tunnel that the one in force is for */
  gboolean          has_spec;
} AditSessionLock;

gboolean adit_session_lock_apply        (AditSessionLock *self, AditLock lock, const AditTunnelSpec *spec, GError **error);
gboolean adit_session_lock_again        (AditSessionLock *self, GError **error);
gboolean adit_session_lock_follow       (AditSessionLock *self, GError **error);
gboolean adit_session_lock_set_settings (AditSessionLock *self, const AditReachSettings *settings, gboolean *is_whole,
                                         GError **error);
gboolean adit_session_lock_set_api      (AditSessionLock *self, const AditEndpoint *api, guint n_api, gboolean *is_whole,
                                         GError **error);
gboolean adit_session_lock_set_kept     (AditSessionLock *self, const AditFlow *flow, gboolean *is_whole, GError **error);
gboolean adit_session_lock_set_portal   (AditSessionLock *self, gboolean has_portal, gboolean *is_whole, GError **error);
const AditAddress *adit_session_lock_get_inside_resolver (AditSessionLock *self);

G_END_DECLS
