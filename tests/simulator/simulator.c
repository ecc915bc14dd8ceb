/* SPDX-License-Identifier: GPL-2.0-or-later */
/* simulator.c: a VPN service's HTTPS API, from the public description of it, and a resolver's; with faults on request.
 * usage: adit-simulator PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY
 *
 * PORT 0 takes a free one and says "listening PORT".  Else standard output says "peer add KEY ADDRESSES" and "peer remove KEY":
 * what the exit has to know.  "METHOD PATH STATUS" of each request goes to the file that ADIT_SIMULATOR_LOG names, or to
 * standard error.  CONTROL-FILE holds faults, a line each: NAME [NUMBER] [PATH], such as "slow 3000" or "html /app/v1/relays"
 * (see fault.c):
 *   slow [MS]         the answer waits, 30 s if not said
 *   html, half, big   200 with a web page, with half a JSON text, with 50 MB of blanks
 *   cut               the connection ends after half of what Content-Length promised
 *   ahead             its clock is an hour ahead
 *   refuse            the connection ends at once
 *   error             500
 *   problem           errors come as application/problem+json
 *   traversal         a relay's name is a path
 *   expired           the account ended yesterday
 *   token-expired     no token is good;  short-token MS: new ones are good for so long only
 *   revoke            when it appears, all devices are removed
 *   dns-other, dns-nonsense, dns-no-name, dns-loop    the resolver answers about another name, with no records, that there is
 *                     none, with an alias of an alias of itself
 *   dns-private, dns-mixed    with an address at home, alone or beside a public one
 * A server that knows TLS 1.2 only is this one with G_TLS_GNUTLS_PRIORITY=NORMAL:-VERS-TLS1.3 in its environment. */
#include <stdio.h>
#include <string.h>
#include <jansson.h>
#include <libsoup/soup.h>
#include "tests/simulator/book.h"
#include "tests/simulator/fault.h"
#include "tests/simulator/resolver.h"

#define DEVICE_LIMIT   5
#define DEVICES_PATH   "/accounts/v1/devices"
#define TOKEN_MS       3600000
#define BIG_BYTES      (50u << 20)
#define SLOW_MS        30000
#define CONTROL_MS     20         /* how soon "revoke" is seen without any request */
#define EXIT_HOST      "ipv4.am.i.mullvad.net"
#define CUT_BYTES      1000       /* promised; half of them come */
#define DEAD_KEY       "ZGVhZCBkZWFkIGRlYWQgZGVhZCBkZWFkIGRlYWQgZGU="    /* of a relay that is not there */

static const char *exit_key;
static GTlsCertificate *certificate;
static FILE *request_log;

static const char *
get_path (SoupServerMessage *message)
{
  return g_uri_get_path (soup_server_message_get_uri (message));
}

static gboolean
has_fault (SoupServerMessage *message, const char *name)
{
  return fault_is_on (name, get_path (message), NULL);
}

/* libsoup has written the true one already. */
static void
tell_time (SoupServerMessage *message, gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_s);
  g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", text);
}

static void
reply_as (SoupServerMessage *message, guint status, const char *type, json_t *body)
{
  char *text = json_dumps (body, JSON_COMPACT);

  json_decref (body);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
  free (text);
}

static void
reply (SoupServerMessage *message, guint status, json_t *body)
{
  reply_as (message, status, "application/json", body);
}

static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  if (has_fault (message, "problem"))
    reply_as (message, status, "application/problem+json", json_pack ("{s:s,s:s}", "type", code, "title", "It cannot be done"));
  else
    reply (message, status, json_pack ("{s:s}", "code", code));
}

static char *
format_time (gint64 time_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_s);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static gint64
get_time_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
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

/* Whose token came with the request; otherwise the refusal is already written. */
static const char *
get_account (SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");
  const char *account = NULL;

  if (header != NULL && g_str_has_prefix (header, "Bearer ") && !has_fault (message, "token-expired"))
    account = book_find_token (header + strlen ("Bearer "));
  if (account == NULL)
    refuse (message, 401, "INVALID_ACCESS_TOKEN");
  return account;
}

static json_t *
describe_device (const BookDevice *device)
{
  g_autofree char *v4 = book_dup_address4 (device), *v6 = book_dup_address6 (device), *created = format_time (device->created_s);

  return json_pack ("{s:s,s:s,s:s,s:b,s:s,s:s,s:s}", "id", device->id, "name", "quiet otter", "pubkey", device->key,
                    "hijack_dns", 0, "ipv4_address", v4, "ipv6_address", v6, "created", created);
}

