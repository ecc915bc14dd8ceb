/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-adapters.c: Mullvad's real adapter, over the real libcurl wrapper, asks the simulated Mullvad for all that it can. */
#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "client/provider/curl.h"
#include "client/provider/provider.h"
#include "tests/simulator/asker.h"
#include "tests/simulator/known.h"

#define DAY_S        G_GINT64_CONSTANT (86400)
#define MAX_REQUESTS 8    /* as many as the worker makes */
#define FINE         (-1)

/* One person's computer, with what it keeps. */
typedef struct
{
  AditSecret *number, *token;
  gint64      token_expires_at_s;
  guint8      key[ADIT_WG_KEY_BYTES];
  char        device_id[ADIT_DEVICE_ID_MAX_BYTES];
} Computer;

static void
computer_clear (Computer *self)
{
  g_clear_pointer (&self->number, adit_secret_unref);
  g_clear_pointer (&self->token, adit_secret_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Computer, computer_clear)

static void
computer_init (Computer *self, const char *number, guint8 key)
{
  *self = (Computer) { .number = number != NULL ? adit_secret_new (number, strlen (number)) : NULL, .key = { key, 77 } };
}

/* The wrapper connects once more: only what was not waited for by connect() itself lets it (Linux: EISCONN otherwise). */
static int
open_connection (const AditEndpoint *endpoint, gpointer user_data, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (endpoint->port) };
  struct pollfd wait = { .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), .events = POLLOUT };

  memcpy (&address.sin_addr, endpoint->address.bytes, 4);
  (void) connect (wait.fd, (struct sockaddr *) &address, sizeof address);
  g_assert_cmpint (poll (&wait, 1, 5000), ==, 1);
  return wait.fd;
}

/* As the worker does it. */
static gboolean
walk (AditProviderTask *task, GError **error)
{
  g_autofree char *roots = NULL;
  AditEndpoint api = { .port = (guint16) asker_get_port () };
  AditCurlRules rules = { .api = &api, .n_api = 1, .tls = task->ops->tls, .now_s = task->request.now_s, .timeout_ms = 10000,
                          .open = open_connection };

  g_assert_true (adit_address_parse ("127.0.0.1", &api.address));
  g_assert_true (g_file_get_contents ("cert.pem", &roots, NULL, NULL));
  rules.tls.roots_pem = roots;
  for (guint i = 0; i < MAX_REQUESTS && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      if (!adit_provider_task_next (task, &http, error) || !adit_curl_perform (&rules, &http, &answer, error) ||
          !adit_provider_task_answer (task, &answer, error))
        return FALSE;
    }
  g_assert_true (task->is_done);
  return TRUE;
}

/* What there is to lend besides what the computer keeps. */
typedef struct { const char *voucher, *device_id; const guint8 *key; } More;

/* Fails the test unless it ends with @code, and with @words in what is told. */
static AditProviderTask *
want (Computer *self, AditProviderWant what, More more, int code, const char *words)
{
  g_autoptr (AditSecret) voucher = more.voucher != NULL ? adit_secret_new (more.voucher, strlen (more.voucher)) : NULL;
  AditProviderRequest request = { .want = what, .credential = self->number, .token = self->token,
                                  .token_expires_at_s = self->token_expires_at_s, .now_s = g_get_real_time () / G_USEC_PER_SEC,
                                  .device_id = more.device_id != NULL ? more.device_id : self->device_id,
                                  .public_key = more.key != NULL ? more.key : self->key, .voucher = voucher };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, &error);
  gboolean is_fine = task != NULL && walk (task, &error);

  if (task != NULL && task->fresh_token != NULL)
    {
      g_clear_pointer (&self->token, adit_secret_unref);
      self->token = adit_secret_ref (task->fresh_token);
      self->token_expires_at_s = task->fresh_token_expires_at_s;
    }
  if (code == FINE)
    g_assert_no_error (error);
  else
    g_assert_error (error, ADIT_ERROR, code);
  g_assert_true (is_fine == (code == FINE));
  g_assert_true (words == NULL || strstr (error->message, words) != NULL);
  return is_fine ? g_steal_pointer (&task) : NULL;
}

