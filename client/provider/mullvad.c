/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad.c: Mullvad's account and device calls.  There is no log-in call: to log in is to register a key. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/provider/json.h"
#include "client/provider/mullvad-relays.h"
#include "client/provider/trust.h"

#define NUMBER_MIN_DIGITS   10       /* old accounts; 16 are issued now */
#define NUMBER_MAX_DIGITS   16
#define TOKEN_MARGIN_S      60       /* a token is taken as expired a minute early, as the service's own client does */
#define TOKEN_MAX_BYTES     1024     /* what the wire to the helper takes */
#define CODE_MAX_BYTES      64
#define ANSWER_MAX_BYTES    65536    /* five devices are below 2 KiB */
#define TIMEOUT_MS          10000
#define RELAYS_TIMEOUT_MS   15000
#define EXIT_HOST           "ipv4.am.i.mullvad.net"    /* sees us by IPv4 alone; the same TLS rules as the API's */
#define EXIT_MAX_BYTES      16384    /* some hundred bytes, with fields that we do not read */

typedef enum
{
  STEP_TOKEN,
  STEP_EXPIRY,
  STEP_CREATE_DEVICE,
  STEP_FIND_DEVICE,
  STEP_GET_DEVICE,
  STEP_REMOVE_DEVICE,
  STEP_RELAYS,
  STEP_EXIT,
} Step;

/* Only what the caller of the program acts on differently; the others arrive as SERVICE_REFUSED with their name. */
static const struct { const char *name; AditError code; const char *text; } codes[] = {
  { "INVALID_ACCOUNT",     ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not know this account number" },
  { "DEVICE_NOT_FOUND",    ADIT_ERROR_DEVICE_REVOKED,     "The service no longer knows this device" },
  { "MAX_DEVICES_REACHED", ADIT_ERROR_TOO_MANY_DEVICES,   "The account has as many devices as it may have" },
};

static gboolean
is_done (AditProviderTask *task)
{
  task->is_done = TRUE;
  return TRUE;
}

static gboolean
needs_token (Step step)
{
  return step != STEP_TOKEN && step != STEP_RELAYS && step != STEP_EXIT;
}

static void
go_to (AditProviderTask *task, Step step)
{
  task->step = needs_token (step) && task->token == NULL ? STEP_TOKEN : step;
  task->step_after_token = step;
}

/* People paste numbers in groups, with any kind of space and with dashes. */
static AditSecret *
read_number (AditSecret *typed, GError **error)
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

/* It becomes part of a path. */
static gboolean
is_device_id (const char *id)
{
  gsize length = id != NULL ? strnlen (id, ADIT_DEVICE_ID_MAX_BYTES) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (id[i]) && id[i] != '-')
      return FALSE;
  return length > 0 && length < ADIT_DEVICE_ID_MAX_BYTES;
}

static gboolean
mullvad_start (AditProviderTask *task, GError **error)
{
  const AditProviderRequest *request = &task->request;

  if (request->want == ADIT_PROVIDER_LIST || request->want == ADIT_PROVIDER_EXIT)
    {
      go_to (task, request->want == ADIT_PROVIDER_LIST ? STEP_RELAYS : STEP_EXIT);
      return TRUE;
    }
  task->credential = read_number (request->credential, error);
  if (task->credential == NULL)
    return FALSE;
  if (task->token != NULL && request->token_expires_at_s - TOKEN_MARGIN_S <= request->now_s)
    g_clear_pointer (&task->token, adit_secret_unref);

  if (request->want == ADIT_PROVIDER_LOG_IN ? request->public_key == NULL : !is_device_id (request->device_id))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "The request names no proper key or device");
      return FALSE;
    }
  /* The end of the account first: a device that was created must not get lost because a later answer did not come. */
  go_to (task, request->want == ADIT_PROVIDER_LOG_OUT ? STEP_REMOVE_DEVICE : STEP_EXPIRY);
  return TRUE;
}

