/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium.c: Mysterium VPN as it is sold by subscription: which request follows which.  No device is registered: a key is told
 * to the service with each tunnel. */
#include "client/provider/mysterium.h"

#include <string.h>

#define API            "/api/v1"
#define TOKEN_MARGIN_S 60       /* a token is taken as expired a minute early */
#define TIMEOUT_MS     30000    /* as the service's own client waits */
#define MAX_LIMIT      1000     /* of devices; more is no limit */

typedef enum
{
  STEP_REQUEST,      /* announces a sign-in */
  STEP_POLL,         /* asks what became of it */
  STEP_RENEW,
  STEP_SUBSCRIPTION,
  STEP_PLAN,
  STEP_LOCATIONS,
  STEP_CONNECT,
  STEP_DISCONNECT,
  STEP_LOG_OUT,
} Step;

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, code, text);
  return FALSE;
}

static gboolean
is_done (AditProviderTask *task)
{
  task->is_done = TRUE;
  return TRUE;
}

static gboolean
needs_token (Step step)
{
  return step != STEP_REQUEST && step != STEP_POLL && step != STEP_RENEW;
}

static void
go_to (AditProviderTask *task, Step step)
{
  task->step = needs_token (step) && task->token == NULL && task->credential != NULL ? STEP_RENEW : step;
  task->step_after_token = step;
}

static gboolean
start_sign_in (AditProviderTask *task, GError **error)
{
  const char *id = task->request.captcha_handle != NULL ? task->request.captcha_handle : task->request.nonce;

  if (!adit_mysterium_is_uuid (id))
    return refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request has no proper number for a sign-in");
  go_to (task, task->request.captcha_handle != NULL ? STEP_POLL : STEP_REQUEST);
  return TRUE;
}

/* Which key the service knows: that of the last tunnel. */
static const guint8 *
get_key (const AditProviderRequest *request)
{
  return request->old_public_key != NULL ? request->old_public_key : request->public_key;
}

static gboolean
check_wish (const AditProviderRequest *request, GError **error)
{
  g_autoptr (AditSecret) body = adit_mysterium_write_wish (request);

  return body != NULL || refuse (error, ADIT_ERROR_INVALID_ARGUMENT, "The request names no proper key or place");
}

static gboolean
mysterium_start (AditProviderTask *task, GError **error)
{
  const AditProviderRequest *request = &task->request;
  gsize length = 0;
  const guint8 *bytes = request->credential != NULL ? adit_secret_peek (request->credential, &length) : NULL;

  if (request->want == ADIT_PROVIDER_LOG_IN)
    return start_sign_in (task, error);
  if (length > 0 && !adit_mysterium_is_token ((const char *) bytes, length))
    return refuse (error, ADIT_ERROR_CREDENTIAL_MALFORMED, "What stands for this account cannot be a token of the service");
  if (length > 0)
    task->credential = adit_secret_ref (request->credential);
  else if (request->want != ADIT_PROVIDER_LIST)
    return refuse (error, ADIT_ERROR_CREDENTIAL_MALFORMED, "There is nothing that stands for an account of the service");
  if (task->token != NULL && request->token_expires_at_s - TOKEN_MARGIN_S <= request->now_s)
    g_clear_pointer (&task->token, adit_secret_unref);
  if (request->want == ADIT_PROVIDER_TUNNEL && !check_wish (request, error))
    return FALSE;
  if (request->want == ADIT_PROVIDER_LOG_OUT)
    go_to (task, get_key (request) != NULL ? STEP_DISCONNECT : STEP_LOG_OUT);
  else
    go_to (task, request->want == ADIT_PROVIDER_ACCOUNT ? STEP_SUBSCRIPTION
                 : request->want == ADIT_PROVIDER_LIST ? STEP_LOCATIONS : STEP_CONNECT);
  return TRUE;
}

static char *
dup_disconnect_path (const AditProviderRequest *request)
{
  g_autofree char *key = g_base64_encode (get_key (request), ADIT_WG_KEY_BYTES);
  g_autofree char *escaped = g_uri_escape_string (key, NULL, FALSE);

  return g_strconcat (API "/connection/disconnect?public_key=", escaped, NULL);
}

static void
post (AditHttpRequest *http, const char *path, AditSecret *body)
{
  http->method = ADIT_HTTP_POST;
  http->path = g_strdup (path);
  http->body = body;
  adit_http_request_add_header (http, "Content-Type", "application/json");
}