static void
log_in (Computer *self)
{
  g_autoptr (AditProviderTask) task = want (self, ADIT_PROVIDER_LOG_IN, (More) { NULL }, FINE, NULL);

  g_assert_true (task->result.device_is_known);
  g_assert_cmpuint (task->result.n_addresses, ==, 2);
  g_strlcpy (self->device_id, task->result.device_id, sizeof self->device_id);
}

static gint64
get_days_left (Computer *self, gboolean device_is_known)
{
  g_autoptr (AditProviderTask) task = want (self, ADIT_PROVIDER_ACCOUNT, (More) { NULL }, FINE, NULL);

  g_assert_true (task->result.device_is_known == device_is_known);
  return (task->result.account_expires_at_s - task->request.now_s + DAY_S / 2) / DAY_S;
}

static void
test_account (void)
{
  g_auto (Computer) nobody = { NULL }, computer = { NULL };
  g_autoptr (AditProviderTask) created = NULL, spent = NULL;

  asker_use ("mullvad");
  created = want (&nobody, ADIT_PROVIDER_CREATE, (More) { NULL }, FINE, NULL);
  g_assert_null (created->fresh_token);
  computer.number = adit_secret_ref (created->result.credential);
  computer.key[0] = 1;
  log_in (&computer);
  g_assert_cmpint (get_days_left (&computer, TRUE), ==, 30);

  want (&computer, ADIT_PROVIDER_VOUCHER, (More) { .voucher = "NONE-NONE-NONE-NONE" }, ADIT_ERROR_VOUCHER_REFUSED, "not know");
  set_fault ("problem\n");
  want (&computer, ADIT_PROVIDER_VOUCHER, (More) { .voucher = KNOWN_MULLVAD_USED }, ADIT_ERROR_VOUCHER_USED, "used already");
  set_fault ("");
  spent = want (&computer, ADIT_PROVIDER_VOUCHER, (More) { .voucher = "good good\tgoodGOOD\n" }, FINE, NULL);
  g_assert_null (spent->fresh_token);    /* that of the sign-in served */
  g_assert_cmpint (get_days_left (&computer, TRUE), ==, 60);
  want (&computer, ADIT_PROVIDER_VOUCHER, (More) { .voucher = KNOWN_MULLVAD_VOUCHER }, ADIT_ERROR_VOUCHER_USED,
        "used already");
}

static void
test_too_many_devices (void)
{
  g_auto (Computer) computer = { NULL };
  g_autoptr (AditProviderTask) all = NULL, removed = NULL, again = NULL, fewer = NULL, out = NULL;

  asker_use ("mullvad");
  computer_init (&computer, KNOWN_MULLVAD_FULL, 2);
  want (&computer, ADIT_PROVIDER_LOG_IN, (More) { NULL }, ADIT_ERROR_TOO_MANY_DEVICES, NULL);
  g_assert_nonnull (computer.token);
  all = want (&computer, ADIT_PROVIDER_DEVICES, (More) { NULL }, FINE, NULL);
  g_assert_null (all->fresh_token);
  g_assert_cmpuint (all->result.n_devices, ==, KNOWN_MULLVAD_DEVICES);
  for (guint i = 0; i < all->result.n_devices; i++)
    {
      g_assert_false (all->result.devices[i].is_ours);
      g_assert_cmpstr (all->result.devices[i].name, ==, "Quiet Otter");
      g_assert_cmpint (all->result.devices[i].created_at_s, >, 0);
    }
  removed = want (&computer, ADIT_PROVIDER_REMOVE_DEVICE, (More) { .device_id = all->result.devices[1].id }, FINE, NULL);
  again = want (&computer, ADIT_PROVIDER_REMOVE_DEVICE, (More) { .device_id = all->result.devices[1].id }, FINE, NULL);
  log_in (&computer);
  fewer = want (&computer, ADIT_PROVIDER_DEVICES, (More) { NULL }, FINE, NULL);
  g_assert_cmpuint (fewer->result.n_devices, ==, KNOWN_MULLVAD_DEVICES);
  for (guint i = 0; i < fewer->result.n_devices; i++)
    {
      g_assert_cmpstr (fewer->result.devices[i].id, !=, all->result.devices[1].id);
      g_assert_true (fewer->result.devices[i].is_ours == g_str_equal (fewer->result.devices[i].id, computer.device_id));
    }
  out = want (&computer, ADIT_PROVIDER_LOG_OUT, (More) { NULL }, FINE, NULL);
  g_assert_cmpint (get_days_left (&computer, FALSE), ==, 30);
}

