/* SPDX-License-Identifier: GPL-2.0-or-later */
/* name-watch.h: does anybody answer names in a tunnel that carries everything else?  A pure function of what it carries and of
 * who has answered. */
#pragma once

#include "platform/tunnel.h"

G_BEGIN_DECLS

/* All zero at first. */
typedef struct
{
  guint64  sent_bytes;        /* at the look before */
  guint64  received_bytes;    /* when the first question was asked that nobody has answered */
  gint64   asked_at_us;       /* last; 0: not yet */
  guint    n_silent;          /* times in a row that nobody has answered */
  gboolean are_dead;
} AditNameWatch;

gboolean adit_name_watch_is_due (AditNameWatch *self, const AditTunnelProgress *progress, gint64 now_us);
gboolean adit_name_watch_told   (AditNameWatch *self, gboolean is_answered, const AditTunnelProgress *progress);

G_END_DECLS
