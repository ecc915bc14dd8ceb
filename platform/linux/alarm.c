/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alarm.c: a timerfd on the boot clock; a timer of the main loop stands still during sleep. */
#include "platform/alarm.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <glib-unix.h>
#include "client/base/error.h"

struct _AditAlarm
{
  int            fd;
  guint          source;
  AditAlarmRings rings;
  gpointer       user_data;
};

/**
 * adit_alarm_get_now_us:
 *
 * Returns: microseconds since the computer was started, sleep included
 */
gint64
adit_alarm_get_now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
on_due (int fd, GIOCondition condition, gpointer user_data)
{
  AditAlarm *self = user_data;

  self->source = 0;
  self->rings (self->user_data);    /* may free us */
  return G_SOURCE_REMOVE;
}

/**
 * adit_alarm_new:
 * @at_us: when, as adit_alarm_get_now_us() counts; the past is at once
 * @rings: called then, from the main loop; may free the alarm
 * @user_data: for @rings
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): an alarm that rings once
 */
AditAlarm *
adit_alarm_new (gint64 at_us, AditAlarmRings rings, gpointer user_data, GError **error)
{
  const gint64 when_us = MAX (at_us, 1);    /* all zero would switch it off: timerfd_settime(2) */
  const struct itimerspec when = { .it_value = { when_us / G_USEC_PER_SEC, when_us % G_USEC_PER_SEC * 1000 } };
  int fd = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  AditAlarm *self;

  if (fd < 0 || timerfd_settime (fd, TFD_TIMER_ABSTIME, &when, NULL) != 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, "The boot clock has no alarm: %s", g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  self = g_new0 (AditAlarm, 1);
  self->fd = fd;
  self->rings = rings;
  self->user_data = user_data;
  self->source = g_unix_fd_add (fd, G_IO_IN, on_due, self);
  return self;
}

/**
 * adit_alarm_free:
 * @self: (nullable): an alarm, which does not ring any more
 */
void
adit_alarm_free (AditAlarm *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  close (self->fd);
  g_free (self);
}
