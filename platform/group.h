/* SPDX-License-Identifier: GPL-2.0-or-later */
/* group.h: one program and all that it starts, as the firewall knows it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_group_make     (const char *name, GError **error);
gboolean adit_group_join     (const char *name, int pidfd, guint32 uid, GError **error);
gboolean adit_group_is_empty (const char *name);
void     adit_group_end      (const char *name);

G_END_DECLS
