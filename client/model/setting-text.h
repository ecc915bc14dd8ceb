/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setting-text.h: what the settings-*.c files share: one setting is a name and two functions between texts and a value. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_setting_refuse   (GError **error, const char *text, const char *sentence);
gboolean adit_setting_is_word  (const char *const *texts, const char *word);
char   **adit_setting_dup_word (const char *word);

G_END_DECLS
