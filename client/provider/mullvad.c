/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad.c: Mullvad's calls, and which follows which.  There is no log-in call: to log in is to register a key. */
#include "client/provider/mullvad.h"

#include <string.h>

#include "client/provider/json.h"
#include "client/provider/mullvad-relays.h"
#include "client/provider/trust.h"

#define TOKEN_MARGIN_S      60       /* a token is taken as expired a minute early, as the service's own client does */
#define TIMEOUT_MS          10000
#define RELAYS_TIMEOUT_MS   15000
#define EXIT_HOST           "ipv4.am.i.mullvad.net"    /* sees us by IPv4 alone; the same TLS rules as the API's */
#define EXIT_MAX_BYTES      16384    /* some hundred bytes, with fields that we do not read */
#define DEVICES             "/accounts/v1/devices"

typedef enum
{
  STEP_NONE = 0,    /* the task is done */
  STEP_TOKEN,
  STEP_EXPIRY,
  STEP_CREATE_DEVICE,
  STEP_FIND_DEVICE,
  STEP_GET_DEVICE,
  STEP_REMOVE_DEVICE,
  STEP_RELAYS,
  STEP_EXIT,
  STEP_CREATE_ACCOUNT,
  STEP_VOUCHER,
  STEP_LIST_DEVICES,
  STEP_REPLACE_KEY,
  STEP_CHECK_KEY,
  STEP_API,
  N_STEPS
} Step;

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, (int) code, text);
  return FALSE;
}

/* @path: where it ends in "/", the device's id follows, and then @after_id. */
static const struct
{
  AditHttpMethod method;
  const char    *path, *after_id;
  gboolean       is_open;    /* no token goes with it */
  AditSecret  *(*write) (const AditProviderTask *task);
  gboolean     (*take)  (AditProviderTask *task, AditJson *root, GError **error);    /* NULL: the body is not read, or not here */
} steps[N_STEPS] = {
  [STEP_TOKEN] = { ADIT_HTTP_POST, "/auth/v1/token", "", TRUE, adit_mullvad_write_number, adit_mullvad_take_token },
  [STEP_EXPIRY] = { ADIT_HTTP_GET, "/accounts/v1/accounts/me", "", FALSE, NULL, adit_mullvad_take_account },
  [STEP_CREATE_DEVICE] = { ADIT_HTTP_POST, DEVICES, "", FALSE, adit_mullvad_write_device, adit_mullvad_take_new_device },
  [STEP_FIND_DEVICE] = { ADIT_HTTP_GET, DEVICES, "", FALSE, NULL, adit_mullvad_take_found_device },
  [STEP_GET_DEVICE] = { ADIT_HTTP_GET, DEVICES "/", "", FALSE, NULL, adit_mullvad_take_device },
  [STEP_REMOVE_DEVICE] = { ADIT_HTTP_DELETE, DEVICES "/", "", FALSE, NULL, NULL },
  [STEP_RELAYS] = { ADIT_HTTP_GET, "/app/v1/relays", "", TRUE, NULL, NULL },
  [STEP_EXIT] = { ADIT_HTTP_GET, "/json", "", TRUE, NULL, adit_mullvad_take_exit },
  [STEP_CREATE_ACCOUNT] = { ADIT_HTTP_POST, "/accounts/v1/accounts", "", TRUE, NULL, adit_mullvad_take_new_account },
  [STEP_VOUCHER] = { ADIT_HTTP_POST, "/app/v1/submit-voucher", "", FALSE, adit_mullvad_write_voucher, adit_mullvad_take_spent },
  [STEP_LIST_DEVICES] = { ADIT_HTTP_GET, DEVICES, "", FALSE, NULL, adit_mullvad_take_devices },
  [STEP_REPLACE_KEY] = { ADIT_HTTP_PUT, DEVICES "/", "/pubkey", FALSE, adit_mullvad_write_key, adit_mullvad_take_new_key },
  [STEP_CHECK_KEY] = { ADIT_HTTP_GET, DEVICES "/", "", FALSE, NULL, adit_mullvad_take_known_key },
  [STEP_API] = { ADIT_HTTP_GET, "/app/v1/api-addrs", "", TRUE, NULL, adit_mullvad_take_api },
};

enum { NEEDS_KEY = 1 << 0, NEEDS_DEVICE = 1 << 1, NEEDS_VOUCHER = 1 << 2, NEEDS_OTHER_KEY = 1 << 3 };

