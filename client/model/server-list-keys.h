/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-keys.h: which servers have another key than in an earlier list. */
#pragma once

#include "client/model/server-list.h"

G_BEGIN_DECLS

guint adit_server_list_count_changed_keys (AditServerList *before, AditServerList *now, char first[ADIT_SERVER_MAX_BYTES]);

G_END_DECLS
