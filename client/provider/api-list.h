/* SPDX-License-Identifier: GPL-2.0-or-later */
/* api-list.h: the further addresses of its API that a service tells. */
#pragma once

#include "client/provider/json.h"
#include "client/provider/provider.h"

G_BEGIN_DECLS

void adit_api_list_read (AditJson *texts, gboolean have_ports, AditProviderApi *api);

G_END_DECLS
