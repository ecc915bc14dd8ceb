/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.c: another computer, by name or by address. */
#include "client/model/host.h"

#include <string.h>

#include "client/base/field.h"

/**
 * adit_host_set:
 * @self: (out caller-allocates): the host; untouched on failure
 * @text: an address without brackets, or a name
 * @port: its port, or 0 where that comes later
 *
 * Returns: whether @text is either
 */
gboolean
adit_host_set (AditHost *self, const char *text, guint16 port)
{
  AditHost result = { .port = port };

  if (adit_address_parse (text, &result.address))
    {
      if (!adit_address_is_valid (&result.address))
        return FALSE;
    }
  else if (adit_host_name_is_valid (text))
    for (gsize i = 0; text[i] != '\0'; i++)
      result.name[i] = g_ascii_tolower (text[i]);
  else
    return FALSE;
  *self = result;
  return TRUE;
}

/**
 * adit_host_is_valid:
 * @self: a host, perhaps from a stranger
 *
 * Returns: whether it has a port and either a name or an address
 */
gboolean
adit_host_is_valid (const AditHost *self)
{
  if (self->port == 0 || !adit_field_is_terminated (self->name, sizeof self->name))
    return FALSE;
  if (self->name[0] == '\0')
    return adit_address_is_valid (&self->address);
  return adit_host_name_is_valid (self->name) && adit_field_is_zero (&self->address, sizeof self->address);
}

/* Ranges in which no address is another computer's across a network: RFC 6890; RFC 4291, 2.5 and 2.7.  The last two hold IPv4
 * addresses, which a kernel would send to as such. */
static const AditPrefix not_elsewhere[] = {
  { { ADIT_FAMILY_IPV4, { 0 } }, 8 },
  { { ADIT_FAMILY_IPV4, { 127 } }, 8 },
  { { ADIT_FAMILY_IPV4, { 169, 254 } }, 16 },
  { { ADIT_FAMILY_IPV4, { 224 } }, 3 },
  { { ADIT_FAMILY_IPV6, { 0xfe, 0x80 } }, 10 },
  { { ADIT_FAMILY_IPV6, { 0xff } }, 8 },
  { { ADIT_FAMILY_IPV6, { [10] = 0xff, [11] = 0xff } }, 96 },
  { { ADIT_FAMILY_IPV6, { 0 } }, 96 },
};

/**
 * adit_host_is_elsewhere:
 * @self: a host out of a file
 *
 * A file that names this computer or its link would have a tunnel reach for what nobody offered it.  Private addresses are
 * allowed, since people run exits at home.
 *
 * Returns: whether it can be another computer
 */
gboolean
adit_host_is_elsewhere (const AditHost *self)
{
  if (self->name[0] != '\0')
    return strcmp (self->name, "localhost") != 0 && !g_str_has_suffix (self->name, ".localhost");
  for (gsize i = 0; i < G_N_ELEMENTS (not_elsewhere); i++)
    if (adit_prefix_holds (&not_elsewhere[i], &self->address))
      return FALSE;
  return TRUE;
}

/**
 * adit_host_equal:
 * @a: a host
 * @b: another
 *
 * Returns: whether they are named the same
 */
gboolean
adit_host_equal (const AditHost *a, const AditHost *b)
{
  return a->port == b->port && adit_address_equal (&a->address, &b->address) && strcmp (a->name, b->name) == 0;
}

/**
 * adit_host_dup_text:
 * @self: a host
 *
 * Returns: (transfer full): its name or address, without the port
 */
char *
adit_host_dup_text (const AditHost *self)
{
  return self->name[0] != '\0' ? g_strdup (self->name) : adit_address_dup_text (&self->address);
}
