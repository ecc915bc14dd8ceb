/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-document.h: where the values of one text are kept. */
#pragma once

#include "client/provider/json.h"

G_BEGIN_DECLS

typedef struct _AditJsonDocument AditJsonDocument;

AditJsonDocument *adit_json_document_new       (void);
void              adit_json_document_free      (AditJsonDocument *self);
AditJson         *adit_json_document_finish    (AditJsonDocument *self);

gboolean          adit_json_document_name      (AditJsonDocument *self, const char *text, gsize length);
AditJson         *adit_json_document_add       (AditJsonDocument *self, AditJsonType type);
const char       *adit_json_document_dup_text  (AditJsonDocument *self, const char *text, gsize length);
gboolean          adit_json_document_open      (AditJsonDocument *self, AditJsonType type);
gboolean          adit_json_document_close     (AditJsonDocument *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditJsonDocument, adit_json_document_free)

G_END_DECLS
