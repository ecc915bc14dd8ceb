/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-role.c: asks an adapter, and turns its result into wire messages. */
#define G_LOG_DOMAIN "adit-worker"
#include "client/worker/roles.h"

#include <string.h>
#include <unistd.h>

#include "client/base/secret.h"
#include "client/provider/curl.h"
#include "client/provider/doh.h"
#include "client/provider/provider.h"
#include "client/model/server-list-keys.h"
#include "client/provider/select.h"
#include "client/worker/list-file.h"
#include "client/worker/look-up.h"
#include "client/worker/ovpn-trust.h"
#include "client/worker/ovpn-write-file.h"
#include "client/worker/walk.h"

#define NONCE_MAX_BYTES         37             /* a UUID and its end */
#define OPENVPN_TRUST_MAX_BYTES (64 * 1024)    /* a few roots in PEM, one of which has 2 KiB, and a key */
#define KEPT_SHARE              4              /* a list has at least a quarter of the servers of the one before */
#define KEPT_MAX_S              (30 * G_GINT64_CONSTANT (86400))    /* what stays so much smaller for a month is what there is */

G_STATIC_ASSERT (ADIT_DEVICE_ID_MAX_BYTES == ADIT_WIRE_DEVICE_ID_MAX_BYTES);
G_STATIC_ASSERT (ADIT_QUESTION_MAX_BYTES == ADIT_WIRE_HANDLE_MAX_BYTES);
G_STATIC_ASSERT (ADIT_PROVIDER_MAX_DEVICES == ADIT_WIRE_MAX_DEVICES);

static guint64
draw (gpointer user_data)
{
  guint64 number;

  /* Which relay is taken is nobody's to foresee; without chance nothing is taken. */
  if (getentropy (&number, sizeof number) != 0)
    g_error ("no random numbers");
  return number;
}

/* A UUID of version 4 (RFC 9562, 5.4), from the kernel and not from a seed. */
static void
make_nonce (char nonce[NONCE_MAX_BYTES])
{
  guint64 high = (draw (NULL) & ~G_GUINT64_CONSTANT (0xf000)) | G_GUINT64_CONSTANT (0x4000);
  guint64 low = (draw (NULL) & G_GUINT64_CONSTANT (0x3fffffffffffffff)) | G_GUINT64_CONSTANT (0x8000000000000000);

  g_snprintf (nonce, NONCE_MAX_BYTES, "%08x-%04x-%04x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (high >> 32),
              (guint) (high >> 16) & 0xffff, (guint) high & 0xffff, (guint) (low >> 48),
              low & G_GUINT64_CONSTANT (0xffffffffffff));
}

/* --- What is said before the last word ------------------------------------------------------------------------------------ */

static void
copy_secret (AditSecret *secret, char *field, gsize size_bytes)
{
  if (secret != NULL)
    adit_secret_copy_to (secret, field, size_bytes - 1);
}

/* A token is worth keeping also when what came after it failed. */
static gboolean
send_token (AditWorker *worker, AditProviderTask *task, GError **error)
{
  AditWireMessage message;
  gboolean sent;

  if (task->fresh_token == NULL)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_TOKEN, worker->attempt);
  copy_secret (task->fresh_token, message.token.token, sizeof message.token.token);
  message.token.expires_at_s = task->fresh_token_expires_at_s;
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

/* So is what stands for the account. */
static gboolean
send_login (AditWorker *worker, const AditProviderResult *result, GError **error)
{
  AditWireMessage message;
  gboolean sent;

  if (result->credential == NULL && result->openvpn_username == NULL && result->openvpn_password == NULL)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_LOGIN, worker->attempt);
  copy_secret (result->credential, message.login.credential, sizeof message.login.credential);
  copy_secret (result->openvpn_username, message.login.username, sizeof message.login.username);
  copy_secret (result->openvpn_password, message.login.password, sizeof message.login.password);
  sent = adit_worker_send (worker, &message, -1, error);
  adit_wipe (&message, sizeof message);
  return sent;
}

