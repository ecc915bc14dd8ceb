/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diagnosis.h: what GetDiagnostics answers, or that nobody answers, as a person reads it: the same in the window and at a
 * terminal. */
#pragma once

#include "client/api/explain-cause.h"

G_BEGIN_DECLS

typedef struct
{
  const char     *nick;       /* for programs */
  const char     *title;
  AditVerdict     verdict;
  char           *blame;      /* what is to blame, as a cause; "" unless it failed */
  AditExplanation words;      /* of the blame; empty unless it failed */
} AditDiagnosisCheck;

typedef struct
{
  char           *by, *what;    /* one line each */
  const char     *nick;
  AditExplanation words;
} AditDiagnosisConflict;

typedef struct
{
  char           *cause;        /* the one thing that is to blame; "" where nothing is known to be */
  AditExplanation words;        /* of the cause */
  char           *detail;       /* in English; "" where it adds nothing */
  GPtrArray      *checks;       /* (element-type AditDiagnosisCheck): from this computer outwards */
  GArray         *conflicts;    /* (element-type AditDiagnosisConflict) */
  GVariant       *facts;        /* (nullable): what else was answered */
} AditDiagnosis;

AditDiagnosis *adit_diagnosis_new           (GVariant *answer, const char *build_id);
AditDiagnosis *adit_diagnosis_new_for_error (const GError *error);
void           adit_diagnosis_free          (AditDiagnosis *self);
void           adit_diagnosis_blame         (AditDiagnosis *self, AditCheck check, AditCause cause);
char          *adit_diagnosis_dup_facts     (AditDiagnosis *self);
char          *adit_diagnosis_dup_text      (AditDiagnosis *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditDiagnosis, adit_diagnosis_free)

G_END_DECLS
