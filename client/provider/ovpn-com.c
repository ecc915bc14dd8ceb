/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com.c: OVPN's calls.  There is no log-in call and no session: user name and password go with each call about a key, and to
 * register one is the proof of them. */
#include "config.h"
#include "client/provider/ovpn-com.h"

#include <string.h>

#include "client/provider/json.h"
#include "client/provider/provider.h"

#define ENTRY_TIMEOUT_MS     10000
#define REGISTER_TIMEOUT_MS  20000
#define DELETE_TIMEOUT_MS    10000
#define EXIT_TIMEOUT_MS      6000
#define PREFIX_MAX_BYTES     64

typedef enum
{
  STEP_ENTRY,
  STEP_EXIT,
  STEP_REGISTER,
  STEP_DELETE,
} Step;

static gboolean
is_done (AditProviderTask *task)
{
  task->is_done = TRUE;
  return TRUE;
}

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

/* Which keys each wish needs, and what of the account it may not touch. */
static gboolean
check_keys (const AditProviderRequest *request, GError **error)
{
  const guint8 *key = request->public_key, *old = request->old_public_key;
  gboolean is_rotation = request->want == ADIT_PROVIDER_ROTATE;

  if (is_rotation && request->is_connected)
    return refuse (error, ADIT_ERROR_BUSY, "The tunnel is up with the key that would be replaced");
  if ((request->want != ADIT_PROVIDER_LOG_OUT && key == NULL) || (request->want != ADIT_PROVIDER_LOG_IN && old == NULL) ||
      (is_rotation && memcmp (key, old, ADIT_WG_KEY_BYTES) == 0))
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request names no proper key");
  return TRUE;
}

static gboolean
ovpn_start (AditProviderTask *task, GError **error)
{
  const AditProviderRequest *request = &task->request;

  if (request->want == ADIT_PROVIDER_LIST || request->want == ADIT_PROVIDER_EXIT)
    {
      task->step = request->want == ADIT_PROVIDER_LIST ? STEP_ENTRY : STEP_EXIT;
      return TRUE;
    }
  task->credential = adit_ovpn_com_read_login (request->credential, error);
  if (task->credential == NULL)
    return FALSE;
  /* Assumed: nothing tells a plan, an end or a key.  So nothing is asked, and nobody is told that his computer is unknown. */
  if (request->want == ADIT_PROVIDER_ACCOUNT)
    {
      task->result.device_is_known = TRUE;
      return is_done (task);
    }
  task->step = request->want == ADIT_PROVIDER_LOG_OUT ? STEP_DELETE : STEP_REGISTER;
  return check_keys (request, error);
}

static gboolean
ovpn_next (AditProviderTask *task, AditHttpRequest *http, GError **error)
{
  const AditProviderRequest *request = &task->request;

  http->answer_max_bytes = ADIT_OVPN_COM_ANSWER_MAX_BYTES;
  adit_http_request_add_header (http, "User-Agent", "Adit/" ADIT_VERSION);
  adit_http_request_add_header (http, "Accept", "application/json");
  switch ((Step) task->step)
    {
    case STEP_ENTRY:
      http->path = g_strdup ("/v2/api/client/entry");
      http->answer_max_bytes = ADIT_OVPN_COM_ENTRY_MAX_BYTES;
      http->timeout_ms = ENTRY_TIMEOUT_MS;
      break;
    case STEP_EXIT:
      http->path = g_strdup ("/v2/api/client/ptr");
      http->timeout_ms = EXIT_TIMEOUT_MS;
      break;
    case STEP_REGISTER:
      http->method = ADIT_HTTP_POST;
      http->path = g_strdup ("/v4/api/keys");
      http->body = adit_ovpn_com_write_form (task->credential, "new_key", request->public_key);
      http->timeout_ms = REGISTER_TIMEOUT_MS;
      break;
    case STEP_DELETE:
      http->method = ADIT_HTTP_DELETE;
      http->path = g_strdup ("/v4/api/keys");
      http->body = adit_ovpn_com_write_form (task->credential, "key", request->old_public_key);
      http->timeout_ms = DELETE_TIMEOUT_MS;
      break;
    }
  if (http->body != NULL)
    adit_http_request_add_header (http, "Content-Type", "application/x-www-form-urlencoded");
  return TRUE;
}

/* What has no meaning of its own: in the service's words where it has some. */
static gboolean
take_failure (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (answer->body->data, answer->body->len, ADIT_OVPN_COM_ANSWER_MAX_BYTES, NULL);
  AditError code = ADIT_ERROR_SERVICE_REFUSED;
  gboolean says_too_many;
  g_autofree char *words = adit_ovpn_com_dup_words (root, task->credential, &says_too_many);

  if (answer->status >= 300 && answer->status < 400)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered with a redirection, which it never does");
  if (answer->status < 300 && root == NULL)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is not JSON");
  if (task->step == STEP_REGISTER && says_too_many)
    return refuse (error, ADIT_ERROR_TOO_MANY_DEVICES,
                   "The account has as many keys as it may have; they are removed at " ADIT_OVPN_COM_KEYS_PAGE);
  if (answer->status >= 400)
    code = adit_provider_get_error (answer->status);
  if (words[0] != '\0')
    g_set_error (error, ADIT_ERROR, (int) code, "The service says: %s (HTTP %u)", words, answer->status);
  else
    g_set_error (error, ADIT_ERROR, (int) code, "The service %s: HTTP %u",
                 task->step == STEP_REGISTER ? "did not register this computer's key" : "answered with an error",
                 answer->status);
  return FALSE;
}

