/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pulse.h: is a tunnel that was proved once still alive?  A pure function of what it has sent and received. */
#pragma once

#include "platform/tunnel.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_PULSE_WELL = 0,
  ADIT_PULSE_ASK,      /* send something inside that is answered there */
  ADIT_PULSE_RENEW,    /* have the peer prove its key */
  ADIT_PULSE_DEAD
} AditPulseVerdict;

typedef struct
{
  guint64 received_bytes, sent_bytes;
  gint64  unanswered_since_us;    /* 0: nothing is waiting for an answer */
  gint64  renewed_at_us;          /* 0: not since then */
  gint64  quiet_since_us;         /* nothing went either way */
  gint64  looked_at_us;           /* last */
  gboolean is_busy;               /* somebody has sent something since the look before */
} AditPulse;

AditPulseVerdict adit_pulse_check        (AditPulse *self, const AditTunnelProgress *progress, gint64 now_us);
guint            adit_pulse_get_pause_ms (const AditPulse *self);

G_END_DECLS
