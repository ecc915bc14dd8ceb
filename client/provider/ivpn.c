/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn.c: IVPN's calls about sessions.  A session is one computer's, and its token is all that the service knows it by; all of a
 * sign-in is one request.  What counts is the status inside the answer, never the one of HTTP. */
#include "client/provider/ivpn.h"

#include <string.h>

#include "client/provider/json.h"

#define ANSWER_MAX_BYTES    (256 * 1024)    /* a captcha's picture is the largest part; without one, 2 KiB */
#define TIMEOUT_MS          10000           /* as the service's own client has it */
#define TOKEN_MAX_BYTES     1024            /* what the wire to the helper takes */
#define OPENVPN_MAX_BYTES   128             /* what openvpn takes: ADIT_OPENVPN_CREDENTIAL_MAX_BYTES */
/* A session lasts until it is ended, here or elsewhere, and no answer names a time.  One must be given for what is stored, so it
 * is the last that there is: the end of the year 9999. */
#define TOKEN_EXPIRES_AT_S  G_GINT64_CONSTANT (253402300799)
#define DEVICE_ID_DIGITS    32              /* 128 bits of a digest: enough to tell two computers apart */

enum
{
  STATUS_GOOD = 200,
  STATUS_SESSION_GONE = 601,
  STATUS_INACTIVE = 702,
  STATUS_CAPTCHA = 70001,
  STATUS_CAPTCHA_WRONG = 70002,
  STATUS_CODE = 70011,
  STATUS_CODE_WRONG = 70012,
};

typedef enum
{
  STEP_LOG_IN,
  STEP_SET_KEY,
  STEP_STATUS,
  STEP_LOG_OUT,
  STEP_SERVERS,
  STEP_EXIT,
} Step;

/* Any of these keys must be in the chain, besides the signature of some root of this computer.  The service's own client has a
 * fourth, which is the digest of nothing at all and so no key's. */
static const char *const pins[] = {
  "g6WEFnt9DyTi70nW/fufsZNw83vFpcmIhMuDPQ1MFcI=",
  "KCcpK9y22OrlapwO1/oP8q3LrcDM9Jy9lcfngg2r+Pk=",
  "iRHkSbdOY/YD8EE5fpl8W0P8EqmfkBRTADEegR2/Wnc=",
  NULL,
};

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, (int) code, text);
  return FALSE;
}

static gboolean
is_done (AditProviderTask *task)
{
  task->is_done = TRUE;
  return TRUE;
}

static gboolean
ivpn_start (AditProviderTask *task, GError **error)
{
  static const Step first_steps[] = {
    [ADIT_PROVIDER_LOG_IN] = STEP_LOG_IN, [ADIT_PROVIDER_ACCOUNT] = STEP_STATUS, [ADIT_PROVIDER_LIST] = STEP_SERVERS,
    [ADIT_PROVIDER_LOG_OUT] = STEP_LOG_OUT, [ADIT_PROVIDER_EXIT] = STEP_EXIT, [ADIT_PROVIDER_ROTATE] = STEP_SET_KEY,
  };
  const AditProviderRequest *request = &task->request;
  Step step = first_steps[request->want];    /* provider.c lets through no other than those of "wants" */

  task->step = step;
  if (step == STEP_SERVERS || step == STEP_EXIT)
    return TRUE;
  if ((step == STEP_LOG_IN || step == STEP_SET_KEY) && request->public_key == NULL)
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request names no key");
  if (step == STEP_LOG_IN)
    {
      /* What was before is another session's. */
      g_clear_pointer (&task->token, adit_secret_unref);
      task->credential = adit_ivpn_read_account (request->credential, error);
      return task->credential != NULL;
    }
  if (task->token == NULL || request->device_id == NULL || strlen (request->device_id) >= ADIT_DEVICE_ID_MAX_BYTES)
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request names no session or device");
  return TRUE;
}

/* Only while a tunnel of it is up is the old key named: the service then keeps it, and otherwise forgets all of the session's. */
static AditSecret *
write_key (AditProviderTask *task, GError **error)
{
  const AditProviderRequest *request = &task->request;
  gboolean is_kept = request->want == ADIT_PROVIDER_ROTATE && request->is_connected;

  return adit_ivpn_write_key (task->token, request->public_key, is_kept ? request->old_public_key : NULL, error);
}