/* In the order in which the one client that is known asks. */
static gboolean
take_key_failure (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  if (answer->status == 423)
    return refuse (error, ADIT_ERROR_TOO_MANY_REQUESTS,
                   "The service lets keys be changed only about once a minute: wait a minute, then try again");
  if (answer->status == 401 || answer->status == 403)
    return refuse (error, ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not know this user name with this password");
  return take_failure (task, answer, error);
}

/* A number or a text; kept as a text. */
static gboolean
take_id (AditProviderTask *task, AditJson *data, GError **error)
{
  AditJson *value = adit_json_find (data, "id");
  char *id = task->result.device_id;
  gsize length = 0;

  if (adit_json_is (value, ADIT_JSON_INTEGER) && adit_json_peek_integer (value) >= 0)
    g_snprintf (id, ADIT_DEVICE_ID_MAX_BYTES, "%" G_GINT64_FORMAT, adit_json_peek_integer (value));
  else if (adit_json_is (value, ADIT_JSON_STRING) && value->n_members < ADIT_DEVICE_ID_MAX_BYTES)
    g_strlcpy (id, adit_json_peek_text (value), ADIT_DEVICE_ID_MAX_BYTES);
  while (g_ascii_isalnum (id[length]) || id[length] == '-' || id[length] == '_')
    length++;
  return (length > 0 && id[length] == '\0') ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"id\" is no key's id");
}

/* Without a prefix's length it is a single address, which it has to be with one, too. */
static gboolean
take_address (AditProviderTask *task, AditJson *data, const char *field, AditFamily family, GError **error)
{
  const char *text = adit_json_get_string (data, field, PREFIX_MAX_BYTES, error);
  AditPrefix prefix;

  if (text == NULL)
    return FALSE;
  if (!adit_prefix_parse (text, &prefix) || prefix.address.family != family || !adit_address_is_valid (&prefix.address) ||
      !adit_address_is_unicast (&prefix.address) || prefix.prefix_bits != (family == ADIT_FAMILY_IPV4 ? 32 : 128))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: a key's address is no single address");
  task->result.addresses[task->result.n_addresses++] = prefix;
  return TRUE;
}

static gboolean
take_key (AditProviderTask *task, AditJson *data, GError **error)
{
  guint8 key[ADIT_WG_KEY_BYTES];

  if (!adit_json_has (data, "key"))
    return TRUE;
  if (!adit_json_get_key (data, "key", key, sizeof key, error))
    return FALSE;
  return memcmp (key, task->request.public_key, sizeof key) == 0 ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service registered another key than this computer's");
}

static gboolean
take_registered (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = NULL;
  AditJson *data;

  if (answer->status != 201)
    return take_key_failure (task, answer, error);
  root = adit_json_parse (answer->body->data, answer->body->len, ADIT_OVPN_COM_ANSWER_MAX_BYTES, error);
  if (root == NULL || (data = adit_json_get_object (root, "data", error)) == NULL || !take_key (task, data, error) ||
      !take_id (task, data, error) || !take_address (task, data, "ipv4", ADIT_FAMILY_IPV4, error) ||
      (adit_json_has (data, "ipv6") && !take_address (task, data, "ipv6", ADIT_FAMILY_IPV6, error)))
    return FALSE;
  task->result.device_is_known = TRUE;
  task->step = STEP_DELETE;
  return task->request.want == ADIT_PROVIDER_ROTATE || is_done (task);
}

static gboolean
take_deleted (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  /* The new key is registered, and must not get lost because the old one stays: that one can be removed on the website. */
  if (answer->status == 200 || answer->status == 204 || answer->status == 404 || task->request.want == ADIT_PROVIDER_ROTATE)
    return is_done (task);
  return take_key_failure (task, answer, error);
}

static gboolean
ovpn_answer (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  switch ((Step) task->step)
    {
    case STEP_ENTRY:
      if (answer->status != 200)
        return take_failure (task, answer, error);
      task->result.list = adit_ovpn_com_read_entry (answer->body->data, answer->body->len, task->request.now_s, error);
      return task->result.list != NULL && is_done (task);
    case STEP_EXIT:
      if (answer->status >= 300 && answer->status < 400)
        return take_failure (task, answer, error);
      return adit_ovpn_com_read_exit (answer->body->data, answer->body->len, &task->result.exit_address, error) && is_done (task);
    case STEP_REGISTER:
      return take_registered (task, answer, error);
    case STEP_DELETE:
      return take_deleted (task, answer, error);
    }
  g_return_val_if_reached (FALSE);
}

const AditProviderOps adit_provider_ovpn = {
  .id = "ovpn",
  .tls = { .roots_pem = NULL, .send_server_name = TRUE },
  .start = ovpn_start,
  .next = ovpn_next,
  .answer = ovpn_answer,
  .make_profile = adit_ovpn_com_make_profile,
  .wants = 1u << ADIT_PROVIDER_LOG_IN | 1u << ADIT_PROVIDER_ACCOUNT | 1u << ADIT_PROVIDER_LIST | 1u << ADIT_PROVIDER_LOG_OUT |
           1u << ADIT_PROVIDER_EXIT | 1u << ADIT_PROVIDER_ROTATE,
};
