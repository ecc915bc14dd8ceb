/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pulse.h: is a tunnel that was proved once still alive?  A pure function of what it has sent and received. */
#pragma once

#include "platform/tunnel.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 received_bytes, sent_bytes;
  gint64  unanswered_since_us;    /* 0: nothing is waiting for an answer */
} AditPulse;

gboolean adit_pulse_check (AditPulse *self, const AditTunnelProgress *progress, gint64 now_us);

G_END_DECLS