/* A key that can be registered: 32 bytes in base64 and nobody's yet.  Otherwise the refusal is already written. */
static gboolean
check_key (SoupServerMessage *message, const char *key)
{
  gsize length = 0;
  g_autofree guchar *raw = key != NULL ? g_base64_decode (key, &length) : NULL;

  if (length != 32 || strlen (key) != 44)
    refuse (message, 400, "INVALID_PUBKEY");
  else if (book_has_key (key))
    refuse (message, 400, "PUBKEY_IN_USE");
  else
    return TRUE;
  return FALSE;
}

static void
handle_device (SoupServerMessage *message, BookDevice *device, const char *rest)
{
  const char *method = soup_server_message_get_method (message);
  g_autofree char *key = get_body_text (message, "pubkey");

  if (*rest == '\0' && g_str_equal (method, "GET"))
    reply (message, 200, describe_device (device));
  else if (*rest == '\0' && g_str_equal (method, "DELETE"))
    {
      book_remove_device (device);
      soup_server_message_set_status (message, 204, NULL);
    }
  else if (*rest != '\0' && g_str_equal (method, "PUT"))
    {
      if (!check_key (message, key))
        return;
      book_set_device_key (device, key);
      reply (message, 200, describe_device (device));
    }
  else
    refuse (message, 405, "METHOD_NOT_ALLOWED");
}

/* @rest is the path after "devices". */
static void
handle_devices (SoupServerMessage *message, const char *rest)
{
  const char *method = soup_server_message_get_method (message), *account = get_account (message);
  g_autofree char *key = get_body_text (message, "pubkey");
  g_autoptr (GPtrArray) own = NULL;

  if (account == NULL)
    return;
  own = book_list_devices (account);
  for (guint i = 0; *rest == '/' && i < own->len; i++)
    {
      BookDevice *device = own->pdata[i];
      const char *after = rest + 1 + strlen (device->id);

      if (g_str_has_prefix (rest + 1, device->id) && (*after == '\0' || g_str_equal (after, "/pubkey")))
        {
          handle_device (message, device, after);
          return;
        }
    }
  if (*rest == '/')
    refuse (message, 404, "DEVICE_NOT_FOUND");
  else if (g_str_equal (method, "GET"))
    {
      json_t *list = json_array ();

      for (guint i = 0; i < own->len; i++)
        json_array_append_new (list, describe_device (own->pdata[i]));
      reply (message, 200, list);
    }
  else if (!g_str_equal (method, "POST"))
    refuse (message, 405, "METHOD_NOT_ALLOWED");
  else if (check_key (message, key))
    {
      if (own->len >= DEVICE_LIMIT)
        refuse (message, 400, "MAX_DEVICES_REACHED");
      else
        reply (message, 201, describe_device (book_add_device (account, key)));
    }
}

static json_t *
describe_relay (const char *host, const char *place, gboolean active, const char *address4, const char *address6, const char *key,
                int weight)
{
  return json_pack ("{s:s,s:b,s:b,s:s,s:s,s:s,s:s,s:i,s:b,s:s}", "hostname", host, "active", active, "owned", 1, "location",
                    place, "provider", "Lab", "ipv4_addr_in", address4, "ipv6_addr_in", address6, "weight", weight,
                    "include_in_country", 1,
                    "public_key", key);
}

static void
handle_relays (SoupServerMessage *message)
{
  const char *known = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "If-None-Match");
  gboolean bad = has_fault (message, "traversal");
  const char *etag = bad ? "\"lab-bad\"" : "\"lab-1\"";
  json_t *relays;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag", etag);
  if (g_strcmp0 (known, etag) == 0)
    {
      soup_server_message_set_status (message, 304, NULL);
      return;
    }
  relays = json_array ();
  json_array_append_new (relays, describe_relay (bad ? "../../etc" : "se-got-wg-001", "se-got", TRUE, "198.51.100.10",
                                                 "2001:db8:ff::110", exit_key, 100));
  json_array_append_new (relays,
                         describe_relay ("se-sto-wg-001", "se-sto", TRUE, "198.51.100.10", "2001:db8:ff::110", exit_key, 100));
  json_array_append_new (relays,
                         describe_relay ("se-sto-wg-002", "se-sto", FALSE, "198.51.100.12", "2001:db8:ff::112", DEAD_KEY, 100));
  /* Weight 0: drawn by those who ask for it, and not by those who leave the choice to us. */
  json_array_append_new (relays,
                         describe_relay ("us-nyc-wg-001", "us-nyc", TRUE, "198.51.100.99", "2001:db8:ff::199", DEAD_KEY, 0));
  reply (message, 200, json_pack (
    "{s:{s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f},s:{s:s,s:s,s:f,s:f}},s:{s:[[i,i]],s:s,s:s,s:[],s:o},s:{s:[],s:[]}}", "locations",
    "se-got", "city", "Gothenburg", "country", "Sweden", "latitude", 57.70887, "longitude", 11.97456,
    "se-sto", "city", "Stockholm", "country", "Sweden", "latitude", 59.3289, "longitude", 18.0649,
    "us-nyc", "city", "New York, NY", "country", "USA", "latitude", 40.7128, "longitude", -74.006,
    "wireguard", "port_ranges", 51820, 51820, "ipv4_gateway", "10.64.0.1", "ipv6_gateway", "fc00:bbbb:bbbb:bb01::1",
    "shadowsocks_port_ranges", "relays", relays, "bridge", "shadowsocks", "relays"));
}

