/* SPDX-License-Identifier: GPL-2.0-or-later */
/* simulator.c: a VPN service's HTTPS API, from the public description of it, with faults on request.
 * usage: adit-simulator PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY
 * CONTROL-FILE holds one word, read at each request: slow, html, half, error, big, traversal, expired, token-expired, revoke; or is empty.
 * Standard output says "peer add KEY ADDRESSES" and "peer remove KEY": what the exit has to know. */
#include <string.h>
#include <libsoup/soup.h>
#include <jansson.h>

#define ACCOUNT       "1234567890123456"
#define DEVICE_LIMIT  5
#define TOKEN_S       3600
#define BIG_BYTES     (50u << 20)
#define SLOW_MS       30000
#define RELAYS_ETAG   "\"lab-1\""

typedef struct { char *id, *account, *key; guint number; } Device;

static GPtrArray *devices;         /* Device */
static GHashTable *accounts, *tokens;    /* number -> number; token -> number */
static guint next_device = 2;
static const char *control_path, *exit_key;

static void
device_free (gpointer data)
{
  Device *device = data;

  g_print ("peer remove %s\n", device->key);
  g_free (device->id);
  g_free (device->account);
  g_free (device->key);
  g_free (device);
}

static gboolean
has_fault (const char *name)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (control_path, &text, NULL, NULL) && g_str_equal (g_strstrip (text), name);
}

static void
reply (SoupServerMessage *message, guint status, json_t *body)
{
  char *text = json_dumps (body, JSON_COMPACT);

  json_decref (body);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
  free (text);
}

static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  reply (message, status, json_pack ("{s:s}", "code", code));
}

static char *
format_time (gint64 offset_s)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc (), then = g_date_time_add_seconds (now, (double) offset_s);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

static char *
get_body_text (SoupServerMessage *message, const char *name)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  json_t *root = json_loadb (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0, NULL);
  char *text = g_strdup (json_string_value (json_object_get (root, name)));

  json_decref (root);
  return text;
}

static const char *
get_account (SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");
  const char *account = NULL;

  if (header != NULL && g_str_has_prefix (header, "Bearer "))
    account = g_hash_table_lookup (tokens, header + strlen ("Bearer "));
  if (account == NULL || has_fault ("token-expired"))
    refuse (message, 401, "INVALID_ACCESS_TOKEN");
  return has_fault ("token-expired") ? NULL : account;
}

static json_t *
describe_device (const Device *device)
{
  g_autofree char *v4 = g_strdup_printf ("10.67.0.%u/32", device->number);
  g_autofree char *v6 = g_strdup_printf ("fc00:bbbb:bbbb:bb01::%x/128", device->number + 0x100);
  g_autofree char *created = format_time (0);

  return json_pack ("{s:s,s:s,s:s,s:b,s:s,s:s,s:s}", "id", device->id, "name", "quiet otter", "pubkey", device->key,
                    "hijack_dns", 0, "ipv4_address", v4, "ipv6_address", v6, "created", created);
}

static void
announce (const Device *device)
{
  g_print ("peer add %s 10.67.0.%u/32,fc00:bbbb:bbbb:bb01::%x/128\n", device->key, device->number, device->number + 0x100);
}

/* A key that can be registered: 32 bytes in base64 and nobody's yet.  Otherwise the refusal is already written. */
static gboolean
check_key (SoupServerMessage *message, const char *key)
{
  gsize length = 0;
  g_autofree guchar *raw = key != NULL ? g_base64_decode (key, &length) : NULL;

  if (length != 32 || strlen (key) != 44)
    {
      refuse (message, 400, "INVALID_PUBKEY");
      return FALSE;
    }
  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((Device *) devices->pdata[i])->key, key))
      {
        refuse (message, 400, "PUBKEY_IN_USE");
        return FALSE;
      }
  return TRUE;
}