static void
ask_for_list (AditProviderTask *task, AditHttpRequest *http)
{
  const char *etag = task->request.etag;

  http->path = g_strdup ("/v5/servers.json");
  http->answer_max_bytes = ADIT_IVPN_SERVERS_MAX_BYTES;
  if (etag != NULL && etag[0] != '\0')
    adit_http_request_add_header (http, "If-None-Match", etag);
}

/* Host is the service's name, whichever of its addresses is called.  Its own client says so, too, where it asks by name, and
 * names the address where it asks by that; so the name is good in either case, and it is what the one libcurl wrapper sends. */
static gboolean
ivpn_next (AditProviderTask *task, AditHttpRequest *http, GError **error)
{
  static const char *const paths[] = {
    [STEP_LOG_IN] = "/v4/session/new", [STEP_SET_KEY] = "/v4/session/wg/set", [STEP_STATUS] = "/v4/session/status",
    [STEP_LOG_OUT] = "/v4/session/delete",
  };

  http->answer_max_bytes = ANSWER_MAX_BYTES;
  http->timeout_ms = TIMEOUT_MS;
  adit_http_request_add_header (http, "User-Agent", "Go-http-client/1.1");    /* as everybody's who uses the service */
  switch ((Step) task->step)
    {
    case STEP_SERVERS:
      ask_for_list (task, http);
      return TRUE;
    case STEP_EXIT:
      http->path = g_strdup ("/v4/geo-lookup");
      return TRUE;
    case STEP_LOG_IN:
      http->body = adit_ivpn_write_log_in (task->credential, &task->request, error);
      break;
    case STEP_SET_KEY:
      http->body = write_key (task, error);
      break;
    case STEP_STATUS:
    case STEP_LOG_OUT:
      http->body = adit_ivpn_write_token (task->token, error);
      break;
    }
  http->method = ADIT_HTTP_POST;
  http->path = g_strdup (paths[task->step]);
  adit_http_request_add_header (http, "Content-Type", "application/json");
  return http->body != NULL;
}

static gboolean
ask (AditProviderTask *task, AditJson *root, gint64 status, GError **error)
{
  AditQuestionKind kind = status == STATUS_CAPTCHA || status == STATUS_CAPTCHA_WRONG ? ADIT_QUESTION_CAPTCHA : ADIT_QUESTION_CODE;
  gboolean was_wrong = status == STATUS_CAPTCHA_WRONG || status == STATUS_CODE_WRONG;

  return adit_ivpn_read_question (root, kind, was_wrong, &task->result.question, error) && is_done (task);
}

static gboolean
take_refusal (AditProviderTask *task, AditJson *root, gint64 status, GError **error)
{
  if (task->step == STEP_LOG_IN &&
      (status == STATUS_CAPTCHA || status == STATUS_CAPTCHA_WRONG || status == STATUS_CODE || status == STATUS_CODE_WRONG))
    return ask (task, root, status, error);
  /* What is to be ended is gone. */
  if (task->step == STEP_LOG_OUT && status == STATUS_SESSION_GONE)
    return is_done (task);
  /* The session stays, and nothing else is said of the account. */
  if (task->step == STEP_STATUS && status == STATUS_INACTIVE)
    {
      task->result.plan.is_inactive = TRUE;
      task->result.device_is_known = TRUE;
      g_strlcpy (task->result.device_id, task->request.device_id, sizeof task->result.device_id);
      return is_done (task);
    }
  return adit_ivpn_refuse (root, status, error);
}

/* The service has no name for a session but its token, which is a secret.  So it is the digest of the first key that the session
 * has had: nobody's secret, the same for as long as the session lasts, and another one for each. */
static void
make_device_id (AditProviderTask *task)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, task->request.public_key, ADIT_WG_KEY_BYTES);

  g_strlcpy (task->result.device_id, digest, DEVICE_ID_DIGITS + 1);
}

static gboolean
take_session (AditProviderTask *task, AditJson *root, GError **error)
{
  AditProviderResult *result = &task->result;
  AditJson *wireguard = adit_json_find (root, "wireguard");

  task->token = adit_ivpn_read_secret (root, "token", TOKEN_MAX_BYTES, TRUE, error);
  if (task->token == NULL)
    return FALSE;
  task->fresh_token = adit_secret_ref (task->token);
  task->fresh_token_expires_at_s = TOKEN_EXPIRES_AT_S;
  result->openvpn_username = adit_ivpn_read_secret (root, "vpn_username", OPENVPN_MAX_BYTES, FALSE, error);
  if (result->openvpn_username == NULL ||
      (result->openvpn_password = adit_ivpn_read_secret (root, "vpn_password", OPENVPN_MAX_BYTES, FALSE, error)) == NULL ||
      !adit_ivpn_read_plan (root, result, error))
    return FALSE;
  make_device_id (task);
  result->device_is_known = TRUE;
  if (adit_ivpn_read_address (wireguard, result, NULL))
    return is_done (task);
  task->step = STEP_SET_KEY;    /* signed in, and the key was not taken */
  return TRUE;
}