static void
handle_token (SoupServerMessage *message)
{
  g_autofree char *number = get_body_text (message, "account_number"), *until = NULL, *token = NULL;
  guint lifetime_ms = TOKEN_MS;

  if (!book_has_account (number))
    {
      refuse (message, 400, "INVALID_ACCOUNT");
      return;
    }
  fault_is_on ("short-token", get_path (message), &lifetime_ms);
  token = book_add_token (number, lifetime_ms);
  until = format_time (get_time_s () + lifetime_ms / 1000);
  reply (message, 200, json_pack ("{s:s,s:s}", "access_token", token, "expiry", until));
}

/* What address it is that asks; the place is the same for all. */
static void
handle_exit (SoupServerMessage *message)
{
  GSocketAddress *peer = soup_server_message_get_remote_address (message);
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)));

  reply (message, 200, json_pack ("{s:s,s:s,s:s,s:f,s:f,s:b}", "ip", text, "country", "Sweden", "city", "Gothenburg", "latitude",
                                  57.7, "longitude", 11.97, "mullvad_exit_ip", 1));
}

static void
handle_question (SoupServerMessage *message)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GBytes) question = NULL, answer = NULL;

  if (g_str_equal (soup_server_message_get_method (message), "POST") && g_strcmp0 (type, RESOLVER_TYPE) == 0)
    question = soup_message_body_flatten (soup_server_message_get_request_body (message));
  else if (g_str_equal (soup_server_message_get_method (message), "GET") && query != NULL && g_str_has_prefix (query, "dns="))
    question = resolver_from_64 (query + strlen ("dns="));
  if (question != NULL)
    answer = resolver_answer (g_bytes_get_data (question, NULL), g_bytes_get_size (question));
  if (answer == NULL)
    {
      soup_server_message_set_status (message, 400, NULL);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, RESOLVER_TYPE, SOUP_MEMORY_COPY, g_bytes_get_data (answer, NULL),
                                    g_bytes_get_size (answer));
}

static void
handle (SoupServerMessage *message)
{
  const char *method = soup_server_message_get_method (message), *path = get_path (message), *account;
  gboolean post = g_str_equal (method, "POST");

  if (post && g_str_equal (path, "/auth/v1/token"))
    handle_token (message);
  else if (post && g_str_equal (path, "/accounts/v1/accounts"))
    {
      g_autofree char *number = book_add_account ();

      reply (message, 201, json_pack ("{s:s}", "number", number));
    }
  else if (g_str_equal (path, "/accounts/v1/accounts/me"))
    {
      g_autofree char *until = NULL;

      account = get_account (message);
      if (account == NULL)
        return;
      until = format_time (has_fault (message, "expired") ? get_time_s () - 86400 : book_get_expiry_s (account));
      reply (message, 200, json_pack ("{s:s,s:s}", "id", "5f3c1f2e-0d5e-4c44-9c2b-7f0f6d1c0c11", "expiry", until));
    }
  else if (g_str_equal (path, DEVICES_PATH) || g_str_has_prefix (path, DEVICES_PATH "/"))
    handle_devices (message, path + strlen (DEVICES_PATH));
  else if (g_str_equal (path, "/app/v1/relays"))
    handle_relays (message);
  else if (g_str_equal (path, "/json") && g_str_equal (method, "GET") &&
           g_str_equal (g_uri_get_host (soup_server_message_get_uri (message)), EXIT_HOST))
    handle_exit (message);
  else if (g_str_equal (path, RESOLVER_PATH))
    handle_question (message);
  else if (g_str_equal (path, "/app/v1/api-addrs"))
    reply (message, 200, json_pack ("[s]", "192.0.2.10:443"));
  else
    refuse (message, 404, "NOT_FOUND");
}

/* Takes the connection away from libsoup, which would not lie about a length. */
static void
hang_up (SoupServerMessage *message, const char *last_words)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), last_words, strlen (last_words), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

