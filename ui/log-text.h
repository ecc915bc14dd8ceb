/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-text.h: the helper's last lines in a text buffer, each on a line of its own. */
#pragma once

#include <gtk/gtk.h>
#include "client/base/log-ring.h"

G_BEGIN_DECLS

typedef struct _AditLogText AditLogText;

AditLogText *adit_log_text_new       (GtkTextBuffer *buffer);
void         adit_log_text_free      (AditLogText *self);
void         adit_log_text_set_least (AditLogText *self, AditLogLevel least);
void         adit_log_text_take      (AditLogText *self, GPtrArray *lines);
void         adit_log_text_clear     (AditLogText *self);
guint64      adit_log_text_get_last  (AditLogText *self);

G_END_DECLS
