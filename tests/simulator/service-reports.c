/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-reports.c: a server for reports, as Sentry's documents describe it, that takes nothing which is not exactly so and
 * keeps what it took.  EXIT-KEY is what the names of its files begin with:
 *   EXIT-KEY<id>.json       a report: { id, arrivals, differs, peer, path, headers, header, items }; one, however often it came
 *   EXIT-KEY<id>.envelope   its bytes, as they came first
 *   EXIT-KEYarrivals        a line each: ID ADDRESS
 *   EXIT-KEYrefused         a line each: STATUS and what was wrong
 *   EXIT-KEYtaken           a line for each huge answer whose connection has ended: how many of its bytes had gone
 * Its own faults:
 *   limited [S]       429 with X-Sentry-Rate-Limits alone, 60 s if not said
 *   slow-down [S]     it is taken, and the same header asks to wait before the next one
 *   other-limit       it is taken, and the header is about another kind of things
 *   mad-limit         429 with numbers that nobody can wait for, and some that are none
 *   retry-date [S]    429 with Retry-After as a date
 *   huge              it is taken, and the answer is 50 MB of blanks */
#include "tests/simulator/service.h"

#include <string.h>

#include "tests/simulator/fault.h"
#include "tests/simulator/known.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/reports.h"
#include "tests/simulator/request.h"

#define PATH      "/api/" KNOWN_REPORTS_PROJECT "/envelope/"
#define DSN       "https://" KNOWN_REPORTS_KEY "@" KNOWN_REPORTS_HOST "/" KNOWN_REPORTS_PROJECT
#define TYPE      "application/x-sentry-envelope"
#define LIMITS    "X-Sentry-Rate-Limits"
#define MAX_BYTES (2u << 20)
#define LIMIT_S   60
#define HUGE_BYTES (50u << 20)

static const char *prefix;

static void
open_service (const char *exit_key)
{
  prefix = exit_key;
}

static void
append (const char *name, const char *line)
{
  g_autofree char *path = g_strconcat (prefix, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, NULL);

  g_output_stream_write_all (G_OUTPUT_STREAM (stream), line, strlen (line), NULL, NULL, NULL);
}

/* As Relay says it. */
static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  g_autofree char *line = g_strdup_printf ("%u %s\n", status, code);

  append ("refused", line);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "X-Sentry-Error", code);
  reply_json (message, status, json_pack ("{s:s}", "detail", code));
}

/* What says nothing of who sends, in any request. */
static gboolean
check_headers (SoupMessageHeaders *headers, GError **error)
{
  static const char *const allowed[] = { "host", "content-type", "content-length", "content-encoding", "transfer-encoding",
                                         "x-sentry-auth", "user-agent", "accept", "accept-encoding", "connection", "expect",
                                         NULL };
  const char *name, *value;
  SoupMessageHeadersIter iter;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *small = g_ascii_strdown (name, -1);

      if (!g_strv_contains (allowed, small))
        return reports_refuse (error, "the header %s", name);
      if (g_str_equal (small, "user-agent") && strpbrk (value, " ();,") != NULL)
        return reports_refuse (error, "a User-Agent of more than a name: %s", value);
    }
  if (g_strcmp0 (soup_message_headers_get_one (headers, "Content-Type"), TYPE) != 0)
    return reports_refuse (error, "a Content-Type other than " TYPE);
  return TRUE;
}

