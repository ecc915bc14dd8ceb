/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-mullvad-devices.c: the devices of an account: listed, removed, one too many, and given a new key. */
#include <string.h>

#include "tests/unit/mullvad-walk.h"

#define LIST     "GET /accounts/v1/devices"
#define GET      "GET /accounts/v1/devices/" ID
#define DELETE   "DELETE /accounts/v1/devices/" ID
#define PUT      "PUT /accounts/v1/devices/" ID "/pubkey"
#define BODY     "{\"pubkey\":\"" KEY "\"}"
#define OTHERS   DEVICE_OF (ID, OTHER_KEY)
#define ANOTHER  DEVICE_OF ("aaaa", KEY)
#define ME       { "GET /accounts/v1/accounts/me", 200, "{\"expiry\":\"2026-12-31T23:00:00Z\"}" }
#define ROW(id, name, key, rest) "[{\"id\":" id ",\"name\":" name ",\"pubkey\":" key rest "}]"
#define QUOTED   "\"" KEY "\""
#define EXPIRED  "{\"code\":\"INVALID_ACCESS_TOKEN\"}"
#define NONSENSE ADIT_ERROR_SERVICE_NONSENSE
#define REFUSED  ADIT_ERROR_SERVICE_REFUSED
#define BROKEN   ADIT_ERROR_SERVICE_FAILED
#define NO_KEY   ADIT_ERROR_KEY_REFUSED

typedef struct { const char *name; AditProviderWant want; int error; const char *words; Exchange exchanges[6]; } Case;

#define ROTATE(status, answer) { TOKEN, { PUT, status, answer, NULL, FALSE, BODY } }
#define IN_USE(status, answer) { TOKEN, { PUT, 400, "{\"code\":\"PUBKEY_IN_USE\"}", NULL, FALSE, BODY }, \
                                 { GET, status, answer, NULL, FALSE, "" } }

