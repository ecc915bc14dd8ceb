/* SPDX-License-Identifier: GPL-2.0-or-later */
/* many-servers.h: a list of servers that is longer than any service's. */
#pragma once

#include "client/model/server-list.h"

#define MANY_SERVERS_OWNED 5

AditServerList *many_servers_new (guint n_servers);
