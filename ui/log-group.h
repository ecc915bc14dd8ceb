/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-group.h: the helper's own log, live while somebody looks at it. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_LOG_GROUP (adit_log_group_get_type ())
G_DECLARE_FINAL_TYPE (AditLogGroup, adit_log_group, ADIT, LOG_GROUP, AdwPreferencesGroup)

void adit_log_group_set_mirror (AditLogGroup *self, AditMirror *mirror);

G_END_DECLS