static gboolean
mysterium_next (AditProviderTask *task, AditHttpRequest *http, GError **error)
{
  const AditProviderRequest *request = &task->request;

  http->answer_max_bytes = ADIT_MYSTERIUM_ANSWER_MAX_BYTES;
  http->timeout_ms = TIMEOUT_MS;
  adit_http_request_add_header (http, "User-Agent", "Adit");
  adit_http_request_add_header (http, "Accept", "application/json");
  switch ((Step) task->step)
    {
    case STEP_REQUEST:
      post (http, API "/auth/activation", adit_mysterium_write_request (request->nonce));
      break;
    case STEP_POLL:
      http->path = g_strconcat (API "/auth/activation/", request->captcha_handle, NULL);
      break;
    case STEP_RENEW:
      post (http, API "/oauth/token", adit_mysterium_write_renewal (task->credential));
      break;
    case STEP_SUBSCRIPTION:
      http->path = g_strdup (API "/subscription");
      break;
    case STEP_PLAN:
      http->path = g_strdup (API "/subscription/plan");
      break;
    case STEP_LOCATIONS:
      http->path = g_strdup (API "/connection/config/locations?ip_type=");
      if (request->etag != NULL && request->etag[0] != '\0')
        adit_http_request_add_header (http, "If-None-Match", request->etag);
      break;
    case STEP_CONNECT:
      post (http, API "/connection/connect", adit_mysterium_write_wish (request));
      break;
    case STEP_DISCONNECT:
      http->path = dup_disconnect_path (request);    /* a GET, as the service has it */
      break;
    case STEP_LOG_OUT:
      post (http, API "/auth/logout", adit_secret_new ("{}", 2));
      break;
    }
  if (needs_token (task->step) && task->token != NULL)
    http->bearer = adit_secret_ref (task->token);
  return TRUE;
}

/* Assumed: the statuses by which the service says that something is not there; its description names them for no call. */
static gboolean
is_gone (const AditHttpAnswer *answer)
{
  return answer->status == 404 || answer->status == 410;
}

static gboolean
renew (AditProviderTask *task)
{
  task->has_renewed_token = TRUE;
  g_clear_pointer (&task->token, adit_secret_unref);
  g_clear_pointer (&task->fresh_token, adit_secret_unref);
  go_to (task, task->step);
  return TRUE;
}

/* What is to be ended is ended, however the service says so; but to be asked less often is no answer to it. */
static gboolean
take_failed_end (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  if (answer->status < 400 || answer->status == 429 || answer->status >= 500)
    return adit_mysterium_refuse (task, answer, error);
  if (task->step != STEP_DISCONNECT)
    return is_done (task);
  go_to (task, STEP_LOG_OUT);
  return TRUE;
}

static gboolean
take_failure (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  gboolean is_refused = answer->status == 401;

  if (is_refused && needs_token (task->step) && task->credential != NULL && !task->has_renewed_token)
    return renew (task);
  if (task->request.want == ADIT_PROVIDER_LOG_OUT && (task->step != STEP_RENEW || is_refused || answer->status == 400))
    return take_failed_end (task, answer, error);
  /* RFC 6749, section 5.2: a token that is none any more is a bad request. */
  if (task->step == STEP_RENEW && (is_refused || answer->status == 400))
    return refuse (error, ADIT_ERROR_SIGN_IN_ENDED, "The service has ended this sign-in; sign in again");
  if (task->step == STEP_LOCATIONS && is_refused && task->credential == NULL)
    return refuse (error, ADIT_ERROR_NO_ACCOUNT, "The service shows its places only to who has signed in");
  if (task->step == STEP_POLL && is_gone (answer))
    return refuse (error, ADIT_ERROR_SIGN_IN_ENDED, "The service no longer knows this sign-in; begin again");
  if (task->step == STEP_SUBSCRIPTION && is_gone (answer))
    {
      task->result.plan.is_inactive = TRUE;    /* there never was one */
      return is_done (task);
    }
  if (task->step == STEP_PLAN && is_gone (answer))
    return is_done (task);
  return adit_mysterium_refuse (task, answer, error);
}

static gboolean
read_flag (AditJson *object, const char *field, gboolean *value, GError **error)
{
  *value = FALSE;
  return !adit_json_has (object, field) || adit_json_get_boolean (object, field, value, error);
}

