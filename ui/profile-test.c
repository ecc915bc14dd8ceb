/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-test.c: connects, waits until it is so or cannot be, and disconnects again whatever came of it. */
#include "config.h"
#include "ui/profile-test.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "client/base/error.h"

#define MAX_S 45    /* three tries take 27 seconds (docs/choosing.md); what is slower nobody calls working */
#define END_S 15    /* then for the way back; without this window the helper goes it */

typedef struct
{
  char         *profile;     /* that is tried */
  char         *chosen;      /* (nullable): the profile that was chosen before */
  AditPlace     place;       /* or else the place */
  GCancellable *cancellable;
  guint32       revision;    /* of the status before it */
  guint         timeout;
  GError       *error;       /* (nullable): what came of it */
  gboolean      is_ending;
} Test;

static void
test_free (gpointer data)
{
  Test *self = data;

  g_free (self->profile);
  g_free (self->chosen);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
return_result (gpointer user_data)
{
  GTask *task = user_data;
  Test *test = g_task_get_task_data (task);

  if (test->error != NULL)
    g_task_return_error (task, g_steal_pointer (&test->error));
  else
    g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

/* From now on it hears of nothing.  Its end is told from the main loop: the caller is not to be called in the midst of what the
 * mirror tells others. */
static void
leave (GTask *task)
{
  Test *test = g_task_get_task_data (task);

  g_clear_handle_id (&test->timeout, g_source_remove);
  g_signal_handlers_disconnect_by_data (g_task_get_source_object (task), task);
  g_signal_handlers_disconnect_by_data (test->cancellable, task);
  g_idle_add_full (G_PRIORITY_DEFAULT, return_result, task, g_object_unref);
}

static void
finish (GTask *task)
{
  Test *test = g_task_get_task_data (task);
  AditMirror *mirror = g_task_get_source_object (task);

  leave (task);
  if (test->chosen != NULL)
    adit_mirror_set_profile (mirror, test->chosen);
  else
    adit_mirror_set_place (mirror, &test->place);
}

/* That it is disconnected counts once the helper has said so since, or has refused: until then the connect is on its way. */
static gboolean
is_over (const Test *test, AditMirror *mirror)
{
  const AditStatus *status = adit_mirror_get_status (mirror);

  return status == NULL || (status->state == ADIT_STATE_DISCONNECTED && (status->revision != test->revision ||
                                                                         adit_mirror_get_failure (mirror) != NULL));
}

/* The result is told when everything is as it was before. */
static void
end (GTask *task, GError *error)
{
  Test *test = g_task_get_task_data (task);
  AditMirror *mirror = g_task_get_source_object (task);

  test->is_ending = TRUE;
  g_clear_error (&test->error);
  test->error = error;
  if (is_over (test, mirror))
    finish (task);
  else
    adit_mirror_disconnect (mirror);
}

static GError *
explain_reason (const AditStatus *status)
{
  AditExplanation words;

  adit_explain_reason (status->reason, &words);
  return g_error_new (ADIT_ERROR, ADIT_ERROR_FAILED, "%s %s", words.what, words.remedy);
}

static GError *
explain_error (AditError code)
{
  AditExplanation words;

  adit_explain_error (code, &words);
  return g_error_new (ADIT_ERROR, ADIT_ERROR_FAILED, "%s %s", words.what, words.remedy);
}

static void
on_changed (AditMirror *mirror, GTask *task)
{
  Test *test = g_task_get_task_data (task);
  const AditStatus *status = adit_mirror_get_status (mirror);
  const GError *failure = adit_mirror_get_failure (mirror);
  gboolean is_new = status != NULL && status->revision != test->revision;
  gboolean is_ours = is_new && g_str_equal (status->account, test->profile);
  gboolean is_others = is_new && !is_ours && status->account[0] != '\0' && status->state != ADIT_STATE_DISCONNECTED;

  if (status == NULL)
    end (task, g_error_new_literal (ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, _("The helper has gone.")));
  else if (is_others)
    {
      /* Somebody connects elsewhere meanwhile: that connection stays, and what was chosen for it. */
      g_clear_error (&test->error);
      test->error = explain_error (ADIT_ERROR_BUSY);
      leave (task);
    }
  else if (test->is_ending && is_over (test, mirror))
    finish (task);
  else if (test->is_ending)
    return;
  else if (failure != NULL)
    end (task, explain_error (failure->domain == ADIT_ERROR ? (AditError) failure->code : ADIT_ERROR_FAILED));
  else if (is_ours && status->state == ADIT_STATE_CONNECTED)
    end (task, NULL);
  else if (is_ours && status->state == ADIT_STATE_BLOCKED && status->reason != ADIT_REASON_NONE)
    end (task, explain_reason (status));
}

static void
on_cancelled (GCancellable *cancellable, GTask *task)
{
  Test *test = g_task_get_task_data (task);

  if (!test->is_ending)
    end (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits for it"));
}

static gboolean
on_timeout (gpointer user_data)
{
  GTask *task = user_data;
  Test *test = g_task_get_task_data (task);

  if (test->is_ending)
    {
      test->timeout = 0;
      if (test->error == NULL)
        test->error = explain_error (ADIT_ERROR_FAILED);
      finish (task);    /* the status says what keeps it from disconnecting */
      return G_SOURCE_REMOVE;
    }
  end (task, g_error_new (ADIT_ERROR, ADIT_ERROR_TIMED_OUT, _("Its server did not answer within %d seconds."), MAX_S));
  return G_SOURCE_CONTINUE;
}

/**
 * adit_profile_test_async:
 * @mirror: a mirror whose session is disconnected
 * @profile: the id of what was imported
 * @cancellable: disconnects at once
 * @callback: called when it is known, and disconnected again
 * @user_data: for @callback
 *
 * What is chosen for the next connection stays chosen.
 */
void
adit_profile_test_async (AditMirror *mirror, const char *profile, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (mirror, NULL, callback, user_data);
  const AditStatus *status = adit_mirror_get_status (mirror);
  const AditProfileRow *chosen = adit_mirror_get_profile (mirror);
  Test *test = g_new0 (Test, 1);

  g_task_set_source_tag (task, adit_profile_test_async);
  test->profile = g_strdup (profile);
  test->chosen = chosen != NULL ? g_strdup (chosen->id) : NULL;
  test->place = *adit_mirror_get_place (mirror);
  test->cancellable = g_object_ref (cancellable);
  test->revision = status != NULL ? status->revision : 0;
  g_task_set_task_data (task, test, test_free);
  test->timeout = g_timeout_add_seconds (MAX_S, on_timeout, task);
  adit_mirror_set_profile (mirror, profile);
  adit_mirror_try_profile (mirror, profile, MAX_S + END_S);
  g_signal_connect (mirror, "changed", G_CALLBACK (on_changed), task);
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), task);
}

/**
 * adit_profile_test_finish:
 * @mirror: the mirror
 * @result: what the callback was given
 * @error: return location; what it says is for people
 *
 * Returns: whether it connected
 */
gboolean
adit_profile_test_finish (AditMirror *mirror, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
