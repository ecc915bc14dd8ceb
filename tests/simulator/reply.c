/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reply.c: a text, a JSON value or nothing, with a status; always with a length, never in chunks. */
#include "tests/simulator/reply.h"

#include <stdlib.h>
#include <string.h>

#include "tests/simulator/distort.h"

/**
 * reply_text:
 * @message: the request
 * @status: of HTTP
 * @type: of the content
 * @text: the body
 */
void
reply_text (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

/**
 * reply_json_as:
 * @message: the request
 * @status: of HTTP
 * @type: of the content
 * @body: (transfer full): the body
 */
void
reply_json_as (SoupServerMessage *message, guint status, const char *type, json_t *body)
{
  char *text;

  distort_body (message, body);
  text = json_dumps (body, JSON_COMPACT);
  g_assert (text != NULL);
  json_decref (body);
  reply_text (message, status, type, text);
  free (text);
}

/**
 * reply_json:
 * @message: the request
 * @status: of HTTP
 * @body: (transfer full): the body
 */
void
reply_json (SoupServerMessage *message, guint status, json_t *body)
{
  reply_json_as (message, status, REPLY_JSON, body);
}

/**
 * reply_nothing:
 * @message: the request
 * @status: of HTTP; there is no body
 */
void
reply_nothing (SoupServerMessage *message, guint status)
{
  soup_server_message_set_status (message, status, NULL);
}

/**
 * reply_tell_time:
 * @message: the request
 * @time_s: what the service takes for the time, Unix time; libsoup has written the true one already
 */
void
reply_tell_time (SoupServerMessage *message, gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_s);
  g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", text);
}

/**
 * reply_dup_time:
 * @time_s: Unix time
 *
 * Returns: (transfer full): as RFC 3339 has it
 */
char *
reply_dup_time (gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_s);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/**
 * reply_get_now_s:
 *
 * Returns: Unix time
 */
gint64
reply_get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}
