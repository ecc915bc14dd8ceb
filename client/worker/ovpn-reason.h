/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-reason.h: why openvpn gives up, in our words. */
#pragma once

#include "client/base/error.h"

G_BEGIN_DECLS

/* How openvpn begins to say that what came from the server belongs to a connection that it does not have. */
#define ADIT_OVPN_REASON_MISTAKEN "TLS Error: Unroutable control packet received"

typedef struct
{
  AditError   error;
  const char *sentence;
} AditOvpnReason;

const AditOvpnReason *adit_ovpn_reason_find_in_log (const char *message);
const AditOvpnReason *adit_ovpn_reason_find_fatal  (const char *message);
const AditOvpnReason *adit_ovpn_reason_find_signal (const char *word);
const AditOvpnReason *adit_ovpn_reason_find_denial (const char *text);

G_END_DECLS
