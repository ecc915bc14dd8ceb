/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envelope.c: a report as an envelope with one event (https://develop.sentry.dev/sdk/data-model/envelopes/ and event-payloads/).
 *
 * Every value comes out of the report's text, which a person has seen; what is added is the same in all reports.  No user, no
 * name of a server, no time but the day; and the server is asked not to look where it came from. */
#include "client/report/envelope.h"

#include <string.h>

#include "client/report/report-line.h"

#define PLATFORM "c"    /* not "native": then a server would look for the names itself, and not find them */

static void
add_member (GString *json, const char *key, const char *text)
{
  if (text == NULL)
    return;
  g_string_append_printf (json, ",\"%s\":", key);
  adit_report_json_add_text (json, text);
}

/* Of our own programs: what a server shows first. */
static gboolean
is_ours (const char *module)
{
  return g_str_equal (module, "adit") || g_str_equal (module, "aditd") || g_str_has_prefix (module, "adit-");
}

static void
add_frame (GString *json, const AditReportFrame *frame)
{
  if (frame->module == NULL)
    {
      g_string_append (json, "{\"function\":\"[nowhere]\",\"in_app\":false}");
      return;
    }
  g_string_append_printf (json, "{\"in_app\":%s,\"instruction_addr\":\"0x%" G_GINT64_MODIFIER "x\"",
                          is_ours (frame->module) ? "true" : "false", frame->offset);
  add_member (json, "package", frame->module);
  add_member (json, "function", frame->function);
  add_member (json, "filename", frame->file);
  if (frame->line > 0)
    g_string_append_printf (json, ",\"lineno\":%u", frame->line);
  g_string_append_c (json, '}');
}

/* The caller first: "stack trace interface". */
static void
add_stack (GString *json, const AditReportThread *thread)
{
  g_string_append (json, ",\"stacktrace\":{\"frames\":[");
  for (guint i = thread->frames->len; i > 0; i--)
    {
      add_frame (json, thread->frames->pdata[i - 1]);
      g_string_append (json, i > 1 ? "," : "");
    }
  g_string_append (json, "]}");
}

static void
add_exception (GString *json, AditReport *report)
{
  const AditReportThread *thread = report->threads->len > 0 ? report->threads->pdata[0] : NULL;

  g_string_append (json, ",\"exception\":{\"values\":[{\"mechanism\":{\"type\":\"signal\",\"handled\":false},\"thread_id\":0");
  add_member (json, "type", report->fields[ADIT_REPORT_SIGNAL]);
  add_member (json, "value", report->fields[ADIT_REPORT_REASON]);
  if (thread != NULL && thread->frames->len > 0)
    add_stack (json, thread);
  g_string_append (json, "}]}");
}

/* The first one's frames are the exception's. */
static void
add_threads (GString *json, GPtrArray *threads)
{
  g_string_append (json, ",\"threads\":{\"values\":[");
  for (guint i = 0; i < threads->len; i++)
    {
      const AditReportThread *thread = threads->pdata[i];

      g_string_append_printf (json, "%s{\"id\":%u,\"crashed\":%s,\"current\":%s", i > 0 ? "," : "", i, i == 0 ? "true" : "false",
                              i == 0 ? "true" : "false");
      add_member (json, "name", thread->name);
      if (i > 0 && thread->frames->len > 0)
        add_stack (json, thread);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
}

/* Each file that a frame is in, with what tells its builds apart. */
static void
add_modules (GString *json, GPtrArray *threads)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_string_append (json, ",\"modules\":{");
  for (guint i = 0; i < threads->len; i++)
    {
      GPtrArray *frames = ((AditReportThread *) threads->pdata[i])->frames;

      for (guint j = 0; j < frames->len; j++)
        {
          const AditReportFrame *frame = frames->pdata[j];

          if (frame->build_id == NULL || !g_hash_table_add (seen, frame->module))
            continue;
          g_string_append (json, g_hash_table_size (seen) > 1 ? "," : "");
          adit_report_json_add_text (json, frame->module);
          g_string_append_c (json, ':');
          adit_report_json_add_text (json, frame->build_id);
        }
    }
  g_string_append_c (json, '}');
}

static void
add_log (GString *json, GPtrArray *log)
{
  g_string_append (json, ",\"breadcrumbs\":{\"values\":[");
  for (guint i = 0; i < log->len; i++)
    {
      g_string_append_printf (json, "%s{\"type\":\"default\",\"category\":\"log\"", i > 0 ? "," : "");
      add_member (json, "message", log->pdata[i]);
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
}

static void
add_words (GString *json, GPtrArray *words)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) words->pdata[i]);
  g_string_append (json, ",\"logentry\":{\"formatted\":");
  adit_report_json_add_text (json, text->len > 0 ? text->str : "A problem without words");
  g_string_append_c (json, '}');
}

