/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-envelope.c: an envelope as Sentry's document has it, read more strictly than any server does: what a sender should do,
 * it has to do, and what would tell one sender from another it must not say. */
#include "tests/simulator/reports.h"

#include <string.h>
#include <gio/gio.h>

#define ID_LENGTH      32
#define DAY_S          86400
#define MAX_ATTACHMENT (1u << 20)    /* far above what a report may have; Sentry's own limit is 100 MB */
#define MAX_EVENT      (1u << 20)    /* "Size Limits": 1 MB */

/**
 * reports_refuse:
 * @error: return location
 * @format: what is wrong, as printf() has it
 *
 * Returns: %FALSE
 */
gboolean
reports_refuse (GError **error, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  if (error != NULL)
    *error = g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, list);
  va_end (list);
  return FALSE;
}

/**
 * reports_read_object:
 * @text: JSON
 * @length: of it, in bytes
 * @what: its name in the error
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the object that @text is, none of whose members stands there twice
 */
json_t *
reports_read_object (const char *text, gsize length, const char *what, GError **error)
{
  json_error_t where;
  json_t *object = json_loadb (text, length, JSON_REJECT_DUPLICATES, &where);

  if (json_is_object (object))
    return object;
  reports_refuse (error, "%s is no JSON object: %s", what, object == NULL ? where.text : "something else");
  json_decref (object);
  return NULL;
}

/**
 * reports_is_id:
 * @text: (nullable): any text
 *
 * Returns: whether it is an event's id: 32 hexadecimal digits, small ones, no dashes
 */
gboolean
reports_is_id (const char *text)
{
  return text != NULL && strlen (text) == ID_LENGTH && strspn (text, "0123456789abcdef") == ID_LENGTH;
}

/**
 * reports_is_day:
 * @time: (nullable): seconds since 1970, or RFC 3339
 *
 * Returns: whether it is a time, and says no more than the day; a clock that is wrong by seconds is known again by them
 */
gboolean
reports_is_day (json_t *time)
{
  if (json_is_string (time))
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (json_string_value (time), NULL);

      return date != NULL && g_date_time_get_utc_offset (date) == 0 && g_date_time_get_microsecond (date) == 0
             && g_date_time_to_unix (date) % DAY_S == 0;
    }
  return json_is_number (time) && json_number_value (time) > 0
         && json_number_value (time) == (double) (gint64) json_number_value (time)
         && (gint64) json_number_value (time) % DAY_S == 0;
}

/**
 * reports_check_members:
 * @object: (nullable): what should be an object
 * @allowed: %NULL-terminated names
 * @what: its name in the error
 * @error: return location
 *
 * Returns: whether it is one, and has no member but those
 */
gboolean
reports_check_members (json_t *object, const char *const *allowed, const char *what, GError **error)
{
  const char *name;
  json_t *value;

  if (!json_is_object (object))
    return reports_refuse (error, "%s is no object", what);
  json_object_foreach (object, name, value)
    if (!g_strv_contains (allowed, name))
      return reports_refuse (error, "%s has \"%s\"", what, name);
  return TRUE;
}

static gboolean
check_header (json_t *header, const char *dsn, GError **error)
{
  static const char *const allowed[] = { "event_id", "dsn", "sdk", "sent_at", NULL }, *const sdk[] = { "name", "version", NULL };
  json_t *own_dsn = json_object_get (header, "dsn"), *sent_at = json_object_get (header, "sent_at");
  json_t *by = json_object_get (header, "sdk");

  if (!reports_check_members (header, allowed, "the envelope's header", error))
    return FALSE;
  if (!reports_is_id (json_string_value (json_object_get (header, "event_id"))))
    return reports_refuse (error, "the envelope has no proper event_id");
  if (own_dsn != NULL && g_strcmp0 (json_string_value (own_dsn), dsn) != 0)
    return reports_refuse (error, "the envelope is for another server");
  if (sent_at != NULL && !reports_is_day (sent_at))
    return reports_refuse (error, "sent_at is no time, or says more than the day");
  return by == NULL || reports_check_members (by, sdk, "sdk", error);
}

/* Without control characters, but for those that a text has. */
static gboolean
is_plain (const char *text, gsize length)
{
  if (!g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guchar) text[i] < ' ' && text[i] != '\n' && text[i] != '\t')
      return FALSE;
  return TRUE;
}

