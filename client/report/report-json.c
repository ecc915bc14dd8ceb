/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-json.c: a report as one object of JSON on one line (RFC 8259), for --json and for the receiver.  Written here, because
 * the clients and the helper are linked with no library for it; nobody reads this form back. */
#include "client/report/report-line.h"

#include <string.h>

/**
 * adit_report_json_add_text:
 * @json: (inout): what was written so far
 * @text: (nullable): UTF-8
 *
 * Adds it as a string of JSON, in which no page could find a mark of its own language.
 */
void
adit_report_json_add_text (GString *json, const char *text)
{
  if (text == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_c (json, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (json, "\\%c", *text);
    else if ((guint8) *text < 0x20 || *text == 0x7f || *text == '<' || *text == '>' || *text == '&')
      g_string_append_printf (json, "\\u%04x", (guint) *text);
    else
      g_string_append_c (json, *text);
  g_string_append_c (json, '"');
}

/**
 * adit_report_json_add_list:
 * @json: (inout): what was written so far, an object that is open and has something in it
 * @key: what the list is called
 * @texts: (element-type utf8): what is in it
 *
 * Adds a member that is a list of strings.
 */
void
adit_report_json_add_list (GString *json, const char *key, GPtrArray *texts)
{
  g_string_append_printf (json, ",\"%s\":[", key);
  for (guint i = 0; i < texts->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      adit_report_json_add_text (json, texts->pdata[i]);
    }
  g_string_append_c (json, ']');
}

static void
add_frame (GString *json, const AditReportFrame *frame)
{
  g_string_append (json, "{\"module\":");
  adit_report_json_add_text (json, frame->module);
  g_string_append (json, ",\"build_id\":");
  adit_report_json_add_text (json, frame->build_id);
  g_string_append_printf (json, ",\"offset\":%" G_GUINT64_FORMAT ",\"function\":", frame->offset);
  adit_report_json_add_text (json, frame->function);
  g_string_append (json, ",\"file\":");
  adit_report_json_add_text (json, frame->file);
  g_string_append_printf (json, ",\"line\":%u}", frame->line);
}

/**
 * adit_report_write_json:
 * @self: a report; what adit_report_write() would refuse comes out as well
 *
 * The key "form" is of this object, so that "version" can be the program's.
 *
 * Returns: (transfer full): one line without its end, UTF-8
 */
char *
adit_report_write_json (AditReport *self)
{
  GString *json = g_string_new ("{\"form\":1,\"kind\":");

  adit_report_json_add_text (json, self->kind == ADIT_REPORT_OF_PROBLEM ? "problem" : "crash");
  for (guint i = 0; i < ADIT_REPORT_N_FIELDS; i++)
    {
      g_string_append_printf (json, ",\"%s\":", adit_report_field_get_name (i));
      adit_report_json_add_text (json, self->fields[i]);
    }
  adit_report_json_add_list (json, "back_ends", self->back_ends);
  g_string_append (json, ",\"threads\":[");
  for (guint i = 0; i < self->threads->len; i++)
    {
      const AditReportThread *thread = self->threads->pdata[i];

      g_string_append (json, i > 0 ? ",{\"name\":" : "{\"name\":");
      adit_report_json_add_text (json, thread->name);
      g_string_append (json, ",\"frames\":[");
      for (guint j = 0; j < thread->frames->len; j++)
        {
          g_string_append (json, j > 0 ? "," : "");
          add_frame (json, thread->frames->pdata[j]);
        }
      g_string_append (json, "]}");
    }
  g_string_append_c (json, ']');
  adit_report_json_add_list (json, "words", self->words);
  adit_report_json_add_list (json, "diagnostics", self->diagnostics);
  adit_report_json_add_list (json, "log", self->log);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}
