/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.h: topics.  A file that logs defines G_LOG_DOMAIN as "adit-" and its topic before it includes anything; ADIT_DEBUG lists
 * the topics whose debug lines are wanted ("session,nft" or "all"). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void adit_log_init (const char *program);

G_END_DECLS
