/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-refusal.c: what the service says when it does not do what it was asked, made fit to be shown. */
#include "client/provider/mysterium.h"

#include <string.h>

#include "client/provider/words.h"

#define ENVELOPE        "application/vnd.mysterium.error+json"
#define REFUSAL_BYTES   65536
#define WORDS_MAX_BYTES 140    /* the wire's detail has 256, and ours stand around them */

/* The codes that all of the service's calls share, whatever HTTP says. */
static const struct { const char *name; AditError code; } codes[] = {
  { "not_found",         ADIT_ERROR_NOT_UNDERSTOOD },    /* of a place: ADIT_ERROR_NO_SUCH_PLACE */
  { "internal",          ADIT_ERROR_SERVICE_FAILED },
  { "unavailable",       ADIT_ERROR_SERVICE_FAILED },
  { "parse_failed",      ADIT_ERROR_NOT_UNDERSTOOD },
  { "validation_failed", ADIT_ERROR_NOT_UNDERSTOOD },
  { "shall_not_pass",    ADIT_ERROR_SIGN_IN_ENDED },
};

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

static const char *
get_text (AditJson *object, const char *field)
{
  const char *text = adit_json_has (object, field) ? adit_json_get_string (object, field, REFUSAL_BYTES, NULL) : NULL;

  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* What says what is wrong; NULL where the answer is in neither of the service's forms. */
static AditJson *
find_object (AditJson *root)
{
  AditJson *object = adit_json_is (adit_json_find (root, "error"), ADIT_JSON_OBJECT) ? adit_json_find (root, "error") : root;

  return adit_json_is (object, ADIT_JSON_OBJECT) ? object : NULL;
}

static AditJson *
parse (const AditHttpAnswer *answer)
{
  if (!is_type (answer->content_type, ENVELOPE) && !is_type (answer->content_type, "application/json"))
    return NULL;
  return adit_json_parse (answer->body->data, answer->body->len, REFUSAL_BYTES, NULL);
}

static AditError
find_code (AditProviderTask *task, AditJson *object, guint status)
{
  const char *name = object != NULL ? get_text (object, "code") : NULL;

  if (task->request.want == ADIT_PROVIDER_TUNNEL && g_strcmp0 (name, "not_found") == 0)
    return ADIT_ERROR_NO_SUCH_PLACE;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (codes[i].name, name) == 0)
      return codes[i].code;
  return adit_provider_get_error (status);
}

/* They go into the log, so nothing of ours may be in them. */
static char *
dup_words (AditProviderTask *task, AditJson *object)
{
  g_autofree char *words = NULL;
  const char *text;

  if (object == NULL)
    return NULL;
  text = get_text (object, "detail");
  if (text == NULL)
    text = get_text (object, "message");
  if (text == NULL)
    return NULL;
  words = adit_words_dup (text, WORDS_MAX_BYTES);
  if (words[0] == '\0' || holds (words, task->credential) || holds (words, task->token) ||
      holds (words, task->request.credential))
    return NULL;
  return g_steal_pointer (&words);
}

/**
 * adit_mysterium_refuse:
 * @task: a task
 * @answer: an answer that is no success
 * @error: return location; what the service's code says, otherwise what HTTP's does (adit_provider_get_error())
 *
 * Returns: %FALSE
 */
gboolean
adit_mysterium_refuse (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = parse (answer);
  AditJson *object = root != NULL ? find_object (root) : NULL;
  g_autofree char *words = NULL, *said = NULL;

  if (answer->status < 400)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service answered with HTTP %u, which it never does",
                   answer->status);
      return FALSE;
    }
  words = dup_words (task, object);
  said = words != NULL ? g_strdup_printf (": \"%s\"", words) : g_strdup (", and did not say why");
  if (answer->status == 429)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_REQUESTS,
                 "There were too many requests to the service; wait some minutes and try again (HTTP 429%s)", said);
  else
    g_set_error (error, ADIT_ERROR, (int) find_code (task, object, answer->status),
                 "The service answered with an error: HTTP %u%s", answer->status, said);
  return FALSE;
}
