/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-work.h: a person's files into profiles, each as the text that is kept and the facts that are told. */
#pragma once

#include "client/base/secret.h"
#include "client/model/import-lines.h"

G_BEGIN_DECLS

typedef struct
{
  AditProfileFacts facts;
  AditSecret      *text;
} AditImportProfile;

typedef struct
{
  GPtrArray *profiles;    /* of AditImportProfile, in the order in which the lines count them */
  GString   *lines;       /* client/model/import-lines.h */
} AditImportResult;

AditImportResult *adit_import_work      (const AditImportFile *files, guint n_files);
void              adit_import_result_free (AditImportResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportResult, adit_import_result_free)

G_END_DECLS
