/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confirm.h: what is undone by itself unless somebody confirms it in time, for whoever could have locked themselves out. */
#pragma once

#include <gio/gio.h>
#include "client/model/settings.h"

G_BEGIN_DECLS

#define ADIT_CONFIRM_MIN_S 10
#define ADIT_CONFIRM_MAX_S 3600
/* The same for a pause, which nobody has to confirm. */
#define ADIT_PAUSE_MIN_S 1
#define ADIT_PAUSE_MAX_S 86400

/* How it was when it was last wanted by somebody who could still say so. */
typedef struct
{
  AditWish wish;
  gboolean lockdown;
} AditBefore;

typedef struct _AditConfirm AditConfirm;

typedef void (*AditConfirmDue) (const AditBefore *before, gpointer user_data);

AditConfirm *adit_confirm_new        (const char *path, guint max_s);
void         adit_confirm_free       (AditConfirm *self);
gboolean     adit_confirm_load       (AditConfirm *self, AditBefore *before);
void         adit_confirm_watch      (AditConfirm *self, AditConfirmDue due, gpointer user_data);
gboolean     adit_confirm_begin      (AditConfirm *self, const AditBefore *before, guint seconds, GError **error);
void         adit_confirm_end        (AditConfirm *self);
void         adit_confirm_settle     (AditConfirm *self, const AditBefore *now, gboolean wish, gboolean lockdown);
gboolean     adit_confirm_doubts     (AditConfirm *self, const AditWish *wish);
guint        adit_confirm_get_left_s (AditConfirm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditConfirm, adit_confirm_free)

G_END_DECLS
