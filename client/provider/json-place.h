/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-place.h: how services write where something is: a name, a coordinate. */
#pragma once

#include "client/model/place.h"
#include "client/provider/json.h"

G_BEGIN_DECLS

gboolean adit_json_copy_name      (AditJson *object, const char *field, char name[ADIT_NAME_MAX_BYTES]);
gboolean adit_json_get_coordinate (AditJson *object, const char *field, double limit, gint32 *e6);
gboolean adit_json_check_share    (guint n_good, guint n_broken, GError **error);

G_END_DECLS
