/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notifier.h: what the service manager is told: that the helper can be asked, that it still turns its loop, that it ends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditNotifier AditNotifier;

AditNotifier *adit_notifier_new   (void);
void          adit_notifier_free  (AditNotifier *self);
void          adit_notifier_ready (AditNotifier *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditNotifier, adit_notifier_free)

G_END_DECLS
