/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-walk.c: a task of Mullvad's adapter walked by hand along a row of questions and answers. */
#include "tests/unit/mullvad-walk.h"

#include <string.h>

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };

/**
 * mullvad_fill:
 * @answer: (out): what a service says; clear it afterwards
 * @exchange: with that
 */
void
mullvad_fill (AditHttpAnswer *answer, const Exchange *exchange)
{
  adit_http_answer_init (answer, 1000);
  answer->status = exchange->status;
  answer->has_length = !exchange->no_length;
  g_free (answer->content_type);
  answer->content_type = g_strdup (exchange->type != NULL ? exchange->type : "application/json");
  g_byte_array_append (answer->body, (const guint8 *) exchange->body, (guint) strlen (exchange->body));
}

static void
check_request (const AditHttpRequest *http, const Exchange *exchange, const char *token)
{
  g_autofree char *asked = g_strconcat (method_names[http->method], " ", http->path, NULL);
  gboolean is_open = g_str_has_prefix (exchange->request, "POST /auth/") || g_str_has_suffix (exchange->request, "/accounts") ||
                     g_str_has_suffix (exchange->request, "/relays") || g_str_has_suffix (exchange->request, "/api-addrs");
  gboolean has_type = g_strv_contains ((const char *const *) http->headers, "Content-Type: application/json");

  g_assert_cmpstr (asked, ==, exchange->request);
  g_assert_cmpstr (http->host, ==, "api.mullvad.net");
  g_assert_true (g_strv_contains ((const char *const *) http->headers, "User-Agent: mullvad-app"));
  g_assert_true ((http->bearer == NULL) == is_open);
  if (http->bearer != NULL)
    g_assert_cmpmem (adit_secret_peek (http->bearer, NULL), adit_secret_get_size (http->bearer), token, strlen (token));
  g_assert_true (has_type == (http->body != NULL));
  if (exchange->sent != NULL && exchange->sent[0] == '\0')
    g_assert_null (http->body);
  else if (exchange->sent != NULL)
    g_assert_cmpmem (adit_secret_peek (http->body, NULL), adit_secret_get_size (http->body), exchange->sent,
                     strlen (exchange->sent));
}

/**
 * mullvad_walk:
 * @task: one that has asked for nothing yet
 * @exchanges: what it has to ask, and what it is told; the last one has no request
 * @token: (nullable): what it has to send before it is told another one
 * @error: return location
 *
 * Returns: whether it is done; it may fail at the last answer, and nowhere else
 */
gboolean
mullvad_walk (AditProviderTask *task, const Exchange *exchanges, const char *token, GError **error)
{
  for (; exchanges->request != NULL; exchanges++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };

      g_assert_false (task->is_done);
      g_assert_true (adit_provider_task_next (task, &http, error));
      check_request (&http, exchanges, token);
      if (strstr (exchanges->body, "\"mva_1\"") != NULL)
        token = "mva_1";
      if (strstr (exchanges->body, "\"mva_2\"") != NULL)
        token = "mva_2";
      mullvad_fill (&answer, exchanges);
      if (!adit_provider_task_answer (task, &answer, error))
        {
          g_assert_null (exchanges[1].request);
          return FALSE;
        }
    }
  g_assert_true (task->is_done);
  return TRUE;
}
