/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal.h: what must be undone, written down before it is done.  It lives in /run/adit, so it survives the helper and not the
 * computer.  The lock is not in it: the journal is what recovery takes back, and recovery never opens the lock. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditJournal AditJournal;

AditJournal *adit_journal_open   (const char *path, GError **error);
void         adit_journal_free   (AditJournal *self);
gboolean     adit_journal_note   (AditJournal *self, const char *group, const char *key, const char *value, GError **error);
char        *adit_journal_dup    (AditJournal *self, const char *group, const char *key);
gboolean     adit_journal_has    (AditJournal *self, const char *group);
char       **adit_journal_dup_groups (AditJournal *self);
char       **adit_journal_dup_keys (AditJournal *self, const char *group);
gboolean     adit_journal_forget (AditJournal *self, const char *group, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditJournal, adit_journal_free)

G_END_DECLS
