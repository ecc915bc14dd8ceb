/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept.h: the one connection from another computer that stays while the computer is locked, and no longer than it lasts. */
#pragma once

#include <gio/gio.h>
#include "client/core/session.h"

G_BEGIN_DECLS

typedef struct _AditKept AditKept;

AditKept *adit_kept_new    (const char *path, AditSession *session);
void      adit_kept_free   (AditKept *self);
gboolean  adit_kept_begin  (AditKept *self, const AditFlow *flow, GError **error);
void      adit_kept_resume (AditKept *self);
void      adit_kept_follow (AditKept *self);

gboolean  adit_kept_read   (const char *path, AditFlow *flow);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditKept, adit_kept_free)

G_END_DECLS
