/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h: each thing that a connection needs, looked at by itself, from this computer outwards. */
#pragma once

#include "client/model/cause.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_CHECK_LINK = 0,
  ADIT_CHECK_ADDRESS,
  ADIT_CHECK_ROUTE,
  ADIT_CHECK_PARTS,      /* what Adit needs of this computer: lock, tunnel, its own programs */
  ADIT_CHECK_ACCOUNT,    /* and the place that was asked for */
  ADIT_CHECK_SERVICE,
  ADIT_CHECK_RULES,      /* of other programs */
  ADIT_CHECK_SERVER,
  ADIT_CHECK_PACKETS,    /* long ones */
  ADIT_CHECK_NAMES,
  ADIT_CHECK_EXIT,
  ADIT_N_CHECKS
} AditCheck;

typedef enum
{
  ADIT_VERDICT_UNKNOWN = 0,    /* nothing has shown it yet */
  ADIT_VERDICT_GOOD,
  ADIT_VERDICT_BAD,
  ADIT_N_VERDICTS
} AditVerdict;

AditVerdict adit_check_find      (AditCheck check, const AditCauseFacts *facts, const char **blame);
const char *adit_check_get_nick  (AditCheck check);
gboolean    adit_check_from_nick (const char *nick, AditCheck *check);
const char *adit_verdict_get_nick  (AditVerdict verdict);
gboolean    adit_verdict_from_nick (const char *nick, AditVerdict *verdict);

G_END_DECLS
