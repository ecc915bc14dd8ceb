/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-json-ovpn.c: any answers to OVPN's adapter: the first byte says what is wanted, the second which status comes.  A list
 * must be one that the reader takes, with servers that can be reached, and an error must be fit to be shown. */
#include "client/provider/provider.h"

#include <string.h>

#include "client/provider/select.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static guint64
draw (gpointer data)
{
  return 0;
}

static void
check_list (GBytes *bytes)
{
  g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (bytes, NULL);
  AditPlace anywhere = { 0 };

  g_assert_nonnull (list);
  for (AditProtocol way = 0; way < ADIT_N_PROTOCOLS; way++)
    {
      AditSelection selection = { .place = &anywhere, .protocol = way, .avoid = "", .random = { draw, NULL } };
      g_autoptr (AditOpenvpnProfile) profile = NULL;
      AditTunnelSpec spec;

      if (!adit_select_tunnel (list, &selection, &spec, NULL))
        g_assert_cmpint (way, ==, ADIT_PROTOCOL_WIREGUARD);    /* each takes OpenVPN */
      else if (way != ADIT_PROTOCOL_WIREGUARD)
        g_assert_nonnull (profile = adit_provider_ovpn.make_profile (&spec));
    }
}

/* What was sent is never said again. */
static void
check_error (const GError *error, gboolean was_sent)
{
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 256);
  g_assert_null (strpbrk (error->message, "<>\n\r\x1b"));
  g_assert_false (was_sent && strstr (error->message, "pass word") != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const AditProviderWant wants[] = { ADIT_PROVIDER_LIST, ADIT_PROVIDER_LOG_IN, ADIT_PROVIDER_LOG_OUT, ADIT_PROVIDER_ROTATE,
                                            ADIT_PROVIDER_EXIT, ADIT_PROVIDER_ACCOUNT };
  static const guint statuses[] = { 200, 201, 204, 302, 401, 404, 422, 423, 500 };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 }, old_key[ADIT_WG_KEY_BYTES] = { 2 };
  g_autoptr (AditSecret) login = NULL;
  g_autoptr (AditProviderTask) task = NULL;
  AditProviderRequest request = { .now_s = 1785542400, .device_id = "1", .public_key = key, .old_public_key = old_key };

  if (size < 2)
    return 0;
  login = adit_secret_new ("user\npass word", 14);
  request.want = wants[data[0] % G_N_ELEMENTS (wants)];
  request.credential = login;
  task = adit_provider_task_new (&adit_provider_ovpn, &request, NULL);
  for (guint i = 0; i < 3 && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      adit_http_answer_init (&answer, size);
      answer.status = statuses[data[1] % G_N_ELEMENTS (statuses)];
      g_byte_array_append (answer.body, data + 2, (guint) size - 2);
      if (!adit_provider_task_answer (task, &answer, &error))
        {
          check_error (error, http.body != NULL);
          return 0;
        }
    }
  g_assert_true (task->is_done);
  if (request.want == ADIT_PROVIDER_EXIT)
    g_assert_true (adit_address_is_public (&task->result.exit_address));
  if (request.want == ADIT_PROVIDER_LIST)
    check_list (task->result.list);
  return 0;
}