static const Case cases[] = {
  { "too-many", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NULL,
    { TOKEN, ME, { "POST /accounts/v1/devices", 400, "{\"code\":\"MAX_DEVICES_REACHED\"}", NULL, FALSE,
                   "{\"pubkey\":\"" KEY "\",\"hijack_dns\":false}" } } },
  { "too-many-as-problem", ADIT_PROVIDER_LOG_IN, ADIT_ERROR_TOO_MANY_DEVICES, NULL,
    { TOKEN, ME, { "POST /accounts/v1/devices", 400, "{\"type\":\"MAX_DEVICES_REACHED\"}", "application/problem+json" } } },

  { "list-refused", ADIT_PROVIDER_DEVICES, ADIT_ERROR_CREDENTIAL_REFUSED, NULL,
    { TOKEN, { LIST, 400, "{\"code\":\"INVALID_ACCOUNT\"}" } } },
  { "list-error", ADIT_PROVIDER_DEVICES, BROKEN, "HTTP 503", { TOKEN, { LIST, 503, "", NULL, TRUE } } },
  { "list-token-renewed-once", ADIT_PROVIDER_DEVICES, ADIT_ERROR_SIGN_IN_ENDED, "INVALID_ACCESS_TOKEN",
    { TOKEN, { LIST, 401, EXPIRED }, TOKEN2, { LIST, 401, EXPIRED } } },

  { "remove", ADIT_PROVIDER_REMOVE_DEVICE, FINE, NULL, { TOKEN, { DELETE, 204, "", NULL, TRUE, "" } } },
  { "remove-other-2xx", ADIT_PROVIDER_REMOVE_DEVICE, FINE, NULL, { TOKEN, { DELETE, 200, "<html></html>" } } },
  { "remove-gone", ADIT_PROVIDER_REMOVE_DEVICE, FINE, NULL, { TOKEN, { DELETE, 404, "<html></html>" } } },
  { "remove-gone-by-code", ADIT_PROVIDER_REMOVE_DEVICE, FINE, NULL,
    { TOKEN, { DELETE, 400, "{\"code\":\"DEVICE_NOT_FOUND\"}" } } },
  { "remove-token-renewed", ADIT_PROVIDER_REMOVE_DEVICE, FINE, NULL,
    { TOKEN, { DELETE, 401, EXPIRED }, TOKEN2, { DELETE, 204, "", NULL, TRUE } } },
  { "remove-refused", ADIT_PROVIDER_REMOVE_DEVICE, ADIT_ERROR_CREDENTIAL_REFUSED, NULL,
    { TOKEN, { DELETE, 400, "{\"code\":\"INVALID_ACCOUNT\"}" } } },
  { "remove-error", ADIT_PROVIDER_REMOVE_DEVICE, BROKEN, "HTTP 500", { TOKEN, { DELETE, 500, "", NULL, TRUE } } },
  { "remove-redirected", ADIT_PROVIDER_REMOVE_DEVICE, NONSENSE, "redirection", { TOKEN, { DELETE, 302, "", NULL, TRUE } } },

  { "rotate", ADIT_PROVIDER_ROTATE, FINE, NULL, ROTATE (200, DEVICE) },
  { "rotate-other-2xx", ADIT_PROVIDER_ROTATE, FINE, NULL, ROTATE (201, DEVICE) },
  { "rotate-token-renewed", ADIT_PROVIDER_ROTATE, FINE, NULL,
    { TOKEN, { PUT, 401, EXPIRED }, TOKEN2, { PUT, 200, DEVICE, NULL, FALSE, BODY } } },
  { "rotate-other-key", ADIT_PROVIDER_ROTATE, NONSENSE, "another key", ROTATE (200, OTHERS) },
  { "rotate-other-device", ADIT_PROVIDER_ROTATE, NONSENSE, "another device", ROTATE (200, ANOTHER) },
  { "rotate-no-address", ADIT_PROVIDER_ROTATE, NONSENSE, "\"ipv4_address\"",
    ROTATE (200, "{\"id\":\"" ID "\",\"name\":\"a\",\"pubkey\":\"" KEY "\",\"ipv6_address\":\"fc00::1/128\"}") },
  { "rotate-wrong-family", ADIT_PROVIDER_ROTATE, NONSENSE, "address",
    ROTATE (200, "{\"id\":\"" ID "\",\"name\":\"a\",\"pubkey\":\"" KEY "\","
                 "\"ipv4_address\":\"fc00::1/128\",\"ipv6_address\":\"10.0.0.1/32\"}") },
  { "rotate-list", ADIT_PROVIDER_ROTATE, NONSENSE, "\"id\"", ROTATE (200, "[" DEVICE "]") },
  { "rotate-nothing", ADIT_PROVIDER_ROTATE, NONSENSE, "empty", { TOKEN, { PUT, 204, "", NULL, TRUE } } },
  { "rotate-gone", ADIT_PROVIDER_ROTATE, ADIT_ERROR_DEVICE_REVOKED, NULL, ROTATE (404, "{\"code\":\"DEVICE_NOT_FOUND\"}") },
  { "rotate-404", ADIT_PROVIDER_ROTATE, REFUSED, "HTTP 404", { TOKEN, { PUT, 404, "", NULL, TRUE } } },
  { "rotate-account-gone", ADIT_PROVIDER_ROTATE, ADIT_ERROR_CREDENTIAL_REFUSED, NULL,
    ROTATE (400, "{\"code\":\"INVALID_ACCOUNT\"}") },
  { "rotate-bad-key", ADIT_PROVIDER_ROTATE, REFUSED, "INVALID_PUBKEY", ROTATE (400, "{\"code\":\"INVALID_PUBKEY\"}") },
  { "rotate-came-through", ADIT_PROVIDER_ROTATE, FINE, NULL, IN_USE (200, DEVICE) },
  { "rotate-key-of-others", ADIT_PROVIDER_ROTATE, NO_KEY, "another device", IN_USE (200, OTHERS) },
  { "rotate-in-use-other-device", ADIT_PROVIDER_ROTATE, NONSENSE, "another device", IN_USE (200, ANOTHER) },
  { "rotate-in-use-gone", ADIT_PROVIDER_ROTATE, ADIT_ERROR_DEVICE_REVOKED, NULL,
    IN_USE (404, "{\"code\":\"DEVICE_NOT_FOUND\"}") },
  { "rotate-in-use-again", ADIT_PROVIDER_ROTATE, NO_KEY, "PUBKEY_IN_USE", IN_USE (400, "{\"code\":\"PUBKEY_IN_USE\"}") },
};