/* Always fails: nothing comes of this task before a person has answered. */
static gboolean
send_question (AditWorker *worker, const AditProviderQuestion *question, GError **error)
{
  static const guint8 kinds[ADIT_N_QUESTIONS] = {
    [ADIT_QUESTION_CAPTCHA] = ADIT_WIRE_ASKS_CAPTCHA, [ADIT_QUESTION_CODE] = ADIT_WIRE_ASKS_CODE,
    [ADIT_QUESTION_BROWSER] = ADIT_WIRE_ASKS_BROWSER,
  };
  AditWireMessage message;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_QUESTION, worker->attempt);
  message.question.kind = kinds[question->kind];
  message.question.was_wrong = question->was_wrong ? 1 : 0;
  g_strlcpy (message.question.text, question->text, sizeof message.question.text);
  g_strlcpy (message.question.handle, question->handle, sizeof message.question.handle);
  if (question->picture != NULL)
    {
      message.question.size_picture_bytes = (guint32) g_bytes_get_size (question->picture);
      fd = adit_list_file_seal (question->picture, error);
      if (fd < 0)
        return FALSE;
    }
  sent = adit_worker_send (worker, &message, fd, error);
  if (fd >= 0)
    close (fd);
  if (sent)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_ANSWER_NEEDED, "The service asks for one more answer");
  return FALSE;
}

/* A list that cannot be opened is the helper's business, when somebody wants it. */
static void
compare_keys (AditServerList *before, GBytes *bytes, AditWireList *message)
{
  g_autoptr (AditServerList) now = before != NULL ? adit_server_list_new_for_bytes (bytes, NULL) : NULL;

  if (now != NULL)
    message->n_changed_keys = adit_server_list_count_changed_keys (before, now, message->changed_server);
}

static gboolean
send_list (AditWorker *worker, AditServerList *before, GBytes *list, GError **error)
{
  AditWireMessage message;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_LIST, worker->attempt);
  if (list != NULL)
    {
      fd = adit_list_file_seal (list, error);
      if (fd < 0)
        return FALSE;
      message.list.size_list_bytes = (guint32) g_bytes_get_size (list);
      compare_keys (before, list, &message.list);
    }
  sent = adit_worker_send (worker, &message, fd, error);
  if (fd >= 0)
    close (fd);
  return sent;
}

