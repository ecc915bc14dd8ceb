/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-exit.c: what OVPN says about where somebody comes from. */
#include "client/provider/ovpn-com.h"

#include "client/base/error.h"
#include "client/provider/json.h"

#define QUAD_MAX_BYTES 16    /* "255.255.255.255" and its end, or the full stop of a sentence */

/* The first word of digits and dots that is an IPv4 address. */
static gboolean
find_quad (const char *text, gsize length, AditAddress *address)
{
  for (gsize i = 0, n; i < length; i += n + 1)
    {
      g_autofree char *quad = NULL;

      for (n = 0; i + n < length && (g_ascii_isdigit (text[i + n]) || text[i + n] == '.'); )
        n++;
      if (n == 0 || n > QUAD_MAX_BYTES)
        continue;
      quad = g_strndup (text + i, text[i + n - 1] == '.' ? n - 1 : n);
      if (adit_address_parse (quad, address))
        return TRUE;
    }
  return FALSE;
}

/**
 * adit_ovpn_com_read_exit:
 * @bytes: the service's answer, of whatever status
 * @length: its length in bytes
 * @address: (out caller-allocates): what it sees of this computer: IPv4, public
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Who does not come out of one of the service's servers is told so by an error, in whose words the address is all the same.  How
 * these go is assumed, so the first address in the whole answer counts.
 *
 * Returns: whether there is one
 */
gboolean
adit_ovpn_com_read_exit (const void *bytes, gsize length, AditAddress *address, GError **error)
{
  g_autoptr (AditJson) root = adit_json_parse (bytes, length, ADIT_OVPN_COM_ANSWER_MAX_BYTES, error);
  AditAddress found = { 0 };

  if (root == NULL)
    return FALSE;
  if (!adit_address_parse (adit_json_get_string (root, "ip", ADIT_ADDRESS_STRING_MAX_BYTES, NULL), &found) ||
      found.family != ADIT_FAMILY_IPV4)
    find_quad (bytes, length, &found);
  if (found.family != ADIT_FAMILY_IPV4 || !adit_address_is_public (&found))
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                           "The service's answer is malformed: there is no public IPv4 address in it");
      return FALSE;
    }
  *address = found;
  return TRUE;
}
