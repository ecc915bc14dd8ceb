/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h: topics.  A file that logs defines G_LOG_DOMAIN as "adit-" and its topic before it includes anything; ADIT_DEBUG lists
 * the topics whose debug lines are wanted ("session,nft" or "all"). */
#pragma once

#include "client/base/log-ring.h"

G_BEGIN_DECLS

void         adit_log_init (const char *program);
AditLogRing *adit_log_keep (void);

G_END_DECLS
