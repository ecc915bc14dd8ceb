/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notifier.c: sends what is new, and takes back what is over: nobody reads in the evening what was wrong in the morning. */
#include "config.h"
#include "ui/notifier.h"

#include <glib/gi18n.h>

#include "ui/tidings.h"

struct _AditNotifier
{
  GObject           parent_instance;
  GApplication     *application;    /* which owns this */
  AditMirror       *mirror;
  AditTidingsMemory memory;
  char             *report;         /* (nullable): that was told of, until it is decided about */
};

#define REPORT "report"    /* for the desktop, as below */

G_DEFINE_FINAL_TYPE (AditNotifier, adit_notifier, G_TYPE_OBJECT)

/* For the desktop, which replaces one by the next of the same name. */
static const struct { const char *id; GNotificationPriority priority; } rows[ADIT_N_TIDINGS] = {
  [ADIT_TIDINGS_BLOCKED] = { "blocked", G_NOTIFICATION_PRIORITY_HIGH },
  [ADIT_TIDINGS_PORTAL] = { "portal", G_NOTIFICATION_PRIORITY_HIGH },
  [ADIT_TIDINGS_EXPIRING] = { "expiring", G_NOTIFICATION_PRIORITY_NORMAL },
};

static void
send (AditNotifier *self, AditTidingsKind kind, AditTidings *tidings)
{
  g_autoptr (GNotification) notification = g_notification_new (tidings->title);
  g_autofree char *body = g_steal_pointer (&tidings->body);

  if (!adit_tidings_hears (kind, adit_mirror_get_memory (self->mirror)->hears))
    return;
  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, rows[kind].priority);
  g_notification_set_default_action (notification, "app.show");
  if (tidings->button != NULL)
    g_notification_add_button (notification, tidings->button, tidings->action_name);
  g_application_send_notification (self->application, rows[kind].id, notification);
}

static void
follow (AditNotifier *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  const AditAccountRow *account = adit_mirror_get_account (self->mirror);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  if (status == NULL)
    return;
  for (guint i = ADIT_TIDINGS_NONE + 1; i < ADIT_N_TIDINGS; i++)
    {
      gboolean was_told = self->memory.is_told[i];
      AditTidings tidings;

      if (adit_tidings_follow (&self->memory, (AditTidingsKind) i, status, account, now_s, &tidings))
        send (self, (AditTidingsKind) i, &tidings);
      else if (was_told && !self->memory.is_told[i])
        g_application_withdraw_notification (self->application, rows[i].id);
    }
}

static void
send_report (AditNotifier *self, const AditReportRow *report)
{
  g_autoptr (GNotification) notification = g_notification_new (adit_report_row_get_title (report));

  g_notification_set_body (notification, _("A report of it waits for you. Nothing was sent."));
  g_notification_set_default_action_and_target (notification, "app.show-report", "s", report->id);
  /* Translators: a button: look at a report */
  g_notification_add_button_with_target (notification, _("Look at It"), "app.show-report", "s", report->id);
  g_application_send_notification (self->application, REPORT, notification);
}

/* Of each crash once, be it by the window or by the desktop. */
static void
follow_reports (AditNotifier *self)
{
  const AditReportRow *report = adit_mirror_find_new_report (self->mirror, FALSE);
  const AditReportRow *told = self->report != NULL ? adit_mirror_find_report (self->mirror, self->report) : NULL;

  if (report != NULL && adit_mirror_get_memory (self->mirror)->hears == ADIT_HEARS_ALL)
    {
      send_report (self, report);
      g_free (self->report);
      self->report = g_strdup (report->id);
      adit_mirror_set_reports_told (self->mirror, FALSE);
    }
  else if (self->report != NULL && (told == NULL || told->state != ADIT_REPORT_STATE_WAITING))
    {
      g_application_withdraw_notification (self->application, REPORT);
      g_clear_pointer (&self->report, g_free);
    }
}

static void
adit_notifier_dispose (GObject *object)
{
  g_clear_pointer (&ADIT_NOTIFIER (object)->report, g_free);
  g_clear_object (&ADIT_NOTIFIER (object)->mirror);
  G_OBJECT_CLASS (adit_notifier_parent_class)->dispose (object);
}

static void
adit_notifier_class_init (AditNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_notifier_dispose;
}

static void
adit_notifier_init (AditNotifier *self)
{
}

/**
 * adit_notifier_new:
 * @application: the program, which outlives the result
 * @mirror: what is told of
 *
 * Returns: (transfer full): a notifier
 */
AditNotifier *
adit_notifier_new (GApplication *application, AditMirror *mirror)
{
  AditNotifier *self = g_object_new (ADIT_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  /* After the window, which shows what is new when it opens. */
  g_signal_connect_object (mirror, "reports-changed", G_CALLBACK (follow_reports), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return self;
}
