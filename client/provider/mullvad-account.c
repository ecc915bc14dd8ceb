/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-account.c: Mullvad's account numbers, the tokens that stand for them, and until when they are paid. */
#include "client/provider/mullvad.h"

#include <string.h>

#include "client/provider/json.h"

#define NUMBER_MIN_DIGITS  10      /* old accounts; 16 are issued now */
#define NUMBER_MAX_DIGITS  16
#define TOKEN_MAX_BYTES    1024    /* what the wire to the helper takes */
#define BODY_MAX_BYTES     128

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: %s", what);
  return FALSE;
}

/**
 * adit_mullvad_read_number:
 * @typed: (nullable): as a person typed it
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * People paste numbers in groups, with any kind of space and with dashes.
 *
 * Returns: (transfer full) (nullable): the digits alone
 */
AditSecret *
adit_mullvad_read_number (AditSecret *typed, GError **error)
{
  gsize length;
  const char *text = typed != NULL ? (const char *) adit_secret_peek (typed, &length) : NULL;
  AditSecret *number = NULL;
  char digits[NUMBER_MAX_DIGITS];
  guint n = 0;
  gboolean is_number = text != NULL && g_utf8_validate (text, (gssize) length, NULL);

  for (const char *p = text; is_number && p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == '-')
        continue;
      if (c < '0' || c > '9' || n == NUMBER_MAX_DIGITS)
        is_number = FALSE;
      else
        digits[n++] = (char) c;
    }
  if (is_number && n >= NUMBER_MIN_DIGITS)
    number = adit_secret_new (digits, n);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED,
                 "A Mullvad account number has %d to %d digits and nothing else", NUMBER_MIN_DIGITS, NUMBER_MAX_DIGITS);
  adit_wipe (digits, sizeof digits);
  return number;
}

/* The one member @name with the text of @value, which needs no escape. */
static AditSecret *
write_member (const char *name, AditSecret *value)
{
  char text[BODY_MAX_BYTES];
  gsize length;
  const char *bytes = (const char *) adit_secret_peek (value, &length);
  int size = g_snprintf (text, sizeof text, "{\"%s\":\"%.*s\"}", name, (int) length, bytes);
  AditSecret *body = adit_secret_new (text, (gsize) size);

  adit_wipe (text, sizeof text);
  return body;
}

/**
 * adit_mullvad_write_number:
 * @task: one with a credential
 *
 * Returns: (transfer full): the request for a token
 */
AditSecret *
adit_mullvad_write_number (const AditProviderTask *task)
{
  return write_member ("account_number", task->credential);
}

/**
 * adit_mullvad_take_token:
 * @task: one that has sent its number
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether there is a token, of visible ASCII
 */
gboolean
adit_mullvad_take_token (AditProviderTask *task, json_t *root, GError **error)
{
  const char *token = adit_json_get_string (root, "access_token", TOKEN_MAX_BYTES, error), *p = token;

  if (token == NULL || !adit_json_get_time (root, "expiry", &task->fresh_token_expires_at_s, error))
    return FALSE;
  while (g_ascii_isgraph (*p))
    p++;
  if (*p != '\0' || p == token)
    return refuse (error, *p != '\0' ? "\"access_token\" is no token" : "\"access_token\" is empty");
  task->token = adit_secret_new (token, (gsize) (p - token));
  task->fresh_token = adit_secret_ref (task->token);
  return TRUE;
}

/**
 * adit_mullvad_take_account:
 * @task: one that has asked for its account
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it says until when the account is paid
 */
gboolean
adit_mullvad_take_account (AditProviderTask *task, json_t *root, GError **error)
{
  return adit_json_get_time (root, "expiry", &task->result.account_expires_at_s, error);
}