/* Returns what to log, or NULL if no fault was the answer. */
static const char *
handle_fault (SoupServerMessage *message)
{
  const char *text = has_fault (message, "html") ? "<html><body>Welcome</body></html>"
                     : has_fault (message, "half") ? "{\"access_token\":\"mv" : NULL;

  if (has_fault (message, "refuse"))
    {
      hang_up (message, "");
      return "refused";
    }
  if (has_fault (message, "cut"))
    {
      g_autofree char *half = g_strnfill (CUT_BYTES / 2, ' ');
      g_autofree char *words = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                                                "\r\n%s",
                                                CUT_BYTES, half);

      hang_up (message, words);
      return "cut";
    }
  if (has_fault (message, "error"))
    refuse (message, 500, "INTERNAL_ERROR");
  else if (has_fault (message, "big"))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, g_strnfill (BIG_BYTES, ' '), BIG_BYTES);
    }
  else if (text != NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, *text == '<' ? "text/html" : "application/json", SOUP_MEMORY_COPY, text,
                                        strlen (text));
    }
  else
    return NULL;
  return "fault";
}

/* A device's id is its owner's business. */
static char *
dup_loggable_path (const char *path)
{
  gboolean device = g_str_has_prefix (path, DEVICES_PATH "/");

  return g_strconcat (device ? DEVICES_PATH "/ID" : path, device && g_str_has_suffix (path, "/pubkey") ? "/pubkey" : "", NULL);
}

static gboolean
watch_for_revoke (gpointer user_data)
{
  static gboolean was_on;
  gboolean on = fault_is_on ("revoke", NULL, NULL);

  if (on && !was_on)
    book_remove_devices ();
  was_on = on;
  return G_SOURCE_CONTINUE;
}

static gboolean
go_on (gpointer user_data)
{
  g_object_set_data (user_data, "timer", NULL);
  soup_server_message_unpause (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_disconnected (SoupServerMessage *message, gpointer user_data)
{
  guint timer = GPOINTER_TO_UINT (g_object_steal_data (G_OBJECT (message), "timer"));

  if (timer != 0)
    g_source_remove (timer);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  g_autofree char *logged_path = dup_loggable_path (get_path (message)),
                  *method = g_strdup (soup_server_message_get_method (message));
  guint wait_ms = SLOW_MS;
  gboolean slow = fault_is_on ("slow", get_path (message), &wait_ms);
  g_autoptr (SoupServerMessage) kept = g_object_ref (message);    /* hang_up() ends it */
  const char *fault;

  watch_for_revoke (NULL);
  if (has_fault (message, "ahead"))
    tell_time (message, get_time_s () + 3600);
  fault = handle_fault (message);
  if (fault == NULL)
    handle (message);
  if (fault != NULL && !g_str_equal (fault, "fault"))
    {
      fprintf (request_log, "%s %s %s\n", method, logged_path, fault);
      return;
    }
  fprintf (request_log, "%s %s %u\n", method, logged_path, soup_server_message_get_status (message));
  if (slow)
    {
      guint timer = g_timeout_add_full (G_PRIORITY_DEFAULT, wait_ms, go_on, g_object_ref (message), g_object_unref);

      g_object_set_data (G_OBJECT (message), "timer", GUINT_TO_POINTER (timer));
      g_signal_connect (message, "disconnected", G_CALLBACK (on_disconnected), NULL);
      soup_server_message_pause (message);
    }
}

/* libsoup's own listener would have no place for "refuse". */
static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, SoupServer *server)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GIOStream) stream = NULL;

  if (fault_is_on ("refuse", NULL, NULL))
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  else if ((stream = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL)) != NULL)
    soup_server_accept_iostream (server, stream, local, remote, NULL);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  const char *log_name = g_getenv ("ADIT_SIMULATOR_LOG");
  guint64 port;
  gboolean ok;

  if (argc != 6 || !g_ascii_string_to_unsigned (argv[1], 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_printerr ("usage: adit-simulator PORT CERTIFICATE.pem KEY.pem CONTROL-FILE EXIT-KEY\n");
      return 2;
    }
  fault_set_file (argv[4]);
  exit_key = argv[5];
  setvbuf (stdout, NULL, _IOLBF, 0);
  request_log = log_name != NULL ? fopen (log_name, "ae") : stderr;
  if (request_log == NULL)
    {
      g_printerr ("adit-simulator: cannot write to %s\n", log_name);
      return 1;
    }
  setvbuf (request_log, NULL, _IOLBF, 0);
  certificate = g_tls_certificate_new_from_files (argv[2], argv[3], &error);
  ok = certificate != NULL;
  if (ok && port == 0)
    ok = (port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error)) != 0;
  else if (ok)
    ok = g_socket_listener_add_inet_port (G_SOCKET_LISTENER (service), (guint16) port, NULL, &error);
  if (!ok)
    {
      g_printerr ("adit-simulator: %s\n", error->message);
      return 1;
    }
  if (g_str_equal (argv[1], "0"))
    g_print ("listening %u\n", (guint) port);
  book_open ();
  soup_server_add_handler (server, NULL, on_request, NULL, NULL);
  g_signal_connect (service, "incoming", G_CALLBACK (on_incoming), server);
  g_timeout_add (CONTROL_MS, watch_for_revoke, NULL);
  g_main_loop_run (loop);
  return 0;
}
