/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-trail.h: a log's last lines in a file, for when the program that wrote them dies of a fault. */
#pragma once

#include "client/base/log-ring.h"

G_BEGIN_DECLS

void       adit_log_trail_put_owner (int fd, guint32 owner_uid);
void       adit_log_trail_put_line  (int fd, guint64 turn, const AditLogLine *line);
GPtrArray *adit_log_trail_read      (int fd, guint32 *owner_uid);

G_END_DECLS