static void
handle_devices (SoupServerMessage *message, const char *method, const char *rest)
{
  const char *account = get_account (message);
  g_autofree char *key = NULL;
  guint own = 0, at = G_MAXUINT;
  json_t *list;

  if (account == NULL)
    return;
  if (has_fault ("revoke"))
    g_ptr_array_set_size (devices, 0);
  list = json_array ();
  for (guint i = 0; i < devices->len; i++)
    {
      Device *device = devices->pdata[i];
      gsize n = strlen (device->id);

      if (!g_str_equal (device->account, account))
        continue;
      own++;
      json_array_append_new (list, describe_device (device));
      if (*rest == '/' && strncmp (rest + 1, device->id, n) == 0 && (rest[n + 1] == '\0' || g_str_equal (rest + n + 1, "/pubkey")))
        at = i;
    }
  if (*rest == '\0' && g_str_equal (method, "GET"))
    {
      reply (message, 200, list);
      return;
    }
  json_decref (list);
  key = get_body_text (message, "pubkey");
  if (*rest == '\0' && g_str_equal (method, "POST"))
    {
      Device *device;

      if (!check_key (message, key))
        return;
      if (own >= DEVICE_LIMIT)
        {
          refuse (message, 400, "MAX_DEVICES_REACHED");
          return;
        }
      device = g_new0 (Device, 1);
      device->id = g_uuid_string_random ();
      device->account = g_strdup (account);
      device->key = g_steal_pointer (&key);
      device->number = next_device++;
      g_ptr_array_add (devices, device);
      announce (device);
      reply (message, 201, describe_device (device));
    }
  else if (at == G_MAXUINT)
    refuse (message, 404, "DEVICE_NOT_FOUND");
  else if (g_str_equal (method, "DELETE"))
    {
      g_ptr_array_remove_index (devices, at);
      soup_server_message_set_status (message, 204, NULL);
    }
  else if (g_str_equal (method, "PUT") && g_str_has_suffix (rest, "/pubkey"))
    {
      Device *device = devices->pdata[at];

      if (!check_key (message, key))
        return;
      g_print ("peer remove %s\n", device->key);
      g_free (device->key);
      device->key = g_steal_pointer (&key);
      announce (device);
      reply (message, 200, describe_device (device));
    }
  else if (g_str_equal (method, "GET"))
    reply (message, 200, describe_device (devices->pdata[at]));
  else
    refuse (message, 405, "METHOD_NOT_ALLOWED");
}

static void
handle_relays (SoupServerMessage *message)
{
  const char *known = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "If-None-Match");
  const char *host = has_fault ("traversal") ? "../../etc" : "se-got-wg-001";

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", RELAYS_ETAG);
  if (g_strcmp0 (known, RELAYS_ETAG) == 0)
    {
      soup_server_message_set_status (message, 304, NULL);
      return;
    }
  reply (message, 200, json_pack ("{s:{s:{s:s,s:s,s:f,s:f}},s:{s:[[i,i]],s:s,s:s,s:[],s:[{s:s,s:b,s:b,s:s,s:s,s:s,s:s,s:i,s:b,s:s}]},s:{s:[],s:[]}}",
    "locations", "se-got", "city", "Gothenburg", "country", "Sweden", "latitude", 57.70887, "longitude", 11.97456,
    "wireguard", "port_ranges", 51820, 51820, "ipv4_gateway", "10.64.0.1", "ipv6_gateway", "fc00:bbbb:bbbb:bb01::1",
    "shadowsocks_port_ranges", "relays", "hostname", host, "active", 1, "owned", 1, "location", "se-got", "provider", "Lab",
    "ipv4_addr_in", "198.51.100.10", "ipv6_addr_in", "2001:db8:ff::110", "weight", 100, "include_in_country", 1,
    "public_key", exit_key, "bridge", "shadowsocks", "relays"));
}