static AditSecret *
write_token_body (AditProviderTask *task)
{
  static const char before[] = "{\"account_number\":\"", after[] = "\"}";
  char text[sizeof before + NUMBER_MAX_DIGITS + sizeof after];
  AditSecret *body;
  gsize length;
  const guint8 *number = adit_secret_peek (task->credential, &length);

  memcpy (text, before, sizeof before - 1);
  memcpy (text + sizeof before - 1, number, length);
  memcpy (text + sizeof before - 1 + length, after, sizeof after - 1);
  body = adit_secret_new (text, sizeof before - 1 + length + sizeof after - 1);
  adit_wipe (text, sizeof text);
  return body;
}

static AditSecret *
write_device_body (AditProviderTask *task)
{
  g_autofree char *key = g_base64_encode (task->request.public_key, ADIT_WG_KEY_BYTES);
  g_autofree char *text = g_strdup_printf ("{\"pubkey\":\"%s\",\"hijack_dns\":false}", key);

  return adit_secret_new (text, strlen (text));
}

static gboolean
mullvad_next (AditProviderTask *task, AditHttpRequest *http, GError **error)
{
  const char *id = task->request.device_id;

  http->answer_max_bytes = ANSWER_MAX_BYTES;
  http->timeout_ms = TIMEOUT_MS;
  adit_http_request_add_header (http, "User-Agent", "mullvad-app");
  adit_http_request_add_header (http, "Accept", "application/json");
  switch ((Step) task->step)
    {
    case STEP_TOKEN:
      http->method = ADIT_HTTP_POST;
      http->path = g_strdup ("/auth/v1/token");
      http->body = write_token_body (task);
      break;
    case STEP_EXPIRY:
      http->path = g_strdup ("/accounts/v1/accounts/me");
      break;
    case STEP_CREATE_DEVICE:
      http->method = ADIT_HTTP_POST;
      http->path = g_strdup ("/accounts/v1/devices");
      http->body = write_device_body (task);
      break;
    case STEP_FIND_DEVICE:
      http->path = g_strdup ("/accounts/v1/devices");
      break;
    case STEP_GET_DEVICE:
      http->path = g_strconcat ("/accounts/v1/devices/", id, NULL);
      break;
    case STEP_REMOVE_DEVICE:
      http->method = ADIT_HTTP_DELETE;
      http->path = g_strconcat ("/accounts/v1/devices/", id, NULL);
      break;
    case STEP_RELAYS:
      http->path = g_strdup ("/app/v1/relays");
      http->answer_max_bytes = ADIT_MULLVAD_RELAYS_MAX_BYTES;
      http->timeout_ms = RELAYS_TIMEOUT_MS;
      if (task->request.etag != NULL && task->request.etag[0] != '\0')
        adit_http_request_add_header (http, "If-None-Match", task->request.etag);
      return TRUE;
    case STEP_EXIT:
      http->host = EXIT_HOST;
      http->path = g_strdup ("/json");
      http->answer_max_bytes = EXIT_MAX_BYTES;
      return TRUE;
    }
  if (http->body != NULL)
    adit_http_request_add_header (http, "Content-Type", "application/json");
  if (task->step != STEP_TOKEN)
    http->bearer = adit_secret_ref (task->token);
  return TRUE;
}

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
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

/* Writes to @name (CODE_MAX_BYTES) what the service calls the error, "" where it has no name that could be one; FALSE when the
 * body is nonsense. */
static gboolean
read_error_code (const AditHttpAnswer *answer, char *name, GError **error)
{
  gboolean is_problem = g_str_equal (answer->content_type, "application/problem+json");
  g_autoptr (json_t) root = NULL;
  const char *field = is_problem ? "type" : "code", *code = "";

  name[0] = '\0';
  if (answer->status == 405 || !answer->has_length)
    return TRUE;
  root = adit_json_parse (answer->body->data, answer->body->len, ANSWER_MAX_BYTES, error);
  if (root == NULL)
    return FALSE;
  if (!is_problem || adit_json_has (root, field))
    code = adit_json_get_string (root, field, CODE_MAX_BYTES, error);
  if (code == NULL)
    return FALSE;
  if (is_code (code))
    g_strlcpy (name, code, CODE_MAX_BYTES);
  return TRUE;
}

static gboolean
take_error (AditProviderTask *task, const AditHttpAnswer *answer, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].name, name))
      return refuse (error, codes[i].code, codes[i].text);
  if (answer->status >= 300 && answer->status < 400)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered with a redirection, which it never does");
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED, "The service answered with an error: HTTP %u%s%s", answer->status,
               name[0] != '\0' ? ", " : "", name);
  return FALSE;
}

