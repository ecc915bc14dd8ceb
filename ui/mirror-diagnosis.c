/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-diagnosis.c: what is wrong, and what the helper has logged; that nobody answers is an answer, too. */
#include "config.h"
#include "ui/mirror-private.h"

#include "build-id.h"
#include "client/api/log-answer.h"

static gpointer
read_diagnosis (GVariant *answer, GUnixFDList *fds, GError **error)
{
  g_autoptr (GVariant) dict = NULL;

  if (!adit_mirror_has_form (answer, "(a{sv})", error))
    return NULL;
  dict = g_variant_get_child_value (answer, 0);
  return adit_diagnosis_new (dict, ADIT_BUILD_ID);
}

/**
 * adit_mirror_diagnose_async:
 * @self: a mirror
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_diagnose_async (AditMirror *self, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_diagnose_async, callback, user_data), "GetDiagnostics",
                   g_variant_new ("(@a{sv})", adit_mirror_no_options ()), NULL, read_diagnosis,
                   (GDestroyNotify) adit_diagnosis_free);
}

/**
 * adit_mirror_diagnose_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR, for what says nothing of what is wrong
 *
 * Returns: (transfer full) (nullable): what is known
 */
AditDiagnosis *
adit_mirror_diagnose_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) why = NULL;
  AditDiagnosis *diagnosis = g_task_propagate_pointer (G_TASK (result), &why);

  if (diagnosis == NULL)
    diagnosis = adit_diagnosis_new_for_error (why);
  if (diagnosis == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return diagnosis;
}

static gpointer
read_log (GVariant *answer, GUnixFDList *fds, GError **error)
{
  return adit_log_answer_read (answer, error);
}

/**
 * adit_mirror_get_log_async:
 * @self: a mirror
 * @after: the number of the last line that is known; 0: none is
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Nobody is asked for a password: it is asked for again and again.
 */
void
adit_mirror_get_log_async (AditMirror *self, guint64 after, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_log_async, callback, user_data), "GetLog",
                   g_variant_new_parsed ("({'after': <%t>, 'interactive': <false>},)", after), NULL, read_log,
                   (GDestroyNotify) g_ptr_array_unref);
}

/**
 * adit_mirror_get_log_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (element-type AditLogLine) (nullable): the lines after that one, the oldest first
 */
GPtrArray *
adit_mirror_get_log_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
