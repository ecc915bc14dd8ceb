/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confirm.c: the deadline and the way back are one small file of root's in /run, so a helper that dies does not forget them, and
 * a computer that is started anew does.  A file that cannot be read opens nothing: what is wanted now stays. */
#define G_LOG_DOMAIN "adit-confirm"

#include "client/helper/confirm.h"

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/helper/wish-file.h"
#include "platform/alarm.h"

#define GROUP          "adit"
#define FORMAT         1
#define FILE_MAX_BYTES 4096

struct _AditConfirm
{
  char          *path;
  guint          max_s;
  gboolean       pending;
  gint64         deadline_us;    /* of the boot clock */
  AditBefore     before;
  AditAlarm     *alarm;          /* (nullable): while watched */
  AditConfirmDue due;
  gpointer       due_data;
};

/**
 * adit_confirm_new:
 * @path: the file, which only root may write
 * @max_s: the longest time that is waited; a file that says more is not believed
 *
 * Returns: (transfer full): a confirmation that nobody waits for yet
 */
AditConfirm *
adit_confirm_new (const char *path, guint max_s)
{
  AditConfirm *self = g_new0 (AditConfirm, 1);

  self->path = g_strdup (path);
  self->max_s = max_s;
  return self;
}

/**
 * adit_confirm_free:
 * @self: (nullable): a confirmation; its file stays, for the next helper
 */
void
adit_confirm_free (AditConfirm *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->alarm, adit_alarm_free);
  g_free (self->path);
  g_free (self);
}

static gboolean
read_file (GKeyFile *file, guint max_s, gint64 *deadline_us, AditBefore *before)
{
  g_autoptr (GError) error = NULL;
  gint64 now_us = adit_alarm_get_now_us ();

  *before = (AditBefore) { 0 };
  if (g_key_file_get_integer (file, GROUP, "format", NULL) != FORMAT)
    return FALSE;
  *deadline_us = g_key_file_get_int64 (file, GROUP, "deadline", &error);
  if (error == NULL)
    before->lockdown = g_key_file_get_boolean (file, GROUP, "lockdown", &error);
  if (error != NULL || *deadline_us <= 0 || *deadline_us > now_us + max_s * G_TIME_SPAN_SECOND)
    return FALSE;
  return adit_wish_file_take (file, GROUP, &before->wish);
}

static gboolean
save (AditConfirm *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  g_key_file_set_integer (file, GROUP, "format", FORMAT);
  g_key_file_set_int64 (file, GROUP, "deadline", self->deadline_us);
  g_key_file_set_boolean (file, GROUP, "lockdown", self->before.lockdown);
  adit_wish_file_add (file, GROUP, &self->before.wish);
  text = g_key_file_to_data (file, &length, NULL);
  return adit_file_write (self->path, text, length, 0600, error);
}

static void
forget (AditConfirm *self)
{
  g_autoptr (GError) error = NULL;

  self->pending = FALSE;
  g_clear_pointer (&self->alarm, adit_alarm_free);
  if (adit_file_exists (self->path) && !adit_file_remove (self->path, &error))
    g_warning ("%s", error->message);
}

/**
 * adit_confirm_load:
 * @self: a confirmation
 * @before: (out caller-allocates): where to go back to; only with %TRUE
 *
 * Takes up what an earlier helper has left.
 *
 * Returns: whether its time ran out while there was no helper; the file goes with adit_confirm_end()
 */
gboolean
adit_confirm_load (AditConfirm *self, AditBefore *before)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!adit_file_exists (self->path))
    return FALSE;
  text = adit_file_read (self->path, FILE_MAX_BYTES, &length, &error);
  if (text == NULL || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL) ||
      !read_file (file, self->max_s, &self->deadline_us, &self->before))
    {
      g_warning ("%s cannot be read; nothing goes back by itself", self->path);
      forget (self);
      return FALSE;
    }
  self->pending = TRUE;
  if (adit_alarm_get_now_us () < self->deadline_us)
    {
      adit_confirm_watch (self, self->due, self->due_data);
      return FALSE;
    }
  *before = self->before;
  return TRUE;
}

