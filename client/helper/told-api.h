/* SPDX-License-Identifier: GPL-2.0-or-later */
/* told-api.h: where a service has said that its API can be reached besides, kept for when it is not where it was. */
#pragma once

#include "client/model/service.h"

G_BEGIN_DECLS

guint    adit_told_api_load (const char *path, AditEndpoint *api, guint max_api);
gboolean adit_told_api_save (const char *path, const AditEndpoint *api, guint n_api, GError **error);

G_END_DECLS