static gboolean
check_attachment (json_t *header, const char *payload, gsize length, GError **error)
{
  static const char *const allowed[] = { "type", "length", "filename", "content_type", "attachment_type", NULL };
  const char *name = json_string_value (json_object_get (header, "filename"));

  if (!reports_check_members (header, allowed, "an attachment's header", error))
    return FALSE;
  if (name == NULL || *name == '\0' || strchr (name, '/') != NULL)
    return reports_refuse (error, "an attachment has no proper filename");
  /* What is not plain text, a reader's browser might take for a page. */
  if (g_strcmp0 (json_string_value (json_object_get (header, "content_type")), "text/plain") != 0)
    return reports_refuse (error, "an attachment is not text/plain");
  if (length > MAX_ATTACHMENT || !is_plain (payload, length))
    return reports_refuse (error, "an attachment is too long, or no text");
  return TRUE;
}

static json_t *
read_item (json_t *header, const char *payload, gsize length, const char *id, GError **error)
{
  static const char *const allowed[] = { "type", "length", "content_type", NULL };
  const char *type = json_string_value (json_object_get (header, "type")),
             *content = json_string_value (json_object_get (header, "content_type"));
  json_t *event;

  if (g_strcmp0 (type, "attachment") == 0)
    return check_attachment (header, payload, length, error)
           ? json_pack ("{s:O,s:s%}", "header", header, "text", payload, length) : NULL;
  if (g_strcmp0 (type, "event") != 0)
    {
      reports_refuse (error, "an item is a %s", type != NULL ? type : "thing without a type");
      return NULL;
    }
  if (!reports_check_members (header, allowed, "the event's header", error))
    return NULL;
  if (length > MAX_EVENT || (content != NULL && !g_str_equal (content, "application/json")))
    {
      reports_refuse (error, "the event is too long, or no JSON");
      return NULL;
    }
  event = reports_read_object (payload, length, "the event", error);
  if (event == NULL)
    return NULL;
  if (reports_check_event (event, id, error))
    return json_pack ("{s:O,s:o}", "header", header, "json", event);
  json_decref (event);
  return NULL;
}

/* The next item and the newline after it, which the last one need not have. */
static json_t *
take_item (const char *bytes, gsize length, gsize *at, const char *id, GError **error)
{
  const char *end = memchr (bytes + *at, '\n', length - *at);
  json_t *header, *size, *item = NULL;

  if (end == NULL)
    {
      reports_refuse (error, "an item has no payload");
      return NULL;
    }
  header = reports_read_object (bytes + *at, (gsize) (end - bytes) - *at, "an item's header", error);
  if (header == NULL)
    return NULL;
  *at = (gsize) (end - bytes) + 1;
  size = json_object_get (header, "length");
  if (!json_is_integer (size) || json_integer_value (size) < 0 || (gsize) json_integer_value (size) > length - *at)
    reports_refuse (error, "an item does not say how long it is, or ends early");
  else
    {
      gsize size_bytes = (gsize) json_integer_value (size);

      item = read_item (header, bytes + *at, size_bytes, id, error);
      *at += size_bytes;
      if (item != NULL && *at < length && bytes[(*at)++] != '\n')
        {
          reports_refuse (error, "an item is longer than it says");
          g_clear_pointer (&item, json_decref);
        }
    }
  json_decref (header);
  return item;
}

static json_t *
read_items (const char *bytes, gsize length, gsize at, const char *id, GError **error)
{
  json_t *items = json_array ();
  guint n_events = 0;

  while (at < length)
    {
      json_t *item = take_item (bytes, length, &at, id, error);

      if (item == NULL)
        {
          json_decref (items);
          return NULL;
        }
      n_events += json_object_get (item, "json") != NULL;
      json_array_append_new (items, item);
    }
  if (n_events == 1)
    return items;
  reports_refuse (error, "%u events, not one", n_events);
  json_decref (items);
  return NULL;
}

/**
 * reports_read_envelope:
 * @bytes: what was sent
 * @length: of it
 * @dsn: the server's own
 * @error: return location
 *
 * Returns: (transfer full) (nullable): { header, items }; %NULL with what is wrong
 */
json_t *
reports_read_envelope (const char *bytes, gsize length, const char *dsn, GError **error)
{
  const char *end = memchr (bytes, '\n', length);
  json_t *header, *items = NULL;

  if (end == NULL)
    {
      reports_refuse (error, "the envelope has no header, or no item");
      return NULL;
    }
  header = reports_read_object (bytes, (gsize) (end - bytes), "the envelope's header", error);
  if (header == NULL)
    return NULL;
  if (check_header (header, dsn, error))
    items = read_items (bytes, length, (gsize) (end - bytes) + 1, json_string_value (json_object_get (header, "event_id")),
                        error);
  if (items != NULL)
    return json_pack ("{s:o,s:o}", "header", header, "items", items);
  json_decref (header);
  return NULL;
}
