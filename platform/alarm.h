/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alarm.h: one moment of the clock that goes on while the computer sleeps and that nobody can set. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditAlarm AditAlarm;

typedef void (*AditAlarmRings) (gpointer user_data);

gint64     adit_alarm_get_now_us (void);
AditAlarm *adit_alarm_new        (gint64 at_us, AditAlarmRings rings, gpointer user_data, GError **error);
void       adit_alarm_free       (AditAlarm *self);

G_END_DECLS
