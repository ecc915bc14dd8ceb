/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-mysterium.c: any answers to the adapter: the first byte says what is wanted, the second which status comes; or, with the
 * highest bit of the first, any text as a tunnel.  Whatever comes out must be what the rest of the program takes. */
#include "client/provider/mysterium.h"

#include <string.h>

#define UUID "3f2a9c1e-0b7d-4c5a-9e21-6d4f8a7b3c10"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const AditProviderWant wants[] = {
  ADIT_PROVIDER_LOG_IN, ADIT_PROVIDER_ACCOUNT, ADIT_PROVIDER_LIST, ADIT_PROVIDER_LOG_OUT, ADIT_PROVIDER_TUNNEL,
};

static void
check_tunnel (const AditTunnelSpec *spec)
{
  g_assert_true (adit_tunnel_spec_is_valid (spec, NULL));
  g_assert_true (adit_address_is_public (&spec->peer.address));
  for (guint i = 0; i < spec->n_addresses; i++)
    g_assert_cmpuint (spec->addresses[i].prefix_bits, ==, spec->addresses[i].address.family == ADIT_FAMILY_IPV4 ? 32 : 128);
}

static void
read_as_template (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (AditSecret) preshared_key = NULL;
  AditTunnelSpec spec;

  if (adit_mysterium_read_template (text, &spec, &preshared_key, NULL))
    check_tunnel (&spec);
  else
    g_assert_null (preshared_key);
}

/* One can ask for every place that is on it. */
static void
check_list (GBytes *bytes, AditProviderRequest request)
{
  g_autoptr (AditServerList) list = adit_server_list_new_for_bytes (bytes, NULL);

  g_assert_nonnull (list);
  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      g_autoptr (AditSecret) body = NULL;
      AditServerListServer server;
      AditServerListCity city;
      AditServerListCountry country;
      AditLocation location = { 0 };

      adit_server_list_get_server (list, i, &server);
      adit_server_list_get_city (list, server.city, &city);
      adit_server_list_get_country (list, city.country, &country);
      g_assert_true (adit_place_set (&location.place, country.code, city.code, server.name));
      g_strlcpy (location.city_name, city.name, sizeof location.city_name);
      request.location = &location;
      body = adit_mysterium_write_wish (&request);
      g_assert_nonnull (body);
    }
}

/* It fits the wire, and is one line without anything that could dress up as something else. */
static void
check_words (const GError *error)
{
  g_assert_true (error->domain == ADIT_ERROR);
  g_assert_cmpuint (strlen (error->message), <, 256);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (const char *p = error->message; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_true (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_CONTROL && *p != '<' && *p != '>');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint statuses[] = { 200, 201, 204, 304, 400, 401, 404, 410, 429, 500 };
  static const char *const types[] = { "application/json", "application/vnd.mysterium.error+json", "text/html", "" };
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 };
  g_autoptr (AditSecret) refresh = NULL, access = NULL;
  g_autoptr (AditProviderTask) task = NULL;
  AditLocation location = { .place = { "de", "any", "de-any" }, .country_name = "Germany", .city_name = "Any city" };
  AditProviderRequest request = { .now_s = 1785542400, .public_key = key, .token_expires_at_s = 1885542400, .nonce = UUID,
                                  .location = &location };

  if (size < 2)
    return 0;
  if (data[0] & 0x80)
    {
      read_as_template (data + 2, size - 2);
      return 0;
    }
  refresh = adit_secret_new ("refresh-0", 9);
  access = adit_secret_new ("access-0", 8);
  request.want = wants[(data[0] & 7) % G_N_ELEMENTS (wants)];
  request.credential = refresh;
  request.token = data[0] & 8 ? access : NULL;
  request.etag = data[0] & 16 ? "\"e\"" : NULL;
  request.captcha_handle = data[0] & 32 ? UUID : NULL;
  task = adit_provider_task_new (&adit_provider_mysterium, &request, NULL);
  for (guint i = 0; i < 8 && !task->is_done; i++)
    {
      g_auto (AditHttpRequest) http = { 0 };
      g_auto (AditHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (adit_provider_task_next (task, &http, NULL));
      adit_http_answer_init (&answer, size);
      answer.status = statuses[(data[1] & 15) % G_N_ELEMENTS (statuses)];
      g_free (answer.content_type);
      answer.content_type = g_strdup (types[data[1] >> 6]);
      g_byte_array_append (answer.body, data + 2, (guint) size - 2);
      if (!adit_provider_task_answer (task, &answer, &error))
        {
          check_words (error);
          return 0;
        }
    }
  g_assert_true (task->is_done);    /* no answers lead in circles */
  if (task->result.list != NULL)
    check_list (task->result.list, request);
  if (request.want == ADIT_PROVIDER_TUNNEL)
    check_tunnel (&task->result.tunnel);
  if (request.want == ADIT_PROVIDER_TUNNEL)
    g_assert_true (adit_location_is_valid (&task->result.tunnel.location));
  return 0;
}
