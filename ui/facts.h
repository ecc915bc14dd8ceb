/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.h: how the tunnel is made, for whoever wants to know it exactly. */
#pragma once

#include "client/api/status.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_FACT_SINCE = 0,
  ADIT_FACT_ENDPOINT,
  ADIT_FACT_PROTOCOL,
  ADIT_FACT_HANDSHAKE,
  ADIT_FACT_BYTES,
  ADIT_FACT_MTU,
  ADIT_FACT_NAMES,
  ADIT_FACT_LOCK,
  ADIT_N_FACTS
} AditFact;

const char *adit_fact_get_title (AditFact fact);
char       *adit_fact_dup_value (AditFact fact, const AditStatus *status);

G_END_DECLS