static gboolean
send_api (AditWorker *worker, const AditProviderApi *api, GError **error)
{
  AditWireMessage message;

  if (api->n == 0)
    return TRUE;
  adit_wire_begin (&message, ADIT_WIRE_API, worker->attempt);
  memcpy (message.api.endpoints, api->endpoints, sizeof message.api.endpoints);
  message.api.n_endpoints = api->n;
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
run_task (AditWorker *worker, const AditProviderOps *ops, const AditProviderRequest *wanted, AditProviderTask **done,
          GError **error)
{
  g_autoptr (AditProviderTask) task = adit_provider_task_new (ops, wanted, error);
  gboolean walked, said;

  if (task == NULL)
    return FALSE;
  walked = adit_worker_walk (worker, task, error);
  said = send_token (worker, task, walked ? error : NULL) && send_login (worker, &task->result, walked ? error : NULL);
  if (!said || !walked)
    return FALSE;
  if (task->result.question.kind != ADIT_QUESTION_NONE)
    return send_question (worker, &task->result.question, error);
  *done = g_steal_pointer (&task);
  return TRUE;
}

/* --- Accounts ------------------------------------------------------------------------------------------------------------- */

static AditSecret *
lend (const char *text)
{
  return text[0] != '\0' ? adit_secret_new (text, strlen (text)) : NULL;
}

static const guint8 *
lend_key (const guint8 key[ADIT_WG_KEY_BYTES])
{
  static const guint8 no_key[ADIT_WG_KEY_BYTES] = { 0 };

  return memcmp (key, no_key, sizeof no_key) != 0 ? key : NULL;
}

/* What the helper has lent, as an adapter takes it. */
typedef struct
{
  AditSecret         *credential, *token, *voucher, *captcha, *code;
  char                nonce[NONCE_MAX_BYTES];
  AditProviderRequest wanted;
} Loan;

static void
loan_clear (Loan *loan)
{
  g_clear_pointer (&loan->credential, adit_secret_unref);
  g_clear_pointer (&loan->token, adit_secret_unref);
  g_clear_pointer (&loan->voucher, adit_secret_unref);
  g_clear_pointer (&loan->captcha, adit_secret_unref);
  g_clear_pointer (&loan->code, adit_secret_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Loan, loan_clear)

static void
take_loan (Loan *loan, const AditWireRequest *request, AditProviderWant want)
{
  const AditWireAnswers *answers = &request->answers;

  loan->credential = lend (request->credential);
  loan->token = lend (request->token);
  loan->voucher = lend (answers->voucher);
  loan->captcha = lend (answers->captcha);
  loan->code = lend (answers->code);
  make_nonce (loan->nonce);
  loan->wanted = (AditProviderRequest) {
    .want = want, .credential = loan->credential, .token = loan->token, .token_expires_at_s = request->token_expires_at_s,
    .now_s = request->now_s, .device_id = request->device_id, .public_key = lend_key (request->public_key),
    /* Who signs out has no new key: the one that there is goes. */
    .old_public_key = lend_key (want == ADIT_PROVIDER_LOG_OUT ? request->public_key : answers->old_public_key),
    .is_connected = answers->is_connected != 0,
    .voucher = loan->voucher, .captcha = loan->captcha, .code = loan->code,
    .captcha_handle = answers->handle[0] != '\0' ? answers->handle : NULL, .is_forced = answers->is_forced != 0,
    .nonce = loan->nonce,
  };
}

static void
fill_plan (AditWirePlan *to, const AditProviderPlan *plan)
{
  g_strlcpy (to->name, plan->plan, sizeof to->name);
  to->device_limit = plan->device_limit;
  to->is_inactive = plan->is_inactive ? 1 : 0;
  to->is_renewed = plan->is_renewed ? 1 : 0;
  to->refuses_multihop = plan->refuses_multihop ? 1 : 0;
}

static void
fill_device (AditWireDevice *to, const AditProviderResult *result)
{
  /* A service without devices has one all the same, for whoever asks which. */
  g_strlcpy (to->device_id, result->device_id[0] != '\0' ? result->device_id : "-", sizeof to->device_id);
  g_strlcpy (to->device_name, result->device_name, sizeof to->device_name);
  memcpy (to->addresses, result->addresses, sizeof to->addresses);
  to->n_addresses = result->n_addresses;
  to->account_expires_at_s = result->account_expires_at_s;
  fill_plan (&to->plan, &result->plan);
}

static void
fill_account (AditWireAccount *to, const AditWorker *worker, const AditProviderResult *result)
{
  to->account_expires_at_s = result->account_expires_at_s;
  to->service_time_s = worker->service_time_s;
  to->device_is_known = result->device_is_known ? 1 : 0;
  to->key_is_other = result->key_is_other ? 1 : 0;
  if (result->device_is_known)
    {
      memcpy (to->addresses, result->addresses, sizeof to->addresses);
      to->n_addresses = result->n_addresses;
    }
  fill_plan (&to->plan, &result->plan);
}

static gboolean
send_devices (AditWorker *worker, const AditProviderResult *result, GError **error)
{
  for (guint i = 0; i < MIN (result->n_devices, ADIT_PROVIDER_MAX_DEVICES); i++)
    {
      const AditProviderDevice *device = &result->devices[i];
      AditWireMessage message;

      adit_wire_begin (&message, ADIT_WIRE_DEVICE_ROW, worker->attempt);
      g_strlcpy (message.device_row.id, device->id, sizeof message.device_row.id);
      g_strlcpy (message.device_row.name, device->name, sizeof message.device_row.name);
      message.device_row.created_at_s = device->created_at_s;
      message.device_row.is_ours = device->is_ours ? 1 : 0;
      if (!adit_worker_send (worker, &message, -1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
serve_account (AditWorker *worker, const AditProviderOps *ops, AditProviderWant want, AditWireOp last, GError **error)
{
  g_auto (Loan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;
  AditWireMessage message;

  take_loan (&loan, &worker->request.request, want);
  if (!run_task (worker, ops, &loan.wanted, &task, error) || !send_devices (worker, &task->result, error))
    return FALSE;
  adit_wire_begin (&message, last, worker->attempt);
  if (last == ADIT_WIRE_DEVICE)
    fill_device (&message.device, &task->result);
  else if (last == ADIT_WIRE_ACCOUNT)
    fill_account (&message.account, worker, &task->result);
  return adit_worker_send (worker, &message, -1, error);
}

/* --- Servers -------------------------------------------------------------------------------------------------------------- */

static AditServerList *
open_stored_list (AditWorker *worker)
{
  g_autoptr (AditServerList) list = NULL;
  g_autoptr (GError) error = NULL;

  if (worker->list_fd < 0)
    return NULL;
  list = adit_server_list_new_for_fd (worker->list_fd, &error);
  if (list == NULL)
    {
      g_debug ("stored list: %s", error->message);
      return NULL;
    }
  /* A list of another service in this one's place is as good as none. */
  return g_str_equal (adit_server_list_get_head (list)->service, worker->request.request.service) ? g_steal_pointer (&list)
                                                                                                  : NULL;
}

/* A list that has lost most of its servers from one hour to the next was cut, by a fault or on purpose: whoever cuts it says who
 * one may connect to. */
static gboolean
is_plausible (AditServerList *stored, GBytes *fresh, gint64 now_s, GError **error)
{
  guint n_before = stored != NULL ? adit_server_list_get_n_servers (stored) : 0, n_now;
  g_autoptr (AditServerList) list = NULL;

  if (fresh == NULL || stored == NULL || adit_server_list_get_head (stored)->fetched_at_s + KEPT_MAX_S < now_s)
    return TRUE;
  list = adit_server_list_new_for_bytes (fresh, error);
  if (list == NULL)
    return FALSE;
  n_now = adit_server_list_get_n_servers (list);
  if (n_now >= n_before / KEPT_SHARE)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
               "The service's list is not whole: it has %u servers, and the one before has %u", n_now, n_before);
  return FALSE;
}

static gboolean
fetch_list (AditWorker *worker, const AditProviderOps *ops, AditServerList *stored, GBytes **list, GError **error)
{
  g_auto (Loan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;

  take_loan (&loan, &worker->request.request, ADIT_PROVIDER_LIST);
  loan.wanted.etag = stored != NULL ? adit_server_list_get_head (stored)->etag : NULL;
  if (!run_task (worker, ops, &loan.wanted, &task, error) ||
      !is_plausible (stored, task->result.list, loan.wanted.now_s, error) ||
      !send_list (worker, stored, task->result.list, error) || !send_api (worker, &task->result.api, error))
    return FALSE;
  *list = g_steal_pointer (&task->result.list);
  return TRUE;
}

/* Where the list does not say it.  Without that the list is worth as much, and so is a service that says nothing. */
static gboolean
fetch_api (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_API, .now_s = worker->request.request.now_s };
  g_autoptr (AditProviderTask) task = NULL;
  g_autoptr (GError) silent = NULL;

  if ((ops->wants & 1u << ADIT_PROVIDER_API) == 0)
    return TRUE;
  if (run_task (worker, ops, &wanted, &task, &silent))
    return send_api (worker, &task->result.api, error);
  g_debug ("where the service is besides: %s", silent->message);
  return TRUE;
}

static gboolean
serve_list (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  g_autoptr (AditServerList) stored = open_stored_list (worker);
  g_autoptr (GBytes) list = NULL;
  AditWireMessage message;

  if (!fetch_list (worker, ops, stored, &list, error) || !fetch_api (worker, ops, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_DONE, worker->attempt);
  return adit_worker_send (worker, &message, -1, error);
}

/* Who may write services.conf says by what the servers are known, and nobody else. */
static gboolean
replace_trust (int fd, AditOpenvpnProfile *profile, GError **error)
{
  g_autofree char *text = adit_list_file_read_trust (fd, OPENVPN_TRUST_MAX_BYTES, error);

  return text != NULL && adit_ovpn_trust_replace (profile, text, error);
}

/* A profile whose one server is the one that was drawn. */
static int
make_profile (AditWorker *worker, const AditProviderOps *ops, const AditTunnelSpec *spec, guint32 *size, GError **error)
{
  g_autoptr (AditOpenvpnProfile) profile = ops->make_profile != NULL ? ops->make_profile (spec) : NULL;
  g_autoptr (AditSecret) text = NULL;

  if (profile == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "The service does not offer that over OpenVPN");
      return -1;
    }
  if (worker->openvpn_trust_fd >= 0 && !replace_trust (worker->openvpn_trust_fd, profile, error))
    return -1;
  text = adit_ovpn_write_file (profile, error);
  if (text == NULL)
    return -1;
  *size = (guint32) adit_secret_get_size (text);
  return adit_list_file_seal_secret (text, error);
}

static gboolean
send_tunnel (AditWorker *worker, const AditProviderOps *ops, const AditTunnelSpec *spec, AditSecret *preshared_key,
             AditProtocol protocol, GError **error)
{
  AditWireMessage message;
  AditWireTunnel *tunnel = &message.tunnel;
  const AditPrefix *allowed_ips = spec->allowed_ips;
  gboolean sent;
  int fd = -1;

  adit_wire_begin (&message, ADIT_WIRE_TUNNEL, worker->attempt);
  tunnel->protocol = protocol;
  tunnel->peer = spec->peer;
  memcpy (tunnel->peer_key, spec->peer_key, sizeof tunnel->peer_key);
  if (spec->is_nested)    /* which addresses the first of the two carries is for the helper to say */
    {
      tunnel->inner_peer = spec->more_peers[0].endpoint;
      memcpy (tunnel->inner_peer_key, spec->more_peers[0].key, sizeof tunnel->inner_peer_key);
      allowed_ips++;
    }
  tunnel->n_allowed_ips = MIN (spec->n_allowed_ips - (guint) (allowed_ips - spec->allowed_ips), ADIT_WIRE_MAX_ALLOWED_IPS);
  memcpy (tunnel->allowed_ips, allowed_ips, tunnel->n_allowed_ips * sizeof *tunnel->allowed_ips);
  memcpy (tunnel->dns, spec->dns, sizeof tunnel->dns);
  tunnel->n_dns = spec->n_dns;
  memcpy (tunnel->addresses, spec->addresses, sizeof tunnel->addresses);
  tunnel->n_addresses = spec->n_addresses;
  tunnel->mtu_bytes = spec->mtu_bytes;
  tunnel->keepalive_s = spec->keepalive_s;
  tunnel->location = spec->location;
  tunnel->entry = spec->entry;
  memcpy (tunnel->blocks, spec->blocks, sizeof tunnel->blocks);
  tunnel->n_blocks = spec->n_blocks;
  if (preshared_key != NULL)
    adit_secret_copy_to (preshared_key, tunnel->preshared_key, sizeof tunnel->preshared_key);
  if (protocol != ADIT_PROTOCOL_WIREGUARD && (fd = make_profile (worker, ops, spec, &tunnel->size_profile_bytes, error)) < 0)
    return FALSE;
  sent = adit_worker_send (worker, &message, fd, error);
  adit_wipe (&message, sizeof message);
  if (fd >= 0)
    close (fd);
  return sent;
}

/* The service itself makes a tunnel to the place that was drawn. */
static gboolean
serve_made_tunnel (AditWorker *worker, const AditProviderOps *ops, AditServerList *list, const AditSelection *selection,
                   GError **error)
{
  g_auto (Loan) loan = { NULL };
  g_autoptr (AditProviderTask) task = NULL;
  AditLocation location;

  if (!adit_select_location (list, selection, &location, error))
    return FALSE;
  take_loan (&loan, &worker->request.request, ADIT_PROVIDER_TUNNEL);
  loan.wanted.place = &worker->request.request.place;
  loan.wanted.location = &location;
  return run_task (worker, ops, &loan.wanted, &task, error) &&
         send_tunnel (worker, ops, &task->result.tunnel, task->result.preshared_key, ADIT_PROTOCOL_WIREGUARD, error);
}

static gboolean
serve_choose (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  const AditWireChoice *choice = &request->choice;
  AditSelection selection = {
    .place = &request->place, .places = choice->places, .n_places = choice->n_places,
    .entry = choice->has_entry ? &choice->entry : NULL,
    .protocol = (AditProtocol) choice->protocol, .filter = &choice->filter, .pick = (AditPick) choice->pick,
    .near = choice->has_near ? &choice->near : NULL, .avoid = request->avoid, .try_number = request->try_number,
    .has_ipv6 = request->has_ipv6, .has_ipv6_outside = choice->has_ipv6_outside, .random = { draw, NULL },
  };
  g_autoptr (AditServerList) list = open_stored_list (worker);
  g_autoptr (GBytes) fresh = NULL;
  AditTunnelSpec spec;

  if (list == NULL)
    {
      if (!fetch_list (worker, ops, NULL, &fresh, error))
        return FALSE;
      list = adit_server_list_new_for_bytes (fresh, error);
      if (list == NULL)
        return FALSE;
    }
  if (adit_server_list_get_head (list)->makes_tunnels)
    return serve_made_tunnel (worker, ops, list, &selection, error);
  return adit_select_tunnel (list, &selection, &spec, error) &&
         send_tunnel (worker, ops, &spec, NULL, selection.protocol, error);
}

static gboolean
serve_exit (AditWorker *worker, const AditProviderOps *ops, GError **error)
{
  AditProviderRequest wanted = { .want = ADIT_PROVIDER_EXIT, .now_s = worker->request.request.now_s };
  g_autoptr (AditProviderTask) task = NULL;
  AditWireMessage message;

  if (!run_task (worker, ops, &wanted, &task, error))
    return FALSE;
  adit_wire_begin (&message, ADIT_WIRE_EXIT, worker->attempt);
  message.exit.address = task->result.exit_address;
  return adit_worker_send (worker, &message, -1, error);
}

static gboolean
provider_serve (AditWorker *worker, GError **error)
{
  const AditWireRequest *request = &worker->request.request;
  const AditProviderOps *ops = adit_provider_find (request->service);

  if (request->want == ADIT_WIRE_WANT_LOOK_UP)    /* of a resolver, which is nobody's service */
    return adit_worker_serve_look_up (worker, error);
  if (ops == NULL)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_SERVICE, "There is no such service");
      return FALSE;
    }
  switch ((AditWireWant) request->want)
    {
    case ADIT_WIRE_WANT_LOG_IN:
      return serve_account (worker, ops, ADIT_PROVIDER_LOG_IN, ADIT_WIRE_DEVICE, error);
    case ADIT_WIRE_WANT_ROTATE:
      return serve_account (worker, ops, ADIT_PROVIDER_ROTATE, ADIT_WIRE_DEVICE, error);
    case ADIT_WIRE_WANT_ACCOUNT:
      return serve_account (worker, ops, ADIT_PROVIDER_ACCOUNT, ADIT_WIRE_ACCOUNT, error);
    case ADIT_WIRE_WANT_VOUCHER:
      return serve_account (worker, ops, ADIT_PROVIDER_VOUCHER, ADIT_WIRE_ACCOUNT, error);
    case ADIT_WIRE_WANT_CREATE:
      return serve_account (worker, ops, ADIT_PROVIDER_CREATE, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_DEVICES:
      return serve_account (worker, ops, ADIT_PROVIDER_DEVICES, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_REMOVE_DEVICE:
      return serve_account (worker, ops, ADIT_PROVIDER_REMOVE_DEVICE, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_LOG_OUT:
      return serve_account (worker, ops, ADIT_PROVIDER_LOG_OUT, ADIT_WIRE_DONE, error);
    case ADIT_WIRE_WANT_LIST:
      return serve_list (worker, ops, error);
    case ADIT_WIRE_WANT_CHOOSE:
      return serve_choose (worker, ops, error);
    case ADIT_WIRE_WANT_EXIT:
      return serve_exit (worker, ops, error);
    case ADIT_WIRE_WANT_LOOK_UP:
    case ADIT_WIRE_WANT_NOTHING:
    case ADIT_N_WIRE_WANTS:
    default:
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "The helper wants what this worker cannot do");
      return FALSE;
    }
}

static void
provider_init (void)
{
  adit_curl_init ();
  adit_doh_init ();
}

const AditWorkerRole adit_worker_provider_role = {
  .name = "provider",
  .sandbox = ADIT_SANDBOX_PROVIDER,
  .init = provider_init,
  .serve = provider_serve,
};
