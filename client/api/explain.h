/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain.h: from an error, a state or a reason to what a person reads, and to what a program exits with. */
#pragma once

#include "client/base/error.h"
#include "client/model/notice.h"
#include "client/model/state.h"

G_BEGIN_DECLS

/* What happened, then what can be done, both translated; and a command that does it, or shows more.  The last two may be "". */
typedef struct
{
  const char *what;
  const char *remedy;
  const char *command;
} AditExplanation;

void        adit_explain_error         (AditError code, AditExplanation *explanation);
void        adit_explain_reason        (AditReason reason, AditExplanation *explanation);
AditNotices adit_explain_notices       (AditNotices notices, AditExplanation *explanation);
const char *adit_explain_state         (AditState state, gboolean lockdown);
const char *adit_explain_question      (const char *word);
int         adit_explain_exit_code     (const GError *error);
int         adit_explain_exit_code_for (AditError code);

G_END_DECLS
