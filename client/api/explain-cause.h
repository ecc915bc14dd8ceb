/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain-cause.h: from what is to blame, and from another program that is in the way, to what a person reads. */
#pragma once

#include "client/api/explain.h"
#include "client/model/check.h"
#include "client/model/tenant.h"

G_BEGIN_DECLS

void        adit_explain_cause    (const char *nick, AditExplanation *explanation);
void        adit_explain_conflict (AditConflictKind kind, AditExplanation *explanation);
const char *adit_explain_check    (AditCheck check);
const char *adit_explain_verdict  (AditVerdict verdict);

G_END_DECLS
