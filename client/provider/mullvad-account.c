/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-account.c: Mullvad's account numbers, the tokens that stand for them, until when they are paid, and vouchers. */
#include "client/provider/mullvad.h"

#include <string.h>

#include "client/provider/json.h"

#define NUMBER_MIN_DIGITS  10      /* old accounts; 16 are issued now */
#define NUMBER_MAX_DIGITS  16
#define TOKEN_MAX_BYTES    1024    /* what the wire to the helper takes */
/* Assumed: they are spelled as the one that is known, ABCD-EFGH-IJKL-MNOP.  The service's own window asks for 16 characters at
 * least. */
#define VOUCHER_MIN        16
#define VOUCHER_MAX        32
#define VOUCHER_GROUP      4
#define BODY_MAX_BYTES     128

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: %s", what);
  return FALSE;
}

/* What a person typed without any kind of space and without dashes, which is how groups are made: digits, and letters (A to Z,
 * which may be small) where there may be some.  Returns how many; 0 where there is something else, or more than fits. */
static guint
read_typed (AditSecret *typed, gboolean has_letters, char *to, guint max)
{
  gsize length = 0;
  const char *text = typed != NULL ? (const char *) adit_secret_peek (typed, &length) : NULL;
  guint n = 0;

  if (text == NULL || !g_utf8_validate (text, (gssize) length, NULL))
    return 0;
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == '-')
        continue;
      if (n == max || c > 'z' || !(has_letters ? g_ascii_isalnum ((char) c) : g_ascii_isdigit ((char) c)))
        return 0;
      to[n++] = g_ascii_toupper ((char) c);
    }
  return n;
}

/**
 * adit_mullvad_read_number:
 * @typed: (nullable): as a person typed it
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Returns: (transfer full) (nullable): the digits alone
 */
AditSecret *
adit_mullvad_read_number (AditSecret *typed, GError **error)
{
  char digits[NUMBER_MAX_DIGITS];
  guint n = read_typed (typed, FALSE, digits, sizeof digits);
  AditSecret *number = NULL;

  if (n >= NUMBER_MIN_DIGITS)
    number = adit_secret_new (digits, n);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED,
                 "A Mullvad account number has %d to %d digits and nothing else", NUMBER_MIN_DIGITS, NUMBER_MAX_DIGITS);
  adit_wipe (digits, sizeof digits);
  return number;
}

/**
 * adit_mullvad_read_voucher:
 * @typed: (nullable): as a person typed it
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full) (nullable): in capitals and in groups
 */
AditSecret *
adit_mullvad_read_voucher (AditSecret *typed, GError **error)
{
  char characters[VOUCHER_MAX], grouped[VOUCHER_MAX + VOUCHER_MAX / VOUCHER_GROUP];
  guint n = read_typed (typed, TRUE, characters, sizeof characters);
  gsize length = 0;
  AditSecret *voucher = NULL;

  for (guint i = 0; i < n; i++)
    {
      if (i > 0 && i % VOUCHER_GROUP == 0)
        grouped[length++] = '-';
      grouped[length++] = characters[i];
    }
  if (n >= VOUCHER_MIN)
    voucher = adit_secret_new (grouped, length);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                 "A Mullvad voucher has %d to %d letters and digits and nothing else", VOUCHER_MIN, VOUCHER_MAX);
  adit_wipe (characters, sizeof characters);
  adit_wipe (grouped, sizeof grouped);
  return voucher;
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
 * adit_mullvad_write_voucher:
 * @task: one with a voucher that can be one
 *
 * Returns: (transfer full): the request that spends it
 */
AditSecret *
adit_mullvad_write_voucher (const AditProviderTask *task)
{
  g_autoptr (AditSecret) voucher = adit_mullvad_read_voucher (task->request.voucher, NULL);

  g_return_val_if_fail (voucher != NULL, NULL);
  return write_member ("voucher_code", voucher);
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
adit_mullvad_take_token (AditProviderTask *task, AditJson *root, GError **error)
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
adit_mullvad_take_account (AditProviderTask *task, AditJson *root, GError **error)
{
  gint64 limit;

  /* Assumed: the service's own client reads no such member, so one of another form is as good as none. */
  if (adit_json_get_integer (root, "max_devices", 1, ADIT_PROVIDER_MAX_DEVICES, &limit, NULL))
    task->result.plan.device_limit = (guint) limit;
  return adit_json_get_time (root, "expiry", &task->result.account_expires_at_s, error);
}

/**
 * adit_mullvad_take_new_account:
 * @task: one that has asked for a new account
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it has a number; to sign in with it is another task
 */
gboolean
adit_mullvad_take_new_account (AditProviderTask *task, AditJson *root, GError **error)
{
  const char *number = adit_json_get_string (root, "number", NUMBER_MAX_DIGITS + 1, error);
  gsize n;

  if (number == NULL)
    return FALSE;
  n = strspn (number, "0123456789");
  if (number[n] != '\0' || n < NUMBER_MIN_DIGITS)
    return refuse (error, "\"number\" is no account number");
  task->result.credential = adit_secret_new (number, n);
  return TRUE;
}

/**
 * adit_mullvad_take_spent:
 * @task: one that has sent its voucher
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it says until when the account is paid now
 */
gboolean
adit_mullvad_take_spent (AditProviderTask *task, AditJson *root, GError **error)
{
  return adit_json_get_time (root, "new_expiry", &task->result.account_expires_at_s, error);
}