static void
test_new_key (void)
{
  static const guint8 next[ADIT_WG_KEY_BYTES] = { 4, 77 };
  g_auto (Computer) computer = { NULL }, other = { NULL };
  g_autoptr (AditProviderTask) rotated = NULL, again = NULL, out = NULL;

  asker_use ("mullvad");
  computer_init (&computer, KNOWN_MULLVAD_ACCOUNT, 3);
  computer_init (&other, KNOWN_MULLVAD_ACCOUNT, 5);
  log_in (&computer);
  log_in (&other);
  rotated = want (&computer, ADIT_PROVIDER_ROTATE, (More) { .key = next }, FINE, NULL);
  g_assert_cmpstr (rotated->result.device_id, ==, computer.device_id);
  g_assert_cmpuint (rotated->result.n_addresses, ==, 2);
  g_assert_cmpint (get_days_left (&computer, FALSE), ==, 30);    /* by the old key */
  /* The same as if the answer had been lost. */
  again = want (&computer, ADIT_PROVIDER_ROTATE, (More) { .key = next }, FINE, NULL);
  g_assert_cmpstr (again->result.device_id, ==, computer.device_id);
  memcpy (computer.key, next, sizeof next);
  g_assert_cmpint (get_days_left (&computer, TRUE), ==, 30);
  want (&computer, ADIT_PROVIDER_ROTATE, (More) { .key = other.key }, ADIT_ERROR_KEY_REFUSED, "another device");
  g_assert_cmpint (get_days_left (&computer, TRUE), ==, 30);
  out = want (&other, ADIT_PROVIDER_LOG_OUT, (More) { NULL }, FINE, NULL);
  want (&other, ADIT_PROVIDER_ROTATE, (More) { NULL }, ADIT_ERROR_DEVICE_REVOKED, NULL);
}

/* A token that the service does not know any more is renewed, once. */
static void
test_tokens (void)
{
  g_auto (Computer) computer = { NULL };
  g_autoptr (AditProviderTask) renewed = NULL;

  asker_use ("mullvad");
  computer_init (&computer, KNOWN_MULLVAD_ACCOUNT, 6);
  computer.token = adit_secret_new ("mva_gone", 8);
  computer.token_expires_at_s = G_MAXINT32;
  renewed = want (&computer, ADIT_PROVIDER_DEVICES, (More) { NULL }, FINE, NULL);
  g_assert_nonnull (renewed->fresh_token);
  g_assert_true (adit_secret_equal (renewed->fresh_token, computer.token));
  set_fault ("token-expired\n");
  want (&computer, ADIT_PROVIDER_VOUCHER, (More) { .voucher = KNOWN_MULLVAD_USED }, ADIT_ERROR_SIGN_IN_ENDED,
        "INVALID_ACCESS_TOKEN");
  set_fault ("");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  adit_curl_init ();
  asker_open ();
  g_test_add_func ("/adapters/mullvad/account", test_account);
  g_test_add_func ("/adapters/mullvad/too-many-devices", test_too_many_devices);
  g_test_add_func ("/adapters/mullvad/new-key", test_new_key);
  g_test_add_func ("/adapters/mullvad/tokens", test_tokens);
  result = g_test_run ();
  asker_close ();
  return result;
}
