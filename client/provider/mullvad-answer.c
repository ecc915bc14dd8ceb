/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-answer.c: by which names Mullvad refuses, what they mean to the user, and where it sees this computer. */
#include "client/provider/mullvad.h"

#include <string.h>

#include "client/provider/api-list.h"
#include "client/provider/json.h"

/* All that the service's own client knows by name; what else there is arrives with its name and as HTTP has it. */
static const struct { const char *name; AditError code; const char *text; } codes[] = {
  { "INVALID_ACCOUNT",     ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not know this account number" },
  { "INVALID_ACCESS_TOKEN", ADIT_ERROR_SIGN_IN_ENDED,     "The service does not take the token that it has just given" },
  { "DEVICE_NOT_FOUND",    ADIT_ERROR_DEVICE_REVOKED,     "The service no longer knows this device" },
  { "MAX_DEVICES_REACHED", ADIT_ERROR_TOO_MANY_DEVICES,   "The account has as many devices as it may have" },
  { "PUBKEY_IN_USE",       ADIT_ERROR_KEY_REFUSED,        "The service says that this computer's key is in use" },
  { "INVALID_VOUCHER",     ADIT_ERROR_VOUCHER_REFUSED,    "The service does not know this voucher" },
  { "VOUCHER_USED",        ADIT_ERROR_VOUCHER_USED,       "This voucher has been used already" },
};

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, (int) code, text);
  return FALSE;
}

/* A code goes into the log: only what can be a code is let through. */
static gboolean
is_code (const char *code)
{
  for (const char *p = code; *p != '\0'; p++)
    if (!g_ascii_isupper (*p) && !g_ascii_isdigit (*p) && *p != '_')
      return FALSE;
  return code[0] != '\0';
}

/**
 * adit_mullvad_read_code:
 * @answer: one with a status that is none of success
 * @code: (out): what the service calls the error; "" where it has no name that could be one
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: %FALSE when the body is nonsense
 */
gboolean
adit_mullvad_read_code (const AditHttpAnswer *answer, char code[ADIT_MULLVAD_CODE_MAX_BYTES], GError **error)
{
  gboolean is_problem = g_str_equal (answer->content_type, "application/problem+json");
  g_autoptr (AditJson) root = NULL;
  g_autoptr (GError) problem = NULL;
  const char *field = is_problem ? "type" : "code", *name = "";

  code[0] = '\0';
  if (answer->status == 405 || !answer->has_length)
    return TRUE;
  root = adit_json_parse (answer->body->data, answer->body->len, ADIT_MULLVAD_ANSWER_MAX_BYTES, &problem);
  if (root != NULL && (!is_problem || adit_json_has (root, field)))
    name = adit_json_get_string (root, field, ADIT_MULLVAD_CODE_MAX_BYTES, &problem);
  /* What stands before a service has no form, and says enough by its number. */
  if (problem != NULL && adit_provider_get_error (answer->status) != ADIT_ERROR_SERVICE_REFUSED)
    return TRUE;
  if (problem != NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "HTTP %u: %s", answer->status, problem->message);
      return FALSE;
    }
  if (is_code (name))
    g_strlcpy (code, name, ADIT_MULLVAD_CODE_MAX_BYTES);
  return TRUE;
}

/**
 * adit_mullvad_refuse:
 * @answer: one with a status that is none of success
 * @code: what the service calls the error, or ""
 * @error: return location
 *
 * Returns: %FALSE, and the error that it stands for
 */
gboolean
adit_mullvad_refuse (const AditHttpAnswer *answer, const char *code, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].name, code))
      {
        g_set_error (error, ADIT_ERROR, (int) codes[i].code, "%s (%s)", codes[i].text, code);
        return FALSE;
      }
  if (answer->status >= 300 && answer->status < 400)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered with a redirection, which it never does");
  g_set_error (error, ADIT_ERROR, (int) adit_provider_get_error (answer->status),
               "The service answered with an error: HTTP %u%s%s", answer->status, code[0] != '\0' ? ", " : "", code);
  return FALSE;
}

/**
 * adit_mullvad_take_exit:
 * @task: one that has asked
 * @root: what the service says of who asks
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * It knows more about us than we ask it: all but the address is left alone.
 *
 * Returns: whether it is a public address of IPv4
 */
gboolean
adit_mullvad_take_exit (AditProviderTask *task, AditJson *root, GError **error)
{
  const char *text = adit_json_get_string (root, "ip", ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditAddress address;

  if (text == NULL)
    return FALSE;
  if (!adit_address_parse (text, &address) || address.family != ADIT_FAMILY_IPV4 || !adit_address_is_public (&address))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"ip\" is no public IPv4 address");
  task->result.exit_address = address;
  return TRUE;
}

/**
 * adit_mullvad_take_api:
 * @task: one that has asked
 * @root: where the service says that its API is
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether there is such an address
 */
gboolean
adit_mullvad_take_api (AditProviderTask *task, AditJson *root, GError **error)
{
  if (adit_json_is (root, ADIT_JSON_ARRAY))
    adit_api_list_read (root, TRUE, &task->result.api);
  return task->result.api.n > 0 ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: it names no address of its API");
}
