/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notifier.h: notifications of the desktop's, with what can be done about them. */
#pragma once

#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NOTIFIER (adit_notifier_get_type ())
G_DECLARE_FINAL_TYPE (AditNotifier, adit_notifier, ADIT, NOTIFIER, GObject)

AditNotifier *adit_notifier_new (GApplication *application, AditMirror *mirror);

G_END_DECLS
