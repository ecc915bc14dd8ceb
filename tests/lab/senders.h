/* SPDX-License-Identifier: GPL-2.0-or-later */
/* senders.h: a program that tries every way out of the client's namespace, again and again,
 * as an unaware or hostile one would. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How leakwatch.c tells these packets from the tunnel's and the worker's own, which go to the same addresses and ports: by this
 * in the payload, and a TCP segment by its source port, which no ephemeral one is (net.ipv4.ip_local_port_range begins at
 * 32768). */
#define ADIT_SENDERS_MAGIC     "adit-rogue-probe"    /* 16 bytes; also a good DNS label */
#define ADIT_SENDERS_TCP_FIRST 20000
#define ADIT_SENDERS_TCP_LAST  20099

typedef struct _AditSenders AditSenders;

AditSenders *adit_senders_start     (const char *space, GError **error);
AditSenders *adit_senders_start_on  (const char *space, const char *device, GError **error);
void         adit_senders_set_phase (AditSenders *self, const char *phase);
guint        adit_senders_get_tried (AditSenders *self, const char *phase);
void         adit_senders_stop      (AditSenders *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSenders, adit_senders_stop)

G_END_DECLS
