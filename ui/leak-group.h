/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-group.h: a button that looks whether names can leak, and what comes of it. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_LEAK_GROUP (adit_leak_group_get_type ())
G_DECLARE_FINAL_TYPE (AditLeakGroup, adit_leak_group, ADIT, LEAK_GROUP, AdwPreferencesGroup)

void adit_leak_group_set_mirror (AditLeakGroup *self, AditMirror *mirror);

G_END_DECLS
