/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-request.h: the files that a person wants imported, opened with that person's own rights, and what became of them. */
#pragma once

#include "client/api/answer.h"
#include "client/api/client.h"
#include "client/model/import-lines.h"

G_BEGIN_DECLS

typedef struct _AditImportRequest AditImportRequest;

typedef struct
{
  GPtrArray *profiles;    /* of AditProfileRow */
  GPtrArray *outcomes;    /* of AditImportOutcome: of each file; its profile counts those above */
} AditImportAnswer;

AditImportRequest *adit_import_request_new      (const char *const *paths, const char *name);
AditImportRequest *adit_import_request_new_for_text (const char *text, const char *name);
void               adit_import_request_free     (AditImportRequest *self);
const char        *adit_import_request_get_path (AditImportRequest *self);
gboolean           adit_import_request_open     (AditImportRequest *self, GError **error);
gboolean           adit_import_request_open_wanted (AditImportRequest *self, const AditImportAnswer *answer);
gboolean           adit_import_request_is_picture (AditImportRequest *self);
GUnixFDList       *adit_import_request_wrap_picture (AditImportRequest *self, GError **error);
AditImportRequest *adit_import_request_new_for_words (AditImportRequest *self, GBytes *words);
GUnixFDList       *adit_import_request_wrap     (AditImportRequest *self, GError **error);

AditImportAnswer  *adit_import_answer_new       (void);
AditImportAnswer  *adit_import_answer_read      (GVariant *answer, GUnixFDList *fds, GError **error);
void               adit_import_answer_free      (AditImportAnswer *self);
void               adit_import_answer_append    (AditImportAnswer *self, AditImportAnswer *more);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportRequest, adit_import_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditImportAnswer, adit_import_answer_free)

G_END_DECLS