typedef struct { AditSecret *number; guint8 *key; AditProviderRequest request; } Fixture;

static void
fixture_clear (Fixture *fixture)
{
  adit_secret_unref (fixture->number);
  g_free (fixture->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
fixture_init (Fixture *fixture, AditProviderWant want)
{
  gsize length;

  fixture->number = adit_secret_new (NUMBER, 16);
  fixture->key = g_base64_decode (KEY, &length);
  fixture->request = (AditProviderRequest) { .want = want, .credential = fixture->number, .now_s = NOW, .device_id = ID,
                                             .public_key = fixture->key };
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_auto (Fixture) f = { NULL };
  g_autoptr (AditProviderTask) task = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&f, row->want);
  task = adit_provider_task_new (&adit_provider_mullvad, &f.request, &error);
  g_assert_no_error (error);
  if (mullvad_walk (task, row->exchanges, NULL, &error))
    {
      g_assert_cmpint (row->error, ==, FINE);
      g_assert_true (task->result.device_is_known == (row->want == ADIT_PROVIDER_ROTATE));
      g_assert_cmpstr (task->result.device_id, ==, row->want == ADIT_PROVIDER_ROTATE ? ID : "");
      g_assert_cmpuint (task->result.n_addresses, ==, row->want == ADIT_PROVIDER_ROTATE ? 2 : 0);
    }
  else
    {
      g_assert_error (error, ADIT_ERROR, row->error);
      g_assert_true (row->words == NULL || strstr (error->message, row->words) != NULL);
      /* It is good for what comes next: to see the devices, and to remove one. */
      g_assert_cmpint (task->fresh_token_expires_at_s, ==, TOKEN_END);
      g_assert_nonnull (task->fresh_token);
    }
}

static AditProviderTask *
list (Fixture *f, const char *body, GError **error)
{
  const Exchange exchanges[] = { TOKEN, { LIST, 200, body, NULL, FALSE, "" }, { NULL } };
  g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &f->request, error);

  g_assert_nonnull (task);
  return mullvad_walk (task, exchanges, NULL, error) ? g_steal_pointer (&task) : NULL;
}

