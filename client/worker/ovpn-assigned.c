/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-assigned.c: only variables that are named here are read, and each has one form.  What a server puts there that is of
 * another form, as text meant for a shell would be, ends the try. */
#include "client/worker/ovpn-assigned.h"

#include <string.h>

#include "client/base/error.h"

#define SERVER_ORDER   64      /* room for a server's resolvers */
#define FOREIGN_ORDER  10000   /* resolvers told as "dhcp-option" come after those told as "dns server" */
#define FOREIGN_MAX    256     /* nobody pushes more options; OpenVPN counts from 1: options.c, foreign_option() */
#define NUMBER_MAX_LETTERS 5

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The server assigned %s that cannot be used", what);
  return FALSE;
}

/* A number without sign, blanks or zeroes in front; what follows it is left. */
static gboolean
take_number (const char **text, guint max, guint *number)
{
  gsize n = strspn (*text, "0123456789");

  *number = 0;
  if (n == 0 || n > NUMBER_MAX_LETTERS || (n > 1 && **text == '0'))
    return FALSE;
  for (; n > 0; n--)
    *number = *number * 10 + (guint) (*(*text)++ - '0');
  return *number <= max;
}

static gboolean
is_number (const char *text, guint max, guint *number)
{
  return take_number (&text, max, number) && *text == '\0';
}

static gboolean
is_unicast (const char *text, AditFamily family, AditAddress *address)
{
  return adit_address_parse (text, address) && adit_address_is_unicast (address) &&
         (family == ADIT_FAMILY_NONE || address->family == family);
}

static gboolean
set_own_address (AditAddress *own, AditFamily family, const char *value, GError **error)
{
  AditAddress address;

  if (!is_unicast (value, family, &address) || own->family != ADIT_FAMILY_NONE)
    return refuse (error, "an address");
  *own = address;
  return TRUE;
}

static gboolean
add_resolver (AditOvpnEnvironment *self, AditFamily family, const char *value, guint order, GError **error)
{
  guint i = self->n_resolvers;
  AditAddress address;

  if (!is_unicast (value, family, &address) || i == ADIT_OVPN_MAX_RESOLVERS)
    return refuse (error, "a resolver");
  for (; i > 0 && self->resolvers[i - 1].order > order; i--)
    self->resolvers[i] = self->resolvers[i - 1];
  self->resolvers[i].address = address;
  self->resolvers[i].order = order;
  self->n_resolvers++;
  return TRUE;
}

/* foreign_option_N=dhcp-option DNS ADDRESS; other options are not for us. */
static gboolean
set_foreign (AditOvpnEnvironment *self, const char *number, const char *value, GError **error)
{
  static const struct { const char *prefix; AditFamily family; } options[] = {
    { "dhcp-option DNS ", ADIT_FAMILY_NONE }, { "dhcp-option DNS6 ", ADIT_FAMILY_IPV6 },
  };
  guint n;

  if (!is_number (number, FOREIGN_MAX, &n))
    return refuse (error, "more options than one");
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_has_prefix (value, options[i].prefix))
      return add_resolver (self, options[i].family, value + strlen (options[i].prefix), FOREIGN_ORDER + n, error);
  return TRUE;
}

/* dns_server_N_address_M, _port_M, _transport, _resolve_domain_M: openvpn(8), environmental variables. */
static gboolean
set_dns_server (AditOvpnEnvironment *self, const char *name, const char *value, GError **error)
{
  guint server, n;

  if (!take_number (&name, ADIT_OVPN_MAX_SERVERS, &server))
    return refuse (error, "a resolver");
  if (g_str_has_prefix (name, "_address_"))
    return is_number (name + strlen ("_address_"), ADIT_OVPN_MAX_RESOLVERS, &n)
           ? add_resolver (self, ADIT_FAMILY_NONE, value, server * SERVER_ORDER + n, error)
           : refuse (error, "a resolver");
  /* Encrypted, on another port, or for some names alone: that is none to ask everything.  Only its existence is taken in. */
  if ((g_str_has_prefix (name, "_port_") && !g_str_equal (value, "53")) ||
      (g_str_equal (name, "_transport") && !g_str_equal (value, "plain")) || g_str_has_prefix (name, "_resolve_domain"))
    self->unusable |= G_GUINT64_CONSTANT (1) << server;
  return TRUE;
}

static gboolean
set_ignored_address (const char *value, GError **error)
{
  AditAddress address;

  /* Nobody reads these; that they are addresses is asked all the same, since nothing else should ever stand there. */
  return is_unicast (value, ADIT_FAMILY_NONE, &address) || refuse (error, "a gateway");
}

