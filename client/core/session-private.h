/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-private.h: what session.c changes, session-pulse.c and session-network.c watch, session-settings.c
 * sets, and session-facts.c tells. */
#pragma once

#include "client/core/attempt.h"
#include "client/core/name-watch.h"
#include "client/core/pulse.h"
#include "client/core/session-lock.h"
#include "client/core/session.h"
#include "platform/path.h"

G_BEGIN_DECLS

struct _AditSession
{
  GObject           parent_instance;
  AditPlatform     *platform;
  AditTunnelSource *source;

  AditState         state;
  AditReason        reason;
  GError           *error;
  AditSessionLock   lock;
  gboolean          lockdown;
  gboolean          is_paused;     /* disconnected for a time, and open; what is wanted is still wanted */
  AditWish          wish;
  guint             revision, entries;

  AditAttempt      *attempt;       /* the one that runs, or the one that is connected */
  GCancellable     *cancellable;   /* of the one that runs; %NULL when none does */
  char              avoid[ADIT_SERVER_MAX_BYTES];
  char              silent[ADIT_SERVER_MAX_BYTES];    /* the first server of this wish that did not answer */
  gboolean          are_several_silent;
  gboolean          is_untrusted;  /* at the last try that was over somebody else answered in the service's place */
  guint             try_number, retry_number;
  guint             pause_ms;      /* before the next try, as the far end wants it */
  guint             timer;         /* pause before a try, or before a retry out of blocked */
  gboolean          at_once;       /* the next try comes without a pause: what is over was good for long */
  guint             pulse_timer;   /* also while the peer is asked for a proof */
  gint64            proving_since_us;
  guint             n_proofs;      /* asked for again */
  guint64           packets;       /* through the tunnel when it was looked at last; 0: not known */
  gint64            slept_us;      /* wall clock less the main loop's, as it was when the pulse began */
  guint             shell_source;  /* a tunnel's shell is still to be removed */
  gboolean          lost;          /* what was wanted last is not known, and the user has not said it since */
  AditDiversions    diversions;    /* what the network tries; nothing is changed by it */
  AditPulse         pulse;
  gint64            since_s;

  gboolean          is_watching;   /* the network tells of its changes */
  gboolean          is_asleep;
  gboolean          had_ipv6;      /* a way out by it, when the last try began */
  AditAddress       peer;          /* of the last offer of this wish */
  AditWay           way;           /* by which its packets left last; no link: not known */
  AditPathProbe    *mtu_probe;     /* (nullable): how long a packet may be is being asked */
  guint             mtu_top, mtu_asked, mtu_passes, mtu_fails;    /* bytes; mtu_passes is 0 before any has passed */
  AditPathProbe    *names_probe;   /* (nullable): somebody is being asked whether he answers names */
  guint             names_asked;   /* how many of those who answer them have been, since it was time to */
  AditNameWatch     names;
  gboolean          loses_long;    /* not even what every link has to carry comes through */
  gboolean          has_portal;    /* a program shows itself to the network: nothing is tried meanwhile */
  guint             grace_timer;   /* there is no way out, and that may be over in a moment */
};

void     adit_session_changed        (AditSession *self);
void     adit_session_end_pause      (AditSession *self);
void     adit_session_forget_silence (AditSession *self);
void     adit_session_handle         (AditSession *self, AditEvent event, AditReason reason, const GError *error);
gboolean adit_session_is_passing     (AditReason reason);

void     adit_session_begin_pulse    (AditSession *self);
void     adit_session_end_pulse      (AditSession *self);
void     adit_session_prove          (AditSession *self);

void     adit_session_begin_mtu      (AditSession *self);
void     adit_session_end_mtu        (AditSession *self);

void     adit_session_look_at_names  (AditSession *self, const AditTunnelProgress *progress);
void     adit_session_forget_names   (AditSession *self);

void     adit_session_watch_network  (AditSession *self);
gboolean adit_session_is_offline     (AditSession *self);
gboolean adit_session_has_ipv6       (AditSession *self);
gboolean adit_session_has_gained_ipv6 (AditSession *self);
gboolean adit_session_set_peer       (AditSession *self, const AditTunnelSpec *spec, GError **error);
void     adit_session_try_again      (AditSession *self);
void     adit_session_follow_network (AditSession *self);

G_END_DECLS
