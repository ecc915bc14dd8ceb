/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preferences.h: what one person wants of the window, which is nothing of the helper's. */
#pragma once

#include "ui/tidings.h"

G_BEGIN_DECLS

AditHears adit_preferences_get_hears (void);
gboolean  adit_preferences_set_hears (AditHears hears, GError **error);

G_END_DECLS