/* The end of what is over or was never begun may be any date, or none. */
static gboolean
take_subscription (AditProviderTask *task, AditJson *root, GError **error)
{
  AditProviderPlan *plan = &task->result.plan;
  gint64 *end_s = &task->result.account_expires_at_s;
  gboolean is_active, is_paused, is_expired;
  const char *name;

  if (!adit_json_get_boolean (root, "active", &is_active, error) || !read_flag (root, "paused", &is_paused, error) ||
      !read_flag (root, "expired", &is_expired, error) || !read_flag (root, "recurring", &plan->is_renewed, error))
    return FALSE;
  plan->is_inactive = !is_active || is_paused || is_expired;
  if (adit_json_has (root, "active_until") &&
      !adit_json_get_time (root, "active_until", end_s, plan->is_inactive ? NULL : error) && !plan->is_inactive)
    return FALSE;
  name = adit_json_get_string (root, "plan_id", ADIT_NAME_MAX_BYTES, NULL);
  if (name != NULL && adit_name_is_valid (name))
    g_strlcpy (plan->plan, name, sizeof plan->plan);
  go_to (task, STEP_PLAN);
  return TRUE;
}

static gboolean
take_plan (AditProviderTask *task, AditJson *root, GError **error)
{
  AditJson *metadata = adit_json_get_object (root, "metadata", error);
  gint64 limit = 0;

  if (metadata == NULL ||
      (adit_json_has (metadata, "allowed_devices_limit") &&
       !adit_json_get_integer (metadata, "allowed_devices_limit", G_MININT64, G_MAXINT64, &limit, error)))
    return FALSE;
  task->result.plan.device_limit = limit > 0 && limit <= MAX_LIMIT ? (guint) limit : 0;
  return is_done (task);
}

static gboolean
take_list (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  task->result.list = adit_mysterium_read_locations (answer->body->data, answer->body->len, answer->etag, task->request.now_s,
                                                     error);
  return task->result.list != NULL && is_done (task);
}

static gboolean
take_body (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (answer->body->data, answer->body->len, ADIT_MYSTERIUM_ANSWER_MAX_BYTES, error);

  if (root == NULL)
    return FALSE;
  switch ((Step) task->step)
    {
    case STEP_POLL:
      return adit_mysterium_take_request (task, root, error);
    case STEP_RENEW:
      task->has_renewed_token = TRUE;
      if (!adit_mysterium_take_tokens (task, root, error))
        return FALSE;
      go_to (task, task->step_after_token);
      return TRUE;
    case STEP_SUBSCRIPTION:
      return take_subscription (task, root, error);
    case STEP_PLAN:
      return take_plan (task, root, error);
    case STEP_CONNECT:
      return adit_mysterium_take_tunnel (task, root, error);
    case STEP_REQUEST:
    case STEP_LOCATIONS:
    case STEP_DISCONNECT:
    case STEP_LOG_OUT:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
mysterium_answer (AditProviderTask *task, const AditHttpAnswer *answer, GError **error)
{
  if (task->request.want == ADIT_PROVIDER_ACCOUNT)
    task->result.device_is_known = TRUE;    /* nothing of this computer is registered, so nothing can be gone */
  if (task->step == STEP_LOCATIONS && answer->status == 304)
    {
      if (task->request.etag == NULL || task->request.etag[0] == '\0')
        return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service says that a list has not changed that nobody has");
      return is_done (task);
    }
  if (answer->status < 200 || answer->status > 299)
    return take_failure (task, answer, error);
  switch ((Step) task->step)
    {
    case STEP_REQUEST:
      adit_mysterium_ask (task, task->request.nonce);
      return TRUE;
    case STEP_DISCONNECT:
      go_to (task, STEP_LOG_OUT);
      return TRUE;
    case STEP_LOG_OUT:
      return is_done (task);
    case STEP_LOCATIONS:
      return take_list (task, answer, error);
    case STEP_POLL:
    case STEP_RENEW:
    case STEP_SUBSCRIPTION:
    case STEP_PLAN:
    case STEP_CONNECT:
    default:
      return take_body (task, answer, error);
    }
}

const AditProviderOps adit_provider_mysterium = {
  .id = "mysterium",
  .tls = { .send_server_name = TRUE },
  .start = mysterium_start,
  .next = mysterium_next,
  .answer = mysterium_answer,
  .wants = 1u << ADIT_PROVIDER_LOG_IN | 1u << ADIT_PROVIDER_ACCOUNT | 1u << ADIT_PROVIDER_LIST | 1u << ADIT_PROVIDER_LOG_OUT |
           1u << ADIT_PROVIDER_TUNNEL,
};
