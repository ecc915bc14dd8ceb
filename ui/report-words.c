/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-words.c: what stands beside a report. */
#include "config.h"
#include "ui/report-words.h"

#include <glib/gi18n.h>

/**
 * adit_report_words_get_host:
 * @server: where reports go
 *
 * Returns: (transfer none): its name, or that there is none
 */
const char *
adit_report_words_get_host (const AditReportServerAnswer *server)
{
  /* Translators: where reports go */
  return server->host[0] != '\0' ? server->host : _("Nowhere");
}

/**
 * adit_report_words_dup_server:
 * @server: where reports go
 *
 * Returns: (transfer full): who says so, and how they go
 */
char *
adit_report_words_dup_server (const AditReportServerAnswer *server)
{
  g_autoptr (GString) words = g_string_new (NULL);

  if (server->host[0] == '\0')
    {
      g_string_append (words, server->is_own ? _("You have set that there is none. Nothing can be sent; a report can be saved.")
                                             : _("No server is set. Nothing can be sent; a report can be saved."));
      if (server->problem[0] != '\0')
        g_string_append_printf (words, "\n%s", server->problem);
      return g_string_free (g_steal_pointer (&words), FALSE);
    }
  g_string_append (words, server->is_own ? _("You have set it.") : _("The administrator of this computer has set it."));
  /* Translators: how a report goes to its server */
  g_string_append_printf (words, " %s", _("By HTTPS, through the tunnel while connected."));
  if (server->is_pinned)
    g_string_append_printf (words, " %s", _("Only its own certificate is accepted."));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/**
 * adit_report_words_dup_row:
 * @report: a report
 *
 * Returns: (transfer full): its day, where that is known, and what has become of it
 */
char *
adit_report_words_dup_row (const AditReportRow *report)
{
  g_autoptr (GDateTime) day = report->day_s > 0 ? g_date_time_new_from_unix_utc (report->day_s) : NULL;
  /* Translators: a day, as g_date_time_format() takes it: day, month's name, year, in the order of your language */
  g_autofree char *date = day != NULL ? g_date_time_format (day, _("%-d %B %Y")) : NULL;

  return date != NULL ? g_strdup_printf ("%s · %s", date, adit_report_row_explain (report))
                      : g_strdup (adit_report_row_explain (report));
}
