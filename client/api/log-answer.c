/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-answer.c: lines of another program's, shown and never obeyed. */
#include "client/api/log-answer.h"

#include "client/api/shown.h"
#include "client/base/error.h"

/**
 * adit_log_answer_read:
 * @answer: of GetLog
 * @error: return location; %ADIT_ERROR_OTHER_VERSION
 *
 * Returns: (transfer full) (element-type AditLogLine) (nullable): the lines, the oldest first; of levels that are not known none
 */
GPtrArray *
adit_log_answer_read (GVariant *answer, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);
  g_autoptr (GVariant) rows = NULL;
  const char *level_nick, *topic, *text;
  guint64 number;
  gint64 time_us;
  GVariantIter iter;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a(txsss))")))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION, "The helper answers in another form");
      return NULL;
    }
  rows = g_variant_get_child_value (answer, 0);
  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(tx&s&s&s)", &number, &time_us, &level_nick, &topic, &text))
    {
      g_autoptr (AditLogLine) line = g_new0 (AditLogLine, 1);

      if (!adit_log_level_from_nick (level_nick, &line->level))
        continue;
      line->number = number;
      line->time_us = time_us;
      line->owner_uid = ADIT_LOG_NOBODY;    /* it is not told */
      line->topic = adit_shown_dup (topic, "");
      line->text = adit_shown_dup (text, "");
      g_ptr_array_add (lines, g_steal_pointer (&line));
    }
  return g_steal_pointer (&lines);
}

/**
 * adit_log_answer_dup_line:
 * @line: a line
 *
 * Returns: (transfer full): it with its time here, such as "14:07:31  notice   session: connected"; its words are the program's
 *   own, in English, so that whoever helps can read them
 */
char *
adit_log_answer_dup_line (const AditLogLine *line)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (line->time_us / G_USEC_PER_SEC);
  g_autofree char *clock = time != NULL ? g_date_time_format (time, "%H:%M:%S") : g_strdup ("--:--:--");

  return g_strdup_printf ("%s  %-7s  %s: %s", clock, adit_log_level_get_nick (line->level), line->topic, line->text);
}