/* "Sentry sentry_version=7, sentry_client=NAME/VERSION, sentry_key=KEY", in any order, and nothing else.  Without, @key is "". */
static gboolean
check_auth (SoupServerMessage *message, char **key, GError **error)
{
  const char *text = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "X-Sentry-Auth");
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) parts = NULL;

  *key = g_strdup ("");
  if (g_uri_get_query (soup_server_message_get_uri (message)) != NULL)
    return reports_refuse (error, "a query");
  if (text == NULL || !g_str_has_prefix (text, "Sentry "))
    return reports_refuse (error, "no X-Sentry-Auth");
  parts = g_strsplit (text + strlen ("Sentry "), ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *value = strchr (g_strstrip (parts[i]), '=');

      if (value == NULL)
        return reports_refuse (error, "a piece of X-Sentry-Auth without a value");
      *value++ = '\0';
      if (!g_hash_table_insert (found, parts[i], value))
        return reports_refuse (error, "%s twice in X-Sentry-Auth", parts[i]);
    }
  if (g_hash_table_size (found) != 3 || g_strcmp0 (g_hash_table_lookup (found, "sentry_version"), "7") != 0
      || g_hash_table_lookup (found, "sentry_client") == NULL || g_hash_table_lookup (found, "sentry_key") == NULL)
    return reports_refuse (error, "an X-Sentry-Auth that is not version, client and key");
  g_free (*key);
  *key = g_strdup (g_hash_table_lookup (found, "sentry_key"));
  return TRUE;
}

static GBytes *
read_body (SoupServerMessage *message, GError **error)
{
  const char *encoding = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Content-Encoding");
  g_autoptr (GBytes) sent = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GConverter) gunzip = NULL;
  g_autoptr (GInputStream) raw = NULL, stream = NULL;
  g_autofree char *buffer = g_malloc (MAX_BYTES + 1);
  gsize length;

  if (encoding != NULL && g_ascii_strcasecmp (encoding, "gzip") != 0)
    {
      reports_refuse (error, "an encoding that is not gzip");
      return NULL;
    }
  raw = g_memory_input_stream_new_from_bytes (sent);
  gunzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  stream = encoding != NULL ? g_converter_input_stream_new (raw, gunzip) : g_object_ref (raw);
  if (!g_input_stream_read_all (stream, buffer, MAX_BYTES + 1, &length, NULL, error))
    return NULL;
  if (length <= MAX_BYTES)
    return g_bytes_new (buffer, length);
  reports_refuse (error, "an envelope that is too long");
  return NULL;
}

static json_t *
list_headers (SoupMessageHeaders *headers)
{
  json_t *list = json_object ();
  const char *name, *value;
  SoupMessageHeadersIter iter;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    json_object_set_new (list, name, json_string (value));
  return list;
}

static void
note_arrival (const char *id, const char *peer)
{
  g_autofree char *line = g_strdup_printf ("%s %s\n", id, peer);

  append ("arrivals", line);
}

/* A reader sees the file whole, with all that has come. */
static void
store (const char *id, json_t *report)
{
  g_autofree char *path = g_strconcat (prefix, id, ".json", NULL);
  char *text = json_dumps (report, JSON_INDENT (1));

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  free (text);
  json_decref (report);
}

static void
keep (SoupServerMessage *message, json_t *envelope, GBytes *body)
{
  const char *id = json_string_value (json_object_get (json_object_get (envelope, "header"), "event_id"));
  g_autofree char *path = g_strconcat (prefix, id, ".json", NULL), *raw = g_strconcat (prefix, id, ".envelope", NULL),
                  *peer = request_dup_peer (message), *before = NULL;
  gsize length;

  note_arrival (id, peer);
  if (g_file_get_contents (raw, &before, &length, NULL))
    {
      g_autoptr (GBytes) first = g_bytes_new (before, length);
      json_t *report = json_load_file (path, 0, NULL);

      json_object_set_new (report, "arrivals", json_integer (json_integer_value (json_object_get (report, "arrivals")) + 1));
      if (!g_bytes_equal (first, body))
        json_object_set_new (report, "differs", json_true ());
      store (id, report);
      return;
    }
  g_assert_true (g_file_set_contents (raw, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body), NULL));
  store (id, json_pack ("{s:s,s:i,s:b,s:s,s:s,s:o,s:O,s:O}", "id", id, "arrivals", 1, "differs", 0, "peer", peer,
                        "path", request_get_path (message),
                        "headers", list_headers (soup_server_message_get_request_headers (message)),
                        "header", json_object_get (envelope, "header"), "items", json_object_get (envelope, "items")));
}

