/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-words.c: what fields of several messages may be. */
#include "client/wire/wire-check.h"

#include "client/base/error.h"

#define LAST_SECOND G_GINT64_CONSTANT (253402300799)    /* the end of the year 9999, where RFC 3339 ends */

/**
 * adit_wire_refuse:
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 * @field: which field is not as it may be
 *
 * Returns: %FALSE
 */
gboolean
adit_wire_refuse (GError **error, const char *field)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED, "A message between helper and worker is malformed: %s", field);
  return FALSE;
}

/**
 * adit_wire_is_graph:
 * @c: a byte
 *
 * Returns: whether it is printable ASCII and no blank
 */
gboolean
adit_wire_is_graph (guchar c)
{
  return c > 0x20 && c < 0x7f;
}

/**
 * adit_wire_is_identifier:
 * @c: a byte
 *
 * Returns: whether it may stand in an identifier
 */
gboolean
adit_wire_is_identifier (guchar c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

/**
 * adit_wire_is_anything:
 * @c: a byte
 *
 * Returns: whether it is no end
 */
gboolean
adit_wire_is_anything (guchar c)
{
  return c != 0;
}

/**
 * adit_wire_is_text:
 * @text: a field
 * @size: of it
 * @characters: which bytes may be in it
 *
 * Returns: whether it is a text that ends inside
 */
gboolean
adit_wire_is_text (const char *text, gsize size, AditWireCharacters characters)
{
  if (!adit_field_is_terminated (text, size))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!characters ((guchar) *text))
      return FALSE;
  return TRUE;
}

/**
 * adit_wire_is_line:
 * @text: a field
 * @size: of it
 *
 * Returns: whether it is one line of UTF-8 that shows as it is
 */
gboolean
adit_wire_is_line (const char *text, gsize size)
{
  if (!adit_field_is_terminated (text, size) || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      GUnicodeType type = g_unichar_type (c);

      /* Format characters print nothing and turn the writing direction; separators break the line. */
      if (!g_unichar_isprint (c) || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_wire_is_time:
 * @seconds: since 1970
 *
 * Returns: whether RFC 3339 can write that time
 */
gboolean
adit_wire_is_time (gint64 seconds)
{
  return seconds >= 0 && seconds <= LAST_SECOND;
}

/**
 * adit_wire_is_no_endpoint:
 * @endpoint: an endpoint
 *
 * Returns: whether it is none
 */
gboolean
adit_wire_is_no_endpoint (const AditEndpoint *endpoint)
{
  return endpoint->port == 0 && adit_field_is_zero (&endpoint->address, sizeof endpoint->address);
}

/**
 * adit_wire_are_own_addresses:
 * @addresses: an array of %ADIT_TUNNEL_MAX_ADDRESSES
 * @n: how many are used
 *
 * Returns: whether they are this computer's own addresses in a tunnel: single ones, at most one a family
 */
gboolean
adit_wire_are_own_addresses (const AditPrefix *addresses, guint32 n)
{
  if (n > ADIT_TUNNEL_MAX_ADDRESSES || !adit_field_is_zero (addresses + n, (ADIT_TUNNEL_MAX_ADDRESSES - n) * sizeof *addresses))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    {
      const AditPrefix *one = &addresses[i];

      if (!adit_address_is_valid (&one->address) || one->prefix_bits != (one->address.family == ADIT_FAMILY_IPV4 ? 32 : 128))
        return FALSE;
      for (guint32 j = 0; j < i; j++)
        if (addresses[j].address.family == one->address.family)
          return FALSE;
    }
  return TRUE;
}

/**
 * adit_wire_is_host_name:
 * @name: a field
 * @size: of it
 *
 * Returns: whether it is a host's name
 */
gboolean
adit_wire_is_host_name (const char *name, gsize size)
{
  return adit_field_is_terminated (name, size) && adit_host_name_is_valid (name);
}

/**
 * adit_wire_is_mtu:
 * @bytes: a packet's size
 *
 * Returns: whether a tunnel can have it
 */
gboolean
adit_wire_is_mtu (guint32 bytes)
{
  return bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && bytes <= ADIT_TUNNEL_MTU_MAX_BYTES;
}

/**
 * adit_wire_are_resolvers:
 * @dns: an array of %ADIT_TUNNEL_MAX_DNS
 * @n: how many are used
 *
 * Returns: whether each is somebody's address, and nothing is behind them
 */
gboolean
adit_wire_are_resolvers (const AditAddress *dns, guint32 n)
{
  if (n > ADIT_TUNNEL_MAX_DNS || !adit_field_is_zero (dns + n, (ADIT_TUNNEL_MAX_DNS - n) * sizeof *dns))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    if (!adit_address_is_valid (&dns[i]) || !adit_address_is_unicast (&dns[i]))
      return FALSE;
  return TRUE;
}

/**
 * adit_wire_are_networks:
 * @networks: an array of @max
 * @n: how many are used
 * @max: how many there may be
 *
 * Returns: whether each is a network, and nothing is behind them
 */
gboolean
adit_wire_are_networks (const AditPrefix *networks, guint32 n, guint32 max)
{
  if (n > max || !adit_field_is_zero (networks + n, (max - n) * sizeof *networks))
    return FALSE;
  for (guint32 i = 0; i < n; i++)
    if (!adit_prefix_is_valid (&networks[i]))
      return FALSE;
  return TRUE;
}