/* Which one is ours is told by the key or by the id; the worker may have lent neither. */
static void
test_list (void)
{
  static const struct { gboolean has_key; const char *id; guint ours; } rows[] = {
    { TRUE, NULL, 1 }, { TRUE, "", 1 }, { FALSE, ID, 1 }, { TRUE, ID, 1 }, { FALSE, "aaaa", 0 },
    { FALSE, NULL, 2 }, { FALSE, "", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autoptr (AditProviderTask) task = NULL;
      g_autoptr (GError) error = NULL;
      const AditProviderDevice *devices;

      fixture_init (&f, ADIT_PROVIDER_DEVICES);
      f.request.public_key = rows[i].has_key ? f.key : NULL;
      f.request.device_id = rows[i].id;
      task = list (&f, "[" OTHER_DEVICE "," DEVICE "]", &error);
      g_assert_no_error (error);
      devices = task->result.devices;
      g_assert_cmpuint (task->result.n_devices, ==, 2);
      g_assert_cmpstr (devices[0].id, ==, "aaaa");
      g_assert_cmpstr (devices[0].name, ==, "Sad Crow");
      g_assert_cmpint (devices[0].created_at_s, ==, 0);
      g_assert_cmpstr (devices[1].id, ==, ID);
      g_assert_cmpstr (devices[1].name, ==, "Happy Seagull");
      g_assert_cmpint (devices[1].created_at_s, ==, 1785576600);
      for (guint j = 0; j < 2; j++)
        g_assert_true (devices[j].is_ours == (j == rows[i].ours));
    }
}

static void
test_rows (void)
{
  static const struct { const char *body; int n; const char *name; gint64 created_at_s; } rows[] = {
    { "[]", 0, NULL, 0 },
    { ROW ("\"a\"", "\"sad crow\"", QUOTED, ""), 1, "Sad Crow", 0 },
    { ROW ("\"a\"", "\"\"", QUOTED, ""), 1, "", 0 },
    { ROW ("\"a\"", "\"sad\\u001b[31m\"", QUOTED, ""), 1, "", 0 },
    { ROW ("\"a\"", "\"sad\\ncrow\"", QUOTED, ""), 1, "", 0 },
    { ROW ("\"a\"", "\"sad \\u202ecrow\"", QUOTED, ""), 1, "", 0 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"created\":\"2026-08-01T11:30:00+02:00\""), 1, "B", 1785576600 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"created\":1785576600"), 1, "B", 0 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"created\":null"), 1, "B", 0 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"created\":\"1969-01-01T00:00:00Z\""), 1, "B", 0 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"ipv4_address\":7,\"hijack_dns\":null"), 1, "B", 0 },
    { "{}", -1, NULL, 0 }, { "{\"devices\":[]}", -1, NULL, 0 }, { "[null]", -1, NULL, 0 }, { "[[]]", -1, NULL, 0 },
    { "[\"a\"]", -1, NULL, 0 }, { "[{}]", -1, NULL, 0 }, { "[" DEVICE ",{}]", -1, NULL, 0 }, { "[" DEVICE, -1, NULL, 0 },
    { "<html></html>", -1, NULL, 0 }, { "", -1, NULL, 0 },
    { ROW ("\"\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("7", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("null", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"../me\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a b\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a?b\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a%2f\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a\\r\\nb\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a\\u0000\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"\\u00e4\"", "\"b\"", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a\"", "null", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a\"", "[]", QUOTED, ""), -1, NULL, 0 },
    { ROW ("\"a\"", "\"b\"", "null", ""), -1, NULL, 0 },
    { ROW ("\"a\"", "\"b\"", "\"AAAA\"", ""), -1, NULL, 0 },
    { ROW ("\"a\"", "\"b\"", "\"\"", ""), -1, NULL, 0 },
    { ROW ("\"a\"", "\"b\"", QUOTED, ",\"id\":\"c\""), -1, NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autoptr (AditProviderTask) task = NULL;
      g_autoptr (GError) error = NULL;

      fixture_init (&f, ADIT_PROVIDER_DEVICES);
      task = list (&f, rows[i].body, &error);
      if ((task != NULL) != (rows[i].n >= 0))
        g_error ("%s: %s", task != NULL ? "taken" : "not taken", rows[i].body);
      if (task == NULL)
        {
          g_assert_error (error, ADIT_ERROR, NONSENSE);
          continue;
        }
      g_assert_cmpint (task->result.n_devices, ==, rows[i].n);
      if (rows[i].n > 0)
        {
          g_assert_cmpstr (task->result.devices[0].name, ==, rows[i].name);
          g_assert_cmpint (task->result.devices[0].created_at_s, ==, rows[i].created_at_s);
        }
    }
}