/* Whether a fault refused it. */
static gboolean
hold_off (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *path = request_get_path (message);
  guint wait_s = LIMIT_S;
  g_autofree char *text = NULL;

  if (fault_is_on ("limited", path, &wait_s))
    text = g_strdup_printf ("%u:transaction:organization, %u:default;error;security:organization", wait_s / 2, wait_s);
  else if (request_has_fault (message, "mad-limit"))
    text = g_strdup ("99999999999999999999:error:key, -5::organization, soon:error:, :::, 4294967297");
  if (text != NULL)
    soup_message_headers_replace (headers, LIMITS, text);
  else if (fault_is_on ("retry-date", path, &wait_s))
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (reply_get_now_s () + wait_s);

      text = soup_date_time_to_string (date, SOUP_DATE_HTTP);
      soup_message_headers_replace (headers, "Retry-After", text);
    }
  else
    return FALSE;
  refuse (message, 429, "Sentry dropped data due to a quota or internal rate limit being reached.");
  return TRUE;
}

static void
count_taken (SoupServerMessage *message, guint n_bytes, gpointer taken)
{
  *(gsize *) taken += n_bytes;
}

static void
note_taken (SoupServerMessage *message, gpointer taken)
{
  g_autofree char *line = g_strdup_printf ("%zu\n", *(gsize *) taken);

  append ("taken", line);
}

static void
free_taken (gpointer taken, GClosure *closure)
{
  g_free (taken);
}

/* However much of it is taken: what has gone when all of it has, or when nobody takes more. */
static void
reply_huge (SoupServerMessage *message)
{
  gsize *taken = g_new0 (gsize, 1);

  g_signal_connect (message, "wrote-body-data", G_CALLBACK (count_taken), taken);
  g_signal_connect_data (message, "finished", G_CALLBACK (note_taken), taken, free_taken, 0);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, REPLY_JSON, SOUP_MEMORY_TAKE, g_strnfill (HUGE_BYTES, ' '), HUGE_BYTES);
}

static void
take (SoupServerMessage *message, json_t *envelope, GBytes *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *text = NULL;
  guint wait_s = LIMIT_S;

  keep (message, envelope, body);
  if (fault_is_on ("slow-down", request_get_path (message), &wait_s))
    text = g_strdup_printf ("%u:error:key", wait_s);
  else if (request_has_fault (message, "other-limit"))
    text = g_strdup ("3600:transaction;session:organization");
  if (text != NULL)
    soup_message_headers_replace (headers, LIMITS, text);
  if (request_has_fault (message, "huge"))
    reply_huge (message);
  else
    reply_json (message, 200, json_pack ("{s:O}", "id", json_object_get (json_object_get (envelope, "header"), "event_id")));
}

static void
handle (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *key = NULL;
  json_t *envelope;

  if (hold_off (message))
    return;
  if (!request_is_for (message, KNOWN_REPORTS_HOST) || !g_str_equal (request_get_path (message), PATH))
    refuse (message, 404, "there is no such place here");
  else if (!request_has_method (message, "POST"))
    refuse (message, 405, "not a POST");
  else if (!check_auth (message, &key, &error))
    refuse (message, 401, error->message);
  else if (!g_str_equal (key, KNOWN_REPORTS_KEY))
    refuse (message, 403, "another key");
  else if (!check_headers (headers, &error) || (body = read_body (message, &error)) == NULL
           || (envelope = reports_read_envelope (g_bytes_get_data (body, NULL), g_bytes_get_size (body), DSN, &error)) == NULL)
    refuse (message, 400, error->message);
  else
    {
      take (message, envelope, body);
      json_decref (envelope);
    }
}

const Service service_reports = { "reports", open_service, handle, refuse, g_strdup };
