/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl.h: kernel settings that are borrowed: noted before, given back only if nobody else has changed them since. */
#pragma once

#include "client/base/journal.h"

G_BEGIN_DECLS

gboolean adit_sysctl_read    (const char *name, int *value);
gboolean adit_sysctl_write   (const char *name, int value, GError **error);
gboolean adit_sysctl_borrow  (AditJournal *journal, const char *group, const char *name, int value, GError **error);
gboolean adit_sysctl_give_back (AditJournal *journal, const char *group, const char *name, GError **error);

G_END_DECLS