static gboolean
take_failure (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  char name[CODE_MAX_BYTES];
  g_autoptr (GError) problem = NULL;

  /* What is to be removed is gone, however the service says so. */
  if (task->step == STEP_REMOVE_DEVICE && answer->status == 404)
    return is_done (task);
  if (!read_error_code (answer, name, &problem))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "HTTP %u: %s", answer->status, problem->message);
      return FALSE;
    }
  if (g_str_equal (name, "DEVICE_NOT_FOUND") && task->step == STEP_REMOVE_DEVICE)
    return is_done (task);
  if (task->step == STEP_GET_DEVICE && (answer->status == 404 || g_str_equal (name, "DEVICE_NOT_FOUND")))
    return is_done (task);    /* the account's end is known, and device_is_known stays FALSE */
  if (g_str_equal (name, "INVALID_ACCESS_TOKEN") && needs_token (task->step) && !task->has_renewed_token)
    {
      task->has_renewed_token = TRUE;
      g_clear_pointer (&task->token, adit_secret_unref);
      g_clear_pointer (&task->fresh_token, adit_secret_unref);
      go_to (task, task->step);
      return TRUE;
    }
  /* Either another account has this key, or our own earlier request came through and its answer did not. */
  if (g_str_equal (name, "PUBKEY_IN_USE") && task->step == STEP_CREATE_DEVICE)
    {
      go_to (task, STEP_FIND_DEVICE);
      return TRUE;
    }
  return take_error (task, answer, name, error);
}

static gboolean
take_token (AditProviderTask *task, json_t *root, GError **error)
{
  const char *token = adit_json_get_string (root, "access_token", TOKEN_MAX_BYTES, error);
  gint64 expires_at_s;

  if (token == NULL || !adit_json_get_time (root, "expiry", &expires_at_s, error))
    return FALSE;
  for (const char *p = token; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"access_token\" is no token");
  if (token[0] == '\0')
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"access_token\" is empty");
  task->token = adit_secret_new (token, strlen (token));
  task->fresh_token = adit_secret_ref (task->token);
  task->fresh_token_expires_at_s = expires_at_s;
  go_to (task, task->step_after_token);
  return TRUE;
}

static gboolean
take_address (AditProviderTask *task, json_t *device, const char *field, AditFamily family, GError **error)
{
  const char *text = adit_json_get_string (device, field, ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditPrefix prefix;

  if (text == NULL)
    return FALSE;
  if (!adit_prefix_parse (text, &prefix) || prefix.address.family != family || !adit_address_is_valid (&prefix.address) ||
      prefix.prefix_bits != (family == ADIT_FAMILY_IPV4 ? 32 : 128))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE,
                   "The service's answer is malformed: a device's address is no single address");
  task->result.addresses[task->result.n_addresses++] = prefix;
  return TRUE;
}

/* Two lower-case words; shown with each word capitalised. */
static void
copy_device_name (char *to, const char *name)
{
  gboolean starts_word = TRUE;

  if (!adit_name_is_valid (name))
    return;
  g_strlcpy (to, name, ADIT_NAME_MAX_BYTES);
  for (; *to != '\0'; to++)
    {
      *to = starts_word ? g_ascii_toupper (*to) : *to;
      starts_word = *to == ' ';
    }
}

/* @is_ours: whether its key is the one that we have. */
static gboolean
take_device (AditProviderTask *task, json_t *device, gboolean *is_ours, GError **error)
{
  guint8 key[ADIT_WG_KEY_BYTES];
  const char *id = adit_json_get_string (device, "id", ADIT_DEVICE_ID_MAX_BYTES, error), *name;

  if (id == NULL || !adit_json_get_key (device, "pubkey", key, sizeof key, error) ||
      (name = adit_json_get_string (device, "name", ADIT_NAME_MAX_BYTES, error)) == NULL)
    return FALSE;
  if (!is_device_id (id))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"id\" is no device's id");
  *is_ours = task->request.public_key == NULL || memcmp (key, task->request.public_key, sizeof key) == 0;
  if (!*is_ours)
    return TRUE;

  task->result.n_addresses = 0;
  if (!take_address (task, device, "ipv4_address", ADIT_FAMILY_IPV4, error) ||
      !take_address (task, device, "ipv6_address", ADIT_FAMILY_IPV6, error))
    return FALSE;
  g_strlcpy (task->result.device_id, id, sizeof task->result.device_id);
  copy_device_name (task->result.device_name, name);
  task->result.device_is_known = TRUE;
  return is_done (task);
}