static gboolean
set_mask (const char *value, GError **error)
{
  AditAddress address;
  guint32 bits;

  if (!adit_address_parse (value, &address) || address.family != ADIT_FAMILY_IPV4)
    return refuse (error, "a network's mask");
  memcpy (&bits, address.bytes, sizeof bits);
  bits = ~GUINT32_FROM_BE (bits);
  return (bits & (bits + 1)) == 0 || refuse (error, "a network's mask");
}

/**
 * adit_ovpn_environment_set:
 * @self: what was told until now
 * @name: a variable's name
 * @value: its value; any bytes but zero
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE, never with the value
 *
 * Returns: %FALSE if it is one of those that are read, and is not of their form
 */
gboolean
adit_ovpn_environment_set (AditOvpnEnvironment *self, const char *name, const char *value, GError **error)
{
  guint bits;

  if (g_str_equal (name, "ifconfig_local"))
    return set_own_address (&self->ipv4, ADIT_FAMILY_IPV4, value, error);
  if (g_str_equal (name, "ifconfig_ipv6_local"))
    return set_own_address (&self->ipv6, ADIT_FAMILY_IPV6, value, error);
  if (g_str_equal (name, "ifconfig_netmask"))
    return set_mask (value, error);
  if (g_str_equal (name, "ifconfig_ipv6_netbits"))
    return is_number (value, 128, &bits) || refuse (error, "a network's mask");
  if (g_str_equal (name, "route_vpn_gateway") || g_str_equal (name, "ifconfig_remote"))
    return set_ignored_address (value, error);
  if (g_str_equal (name, "tun_mtu"))
    return (self->mtu_bytes == 0 && is_number (value, ADIT_TUNNEL_MTU_MAX_BYTES, &self->mtu_bytes) &&
            self->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES) || refuse (error, "a packet size");
  if (g_str_has_prefix (name, "foreign_option_"))
    return set_foreign (self, name + strlen ("foreign_option_"), value, error);
  if (g_str_has_prefix (name, "dns_server_"))
    return set_dns_server (self, name + strlen ("dns_server_"), value, error);
  return TRUE;
}

static gboolean
is_wanted (const AditOvpnEnvironment *self, guint i, const AditOvpnAssigned *assigned)
{
  const AditAddress *address = &self->resolvers[i].address;
  gboolean has_family = FALSE;

  /* Asked by address, since openvpn tells each as a "dhcp-option" once more. */
  for (guint j = 0; j < self->n_resolvers; j++)
    if (self->resolvers[j].order < FOREIGN_ORDER && adit_address_equal (&self->resolvers[j].address, address) &&
        (self->unusable >> (self->resolvers[j].order / SERVER_ORDER) & 1) != 0)
      return FALSE;
  for (guint j = 0; j < assigned->n_dns; j++)
    if (adit_address_equal (&assigned->dns[j], address))
      return FALSE;
  for (guint j = 0; j < assigned->n_addresses; j++)
    {
      has_family |= assigned->addresses[j].address.family == address->family;
      if (adit_address_equal (&assigned->addresses[j].address, address))
        return FALSE;
    }
  return has_family;
}

/**
 * adit_ovpn_environment_finish:
 * @self: all that was told
 * @assigned: (out caller-allocates): what it comes to
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether there is an address and a packet size; resolvers there may be none
 */
gboolean
adit_ovpn_environment_finish (const AditOvpnEnvironment *self, AditOvpnAssigned *assigned, GError **error)
{
  const AditAddress *own[] = { &self->ipv4, &self->ipv6 };

  memset (assigned, 0, sizeof *assigned);
  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    if (own[i]->family != ADIT_FAMILY_NONE)
      {
        assigned->addresses[assigned->n_addresses].address = *own[i];
        assigned->addresses[assigned->n_addresses++].prefix_bits = own[i]->family == ADIT_FAMILY_IPV4 ? 32 : 128;
      }
  if (assigned->n_addresses == 0)
    return refuse (error, "no address");
  if (self->mtu_bytes == 0)
    return refuse (error, "no packet size");
  assigned->mtu_bytes = self->mtu_bytes;
  for (guint i = 0; i < self->n_resolvers && assigned->n_dns < ADIT_TUNNEL_MAX_DNS; i++)
    if (is_wanted (self, i, assigned))
      assigned->dns[assigned->n_dns++] = self->resolvers[i].address;
  return TRUE;
}