static gboolean
take_key (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!adit_ivpn_read_address (root, &task->result, error))
    return FALSE;
  if (task->request.want == ADIT_PROVIDER_ROTATE)
    g_strlcpy (task->result.device_id, task->request.device_id, sizeof task->result.device_id);
  task->result.device_is_known = TRUE;
  return is_done (task);
}

static gboolean
take_status (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!adit_ivpn_read_plan (root, &task->result, error))
    return FALSE;
  g_strlcpy (task->result.device_id, task->request.device_id, sizeof task->result.device_id);
  task->result.device_is_known = TRUE;
  return is_done (task);
}

/* It knows more about us than we ask it: all but the address is left alone. */
static gboolean
take_exit (AditProviderTask *task, AditJson *root, GError **error)
{
  const char *text = adit_json_get_string (root, "ip_address", ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditAddress address;

  if (text == NULL)
    return FALSE;
  if (!adit_address_parse (text, &address) || address.family != ADIT_FAMILY_IPV4 || !adit_address_is_public (&address))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE,
                   "The service's answer is malformed: \"ip_address\" is no public IPv4 address");
  task->result.exit_address = address;
  return is_done (task);
}

static gboolean
take_body (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (answer->body->data, answer->body->len, ANSWER_MAX_BYTES, error);
  gint64 status = STATUS_GOOD;

  if (root == NULL)
    return FALSE;
  /* Where we are comes without a status, unless it is an error. */
  if ((task->step != STEP_EXIT || adit_json_has (root, "status")) &&
      !adit_json_get_integer (root, "status", G_MININT32, G_MAXINT32, &status, error))
    return FALSE;
  if (status != STATUS_GOOD)
    return take_refusal (task, root, status, error);
  switch ((Step) task->step)
    {
    case STEP_LOG_IN:
      return take_session (task, root, error);
    case STEP_SET_KEY:
      return take_key (task, root, error);
    case STEP_STATUS:
      return take_status (task, root, error);
    case STEP_EXIT:
      return take_exit (task, root, error);
    case STEP_LOG_OUT:
      return is_done (task);
    case STEP_SERVERS:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
take_list (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  const char *etag = task->request.etag;

  if (answer->status == 304)
    return etag != NULL && etag[0] != '\0' ? is_done (task) :
           refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service says that a list has not changed that nobody has");
  task->result.list = adit_ivpn_read_servers (answer->body->data, answer->body->len, answer->etag, task->request.now_s,
                                              &task->result.api, error);
  return task->result.list != NULL && is_done (task);
}

static gboolean
ivpn_answer (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (task->step == STEP_SERVERS ? take_list (task, answer, &problem) : take_body (task, answer, &problem))
    return TRUE;
  /* Signed in it is all the same: without addresses, it takes a key (ROTATE) before a tunnel of WireGuard. */
  if (task->step == STEP_SET_KEY && task->request.want == ADIT_PROVIDER_LOG_IN &&
      !g_error_matches (problem, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED))
    return is_done (task);
  if (answer->status < 200 || answer->status > 299)
    {
      /* What stands before a service has no form, and says enough by its number. */
      if (g_error_matches (problem, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE) &&
          adit_provider_get_error (answer->status) != ADIT_ERROR_SERVICE_REFUSED)
        problem->code = (int) adit_provider_get_error (answer->status);
      g_prefix_error (&problem, "HTTP %u: ", answer->status);
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

const AditProviderOps adit_provider_ivpn = {
  .id = "ivpn",
  .tls = { .roots_pem = NULL, .pins = pins, .send_server_name = TRUE },
  .start = ivpn_start,
  .next = ivpn_next,
  .answer = ivpn_answer,
  .make_profile = adit_ivpn_make_profile,
  .wants = 1u << ADIT_PROVIDER_LOG_IN | 1u << ADIT_PROVIDER_ACCOUNT | 1u << ADIT_PROVIDER_LIST | 1u << ADIT_PROVIDER_LOG_OUT |
           1u << ADIT_PROVIDER_EXIT | 1u << ADIT_PROVIDER_ROTATE,
};
