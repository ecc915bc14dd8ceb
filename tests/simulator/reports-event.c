/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reports-event.c: an event as Sentry's document has it, of a program that crashed or of somebody who has a problem; with nothing
 * in it that says whose computer it comes from, and nothing of a memory. */
#include "tests/simulator/reports.h"

#include <string.h>

#define MAX_TEXT_BYTES (64u << 10)
#define MAX_TAG_BYTES  200
#define MAX_OFFSET     G_MAXUINT32    /* no module of ours is as long; where it lies in a process is far above */

static gboolean
check_texts (json_t *value, GError **error)
{
  const char *name;
  json_t *member;
  gsize i;

  if (json_is_string (value))
    {
      const char *text = json_string_value (value);

      if (strlen (text) != json_string_length (value) || json_string_length (value) > MAX_TEXT_BYTES)
        return reports_refuse (error, "a text is too long, or has a zero in it");
      for (; *text != '\0'; text++)
        if ((guchar) *text < ' ' && *text != '\n' && *text != '\t')
          return reports_refuse (error, "a text has a control character");
    }
  json_object_foreach (value, name, member)
    if (!check_texts (member, error))
      return FALSE;
  json_array_foreach (value, i, member)
    if (!check_texts (member, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_choice (json_t *value, const char *const *choices, const char *what, GError **error)
{
  if (json_is_string (value) && g_strv_contains (choices, json_string_value (value)))
    return TRUE;
  return reports_refuse (error, "%s is none of those that there are", what);
}

static gboolean
check_tags (json_t *tags, GError **error)
{
  const char *name;
  json_t *value;

  if (tags != NULL && !json_is_object (tags))
    return reports_refuse (error, "tags is no object");
  json_object_foreach (tags, name, value)
    if (!json_is_string (value) || json_string_length (value) == 0 || json_string_length (value) >= MAX_TAG_BYTES
        || strchr (json_string_value (value), '\n') != NULL
        || strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-") != strlen (name))
      return reports_refuse (error, "the tag \"%s\" is no proper one", name);
  return TRUE;
}

/* Of the files in the process what they are called and which build it is: not where they lie. */
static gboolean
check_modules (json_t *modules, GError **error)
{
  const char *name;
  json_t *value;

  if (modules != NULL && !json_is_object (modules))
    return reports_refuse (error, "modules is no object");
  json_object_foreach (modules, name, value)
    if (!json_is_string (value) || strchr (name, '/') != NULL || strchr (json_string_value (value), '/') != NULL)
      return reports_refuse (error, "the module %s says where it lies", name);
  return TRUE;
}

/* "contexts": of the system and the program alone.  What there is of devices, screens, languages and people tells them apart. */
static gboolean
check_contexts (json_t *contexts, GError **error)
{
  static const char *const allowed[] = { "os", "app", "feedback", NULL },
                    *const os[] = { "type", "name", "version", "build", "kernel_version", "raw_description", NULL },
                    *const app[] = { "type", "app_name", "app_version", "app_build", "app_identifier", NULL };
  json_t *part;

  if (contexts == NULL)
    return TRUE;
  return reports_check_members (contexts, allowed, "contexts", error)
         && ((part = json_object_get (contexts, "os")) == NULL || reports_check_members (part, os, "contexts.os", error))
         && ((part = json_object_get (contexts, "app")) == NULL || reports_check_members (part, app, "contexts.app", error));
}

/* The values of an interface that is a list, in its canonical form. */
static gboolean
get_values (json_t *event, const char *name, json_t **values, GError **error)
{
  static const char *const allowed[] = { "values", NULL };
  json_t *list = json_object_get (event, name);

  *values = json_object_get (list, "values");
  if (list == NULL)
    return TRUE;
  if (!reports_check_members (list, allowed, name, error))
    return FALSE;
  return json_is_array (*values) || reports_refuse (error, "%s has no values", name);
}

static gboolean
check_breadcrumbs (json_t *event, GError **error)
{
  static const char *const allowed[] = { "timestamp", "type", "category", "message", "level", NULL };
  json_t *values, *one;
  gsize i;

  if (!get_values (event, "breadcrumbs", &values, error))
    return FALSE;
  json_array_foreach (values, i, one)
    if (!reports_check_members (one, allowed, "a breadcrumb", error))
      return FALSE;
    else if (json_object_get (one, "timestamp") != NULL && !reports_is_day (json_object_get (one, "timestamp")))
      return reports_refuse (error, "a breadcrumb says more than the day");
  return TRUE;
}

/* As two numbers or two texts, or one of each. */
static char *
dup_thread_id (json_t *id)
{
  if (json_is_integer (id))
    return g_strdup_printf ("%lld", (long long) json_integer_value (id));
  return g_strdup (json_string_value (id));
}

static gboolean
check_thread (json_t *thread, GHashTable *ids, GError **error)
{
  static const char *const allowed[] = { "id", "name", "crashed", "current", "main", "stacktrace", NULL };
  json_t *stack = json_object_get (thread, "stacktrace");
  g_autofree char *id = NULL;

  if (!reports_check_members (thread, allowed, "a thread", error))
    return FALSE;
  id = dup_thread_id (json_object_get (thread, "id"));
  if (id == NULL || !g_hash_table_add (ids, g_steal_pointer (&id)))
    return reports_refuse (error, "a thread has no id of its own");
  return stack == NULL || reports_check_stack (stack, "a thread", error);
}

static gboolean
check_threads (json_t *event, GHashTable *ids, GError **error)
{
  json_t *values, *one;
  gsize i;

  if (!get_values (event, "threads", &values, error))
    return FALSE;
  json_array_foreach (values, i, one)
    if (!check_thread (one, ids, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_exceptions (json_t *event, GHashTable *threads, GError **error)
{
  static const char *const allowed[] = { "type", "value", "module", "thread_id", "mechanism", "stacktrace", NULL };
  json_t *values, *one;
  gsize i;

  if (!get_values (event, "exception", &values, error))
    return FALSE;
  json_array_foreach (values, i, one)
    {
      json_t *stack = json_object_get (one, "stacktrace");
      g_autofree char *thread = NULL;

      if (!reports_check_members (one, allowed, "an exception", error))
        return FALSE;
      thread = dup_thread_id (json_object_get (one, "thread_id"));
      if (!json_is_string (json_object_get (one, "type")) && !json_is_string (json_object_get (one, "value")))
        return reports_refuse (error, "an exception has neither a type nor a value");
      if (thread != NULL && !g_hash_table_contains (threads, thread))
        return reports_refuse (error, "an exception is in a thread that there is not");
      if (stack != NULL && !reports_check_stack (stack, "an exception", error))
        return FALSE;
    }
  return TRUE;
}

/**
 * reports_check_stack:
 * @stack: a "stacktrace"
 * @what: whose, in the error
 * @error: return location
 *
 * Returns: whether it is one, and holds functions, files, lines and offsets alone: no register, no variable, no address of a
 *   process
 */
gboolean
reports_check_stack (json_t *stack, const char *what, GError **error)
{
  static const char *const allowed[] = { "frames", NULL },
                    *const members[] = { "filename", "function", "lineno", "package", "in_app", "instruction_addr", "addr_mode",
                                         "image_addr", "platform", NULL };
  json_t *frames = json_object_get (stack, "frames"), *frame;
  gsize i;

  if (!reports_check_members (stack, allowed, "a stacktrace", error))
    return FALSE;
  if (json_array_size (frames) == 0)
    return reports_refuse (error, "%s has a stacktrace without frames", what);
  json_array_foreach (frames, i, frame)
    {
      const char *address = json_string_value (json_object_get (frame, "instruction_addr")),
                 *file = json_string_value (json_object_get (frame, "filename"));
      json_t *line = json_object_get (frame, "lineno");
      guint64 offset = 0;

      if (!reports_check_members (frame, members, "a frame", error))
        return FALSE;
      if (address == NULL && file == NULL && json_object_get (frame, "function") == NULL)
        return reports_refuse (error, "a frame says nothing");
      if (line != NULL && json_integer_value (line) < 1)
        return reports_refuse (error, "a line's number is below 1");
      if (file != NULL && g_path_is_absolute (file))
        return reports_refuse (error, "a file's name begins where somebody's disk does");
      if (address != NULL && (!g_str_has_prefix (address, "0x")
                              || !g_ascii_string_to_unsigned (address + 2, 16, 0, MAX_OFFSET, &offset, NULL)))
        return reports_refuse (error, "%s is no offset", address);
    }
  return TRUE;
}

/**
 * reports_check_images:
 * @meta: (nullable): "debug_meta"
 * @error: return location
 *
 * Returns: whether its images are named, and are not said to lie anywhere
 */
gboolean
reports_check_images (json_t *meta, GError **error)
{
  static const char *const allowed[] = { "images", NULL },
                    *const members[] = { "type", "code_id", "code_file", "debug_id", "debug_file", "image_addr", "image_size",
                                         "arch", NULL };
  json_t *image;
  gsize i;

  if (meta == NULL)
    return TRUE;
  if (!reports_check_members (meta, allowed, "debug_meta", error))
    return FALSE;
  json_array_foreach (json_object_get (meta, "images"), i, image)
    {
      const char *address = json_string_value (json_object_get (image, "image_addr"));

      if (!reports_check_members (image, members, "an image", error))
        return FALSE;
      if (g_strcmp0 (json_string_value (json_object_get (image, "type")), "elf") != 0)
        return reports_refuse (error, "an image is none of this system");
      if (address != NULL && !g_str_equal (address, "0x0"))
        return reports_refuse (error, "an image lies at an address of a process");
    }
  return TRUE;
}

/**
 * reports_check_event:
 * @event: an object
 * @id: the envelope's
 * @error: return location
 *
 * Returns: whether it is an event of that id as a server wants it, and tells nothing of who sent it
 */
gboolean
reports_check_event (json_t *event, const char *id, GError **error)
{
  static const char *const allowed[] = { "event_id", "timestamp", "platform", "level", "logger", "transaction", "release", "dist",
                                         "tags", "environment", "extra", "fingerprint", "message", "logentry", "exception",
                                         "threads", "breadcrumbs", "contexts", "debug_meta", "modules", "sdk", NULL };
  static const char *const platforms[] = { "native", "c", "other", NULL },
                    *const levels[] = { "fatal", "error", "warning", "info", "debug", NULL };
  g_autoptr (GHashTable) threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  json_t *level = json_object_get (event, "level");

  if (!reports_check_members (event, allowed, "the event", error) || !check_texts (event, error))
    return FALSE;
  if (g_strcmp0 (json_string_value (json_object_get (event, "event_id")), id) != 0)
    return reports_refuse (error, "the event's id is not the envelope's");
  if (!reports_is_day (json_object_get (event, "timestamp")))
    return reports_refuse (error, "the event has no timestamp, or it says more than the day");
  return check_choice (json_object_get (event, "platform"), platforms, "platform", error)
         && (level == NULL || check_choice (level, levels, "level", error))
         && check_tags (json_object_get (event, "tags"), error) && check_contexts (json_object_get (event, "contexts"), error)
         && check_breadcrumbs (event, error) && check_threads (event, threads, error) && check_exceptions (event, threads, error)
         && check_modules (json_object_get (event, "modules"), error)
         && reports_check_images (json_object_get (event, "debug_meta"), error);
}
