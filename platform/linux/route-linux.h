/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-linux.h: routing by rtnetlink. */
#pragma once

#include "client/base/journal.h"
#include "platform/route.h"

G_BEGIN_DECLS

#define ADIT_TYPE_LINUX_ROUTE (adit_linux_route_get_type ())
G_DECLARE_FINAL_TYPE (AditLinuxRoute, adit_linux_route, ADIT, LINUX_ROUTE, GObject)

AditRoute *adit_linux_route_new (AditJournal *journal);

G_END_DECLS
