/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sleep.h: tells before the computer goes to sleep, and after it has slept. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AditSleepWatch AditSleepWatch;

typedef void (*AditSleepTold) (gboolean is_going, gpointer user_data);

AditSleepWatch *adit_sleep_watch_new  (GDBusConnection *bus, AditSleepTold told, gpointer user_data);
void            adit_sleep_watch_free (AditSleepWatch *self);

G_END_DECLS
