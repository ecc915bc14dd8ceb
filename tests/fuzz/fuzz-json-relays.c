/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-json-relays.c: any answers to the adapter: the first byte says what is wanted, the second which status comes; a list that
 * comes out of it must be one that the reader takes. */
#include "client/provider/provider.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint statuses[] = { 200, 201, 204, 304, 400, 401, 404, 405, 500 };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  g_autoptr (AditSecret) number = NULL, token = NULL;
  g_autoptr (AditProviderTask) task = NULL;
  AditProviderRequest request = { .now_s = 1785542400, .device_id = "a-1", .public_key = key, .token_expires_at_s = 1885542400 };

  if (size < 2)
    return 0;
  number = adit_secret_new ("1234567890123456", 16);
  token = adit_secret_new ("token", 5);
  request.want = data[0] & 16 ? ADIT_PROVIDER_EXIT : (AditProviderWant) (data[0] & 3);
  request.credential = number;
  request.token = data[0] & 4 ? token : NULL;
  request.etag = data[0] & 8 ? "\"e\"" : NULL;
  task = adit_provider_task_new (&adit_provider_mullvad, &request, NULL);
  for (guint i = 0; i < 8 && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      adit_http_answer_init (&answer, size);
      answer.status = statuses[data[1] % G_N_ELEMENTS (statuses)];
      answer.has_length = (data[1] & 0x80) == 0;
      g_byte_array_append (answer.body, data + 2, (guint) size - 2);
      if (!adit_provider_task_answer (task, &answer, NULL))
        return 0;
    }
  if (request.want == ADIT_PROVIDER_EXIT)
    g_assert_true (task->is_done && adit_address_is_public (&task->result.exit_address));
  if (task->result.list != NULL)
    {
      g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (task->result.list, NULL);

      g_assert_nonnull (list);
    }
  return 0;
}