/* The end of the account first: a device that was created must not get lost because a later answer did not come. */
static const struct { Step first, second; guint needs; } wants[] = {
  [ADIT_PROVIDER_LOG_IN] = { STEP_EXPIRY, STEP_CREATE_DEVICE, NEEDS_KEY },
  [ADIT_PROVIDER_ACCOUNT] = { STEP_EXPIRY, STEP_GET_DEVICE, NEEDS_DEVICE },
  [ADIT_PROVIDER_LIST] = { STEP_RELAYS, STEP_NONE, 0 },
  [ADIT_PROVIDER_LOG_OUT] = { STEP_REMOVE_DEVICE, STEP_NONE, NEEDS_DEVICE },
  [ADIT_PROVIDER_EXIT] = { STEP_EXIT, STEP_NONE, 0 },
  [ADIT_PROVIDER_CREATE] = { STEP_CREATE_ACCOUNT, STEP_NONE, 0 },
  [ADIT_PROVIDER_VOUCHER] = { STEP_VOUCHER, STEP_NONE, NEEDS_VOUCHER },
  [ADIT_PROVIDER_DEVICES] = { STEP_LIST_DEVICES, STEP_NONE, 0 },
  [ADIT_PROVIDER_REMOVE_DEVICE] = { STEP_REMOVE_DEVICE, STEP_NONE, NEEDS_DEVICE },
  [ADIT_PROVIDER_ROTATE] = { STEP_REPLACE_KEY, STEP_NONE, NEEDS_KEY | NEEDS_DEVICE | NEEDS_OTHER_KEY },
  [ADIT_PROVIDER_API] = { STEP_API, STEP_NONE, 0 },
};

/* Refusals that are no failure at that step: what comes then. */
static const struct { Step at; const char *code; Step then; } turns[] = {
  /* Either somebody else has this key, or our own earlier request came through and its answer did not. */
  { STEP_CREATE_DEVICE, "PUBKEY_IN_USE",    STEP_FIND_DEVICE },
  { STEP_REPLACE_KEY,   "PUBKEY_IN_USE",    STEP_CHECK_KEY },
  { STEP_GET_DEVICE,    "DEVICE_NOT_FOUND", STEP_NONE },    /* the account's end is known, and device_is_known stays FALSE */
  { STEP_REMOVE_DEVICE, "DEVICE_NOT_FOUND", STEP_NONE },
};

static gboolean
go_to (AditProviderTask *task, Step step)
{
  task->is_done = step == STEP_NONE;
  task->step = step != STEP_NONE && !steps[step].is_open && task->token == NULL ? STEP_TOKEN : step;
  task->step_after_token = step;
  return TRUE;
}

static gboolean
check_needs (const AditProviderRequest *request, guint needs, GError **error)
{
  g_autoptr (AditSecret) voucher = NULL;

  if (((needs & NEEDS_KEY) != 0 && request->public_key == NULL) ||
      ((needs & NEEDS_DEVICE) != 0 && !adit_mullvad_is_device_id (request->device_id)))
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request names no proper key or device");
  if ((needs & NEEDS_OTHER_KEY) != 0 && request->old_public_key != NULL &&
      memcmp (request->public_key, request->old_public_key, ADIT_WG_KEY_BYTES) == 0)
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The new key is the old one");
  if ((needs & NEEDS_VOUCHER) != 0)
    voucher = adit_mullvad_read_voucher (request->voucher, error);
  return (needs & NEEDS_VOUCHER) == 0 || voucher != NULL;
}

/* provider.c lets through no other wants than those of "wants". */
static gboolean
mullvad_start (AditProviderTask *task, GError **error)
{
  const AditProviderRequest *request = &task->request;
  Step first = wants[request->want].first;

  if (steps[first].is_open)
    return go_to (task, first);
  task->credential = adit_mullvad_read_number (request->credential, error);
  if (task->credential == NULL)
    return FALSE;
  if (task->token != NULL && request->token_expires_at_s - TOKEN_MARGIN_S <= request->now_s)
    g_clear_pointer (&task->token, adit_secret_unref);
  return check_needs (request, wants[request->want].needs, error) && go_to (task, first);
}

static void
ask_for_relays (AditProviderTask *task, AditHttpRequest *http)
{
  const char *etag = task->request.etag;

  http->answer_max_bytes = ADIT_MULLVAD_RELAYS_MAX_BYTES;
  http->timeout_ms = RELAYS_TIMEOUT_MS;
  if (etag != NULL && etag[0] != '\0')
    adit_http_request_add_header (http, "If-None-Match", etag);
}

