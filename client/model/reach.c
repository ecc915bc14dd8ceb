/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reach.c: from settings and links to single ways out, each with its link and its own address; what is not private, or does not
 * fit, is left out. */
#include "client/model/reach.h"

#include <string.h>

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define DNS_PORT     53

/* By which neighbours are found: multicast DNS (RFC 6762, 3), LLMNR (RFC 4795, 2), SSDP and WS-Discovery. */
static const struct { const char *address; guint16 port; } groups[] = {
  { "224.0.0.251", 5353 }, { "224.0.0.252", 5355 }, { "239.255.255.250", 1900 }, { "239.255.255.250", 3702 },
  { "ff02::fb", 5353 }, { "ff02::1:3", 5355 }, { "ff02::c", 1900 }, { "ff05::c", 1900 }, { "ff02::c", 3702 },
};

/**
 * adit_reach_link_is_valid:
 * @name: the name of a network device, which whoever made it chose
 *
 * Names stand between quotes in the firewall's text, where nft knows no escape.  The kernel forbids '/', ':' and blanks; a quote,
 * a backslash or a '*' (nft's wildcard) it allows, and these would change what the text means.
 *
 * Returns: whether @name can be written down as it is
 */
gboolean
adit_reach_link_is_valid (const char *name)
{
  gsize length = name != NULL ? strnlen (name, ADIT_LINK_NAME_BYTES) : 0;

  if (length == 0 || length >= ADIT_LINK_NAME_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("._-+@", name[i]) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * adit_reach_resolver_is_valid:
 * @address: what somebody wants to be asked for names
 *
 * Returns: whether it can be one: another computer's address, public or private
 */
gboolean
adit_reach_resolver_is_valid (const AditAddress *address)
{
  static const guint8 loopback_ipv6[16] = { [15] = 1 };
  const guint8 *bytes = address->bytes;

  if (!adit_address_is_valid (address) || adit_address_is_link_local (address))
    return FALSE;
  if (address->family == ADIT_FAMILY_IPV4)
    return bytes[0] != 0 && bytes[0] != 127 && bytes[0] < 224;
  return bytes[0] != 0xff && memcmp (bytes, loopback_ipv6, sizeof loopback_ipv6) != 0;
}

/**
 * adit_reach_resolver_is_private:
 * @address: a resolver's
 *
 * Returns: whether it is one of a private network (RFC 1918, RFC 4193), so that it is asked outside unless the tunnel has it
 */
gboolean
adit_reach_resolver_is_private (const AditAddress *address)
{
  const AditPrefix whole = { *address, address->family == ADIT_FAMILY_IPV4 ? 32 : 128 };

  return adit_prefix_is_local (&whole) && !adit_address_is_link_local (address);
}

/* --- What was set ---------------------------------------------------------------------------------------------------------- */

static gboolean
has_range (const AditReachSettings *self, const AditPrefix *range)
{
  for (guint i = 0; i < self->n_ranges; i++)
    if (adit_prefix_contains (&self->ranges[i], range))
      return TRUE;
  return FALSE;
}

static gboolean
has_guest (const AditReachSettings *self, const char *link)
{
  for (guint i = 0; i < self->n_guests; i++)
    if (g_str_equal (self->guests[i], link))
      return TRUE;
  return FALSE;
}

static gboolean
has_address (const AditAddress *addresses, guint n, const AditAddress *address)
{
  for (guint i = 0; i < n; i++)
    if (adit_address_equal (&addresses[i], address))
      return TRUE;
  return FALSE;
}

/**
 * adit_reach_settings_equal:
 * @a: settings
 * @b: others
 *
 * Returns: whether they say the same, in the same order
 */
gboolean
adit_reach_settings_equal (const AditReachSettings *a, const AditReachSettings *b)
{
  if (a->lan != b->lan || a->n_ranges != b->n_ranges || a->multicast != b->multicast || a->n_guests != b->n_guests ||
      a->n_dns != b->n_dns)
    return FALSE;
  for (guint i = 0; i < a->n_ranges; i++)
    if (!adit_prefix_equal (&a->ranges[i], &b->ranges[i]))
      return FALSE;
  for (guint i = 0; i < a->n_guests; i++)
    if (!g_str_equal (a->guests[i], b->guests[i]))
      return FALSE;
  for (guint i = 0; i < a->n_dns; i++)
    if (!adit_address_equal (&a->dns[i], &b->dns[i]))
      return FALSE;
  return TRUE;
}

/**
 * adit_reach_settings_is_wider:
 * @self: what is wanted
 * @than: what is set
 *
 * Whoever is asked for names learns them all and says where they lead, for everybody who comes after, so a resolver that was not
 * named before counts as more wherever it is.
 *
 * Returns: whether @self lets anything pass outside of the tunnel that @than does not, on whatever network, or has somebody else
 *   asked for names
 */
gboolean
adit_reach_settings_is_wider (const AditReachSettings *self, const AditReachSettings *than)
{
  if (self->multicast && !than->multicast)
    return TRUE;
  if (self->lan == ADIT_LAN_SUBNET && than->lan != ADIT_LAN_SUBNET)
    return TRUE;
  for (guint i = 0; self->lan == ADIT_LAN_LIST && i < self->n_ranges; i++)
    if (than->lan != ADIT_LAN_LIST || !has_range (than, &self->ranges[i]))
      return TRUE;
  for (guint i = 0; i < self->n_guests; i++)
    if (!has_guest (than, self->guests[i]))
      return TRUE;
  for (guint i = 0; i < self->n_dns; i++)
    if (!has_address (than->dns, than->n_dns, &self->dns[i]))
      return TRUE;
  return FALSE;
}

/**
 * adit_reach_settings_need_links:
 * @self: what is set
 *
 * Returns: whether it matters which links and addresses there are
 */
gboolean
adit_reach_settings_need_links (const AditReachSettings *self)
{
  return self->lan != ADIT_LAN_OFF || self->multicast || self->n_guests > 0 || self->n_dns > 0;
}

/* --- What comes of it ------------------------------------------------------------------------------------------------------ */

static gboolean
is_same_way (const AditReachNet *a, const AditReachNet *b)
{
  return g_str_equal (a->link, b->link) && adit_address_equal (&a->from, &b->from);
}

/* Of nets within each other by the same way the wider one stays: the kernel refuses intervals that overlap. */
static void
add_net (AditReach *self, const AditNearby *nearby, const AditPrefix *to)
{
  AditReachNet net = { .from = nearby->address.address, .to = adit_prefix_mask (to), .is_guests = nearby->is_guests };
  guint n_kept = 0;

  /* An address of one link alone has business only with others of that link, and the other way round. */
  if (net.from.family == ADIT_FAMILY_IPV6 &&
      adit_address_is_link_local (&net.from) != adit_address_is_link_local (&net.to.address))
    return;
  g_strlcpy (net.link, nearby->link, sizeof net.link);
  for (guint i = 0; i < self->n_nets; i++)
    if (is_same_way (&self->nets[i], &net) && adit_prefix_contains (&self->nets[i].to, &net.to))
      return;
  for (guint i = 0; i < self->n_nets; i++)
    if (!is_same_way (&self->nets[i], &net) || !adit_prefix_contains (&net.to, &self->nets[i].to))
      self->nets[n_kept++] = self->nets[i];
  self->n_nets = n_kept;
  if (self->n_nets < ADIT_REACH_MAX_NETS)
    self->nets[self->n_nets++] = net;
}

static void
add_local_parts (AditReach *self, const AditNearby *nearby)
{
  AditPrefix part;

  for (guint i = 0; adit_prefix_get_local_part (&nearby->address, i, &part); i++)
    add_net (self, nearby, &part);
}

static void
add_nets (AditReach *self, const AditReachSettings *settings, const AditNearby *nearby)
{
  if (nearby->is_guests || settings->lan == ADIT_LAN_SUBNET)
    add_local_parts (self, nearby);
  for (guint i = 0; !nearby->is_guests && settings->lan == ADIT_LAN_LIST && i < settings->n_ranges; i++)
    if (settings->ranges[i].address.family == nearby->address.address.family && adit_prefix_is_local (&settings->ranges[i]))
      add_net (self, nearby, &settings->ranges[i]);
}

static void
add_point (AditReachPoint *points, guint *n_points, const AditNearby *nearby, const AditAddress *address, guint16 port,
           guint8 protocol)
{
  AditReachPoint *point;

  if (address->family != nearby->address.address.family || *n_points >= ADIT_REACH_MAX_POINTS)
    return;
  point = &points[(*n_points)++];
  g_strlcpy (point->link, nearby->link, sizeof point->link);
  point->from = nearby->address.address;
  point->to = (AditEndpoint) { *address, port };
  point->protocol = protocol;
}

static void
add_points (AditReach *self, const AditReachSettings *settings, const AditNearby *nearby)
{
  for (guint i = 0; i < self->n_outside; i++)
    {
      add_point (self->resolvers, &self->n_resolvers, nearby, &self->outside[i], DNS_PORT, PROTOCOL_UDP);
      add_point (self->resolvers, &self->n_resolvers, nearby, &self->outside[i], DNS_PORT, PROTOCOL_TCP);
    }
  for (gsize i = 0; settings->multicast && !nearby->is_guests && i < G_N_ELEMENTS (groups); i++)
    {
      AditAddress group;

      if (adit_address_parse (groups[i].address, &group))
        add_point (self->groups, &self->n_groups, nearby, &group, groups[i].port, PROTOCOL_UDP);
    }
}

/* The tunnel's own resolvers and networks look private too. */
static gboolean
is_of_tunnel (const AditTunnelSpec *spec, const AditAddress *address)
{
  const AditPrefix whole = { *address, address->family == ADIT_FAMILY_IPV4 ? 32 : 128 };

  for (guint i = 0; i < spec->n_addresses; i++)
    if (adit_prefix_contains (&spec->addresses[i], &whole))
      return TRUE;
  return has_address (spec->dns, spec->n_dns, address);
}

/**
 * adit_reach_resolver_is_inside:
 * @address: a resolver that a person has named
 * @spec: a tunnel that brings none of its own
 *
 * A private address is somebody's here, unless the tunnel has it or names its network: whoever has the same one behind a tunnel
 * to everywhere is a stranger.
 *
 * Returns: whether it is asked through the tunnel
 */
gboolean
adit_reach_resolver_is_inside (const AditAddress *address, const AditTunnelSpec *spec)
{
  const AditPrefix whole = { *address, address->family == ADIT_FAMILY_IPV4 ? 32 : 128 };

  for (guint i = 0; i < spec->n_allowed_ips; i++)
    if (adit_prefix_is_local (&spec->allowed_ips[i]) && adit_prefix_contains (&spec->allowed_ips[i], &whole))
      return TRUE;
  return !adit_reach_resolver_is_private (address) || is_of_tunnel (spec, address);
}

/* Without a tunnel nobody is asked: there is no name that would lead anywhere. */
static void
sort_resolvers (AditReach *self, const AditReachSettings *settings, const AditTunnelSpec *spec)
{
  for (guint i = 0; spec != NULL && i < MIN (settings->n_dns, ADIT_TUNNEL_MAX_DNS); i++)
    {
      const AditAddress *address = &settings->dns[i];

      if (!adit_reach_resolver_is_valid (address))
        continue;
      if (adit_reach_resolver_is_private (address) && !is_of_tunnel (spec, address))
        self->outside[self->n_outside++] = *address;
      else
        self->inside[self->n_inside++] = *address;
    }
}

/* A network that gives this computer the address that it has inside would see what is sent in the tunnel's name. */
static gboolean
is_tunnels_own (const AditTunnelSpec *spec, const AditAddress *address)
{
  for (guint i = 0; spec != NULL && i < spec->n_addresses; i++)
    if (adit_address_equal (&spec->addresses[i].address, address))
      return TRUE;
  return FALSE;
}

/**
 * adit_reach_resolve:
 * @self: (out caller-allocates): what may be reached
 * @settings: what was set
 * @nearby: (array length=n_nearby): the links' addresses, as the system tells them
 * @n_nearby: how many
 * @spec: (nullable): the tunnel that is tried or is up
 *
 * A link behind which there are guests counts only where it was named, and any other only for the LAN; so naming the uplink as a
 * guest's opens nothing.
 */
void
adit_reach_resolve (AditReach *self, const AditReachSettings *settings, const AditNearby *nearby, guint n_nearby,
                    const AditTunnelSpec *spec)
{
  memset (self, 0, sizeof *self);
  sort_resolvers (self, settings, spec);
  for (guint i = 0; i < n_nearby; i++)
    {
      if (!adit_reach_link_is_valid (nearby[i].link) || !adit_prefix_is_valid (&nearby[i].address) ||
          is_tunnels_own (spec, &nearby[i].address.address) ||
          (nearby[i].is_guests && !has_guest (settings, nearby[i].link)))
        continue;
      add_nets (self, settings, &nearby[i]);
      add_points (self, settings, &nearby[i]);
    }
}

static gboolean
points_equal (const AditReachPoint *a, guint n_a, const AditReachPoint *b, guint n_b)
{
  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    if (!g_str_equal (a[i].link, b[i].link) || !adit_address_equal (&a[i].from, &b[i].from) ||
        !adit_endpoint_equal (&a[i].to, &b[i].to) || a[i].protocol != b[i].protocol)
      return FALSE;
  return TRUE;
}

/**
 * adit_reach_equal:
 * @a: what may be reached
 * @b: the same at another time
 *
 * Returns: whether the same packets may leave, and the same resolvers are asked
 */
gboolean
adit_reach_equal (const AditReach *a, const AditReach *b)
{
  if (a->has_portal != b->has_portal || !adit_flow_equal (&a->kept, &b->kept) || a->n_nets != b->n_nets ||
      a->n_inside != b->n_inside || a->n_outside != b->n_outside ||
      !points_equal (a->resolvers, a->n_resolvers, b->resolvers, b->n_resolvers) ||
      !points_equal (a->groups, a->n_groups, b->groups, b->n_groups))
    return FALSE;
  for (guint i = 0; i < a->n_nets; i++)
    if (!is_same_way (&a->nets[i], &b->nets[i]) || !adit_prefix_equal (&a->nets[i].to, &b->nets[i].to) ||
        a->nets[i].is_guests != b->nets[i].is_guests)
      return FALSE;
  for (guint i = 0; i < a->n_inside; i++)
    if (!adit_address_equal (&a->inside[i], &b->inside[i]))
      return FALSE;
  for (guint i = 0; i < a->n_outside; i++)
    if (!adit_address_equal (&a->outside[i], &b->outside[i]))
      return FALSE;
  return TRUE;
}
