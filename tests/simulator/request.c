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
