/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bell.h: rings a moment after anybody has changed links, addresses, routes or routing rules. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditBell AditBell;
typedef void (*AditBellRung) (gpointer user_data);

AditBell *adit_bell_new  (guint32 groups, AditBellRung rung, gpointer user_data, int code, GError **error);
void      adit_bell_free (AditBell *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditBell, adit_bell_free)

G_END_DECLS