static void
test_lengths (void)
{
  static const struct { guint n_devices, id_bytes, name_bytes; gboolean taken; } rows[] = {
    { ADIT_PROVIDER_MAX_DEVICES, 8, 8, TRUE }, { ADIT_PROVIDER_MAX_DEVICES + 1, 8, 8, FALSE }, { 400, 8, 8, FALSE },
    { 1, ADIT_DEVICE_ID_MAX_BYTES - 1, 8, TRUE }, { 1, ADIT_DEVICE_ID_MAX_BYTES, 8, FALSE }, { 1, 5000, 8, FALSE },
    { 1, 8, ADIT_NAME_MAX_BYTES - 1, TRUE }, { 1, 8, ADIT_NAME_MAX_BYTES, FALSE }, { 1, 8, 65536, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *id = g_strnfill (rows[i].id_bytes, 'a'), *name = g_strnfill (rows[i].name_bytes, 'b');
      g_autoptr (GString) body = g_string_new ("[");
      g_auto (Fixture) f = { NULL };
      g_autoptr (AditProviderTask) task = NULL;
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < rows[i].n_devices; j++)
        g_string_append_printf (body, "%s{\"id\":\"%s\",\"name\":\"%s\",\"pubkey\":\"" KEY "\"}", j > 0 ? "," : "", id, name);
      g_string_append_c (body, ']');
      fixture_init (&f, ADIT_PROVIDER_DEVICES);
      task = list (&f, body->str, &error);
      g_assert_true ((task != NULL) == rows[i].taken);
      if (task == NULL)
        g_assert_error (error, ADIT_ERROR, NONSENSE);
      else
        g_assert_cmpuint (task->result.n_devices, ==, rows[i].n_devices);
    }
}

/* What is never asked at all. */
static void
test_bad_requests (void)
{
  static const guint8 key[ADIT_WG_KEY_BYTES] = { 1 }, other[ADIT_WG_KEY_BYTES] = { 2 };
  g_autofree char *long_id = g_strnfill (ADIT_DEVICE_ID_MAX_BYTES, 'a');
  const struct { AditProviderWant want; const char *id; const guint8 *key, *old_key; gboolean is_good; } rows[] = {
    { ADIT_PROVIDER_REMOVE_DEVICE, ID, NULL, NULL, TRUE },
    { ADIT_PROVIDER_REMOVE_DEVICE, NULL, key, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "../accounts/me", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "a/pubkey", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "a b", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "a\r\nb", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, "a#", NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, long_id, NULL, NULL, FALSE },
    { ADIT_PROVIDER_REMOVE_DEVICE, long_id + 1, NULL, NULL, TRUE },
    { ADIT_PROVIDER_ROTATE, ID, key, NULL, TRUE },
    { ADIT_PROVIDER_ROTATE, ID, key, other, TRUE },
    { ADIT_PROVIDER_ROTATE, ID, key, key, FALSE },
    { ADIT_PROVIDER_ROTATE, ID, NULL, other, FALSE },
    { ADIT_PROVIDER_ROTATE, "", key, other, FALSE },
    { ADIT_PROVIDER_ROTATE, "a?", key, other, FALSE },
    { ADIT_PROVIDER_DEVICES, NULL, NULL, NULL, TRUE },
    { ADIT_PROVIDER_DEVICES, "", NULL, NULL, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditSecret) number = adit_secret_new (NUMBER, 16);
      AditProviderRequest request = { .want = rows[i].want, .credential = number, .now_s = NOW, .device_id = rows[i].id,
                                      .public_key = rows[i].key, .old_public_key = rows[i].old_key };
      g_autoptr (GError) error = NULL;
      g_autoptr (AditProviderTask) task = adit_provider_task_new (&adit_provider_mullvad, &request, &error);

      g_assert_true ((task != NULL) == rows[i].is_good);
      if (task == NULL)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_needs_number (void)
{
  static const AditProviderWant wants[] = { ADIT_PROVIDER_DEVICES, ADIT_PROVIDER_REMOVE_DEVICE, ADIT_PROVIDER_ROTATE };

  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    {
      g_auto (Fixture) f = { NULL };
      g_autoptr (GError) error = NULL;

      fixture_init (&f, wants[i]);
      f.request.credential = NULL;
      g_assert_null (adit_provider_task_new (&adit_provider_mullvad, &f.request, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/mullvad-devices/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/mullvad-devices/list", test_list);
  g_test_add_func ("/mullvad-devices/rows", test_rows);
  g_test_add_func ("/mullvad-devices/lengths", test_lengths);
  g_test_add_func ("/mullvad-devices/bad-requests", test_bad_requests);
  g_test_add_func ("/mullvad-devices/needs-number", test_needs_number);
  return g_test_run ();
}
