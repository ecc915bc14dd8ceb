/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium-sign-in.c: a person signs in with a browser, and the program asks whether that is done; afterwards a refresh token
 * stands for the account. */
#include "client/provider/mysterium.h"

#include <string.h>

#define UUID_BYTES      36
#define TOKEN_MAX_BYTES 1024    /* what the wire to the helper takes */
#define TYPE_MAX_BYTES  16
#define LIFE_MAX_S      (10 * 366 * 86400)
/* Assumed: the service knows several kinds of clients, and only the company can say which name a program of others may use.  This
 * one is that of its own client for the command line. */
#define CLIENT_ID       "cli"
#define AUTHORIZE       "https://app.mysteriumvpn.com/oauth/authorize?response_type=activation_none&client_id=" CLIENT_ID \
                        "&request_id="

G_STATIC_ASSERT (sizeof AUTHORIZE + UUID_BYTES <= ADIT_QUESTION_MAX_BYTES);

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

/**
 * adit_mysterium_is_uuid:
 * @text: (nullable): text that becomes part of a path and of an address
 *
 * Returns: %TRUE for a random UUID in lower case (RFC 9562, 5.4)
 */
gboolean
adit_mysterium_is_uuid (const char *text)
{
  static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";

  for (gsize i = 0; text != NULL && i < UUID_BYTES; i++)
    {
      const char *allowed = form[i] == 'x' ? "0123456789abcdef" : form[i] == 'v' ? "89ab" : form[i] == '4' ? "4" : "-";

      if (text[i] == '\0' || strchr (allowed, text[i]) == NULL)
        return FALSE;
    }
  return text != NULL && text[UUID_BYTES] == '\0';
}

/**
 * adit_mysterium_is_token:
 * @text: bytes
 * @length: how many
 *
 * Returns: %TRUE if they go into a header and into JSON as they are
 */
gboolean
adit_mysterium_is_token (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]) || text[i] == '"' || text[i] == '\\')
      return FALSE;
  return length > 0 && length < TOKEN_MAX_BYTES;
}

/**
 * adit_mysterium_write_request:
 * @id: a UUID that nobody can foresee: whoever knows it gets the tokens
 *
 * Returns: (transfer full): the body that announces it
 */
AditSecret *
adit_mysterium_write_request (const char *id)
{
  g_autofree char *text = g_strdup_printf ("{\"id\":\"%s\"}", id);

  return adit_secret_new (text, strlen (text));
}

/**
 * adit_mysterium_write_renewal:
 * @refresh_token: a token
 *
 * Assumed, as RFC 6749, section 6 has it: the grant's name is "grant_type", and the client says who it is.
 *
 * Returns: (transfer full): the body that trades it for fresh ones
 */
AditSecret *
adit_mysterium_write_renewal (AditSecret *refresh_token)
{
  static const char before[] = "{\"grant_type\":\"refresh_token\",\"client_id\":\"" CLIENT_ID "\",\"refresh_token\":\"";
  static const char after[] = "\"}";
  char text[sizeof before + TOKEN_MAX_BYTES + sizeof after];
  gsize length, end = sizeof before - 1;
  const guint8 *token = adit_secret_peek (refresh_token, &length);
  AditSecret *body;

  g_return_val_if_fail (length < TOKEN_MAX_BYTES, NULL);
  memcpy (text, before, end);
  memcpy (text + end, token, length);
  end += length;
  memcpy (text + end, after, sizeof after - 1);
  body = adit_secret_new (text, end + sizeof after - 1);
  adit_wipe (text, sizeof text);
  return body;
}

/**
 * adit_mysterium_ask:
 * @task: a task that signs in
 * @id: the announced UUID
 *
 * Leaves it to a person to sign in with a browser.  The address is ours, not the answer's: nobody can send them elsewhere.
 */
void
adit_mysterium_ask (AditProviderTask *task, const char *id)
{
  AditProviderQuestion *question = &task->result.question;

  question->kind = ADIT_QUESTION_BROWSER;
  g_strlcpy (question->handle, id, sizeof question->handle);
  g_snprintf (question->text, sizeof question->text, "%s%s", AUTHORIZE, id);
  task->is_done = TRUE;
}

