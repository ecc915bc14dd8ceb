/* SPDX-License-Identifier: GPL-2.0-or-later */
/* background.h: being started at login, by way of the desktop's portal. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  ADIT_BACKGROUND_DONE = 0,
  ADIT_BACKGROUND_REFUSED,      /* by the person, or by what the desktop is set to */
  ADIT_BACKGROUND_NO_PORTAL,    /* nobody there who could do it */
} AditBackgroundAnswer;

void                 adit_background_set_async  (GDBusConnection *bus, gboolean at_login, GAsyncReadyCallback callback,
                                                 gpointer user_data);
AditBackgroundAnswer adit_background_set_finish (GAsyncResult *result);

G_END_DECLS
