/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-calls.c: the log is shared, so that a test can check the order of calls across firewall, routes, tunnel and DNS. */
#include "platform/fake/fake-calls.h"

/**
 * adit_fake_log_new:
 *
 * Returns: (transfer full) (element-type utf8): an empty log for any number of fakes
 */
GPtrArray *
adit_fake_log_new (void)
{
  return g_ptr_array_new_with_free_func (g_free);
}

/**
 * adit_fake_log_has:
 * @log: the shared log
 * @line: a whole line
 *
 * Returns: whether that call was made
 */
gboolean
adit_fake_log_has (GPtrArray *log, const char *line)
{
  return g_ptr_array_find_with_equal_func (log, line, g_str_equal, NULL);
}

/**
 * adit_fake_log_dup_text:
 * @log: the shared log
 *
 * Returns: (transfer full): all calls, with "; " between them, for one comparison of the whole order
 */
char *
adit_fake_log_dup_text (GPtrArray *log)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < log->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", (const char *) log->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
adit_fake_calls_init (AditFakeCalls *self, const char *topic, GPtrArray *log)
{
  self->topic = topic;
  self->log = g_ptr_array_ref (log);
  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_error_free);
}

void
adit_fake_calls_clear (AditFakeCalls *self)
{
  g_clear_pointer (&self->log, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_hash_table_unref);
}

/**
 * adit_fake_calls_fail_next:
 * @self: a fake's calls
 * @call: the call's name, for instance "apply"
 * @error: (nullable): what its next call is to answer; %NULL takes an earlier wish back
 */
void
adit_fake_calls_fail_next (AditFakeCalls *self, const char *call, const GError *error)
{
  if (error != NULL)
    g_hash_table_replace (self->failures, g_strdup (call), g_error_copy (error));
  else
    g_hash_table_remove (self->failures, call);
}

/**
 * adit_fake_calls_record:
 * @self: a fake's calls
 * @call: the call's name
 * @detail: (nullable): what was asked for, in a word
 * @error: return location for a failure that a test asked for
 *
 * Returns: whether the call is to succeed
 */
gboolean
adit_fake_calls_record (AditFakeCalls *self, const char *call, const char *detail, GError **error)
{
  g_autofree char *key = NULL;
  GError *failure = NULL;

  g_ptr_array_add (self->log, g_strdup_printf ("%s.%s%s%s", self->topic, call, detail != NULL ? " " : "",
                                               detail != NULL ? detail : ""));
  if (!g_hash_table_steal_extended (self->failures, call, (gpointer *) &key, (gpointer *) &failure))
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
