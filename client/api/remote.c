/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remote.c: both sides of the option "remote" are one file, so they cannot differ. */
#include "client/api/remote.h"

#include <string.h>

#define TYPE "(ayqayq)"    /* local address and port, remote address and port; no bytes: not known */

static GVariant *
new_address (const AditAddress *address)
{
  gsize length = address->family == ADIT_FAMILY_IPV4 ? 4 : address->family == ADIT_FAMILY_IPV6 ? 16 : 0;

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, address->bytes, length, 1);
}

/**
 * adit_remote_to_variant:
 * @flow: a connection, or none where it is not known which
 *
 * Returns: (transfer floating): the value of the option
 */
GVariant *
adit_remote_to_variant (const AditFlow *flow)
{
  return g_variant_new ("(@ayq@ayq)", new_address (&flow->local.address), flow->local.port, new_address (&flow->remote.address),
                        flow->remote.port);
}

static gboolean
read_address (GVariant *bytes, AditAddress *address)
{
  gsize length;
  const guint8 *data = g_variant_get_fixed_array (bytes, &length, 1);

  if (length != 4 && length != 16)
    return FALSE;
  address->family = length == 4 ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
  memcpy (address->bytes, data, length);
  return TRUE;
}

/**
 * adit_remote_from_variant:
 * @value: what a stranger has sent as that option
 * @flow: (out caller-allocates): the connection; none on failure
 *
 * Returns: whether it names one that can be
 */
gboolean
adit_remote_from_variant (GVariant *value, AditFlow *flow)
{
  g_autoptr (GVariant) local = NULL, remote = NULL;

  *flow = (AditFlow) { 0 };
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (TYPE)))
    return FALSE;
  g_variant_get (value, "(@ayq@ayq)", &local, &flow->local.port, &remote, &flow->remote.port);
  if (read_address (local, &flow->local.address) && read_address (remote, &flow->remote.address) && adit_flow_is_valid (flow))
    return TRUE;
  *flow = (AditFlow) { 0 };
  return FALSE;
}
