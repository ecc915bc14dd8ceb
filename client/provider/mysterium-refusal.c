/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-refusal.c: what the service says when it does not do what it was asked, made fit to be shown. */
#include "client/provider/mysterium.h"

#include <string.h>

#define ENVELOPE        "application/vnd.mysterium.error+json"
#define REFUSAL_BYTES   65536
#define WORDS_MAX_BYTES 140    /* the wire's detail has 256, and ours stand around them */

/* "application/json; charset=utf-8" is application/json. */
static gboolean
is_type (const char *content_type, const char *wanted)
{
  gsize length = strlen (wanted);

  return g_ascii_strncasecmp (content_type, wanted, length) == 0 && strchr ("; \t", content_type[length]) != NULL;
}

static gboolean
holds (const char *text, AditSecret *secret)
{
  gsize length, text_length = strlen (text);
  const guint8 *bytes = secret != NULL ? adit_secret_peek (secret, &length) : NULL;

  if (bytes == NULL || length == 0)
    return FALSE;
  for (gsize i = 0; i + length <= text_length; i++)
    if (memcmp (text + i, bytes, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_shown (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
      return FALSE;
    default:
      return c != '&' && c != '>';
    }
}

/* One line without markup; what is taken out leaves one blank. */
static char *
clean (const char *text)
{
  GString *line = g_string_new (NULL);
  gboolean in_tag = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean shown = !in_tag && c != '<' && is_shown (c);

      in_tag = c == '<' || (in_tag && c != '>');
      if (shown)
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }
  return g_strchomp (g_string_free (line, FALSE));
}

static const char *
get_text (json_t *object, const char *field)
{
  const char *text = adit_json_has (object, field) ? adit_json_get_string (object, field, REFUSAL_BYTES, NULL) : NULL;

  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* NULL where the answer is in neither of the service's forms.  Its words go into the log, so nothing of ours may be in them. */
static char *
dup_words (AditProviderTask *task, const AditHttpAnswer *answer)
{
  g_autoptr (json_t) root = NULL;
  g_autofree char *words = NULL;
  const char *text, *end;
  json_t *object;

  if (!is_type (answer->content_type, ENVELOPE) && !is_type (answer->content_type, "application/json"))
    return NULL;
  root = adit_json_parse (answer->body->data, answer->body->len, REFUSAL_BYTES, NULL);
  object = root != NULL && json_is_object (json_object_get (root, "error")) ? json_object_get (root, "error") : root;
  if (object == NULL || !json_is_object (object))
    return NULL;
  text = get_text (object, "detail");
  if (text == NULL)
    text = get_text (object, "message");
  if (text == NULL)
    return NULL;
  words = clean (text);
  if (words[0] == '\0' || holds (words, task->credential) || holds (words, task->token) ||
      holds (words, task->request.credential))
    return NULL;
  g_utf8_validate (words, (gssize) MIN (strlen (words), WORDS_MAX_BYTES), &end);
  return g_strndup (words, (gsize) (end - words));
}

/**
 * adit_mysterium_refuse:
 * @task: a task
 * @answer: an answer that is no success
 * @error: return location; %ADIT_ERROR_SERVICE_REFUSED, or %ADIT_ERROR_SERVICE_NONSENSE for what the service never does
 *
 * Returns: %FALSE
 */
gboolean
adit_mysterium_refuse (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autofree char *words = NULL, *said = NULL;

  if (answer->status < 400)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service answered with HTTP %u, which it never does",
                   answer->status);
      return FALSE;
    }
  words = dup_words (task, answer);
  said = words != NULL ? g_strdup_printf (": \"%s\"", words) : g_strdup (", and did not say why");
  if (answer->status == 429)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED,
                 "There were too many requests to the service; wait some minutes and try again (HTTP 429%s)", said);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED, "The service answered with an error: HTTP %u%s", answer->status,
                 said);
  return FALSE;
}
