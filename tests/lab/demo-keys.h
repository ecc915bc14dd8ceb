/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-keys.h: the folder in which the keys of the lab's servers stay from one run of the demo to the next. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean demo_keys_check (const char *folder, char **why);
gboolean demo_keys_fetch (const char *folder, const char *to, GError **error);
gboolean demo_keys_keep  (const char *folder, const char *from, const char *file, GError **error);

G_END_DECLS
