/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-private.h: what session.c changes and session-facts.c tells. */
#pragma once

#include "client/core/attempt.h"
#include "client/core/pulse.h"
#include "client/core/session-lock.h"
#include "client/core/session.h"

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
  AditWish          wish;
  guint             revision, entries;

  AditAttempt      *attempt;       /* the one that runs, or the one that is connected */
  GCancellable     *cancellable;   /* of the one that runs; %NULL when none does */
  char              avoid[ADIT_SERVER_MAX_BYTES];
  guint             try_number, retry_number;
  guint             pause_ms;      /* before the next try, as the far end wants it */
  guint             timer;         /* pause before a try, or before a retry out of blocked */
  guint             pulse_timer;
  guint             shell_source;  /* a tunnel's shell is still to be removed */
  gboolean          lost;          /* what was wanted last is not known, and the user has not said it since */
  AditDiversions    diversions;    /* what the network tries; nothing is changed by it */
  AditPulse         pulse;
  gint64            since_s;
};

G_END_DECLS