static gboolean
mullvad_next (AditProviderTask *task, AditHttpRequest *http, GError **error)
{
  Step step = (Step) task->step;
  const char *path = steps[step].path, *id = g_str_has_suffix (path, "/") ? task->request.device_id : "";

  http->method = steps[step].method;
  http->path = g_strconcat (path, id, steps[step].after_id, NULL);
  http->answer_max_bytes = ADIT_MULLVAD_ANSWER_MAX_BYTES;
  http->timeout_ms = TIMEOUT_MS;
  adit_http_request_add_header (http, "User-Agent", "mullvad-app");
  adit_http_request_add_header (http, "Accept", "application/json");
  if (steps[step].write != NULL)
    {
      http->body = steps[step].write (task);
      adit_http_request_add_header (http, "Content-Type", "application/json");
    }
  if (!steps[step].is_open)
    http->bearer = adit_secret_ref (task->token);
  if (step == STEP_RELAYS)
    ask_for_relays (task, http);
  else if (step == STEP_EXIT)
    {
      http->host = EXIT_HOST;
      http->answer_max_bytes = EXIT_MAX_BYTES;
    }
  return TRUE;
}

static gboolean
take_failure (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  char code[ADIT_MULLVAD_CODE_MAX_BYTES];
  Step step = (Step) task->step;

  /* What is to be removed is gone, however the service says so. */
  if (step == STEP_REMOVE_DEVICE && answer->status == 404)
    return go_to (task, STEP_NONE);
  if (!adit_mullvad_read_code (answer, code, error))
    return FALSE;
  if (step == STEP_GET_DEVICE && answer->status == 404)
    return go_to (task, STEP_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (turns); i++)
    if (turns[i].at == step && g_str_equal (turns[i].code, code))
      return go_to (task, turns[i].then);
  if (g_str_equal (code, "INVALID_ACCESS_TOKEN") && !steps[step].is_open && !task->has_renewed_token)
    {
      task->has_renewed_token = TRUE;
      g_clear_pointer (&task->token, adit_secret_unref);
      g_clear_pointer (&task->fresh_token, adit_secret_unref);
      return go_to (task, step);
    }
  return adit_mullvad_refuse (answer, code, error);
}

static gboolean
take_relays (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  const char *etag = task->request.etag;

  if (answer->status == 304)
    return etag != NULL && etag[0] != '\0' ? go_to (task, STEP_NONE) :
           refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service says that a list has not changed that nobody has");
  task->result.list = adit_mullvad_read_relays (answer->body->data, answer->body->len, answer->etag, task->request.now_s, error);
  return task->result.list != NULL && go_to (task, STEP_NONE);
}

static gboolean
take_body (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (answer->body->data, answer->body->len, ADIT_MULLVAD_ANSWER_MAX_BYTES, error);

  return root != NULL && steps[task->step].take (task, root, error);
}

static gboolean
mullvad_answer (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  Step step = (Step) task->step;

  if (step == STEP_RELAYS && (answer->status == 304 || (answer->status >= 200 && answer->status <= 299)))
    return take_relays (task, answer, error);
  if (answer->status < 200 || answer->status > 299)
    return take_failure (task, answer, error);
  if (steps[step].take != NULL && !take_body (task, answer, error))
    return FALSE;
  if (step == STEP_TOKEN)
    return go_to (task, (Step) task->step_after_token);
  return go_to (task, step == wants[task->request.want].first ? wants[task->request.want].second : STEP_NONE);
}

const AditProviderOps adit_provider_mullvad = {
  .id = "mullvad",
  .tls = { .roots_pem = adit_trust_mullvad_pem, .send_server_name = FALSE, .only_tls_1_3 = TRUE },
  .start = mullvad_start,
  .next = mullvad_next,
  .answer = mullvad_answer,
  .wants = 1u << ADIT_PROVIDER_LOG_IN | 1u << ADIT_PROVIDER_ACCOUNT | 1u << ADIT_PROVIDER_LIST | 1u << ADIT_PROVIDER_LOG_OUT |
           1u << ADIT_PROVIDER_EXIT | 1u << ADIT_PROVIDER_CREATE | 1u << ADIT_PROVIDER_VOUCHER |
           1u << ADIT_PROVIDER_DEVICES | 1u << ADIT_PROVIDER_REMOVE_DEVICE | 1u << ADIT_PROVIDER_ROTATE |
           1u << ADIT_PROVIDER_API,
};
