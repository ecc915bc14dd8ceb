/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-json-relays.c: any answers to Mullvad's adapter: the first byte says what is wanted, the second which status comes; a
 * list that comes out of it must be one that the reader takes, and what a person is told must be proper text. */
#include "client/provider/provider.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The first byte's upper three bits; without them the lower ones say which of the first four. */
static AditProviderWant
read_want (guint8 byte)
{
  static const AditProviderWant more[] = { ADIT_PROVIDER_CREATE, ADIT_PROVIDER_VOUCHER, ADIT_PROVIDER_DEVICES,
                                           ADIT_PROVIDER_REMOVE_DEVICE, ADIT_PROVIDER_ROTATE };

  if (byte >> 5 > 0)
    return more[((byte >> 5) - 1) % G_N_ELEMENTS (more)];
  return byte & 16 ? ADIT_PROVIDER_EXIT : (AditProviderWant) (byte & 3);
}

static void
check_result (const AditProviderRequest *request, const AditProviderResult *result)
{
  if (request->want == ADIT_PROVIDER_EXIT)
    g_assert_true (adit_address_is_public (&result->exit_address));
  g_assert_true ((result->credential != NULL) == (request->want == ADIT_PROVIDER_CREATE));
  if (result->credential != NULL)
    g_assert_cmpuint (adit_secret_get_size (result->credential) - 10, <=, 6);
  if (request->want == ADIT_PROVIDER_VOUCHER)
    g_assert_cmpint (result->account_expires_at_s, >, 0);
  if (request->want == ADIT_PROVIDER_ROTATE || request->want == ADIT_PROVIDER_LOG_IN)
    g_assert_true (result->device_is_known && result->n_addresses == 2);
  g_assert_true (result->device_name[0] == '\0' || adit_name_is_valid (result->device_name));
  g_assert_cmpuint (result->plan.device_limit, <=, ADIT_PROVIDER_MAX_DEVICES);
  g_assert_cmpuint (result->n_devices, <=, ADIT_PROVIDER_MAX_DEVICES);
  for (guint i = 0; i < result->n_devices; i++)
    {
      const AditProviderDevice *device = &result->devices[i];
      gsize length = strspn (device->id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-");

      g_assert_true (length > 0 && device->id[length] == '\0');
      g_assert_true (device->name[0] == '\0' || adit_name_is_valid (device->name));
    }
  if (result->list != NULL)
    {
      g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (result->list, NULL);

      g_assert_nonnull (list);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint statuses[] = { 200, 201, 204, 304, 400, 401, 404, 405, 500 };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  g_autoptr (AditSecret) number = NULL, token = NULL, voucher = NULL;
  g_autoptr (AditProviderTask) task = NULL;
  AditProviderRequest request = { .now_s = 1785542400, .device_id = "a-1", .public_key = key, .token_expires_at_s = 1885542400 };

  if (size < 2)
    return 0;
  number = adit_secret_new ("1234567890123456", 16);
  token = adit_secret_new ("token", 5);
  voucher = adit_secret_new ("ABCD-EFGH-IJKL-MNOP", 19);
  request.want = read_want (data[0]);
  request.voucher = voucher;
  request.credential = number;
  request.token = data[0] & 4 ? token : NULL;
  request.etag = data[0] & 8 ? "\"e\"" : NULL;
  task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
  for (guint i = 0; i < 8 && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      adit_http_answer_init (&answer, size);
      answer.status = statuses[data[1] % G_N_ELEMENTS (statuses)];
      answer.has_length = (data[1] & 0x80) == 0;
      g_byte_array_append (answer.body, data + 2, (guint) size - 2);
      if (!adit_provider_task_answer (task, &answer, &error))
        {
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
          g_assert_null (strpbrk (error->message, "\n\r\x1b"));
          return 0;
        }
    }
  g_assert_true (task->is_done);
  check_result (&request, &task->result);
  return 0;
}
