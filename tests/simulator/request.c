/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.c: reads requests as the services do, which believe nothing that they are sent. */
#include "tests/simulator/request.h"

#include <string.h>

#include "tests/simulator/fault.h"

#define KEY_BYTES  32    /* Curve25519 */
#define KEY_LENGTH 44    /* of that in base64 */

/**
 * request_get_path:
 * @message: the request
 *
 * Returns: (transfer none): its path, without a query
 */
const char *
request_get_path (SoupServerMessage *message)
{
  return g_uri_get_path (soup_server_message_get_uri (message));
}

/**
 * request_has_fault:
 * @message: the request
 * @name: a fault
 *
 * Returns: whether the control file wants it for this request
 */
gboolean
request_has_fault (SoupServerMessage *message, const char *name)
{
  return fault_is_on (name, request_get_path (message), NULL);
}

/**
 * request_has_method:
 * @message: the request
 * @method: of HTTP
 *
 * Returns: whether it is that one
 */
gboolean
request_has_method (SoupServerMessage *message, const char *method)
{
  return g_str_equal (soup_server_message_get_method (message), method);
}

/**
 * request_is:
 * @message: the request
 * @method: of HTTP
 * @path: a path
 *
 * Returns: whether it is both
 */
gboolean
request_is (SoupServerMessage *message, const char *method, const char *path)
{
  return request_has_method (message, method) && g_str_equal (request_get_path (message), path);
}

/**
 * request_get_bearer:
 * @message: the request
 *
 * Returns: (transfer none) (nullable): the token that came with it
 */
const char *
request_get_bearer (SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  return header != NULL && g_str_has_prefix (header, "Bearer ") ? header + strlen ("Bearer ") : NULL;
}

/**
 * request_read_json:
 * @message: the request
 *
 * Returns: (transfer full) (nullable): the object that is its body
 */
json_t *
request_read_json (SoupServerMessage *message)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  json_t *root = json_loadb (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0, NULL);

  if (json_is_object (root))
    return root;
  json_decref (root);
  return NULL;
}

/**
 * request_dup_text:
 * @message: the request
 * @name: a member of the object that is its body
 *
 * Returns: (transfer full) (nullable): the member's text
 */
char *
request_dup_text (SoupServerMessage *message, const char *name)
{
  json_t *root = request_read_json (message);
  char *text = g_strdup (json_string_value (json_object_get (root, name)));

  json_decref (root);
  return text;
}

/**
 * request_read_form:
 * @message: the request, of whatever method
 *
 * Returns: (transfer full): the fields of the form that is its body; none if it is something else
 */
GHashTable *
request_read_form (SoupServerMessage *message)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return soup_form_decode (g_strcmp0 (type, "application/x-www-form-urlencoded") == 0 ? text : "");
}

/**
 * request_dup_query:
 * @message: the request
 * @name: of a parameter
 *
 * Returns: (transfer full) (nullable): what the URL says of it
 */
char *
request_dup_query (SoupServerMessage *message, const char *name)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) all = soup_form_decode (query != NULL ? query : "");

  return g_strdup (g_hash_table_lookup (all, name));
}

/**
 * request_dup_peer:
 * @message: the request
 *
 * Returns: (transfer full): the address that it comes from
 */
char *
request_dup_peer (SoupServerMessage *message)
{
  GSocketAddress *peer = soup_server_message_get_remote_address (message);

  return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)));
}

/**
 * request_is_for:
 * @message: the request
 * @host: a name
 *
 * Returns: whether it is for that one, or for an address, which can be anybody's
 */
gboolean
request_is_for (SoupServerMessage *message, const char *host)
{
  const char *asked = g_uri_get_host (soup_server_message_get_uri (message));

  return g_hostname_is_ip_address (asked) || g_str_equal (asked, host);
}

/**
 * request_is_key:
 * @text: (nullable): what somebody claims to be a WireGuard key
 *
 * Returns: whether it is one as everybody writes it
 */
gboolean
request_is_key (const char *text)
{
  gsize length = 0;
  g_autofree guchar *raw = NULL;
  g_autofree char *again = NULL;

  if (text == NULL || strlen (text) != KEY_LENGTH)
    return FALSE;
  raw = g_base64_decode (text, &length);
  again = g_base64_encode (raw, length);
  return length == KEY_BYTES && g_str_equal (again, text);
}