static gboolean
handle_fault (SoupServerMessage *message)
{
  const char *text = has_fault ("html") ? "<html><body>Welcome</body></html>" : has_fault ("half") ? "{\"access_token\":\"mv" : NULL;

  if (has_fault ("error"))
    refuse (message, 500, "INTERNAL_ERROR");
  else if (has_fault ("big"))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, g_strnfill (BIG_BYTES, ' '), BIG_BYTES);
    }
  else if (text != NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, *text == '<' ? "text/html" : "application/json", SOUP_MEMORY_COPY, text, strlen (text));
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
go_on (gpointer message)
{
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  const char *method = soup_server_message_get_method (message), *account;
  gboolean post = g_str_equal (method, "POST");

  if (has_fault ("slow"))
    {
      soup_server_message_pause (message);
      g_timeout_add_full (G_PRIORITY_DEFAULT, SLOW_MS, go_on, g_object_ref (message), g_object_unref);
    }
  if (handle_fault (message))
    return;
  if (post && g_str_equal (path, "/auth/v1/token"))
    {
      g_autofree char *number = get_body_text (message, "account_number"), *until = format_time (TOKEN_S);
      g_autofree char *id = g_uuid_string_random (), *token = g_strconcat ("mva_", id, NULL);

      if (number == NULL || !g_hash_table_contains (accounts, number))
        {
          refuse (message, 400, "INVALID_ACCOUNT");
          return;
        }
      reply (message, 200, json_pack ("{s:s,s:s}", "access_token", token, "expiry", until));
      g_hash_table_insert (tokens, g_steal_pointer (&token), g_steal_pointer (&number));
    }
  else if (post && g_str_equal (path, "/accounts/v1/accounts"))
    {
      g_autofree char *number = g_strdup_printf ("9%07u%08u", g_random_int_range (0, 10000000), g_random_int_range (0, 100000000));

      reply (message, 201, json_pack ("{s:s}", "number", number));
      g_hash_table_add (accounts, g_steal_pointer (&number));
    }
  else if (g_str_equal (path, "/accounts/v1/accounts/me"))
    {
      g_autofree char *until = format_time (has_fault ("expired") ? -86400 : 30 * 86400);

      account = get_account (message);
      if (account != NULL)
        reply (message, 200, json_pack ("{s:s,s:s}", "id", "5f3c1f2e-0d5e-4c44-9c2b-7f0f6d1c0c11", "expiry", until));
    }
  else if (g_str_equal (path, "/accounts/v1/devices") || g_str_has_prefix (path, "/accounts/v1/devices/"))
    handle_devices (message, method, path + strlen ("/accounts/v1/devices"));
  else if (g_str_equal (path, "/app/v1/relays"))
    handle_relays (message);
  else if (g_str_equal (path, "/app/v1/api-addrs"))
    reply (message, 200, json_pack ("[s]", "192.0.2.10:443"));
  else
    refuse (message, 404, "NOT_FOUND");
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  guint64 port;

  if (argc != 6 || !g_ascii_string_to_unsigned (argv[1], 10, 1, G_MAXUINT16, &port, NULL))
    {
      g_printerr ("usage: adit-simulator PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY\n");
      return 2;
    }
  control_path = argv[4];
  exit_key = argv[5];
  setvbuf (stdout, NULL, _IOLBF, 0);
  devices = g_ptr_array_new_with_free_func (device_free);
  accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_add (accounts, g_strdup (ACCOUNT));
  certificate = g_tls_certificate_new_from_files (argv[2], argv[3], &error);
  if (certificate != NULL)
    soup_server_set_tls_certificate (server, certificate);
  soup_server_add_handler (server, NULL, on_request, NULL, NULL);
  if (certificate == NULL || !soup_server_listen_all (server, (guint) port, SOUP_SERVER_LISTEN_HTTPS, &error))
    {
      g_printerr ("adit-simulator: %s\n", error->message);
      return 1;
    }
  g_main_loop_run (loop);
  return 0;
}