/* NULL with @error unset where the field is missing. */
static AditSecret *
read_token (AditJson *root, const char *field, GError **error)
{
  const char *text;

  if (!adit_json_has (root, field))
    return NULL;
  text = adit_json_get_string (root, field, TOKEN_MAX_BYTES, error);
  if (text == NULL)
    return NULL;
  if (adit_mysterium_is_token (text, strlen (text)))
    return adit_secret_new (text, strlen (text));
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"%s\" is no token", field);
  return NULL;
}

static gboolean
has_bearer_type (AditJson *root, GError **error)
{
  const char *type = "bearer";

  if (adit_json_has (root, "token_type"))
    type = adit_json_get_string (root, "token_type", TYPE_MAX_BYTES, error);
  if (type == NULL)
    return FALSE;
  return g_ascii_strcasecmp (type, "bearer") == 0 ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: its token is of no known type");
}

/**
 * adit_mysterium_take_tokens:
 * @task: a task
 * @root: the service's answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Where there is no new refresh token the old one stays good (RFC 6749, section 6).
 *
 * Returns: %TRUE with the access token in @task and, where there is a new one, the refresh token in its result
 */
gboolean
adit_mysterium_take_tokens (AditProviderTask *task, AditJson *root, GError **error)
{
  g_autoptr (AditSecret) access = NULL, refresh = NULL;
  g_autoptr (GError) problem = NULL;
  gint64 life_s;

  if (!has_bearer_type (root, error) || !adit_json_get_integer (root, "expires_in", 1, LIFE_MAX_S, &life_s, error))
    return FALSE;
  access = read_token (root, "access_token", &problem);
  if (problem == NULL)
    refresh = read_token (root, "refresh_token", &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (access == NULL || (refresh == NULL && task->credential == NULL))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: it has no token");
  g_clear_pointer (&task->token, adit_secret_unref);
  g_clear_pointer (&task->fresh_token, adit_secret_unref);
  task->token = g_steal_pointer (&access);
  task->fresh_token = adit_secret_ref (task->token);
  task->fresh_token_expires_at_s = task->request.now_s + life_s;
  if (refresh == NULL)
    return TRUE;
  g_clear_pointer (&task->credential, adit_secret_unref);
  g_clear_pointer (&task->result.credential, adit_secret_unref);
  task->credential = g_steal_pointer (&refresh);
  task->result.credential = adit_secret_ref (task->credential);
  return TRUE;
}

/**
 * adit_mysterium_take_request:
 * @task: a task that has asked what became of a UUID
 * @root: the service's answer
 * @error: return location; %ADIT_ERROR_SIGN_IN_ENDED when nobody can sign in with it any more
 *
 * Returns: %TRUE when the person is signed in, or has still to do it
 */
gboolean
adit_mysterium_take_request (AditProviderTask *task, AditJson *root, GError **error)
{
  const char *asked = task->request.captcha_handle, *id = adit_json_get_string (root, "id", UUID_BYTES + 1, error);
  gboolean is_valid = TRUE;
  AditJson *tokens;

  if (id == NULL || (adit_json_has (root, "valid") && !adit_json_get_boolean (root, "valid", &is_valid, error)))
    return FALSE;
  if (!g_str_equal (id, asked))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered about another sign-in");
  if (!is_valid)
    return refuse (error, ADIT_ERROR_SIGN_IN_ENDED, "The sign-in was turned down or took too long; begin again");
  if (!adit_json_has (root, "token"))
    {
      adit_mysterium_ask (task, asked);
      return TRUE;
    }
  tokens = adit_json_get_object (root, "token", error);
  if (tokens == NULL || !adit_mysterium_take_tokens (task, tokens, error))
    return FALSE;
  task->result.device_is_known = TRUE;    /* nothing of this computer is registered, so nothing can be gone */
  task->is_done = TRUE;
  return TRUE;
}
