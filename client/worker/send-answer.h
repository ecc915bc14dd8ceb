/* SPDX-License-Identifier: GPL-2.0-or-later */
/* send-answer.h: what a report server says of a report: taken, not now, or no. */
#pragma once

#include "client/wire/wire.h"

G_BEGIN_DECLS

/* As it came: anything. */
typedef struct
{
  guint       status;
  const char *retry_after, *rate_limits;    /* headers; "" where there are none */
  gint64      retry_at_s;                   /* the first one, where it is a date */
} AditSendHeaders;

gboolean adit_send_answer_read (const AditSendHeaders *headers, gint64 now_s, AditWireReported *reported, GError **error);

G_END_DECLS