static gboolean
take_device_list (AditProviderTask *task, json_t *root, GError **error)
{
  json_t *device;
  gsize i;

  if (!json_is_array (root))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: the devices are no array");
  json_array_foreach (root, i, device)
    {
      gboolean is_ours;

      if (!take_device (task, device, &is_ours, error))
        return FALSE;
      if (is_ours)
        return TRUE;
    }
  return refuse (error, ADIT_ERROR_SERVICE_REFUSED, "The service says that another account has this computer's key");
}

/* It knows more about us than we ask it: all but the address is left alone. */
static gboolean
take_exit (AditProviderTask *task, json_t *root, GError **error)
{
  const char *text = adit_json_get_string (root, "ip", ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditAddress address;

  if (text == NULL)
    return FALSE;
  if (!adit_address_parse (text, &address) || address.family != ADIT_FAMILY_IPV4 || !adit_address_is_public (&address))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"ip\" is no public IPv4 address");
  task->result.exit_address = address;
  return is_done (task);
}

static gboolean
take_body (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (json_t) root = adit_json_parse (answer->body->data, answer->body->len, ANSWER_MAX_BYTES, error);
  gboolean is_ours;

  if (root == NULL)
    return FALSE;
  switch ((Step) task->step)
    {
    case STEP_TOKEN:
      return take_token (task, root, error);
    case STEP_EXPIRY:
      if (!adit_json_get_time (root, "expiry", &task->result.account_expires_at_s, error))
        return FALSE;
      go_to (task, task->request.want == ADIT_PROVIDER_LOG_IN ? STEP_CREATE_DEVICE : STEP_GET_DEVICE);
      return TRUE;
    case STEP_CREATE_DEVICE:
      if (!take_device (task, root, &is_ours, error))
        return FALSE;
      return is_ours || refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service registered another key than this computer's");
    case STEP_FIND_DEVICE:
      return take_device_list (task, root, error);
    case STEP_GET_DEVICE:
      if (!take_device (task, root, &is_ours, error))
        return FALSE;
      if (task->result.device_is_known && !g_str_equal (task->result.device_id, task->request.device_id))
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered about another device");
      return is_done (task);    /* with another key than ours it is not our device any more */
    case STEP_EXIT:
      return take_exit (task, root, error);
    case STEP_REMOVE_DEVICE:
    case STEP_RELAYS:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
mullvad_answer (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  if (task->step == STEP_RELAYS && answer->status == 304)
    {
      if (task->request.etag == NULL || task->request.etag[0] == '\0')
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service says that a list has not changed that nobody has");
      return is_done (task);
    }
  if (answer->status < 200 || answer->status > 299)
    return take_failure (task, answer, error);
  if (task->step == STEP_REMOVE_DEVICE)
    return is_done (task);
  if (task->step == STEP_RELAYS)
    {
      task->result.list = adit_mullvad_read_relays (answer->body->data, answer->body->len, answer->etag, task->request.now_s,
                                                    error);
      return task->result.list != NULL && is_done (task);
    }
  return take_body (task, answer, error);
}

const AditProviderOps adit_provider_mullvad = {
  .id = "mullvad",
  .tls = { .roots_pem = adit_trust_mullvad_pem, .send_server_name = FALSE, .only_tls_1_3 = TRUE },
  .start = mullvad_start,
  .next = mullvad_next,
  .answer = mullvad_answer,
  .wants = 1u << ADIT_PROVIDER_LOG_IN | 1u << ADIT_PROVIDER_ACCOUNT | 1u << ADIT_PROVIDER_LIST | 1u << ADIT_PROVIDER_LOG_OUT |
           1u << ADIT_PROVIDER_EXIT,
};
