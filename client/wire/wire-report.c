/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-report.c: what is said when a report is made or sent. */
#include "client/wire/wire-check.h"

#include <string.h>

#define PIN_BYTES 32     /* of SHA-256 */
#define STATUS_LAST 599  /* RFC 9110, section 15 */

static gboolean
is_hex (guchar c)
{
  return g_ascii_isdigit (c) || (c >= 'a' && c <= 'f');
}

static gboolean
is_digit (guchar c)
{
  return g_ascii_isdigit (c);
}

static gboolean
is_path (guchar c)
{
  return adit_wire_is_identifier (c) || c == '.' || c == '/';
}

/* "" or "/one/two", no part of which begins with a dot. */
static gboolean
is_folder (const AditWireReportTask *m)
{
  if (!adit_wire_is_text (m->folder, sizeof m->folder, is_path))
    return FALSE;
  for (const char *c = m->folder; *c != '\0'; c++)
    if ((c == m->folder && *c != '/') || (*c == '/' && (c[1] == '/' || c[1] == '.' || c[1] == '\0')))
      return FALSE;
  return TRUE;
}

static gboolean
is_pin (const char *pin, gsize size)
{
  gsize length = 0;
  g_autofree guchar *bytes = NULL;

  if (!adit_wire_is_text (pin, size, adit_wire_is_graph))
    return FALSE;
  bytes = pin[0] != '\0' ? g_base64_decode (pin, &length) : NULL;
  return pin[0] == '\0' || length == PIN_BYTES;
}

/**
 * adit_wire_check_report_task:
 * @request: a request, of any kind
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether what it says of a report is as it may be
 */
gboolean
adit_wire_check_report_task (const AditWireRequest *request, GError **error)
{
  const AditWireReportTask *m = &request->report;

  if (request->want != ADIT_WIRE_WANT_REPORT && request->want != ADIT_WIRE_WANT_SEND)
    {
      CHECK (adit_field_is_zero (m, sizeof *m), "report");
      return TRUE;
    }
  CHECK (adit_wire_is_text (m->id, sizeof m->id, is_hex) && strlen (m->id) == ADIT_WIRE_REPORT_ID_LENGTH, "report's id");
  CHECK (m->has_note <= 1, "flags");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  if (request->want == ADIT_WIRE_WANT_REPORT)
    {
      CHECK (m->port == 0 && adit_field_is_zero (m->host, sizeof m->host) && adit_field_is_zero (m->folder, sizeof m->folder) &&
             adit_field_is_zero (m->key, sizeof m->key) && adit_field_is_zero (m->project, sizeof m->project) &&
             adit_field_is_zero (m->pin, sizeof m->pin), "report server");
      return TRUE;
    }
  CHECK (m->has_note == 0, "flags");
  CHECK (m->port != 0 && adit_wire_is_host_name (m->host, sizeof m->host), "report server");
  CHECK (is_folder (m), "report server's folder");
  CHECK (adit_wire_is_text (m->key, sizeof m->key, adit_wire_is_identifier) && m->key[0] != '\0', "report server's key");
  CHECK (adit_wire_is_text (m->project, sizeof m->project, is_digit) && m->project[0] != '\0', "report server's project");
  CHECK (is_pin (m->pin, sizeof m->pin), "report server's pin");
  return TRUE;
}

/**
 * adit_wire_check_module:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_module (const AditWireMessage *message, guint n_fds, GError **error)
{
  CHECK (n_fds == 0, "number of descriptors");
  CHECK (message->module.program < ADIT_N_WIRE_PROGRAMS, "program");
  return TRUE;
}

/**
 * adit_wire_check_module_files:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_module_files (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireModuleFiles *m = &message->module_files;

  CHECK (m->has_program <= 1 && m->has_debug <= m->has_program, "flags");
  CHECK (n_fds == (guint) m->has_program + m->has_debug, "number of descriptors");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

/**
 * adit_wire_check_report:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_report (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireReport *m = &message->report;

  CHECK (n_fds == 1, "number of descriptors");
  CHECK (adit_wire_is_text (m->key, sizeof m->key, is_hex) && strlen (m->key) == ADIT_WIRE_REPORT_KEY_LENGTH, "report's key");
  CHECK (m->size_text_bytes > 0 && m->size_text_bytes <= ADIT_WIRE_REPORT_MAX_BYTES, "text's size");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

/**
 * adit_wire_check_reported:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_reported (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireReported *m = &message->reported;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->outcome < ADIT_N_WIRE_SENDS, "outcome");
  CHECK (m->status >= 100 && m->status <= STATUS_LAST, "status");
  CHECK ((m->outcome == ADIT_WIRE_SEND_DONE) == (m->status >= 200 && m->status < 300), "status");
  CHECK (m->retry_after_s <= ADIT_WIRE_RETRY_MAX_S, "pause");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}
