/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checks.h: NetworkManager's check of whether there is an internet, which rests while this computer is locked. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditChecks AditChecks;

AditChecks *adit_checks_new  (GDBusConnection *bus);
void        adit_checks_hush (AditChecks *self, gboolean is_locked);
void        adit_checks_free (AditChecks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditChecks, adit_checks_free)

G_END_DECLS
