/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address.c: text to value and back, strictly: one spelling in, one spelling out.  By the C library, since GIO, which asks it as
 * well, takes a worker longer to load than all that it does itself. */
#include "client/model/address.h"

#include <arpa/inet.h>
#include <string.h>

static guint
family_bytes (guint8 family)
{
  return family == ADIT_FAMILY_IPV4 ? 4 : family == ADIT_FAMILY_IPV6 ? 16 : 0;
}

static gboolean
all_zero (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

/* "192.0.2.1" and no other spelling of it. */
static gboolean
parse_quad (const char *text, guint8 bytes[4])
{
  for (guint i = 0; i < 4; i++)
    {
      guint number = 0, digits = 0;

      for (; g_ascii_isdigit (*text) && digits < 4; text++, digits++)
        number = number * 10 + (guint) g_ascii_digit_value (*text);
      if (digits == 0 || number > 255 || *text++ != (i < 3 ? '.' : '\0') || digits != (number > 99 ? 3 : number > 9 ? 2 : 1))
        return FALSE;
      bytes[i] = (guint8) number;
    }
  return TRUE;
}

/**
 * adit_address_parse:
 * @text: an IPv4 address in dotted form or an IPv6 address, without brackets, prefix or zone
 * @address: (out caller-allocates): the address; untouched on failure
 *
 * Returns: whether @text is one
 */
gboolean
adit_address_parse (const char *text, AditAddress *address)
{
  AditAddress quad = { .family = ADIT_FAMILY_IPV4 }, groups = { .family = ADIT_FAMILY_IPV6 };

  if (text == NULL)
    return FALSE;
  if (parse_quad (text, quad.bytes))
    *address = quad;
  else if (inet_pton (AF_INET6, text, groups.bytes) == 1)
    *address = groups;
  else
    return FALSE;
  return TRUE;
}

/**
 * adit_address_dup_text:
 * @self: an address
 *
 * Returns: (transfer full): its canonical text, "" for none
 */
char *
adit_address_dup_text (const AditAddress *self)
{
  char groups[INET6_ADDRSTRLEN];

  if (!adit_address_is_valid (self))
    return g_strdup ("");
  if (self->family == ADIT_FAMILY_IPV6)
    return g_strdup (inet_ntop (AF_INET6, self->bytes, groups, sizeof groups));
  return g_strdup_printf ("%u.%u.%u.%u", self->bytes[0], self->bytes[1], self->bytes[2], self->bytes[3]);
}

/**
 * adit_address_equal:
 * @a: an address
 * @b: another
 *
 * Returns: whether they are the same address
 */
gboolean
adit_address_equal (const AditAddress *a, const AditAddress *b)
{
  return a->family == b->family && memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/**
 * adit_address_is_valid:
 * @self: an address, perhaps from a stranger
 *
 * Returns: whether its family is known, what the family does not use is zero, and it is not the unspecified address
 */
gboolean
adit_address_is_valid (const AditAddress *self)
{
  guint used = family_bytes (self->family);

  return used > 0 && all_zero (self->bytes + used, sizeof self->bytes - used) && !all_zero (self->bytes, used);
}

/* Ranges that are not routed on the public internet: the IANA special-purpose registries (RFC 6890 and its updates), and
 * multicast.  IPv6 is the other way round: only 2000::/3 is global unicast (RFC 4291, 2.4), less what is carved out of it.
 * The documentation ranges are left in as public: nothing answers there, and our lab lives in them. */
static const struct { guint8 family, bits; guint8 bytes[16]; } special[] = {
  { ADIT_FAMILY_IPV4, 8, { 0 } },
  { ADIT_FAMILY_IPV4, 8, { 10 } },
  { ADIT_FAMILY_IPV4, 10, { 100, 64 } },
  { ADIT_FAMILY_IPV4, 8, { 127 } },
  { ADIT_FAMILY_IPV4, 16, { 169, 254 } },
  { ADIT_FAMILY_IPV4, 12, { 172, 16 } },
  { ADIT_FAMILY_IPV4, 24, { 192, 0, 0 } },
  { ADIT_FAMILY_IPV4, 16, { 192, 168 } },
  { ADIT_FAMILY_IPV4, 15, { 198, 18 } },
  { ADIT_FAMILY_IPV4, 3, { 224 } },
  { ADIT_FAMILY_IPV6, 23, { 0x20, 0x01, 0x00 } },
  { ADIT_FAMILY_IPV6, 16, { 0x20, 0x02 } },
};

static gboolean
in_prefix (const AditAddress *address, guint8 family, const guint8 *bytes, guint bits)
{
  if (address->family != family)
    return FALSE;
  if (memcmp (address->bytes, bytes, bits / 8) != 0)
    return FALSE;
  return bits % 8 == 0 || ((address->bytes[bits / 8] ^ bytes[bits / 8]) >> (8 - bits % 8)) == 0;
}

/**
 * adit_address_is_public:
 * @self: an address
 *
 * Returns: whether it can be a host on the public internet: never loopback, private, link-local, shared or multicast
 */
gboolean
adit_address_is_public (const AditAddress *self)
{
  static const guint8 global_unicast[16] = { 0x20 };

  if (!adit_address_is_valid (self))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (in_prefix (self, special[i].family, special[i].bytes, special[i].bits))
      return FALSE;
  return self->family == ADIT_FAMILY_IPV4 || in_prefix (self, ADIT_FAMILY_IPV6, global_unicast, 3);
}

/**
 * adit_prefix_holds:
 * @self: a prefix
 * @address: an address
 *
 * Returns: whether @address is of its family and begins with its bits
 */
gboolean
adit_prefix_holds (const AditPrefix *self, const AditAddress *address)
{
  return in_prefix (address, self->address.family, self->address.bytes, self->prefix_bits);
}

/**
 * adit_prefix_get_halves:
 * @self: a prefix
 *
 * Many write everything as 0.0.0.0/1 and 128.0.0.0/1, so that the system's own default route stays.
 *
 * Returns: whether it holds the lower (1) and the upper half (2) of its family's addresses; 3: it is everything
 */
guint
adit_prefix_get_halves (const AditPrefix *self)
{
  if (self->prefix_bits > 1)
    return 0;
  return self->prefix_bits == 0 ? 3 : self->address.bytes[0] < 0x80 ? 1 : 2;
}

/**
 * adit_address_is_link_local:
 * @self: an address
 *
 * Returns: whether it holds on one link alone: 169.254.0.0/16 or fe80::/10
 */
gboolean
adit_address_is_link_local (const AditAddress *self)
{
  static const guint8 ipv4[] = { 169, 254 }, ipv6[] = { 0xfe, 0x80 };

  return in_prefix (self, ADIT_FAMILY_IPV4, ipv4, 16) || in_prefix (self, ADIT_FAMILY_IPV6, ipv6, 10);
}

/**
 * adit_address_is_unicast:
 * @self: an address
 *
 * Returns: whether it can be one computer in a network beyond this one: public or private, but never loopback, link-local,
 *   multicast, reserved, or an IPv4 address in IPv6's clothes
 */
gboolean
adit_address_is_unicast (const AditAddress *self)
{
  static const struct { guint8 family, bits; guint8 bytes[2]; } none[] = {
    { ADIT_FAMILY_IPV4, 8, { 0 } }, { ADIT_FAMILY_IPV4, 8, { 127 } }, { ADIT_FAMILY_IPV4, 3, { 224 } },
    { ADIT_FAMILY_IPV6, 8, { 0 } }, { ADIT_FAMILY_IPV6, 8, { 0xff } },
  };

  if (!adit_address_is_valid (self) || adit_address_is_link_local (self))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    if (in_prefix (self, none[i].family, none[i].bytes, none[i].bits))
      return FALSE;
  return TRUE;
}

static gboolean
parse_number (const char *text, guint64 max, guint64 *number)
{
  /* g_ascii_string_to_unsigned takes leading zeros; "080" is nobody's spelling of a port. */
  return (text[0] != '0' || text[1] == '\0') && g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

/**
 * adit_prefix_parse:
 * @text: "10.64.0.2/32", or an address alone, which means all its bits
 * @prefix: (out caller-allocates): the prefix; untouched on failure
 *
 * Host bits may be set: an interface's address is written this way.  "0.0.0.0/0" and "::/0" are prefixes, though not addresses.
 *
 * Returns: whether @text is one
 */
gboolean
adit_prefix_parse (const char *text, AditPrefix *prefix)
{
  g_auto (GStrv) parts = NULL;
  AditPrefix result = { 0 };
  guint64 bits;

  if (text == NULL)
    return FALSE;
  parts = g_strsplit (text, "/", 3);
  if (parts[0] == NULL || !adit_address_parse (parts[0], &result.address))
    return FALSE;
  bits = family_bytes (result.address.family) * 8;
  if (parts[1] != NULL && (parts[2] != NULL || !parse_number (parts[1], bits, &bits)))
    return FALSE;
  result.prefix_bits = (guint8) bits;
  if (!adit_prefix_is_valid (&result))
    return FALSE;
  *prefix = result;
  return TRUE;
}

/**
 * adit_prefix_dup_text:
 * @self: a prefix
 *
 * Returns: (transfer full): for instance "10.64.0.2/32", "" for none
 */
char *
adit_prefix_dup_text (const AditPrefix *self)
{
  g_autofree char *address = NULL;

  if (!adit_prefix_is_valid (self))
    return g_strdup ("");
  if (all_zero (self->address.bytes, sizeof self->address.bytes))
    return g_strdup_printf ("%s/%u", self->address.family == ADIT_FAMILY_IPV4 ? "0.0.0.0" : "::", self->prefix_bits);
  address = adit_address_dup_text (&self->address);
  return g_strdup_printf ("%s/%u", address, self->prefix_bits);
}

/**
 * adit_prefix_is_valid:
 * @self: a prefix, perhaps from a stranger
 *
 * Returns: whether family and length fit, and it is not the lowest address alone, which is nobody's
 */
gboolean
adit_prefix_is_valid (const AditPrefix *self)
{
  guint used = family_bytes (self->address.family);

  if (used == 0 || self->prefix_bits > used * 8)
    return FALSE;
  if (self->prefix_bits == 0)
    return all_zero (self->address.bytes, sizeof self->address.bytes);
  /* The lowest network of each length is one: half of everything is 0.0.0.0/1.  Only the lowest address is nobody's. */
  return self->prefix_bits < used * 8 || adit_address_is_valid (&self->address);
}

/**
 * adit_prefix_equal:
 * @a: a prefix
 * @b: another
 *
 * Returns: whether address and length are the same
 */
gboolean
adit_prefix_equal (const AditPrefix *a, const AditPrefix *b)
{
  return a->prefix_bits == b->prefix_bits && adit_address_equal (&a->address, &b->address);
}

/**
 * adit_prefix_mask:
 * @self: a prefix, such as an interface's address
 *
 * Returns: the same network with all bits below its length zero
 */
AditPrefix
adit_prefix_mask (const AditPrefix *self)
{
  AditPrefix result = *self;

  for (guint i = 0; i < sizeof result.address.bytes; i++)
    if (i * 8 >= self->prefix_bits)
      result.address.bytes[i] = 0;
    else if (self->prefix_bits - i * 8 < 8)
      result.address.bytes[i] &= (guint8) (0xff << (8 - (self->prefix_bits - i * 8)));
  return result;
}

/**
 * adit_prefix_contains:
 * @self: a prefix
 * @other: another
 *
 * Returns: whether every address of @other is one of @self
 */
gboolean
adit_prefix_contains (const AditPrefix *self, const AditPrefix *other)
{
  return self->prefix_bits <= other->prefix_bits &&
         in_prefix (&other->address, self->address.family, self->address.bytes, self->prefix_bits);
}

/* What never is another network's than the one at hand: RFC 1918; RFC 4193; RFC 3927; RFC 4291, 2.5.6. */
static const AditPrefix local_ranges[] = {
  { { ADIT_FAMILY_IPV4, { 10 } }, 8 },
  { { ADIT_FAMILY_IPV4, { 172, 16 } }, 12 },
  { { ADIT_FAMILY_IPV4, { 192, 168 } }, 16 },
  { { ADIT_FAMILY_IPV4, { 169, 254 } }, 16 },
  { { ADIT_FAMILY_IPV6, { 0xfc } }, 7 },
  { { ADIT_FAMILY_IPV6, { 0xfe, 0x80 } }, 10 },
};

/**
 * adit_prefix_is_local:
 * @self: a prefix
 *
 * Returns: whether all of it is private or link-local
 */
gboolean
adit_prefix_is_local (const AditPrefix *self)
{
  AditPrefix part;

  return adit_prefix_get_local_part (self, 0, &part) && part.prefix_bits == self->prefix_bits;
}

/**
 * adit_prefix_get_local_part:
 * @self: a prefix, perhaps one that a stranger says is at hand
 * @n: which part, from 0
 * @part: (out caller-allocates): a private or link-local part of it, without host bits
 *
 * A network that calls half of the internet its own has several such parts, and nothing else of it counts.
 *
 * Returns: whether there is an @n-th part
 */
gboolean
adit_prefix_get_local_part (const AditPrefix *self, guint n, AditPrefix *part)
{
  AditPrefix masked;

  if (!adit_prefix_is_valid (self))
    return FALSE;
  masked = adit_prefix_mask (self);
  for (gsize i = 0; i < G_N_ELEMENTS (local_ranges); i++)
    {
      gboolean inside = adit_prefix_contains (&local_ranges[i], &masked);

      if (!inside && !adit_prefix_contains (&masked, &local_ranges[i]))
        continue;
      if (n-- > 0)
        continue;
      *part = inside ? masked : local_ranges[i];
      return TRUE;
    }
  return FALSE;
}

/**
 * adit_endpoint_parse:
 * @text: "192.0.2.1:443" or "[2001:db8::1]:443"
 * @endpoint: (out caller-allocates): the endpoint; untouched on failure
 *
 * Returns: whether @text is one
 */
gboolean
adit_endpoint_parse (const char *text, AditEndpoint *endpoint)
{
  g_autofree char *host = NULL;
  AditEndpoint result = { 0 };
  const char *colon;
  guint64 port;
  gboolean bracketed;

  if (text == NULL)
    return FALSE;
  colon = strrchr (text, ':');
  bracketed = text[0] == '[';
  if (colon == NULL || colon - text < (bracketed ? 2 : 1) || (bracketed && colon[-1] != ']'))
    return FALSE;
  host = bracketed ? g_strndup (text + 1, (gsize) (colon - text) - 2) : g_strndup (text, (gsize) (colon - text));
  if (!adit_address_parse (host, &result.address) || (result.address.family == ADIT_FAMILY_IPV6) != bracketed)
    return FALSE;
  if (!parse_number (colon + 1, G_MAXUINT16, &port))
    return FALSE;
  result.port = (guint16) port;
  if (!adit_endpoint_is_valid (&result))
    return FALSE;
  *endpoint = result;
  return TRUE;
}

/**
 * adit_endpoint_dup_text:
 * @self: an endpoint
 *
 * Returns: (transfer full): for instance "[2001:db8::1]:443", "" for none
 */
char *
adit_endpoint_dup_text (const AditEndpoint *self)
{
  g_autofree char *address = NULL;

  if (!adit_endpoint_is_valid (self))
    return g_strdup ("");
  address = adit_address_dup_text (&self->address);
  return self->address.family == ADIT_FAMILY_IPV6 ? g_strdup_printf ("[%s]:%u", address, self->port)
                                                   : g_strdup_printf ("%s:%u", address, self->port);
}

/**
 * adit_endpoint_equal:
 * @a: an endpoint
 * @b: another
 *
 * Returns: whether address and port are the same
 */
gboolean
adit_endpoint_equal (const AditEndpoint *a, const AditEndpoint *b)
{
  return a->port == b->port && adit_address_equal (&a->address, &b->address);
}

/**
 * adit_endpoint_is_valid:
 * @self: an endpoint, perhaps from a stranger
 *
 * Returns: whether the address is one and the port is not 0
 */
gboolean
adit_endpoint_is_valid (const AditEndpoint *self)
{
  return self->port != 0 && adit_address_is_valid (&self->address);
}
