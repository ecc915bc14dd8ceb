/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-json-ivpn.c: any answers to IVPN's adapter: the first byte says what is wanted; a list that comes out of it must be one
 * that the reader takes, and what a person is told must be proper text. */
#include "client/provider/provider.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_result (const AditProviderRequest *request, const AditProviderTask *task)
{
  const AditProviderResult *result = &task->result;

  g_assert_true (g_utf8_validate (result->question.text, -1, NULL));
  g_assert_true (result->device_name[0] == '\0' || adit_name_is_valid (result->device_name));
  g_assert_true (result->plan.plan[0] == '\0' || adit_name_is_valid (result->plan.plan));
  for (guint i = 0; i < result->n_addresses; i++)
    g_assert_true (adit_prefix_is_valid (&result->addresses[i]));
  if (request->want == ADIT_PROVIDER_EXIT)
    g_assert_true (task->is_done && adit_address_is_public (&result->exit_address));
  if (request->want == ADIT_PROVIDER_LOG_IN && result->question.kind == ADIT_QUESTION_NONE)
    g_assert_true (task->fresh_token != NULL && result->device_id[0] != '\0');
  if (result->list != NULL)
    {
      g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (result->list, NULL);

      g_assert_nonnull (list);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const AditProviderWant wants[] = {
    ADIT_PROVIDER_LIST, ADIT_PROVIDER_LOG_IN, ADIT_PROVIDER_ACCOUNT, ADIT_PROVIDER_LOG_OUT, ADIT_PROVIDER_EXIT,
    ADIT_PROVIDER_ROTATE,
  };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  g_autoptr (AditSecret) account = NULL, token = NULL;
  g_autoptr (AditProviderTask) task = NULL;
  g_autoptr (GError) error = NULL;
  AditProviderRequest request = { .now_s = 1785542400, .device_id = "a-1", .public_key = key };

  if (size < 1)
    return 0;
  account = adit_secret_new ("i-ABCD-EFGH-IJKL", 16);
  token = adit_secret_new ("token", 5);
  request.want = wants[(data[0] & 15) % G_N_ELEMENTS (wants)];
  request.credential = account;
  request.token = token;
  request.etag = data[0] & 16 ? "\"e\"" : NULL;
  task = adit_provider_task_new (&adit_provider_ivpn, &request, NULL);
  for (guint i = 0; i < 3 && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      adit_http_answer_init (&answer, size);
      answer.status = data[0] & 32 ? 304 : 200;
      g_byte_array_append (answer.body, data + 1, (guint) size - 1);
      if (!adit_provider_task_answer (task, &answer, &error))
        {
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
          return 0;
        }
    }
  g_assert_true (task->is_done);
  check_result (&request, task);
  return 0;
}
