/* SPDX-License-Identifier: GPL-2.0-or-later */
/* problem.h: what stands in the way, in words, with its way out. */
#pragma once

#include "client/api/diagnosis.h"
#include "client/api/status.h"
#include "ui/mirror.h"

G_BEGIN_DECLS

/* All that a problem is told from. */
typedef struct
{
  AditPresence          presence;
  const GError         *absence;     /* (nullable) */
  const GError         *failure;     /* (nullable) */
  const AditStatus     *status;      /* (nullable) */
  const AditAccountRow *account;     /* (nullable) */
  const AditProfileRow *profile;     /* (nullable): what is connected with, instead of the account */
  gboolean              online, other_build;
  gint64                now_s;       /* UTC */
} AditProblemFacts;

typedef struct
{
  AditExplanation words;
  const char     *detail;         /* what the helper said of it, in English, or which server; "" where it adds nothing */
  const char     *button;         /* "" where waiting is the way out */
  const char     *action_name;
  gboolean        can_diagnose;   /* looking closer may show more */
} AditProblem;

gboolean adit_problem_find       (const AditProblemFacts *facts, AditProblem *problem);
gboolean adit_problem_find_cause (const AditDiagnosis *diagnosis, AditProblem *problem);

G_END_DECLS
