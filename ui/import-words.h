/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-words.h: what became of imported files, as people read it. */
#pragma once

#include "client/api/import-request.h"

G_BEGIN_DECLS

char       *adit_import_words_dup_title       (const AditImportAnswer *answer);
char       *adit_import_words_dup_kind        (const AditProfileRow *profile);
char       *adit_import_words_dup_detail      (const AditProfileRow *profile);
char      **adit_import_words_dup_facts       (const AditProfileRow *profile);
char       *adit_import_words_dup_note        (const AditImportNote *note);
const char *adit_import_words_get_sentence    (const AditImportNote *note);
const char *adit_import_words_get_wanted      (const AditImportWanted *wanted);
gboolean    adit_import_words_needs_login     (const AditProfileRow *profile);
gboolean    adit_import_words_takes_login     (const AditProfileRow *profile);

G_END_DECLS