static char *
write_event (AditReport *report, const char *version)
{
  GString *json = g_string_new ("{\"platform\":\"" PLATFORM "\",\"logger\":\"adit\"");
  gboolean is_crash = report->kind == ADIT_REPORT_OF_CRASH;
  g_autofree char *release = g_strconcat ("adit@", report->fields[ADIT_REPORT_VERSION], NULL);
  g_autofree char *day = g_strconcat (report->fields[ADIT_REPORT_DAY], "T00:00:00Z", NULL);

  add_member (json, "event_id", report->fields[ADIT_REPORT_ID]);
  add_member (json, "timestamp", day);
  add_member (json, "level", is_crash ? "fatal" : "info");
  add_member (json, "release", release);
  g_string_append (json, ",\"sdk\":{\"name\":\"adit\"");
  add_member (json, "version", version);
  g_string_append (json, ",\"settings\":{\"infer_ip\":\"never\"}},\"tags\":{\"kind\":");
  adit_report_json_add_text (json, is_crash ? "crash" : "problem");
  add_member (json, "program", report->fields[ADIT_REPORT_PROGRAM]);
  add_member (json, "build", report->fields[ADIT_REPORT_BUILD]);
  g_string_append (json, "},\"contexts\":{\"os\":{\"type\":\"os\"");
  add_member (json, "raw_description", report->fields[ADIT_REPORT_SYSTEM]);
  g_string_append (json, "}},\"extra\":{\"form\":1");
  adit_report_json_add_list (json, "back_ends", report->back_ends);
  if (!is_crash)
    adit_report_json_add_list (json, "diagnostics", report->diagnostics);
  add_member (json, "contact", report->fields[ADIT_REPORT_CONTACT]);
  g_string_append_c (json, '}');
  if (is_crash)
    {
      add_exception (json, report);
      add_threads (json, report->threads);
      add_modules (json, report->threads);
    }
  else
    add_words (json, report->words);
  add_log (json, report->log);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/**
 * adit_envelope_write:
 * @report: a report that adit_report_write() takes
 * @version: of the program that sends it
 *
 * Without the time of sending, which is optional and would say when this computer was on.
 *
 * Returns: (transfer full): the envelope, UTF-8 and without a zero byte
 */
char *
adit_envelope_write (AditReport *report, const char *version)
{
  g_autofree char *event = write_event (report, version);

  return g_strdup_printf ("{\"event_id\":\"%s\"}\n"
                          "{\"type\":\"event\",\"content_type\":\"application/json\",\"length\":%" G_GSIZE_FORMAT "}\n"
                          "%s\n", report->fields[ADIT_REPORT_ID], strlen (event), event);
}

/**
 * adit_envelope_dup_path:
 * @folder: as in a DSN
 * @project: as in a DSN
 *
 * Returns: (transfer full): where envelopes are posted to
 */
char *
adit_envelope_dup_path (const char *folder, const char *project)
{
  return g_strdup_printf ("%s/api/%s/envelope/", folder, project);
}

/**
 * adit_envelope_dup_auth:
 * @key: as in a DSN
 * @version: of the program that sends
 *
 * Returns: (transfer full): the value of X-Sentry-Auth
 */
char *
adit_envelope_dup_auth (const char *key, const char *version)
{
  return g_strdup_printf ("Sentry sentry_version=7, sentry_client=adit/%s, sentry_key=%s", version, key);
}