static void
on_rings (gpointer user_data)
{
  AditConfirm *self = user_data;
  AditBefore before = self->before;

  self->pending = FALSE;
  g_clear_pointer (&self->alarm, adit_alarm_free);
  self->due (&before, self->due_data);
  /* Last: a helper that dies on the way back goes back as well. */
  if (!self->pending)
    forget (self);
}

static gboolean
arm (AditConfirm *self, GError **error)
{
  g_clear_pointer (&self->alarm, adit_alarm_free);
  if (!self->pending || self->due == NULL)
    return TRUE;
  self->alarm = adit_alarm_new (self->deadline_us, on_rings, self, error);
  return self->alarm != NULL;
}

/**
 * adit_confirm_watch:
 * @self: a confirmation, loaded
 * @due: goes back
 * @user_data: for @due
 *
 * From now on the clock is heard.
 */
void
adit_confirm_watch (AditConfirm *self, AditConfirmDue due, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->due = due;
  self->due_data = user_data;
  if (!arm (self, &error))
    g_warning ("%s", error->message);
}

/**
 * adit_confirm_begin:
 * @self: a confirmation
 * @before: how it is now; what an earlier one wanted to go back to stays, if nobody has confirmed it yet
 * @seconds: how long it waits, at most as long as was said
 * @error: return location; %ADIT_ERROR_STORE_FAILED, and then nothing is waited for that was not before
 *
 * Called before the change itself, so that there is no moment without a way back.
 *
 * Returns: whether it goes back by itself
 */
gboolean
adit_confirm_begin (AditConfirm *self, const AditBefore *before, guint seconds, GError **error)
{
  gboolean was_pending = self->pending;
  gint64 deadline_us = self->deadline_us;

  if (!was_pending)
    self->before = *before;
  self->pending = TRUE;
  self->deadline_us = adit_alarm_get_now_us () + seconds * G_TIME_SPAN_SECOND;
  if (save (self, error) && arm (self, error))
    return TRUE;
  self->deadline_us = deadline_us;
  self->pending = was_pending;
  if (was_pending)
    (void) arm (self, NULL);
  else
    forget (self);
  return FALSE;
}

/**
 * adit_confirm_end:
 * @self: a confirmation
 *
 * Nothing goes back any more: it is confirmed, or it has gone back.
 */
void
adit_confirm_end (AditConfirm *self)
{
  forget (self);
}

/**
 * adit_confirm_settle:
 * @self: a confirmation
 * @now: how it is
 * @wish: whether the wish has just been said without a time, and so is confirmed
 * @lockdown: whether lockdown has
 *
 * What somebody wants without a time is not taken back when another wish's time is over; where nothing else is left, nothing is.
 */
void
adit_confirm_settle (AditConfirm *self, const AditBefore *now, gboolean wish, gboolean lockdown)
{
  g_autoptr (GError) error = NULL;

  if (!self->pending)
    return;
  if (wish)
    self->before.wish = now->wish;
  if (lockdown)
    self->before.lockdown = now->lockdown;
  if (self->before.lockdown == now->lockdown && adit_wish_equal (&self->before.wish, &now->wish))
    forget (self);
  else if (!save (self, &error))
    g_warning ("%s", error->message);
}

/**
 * adit_confirm_doubts:
 * @self: a confirmation
 * @wish: what is wanted now
 *
 * Returns: whether it goes back by itself to another one
 */
gboolean
adit_confirm_doubts (AditConfirm *self, const AditWish *wish)
{
  return self->pending && !adit_wish_equal (&self->before.wish, wish);
}

/**
 * adit_confirm_get_left_s:
 * @self: a confirmation
 *
 * Returns: seconds until it goes back, at least 1; 0 where nothing is waited for
 */
guint
adit_confirm_get_left_s (AditConfirm *self)
{
  gint64 left_us = self->deadline_us - adit_alarm_get_now_us ();

  return !self->pending ? 0 : (guint) (MAX (left_us, 0) / G_USEC_PER_SEC) + 1;
}
