/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wish-file.h: a wish in a key file: the last one, and the one to go back to. */
#pragma once

#include "client/model/settings.h"

G_BEGIN_DECLS

void     adit_wish_file_add  (GKeyFile *file, const char *group, const AditWish *wish);
gboolean adit_wish_file_take (GKeyFile *file, const char *group, AditWish *wish);

G_END_DECLS
