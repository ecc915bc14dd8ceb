/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-link.c: what is on the device is what we put there; nothing that the kernel would add by itself stays. */
#include "platform/linux/tunnel-link.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/sysctl.h"

#define IPV6_SETTINGS "net/ipv6/conf/" ADIT_TUNNEL_DEVICE "/"

typedef struct
{
  guint   index;
  GArray *prefixes;
} Listing;

/**
 * adit_tunnel_link_get_index:
 *
 * Returns: the number of the tunnel's device in this network namespace, or 0 if there is none
 */
guint
adit_tunnel_link_get_index (void)
{
  return if_nametoindex (ADIT_TUNNEL_DEVICE);
}

static void
on_statistics (const struct nlmsghdr *message, gpointer data)
{
  const struct nlattr *attribute;
  struct rtnl_link_stats64 counted;

  if (message->nlmsg_type != RTM_NEWLINK)
    return;
  mnl_attr_for_each (attribute, message, sizeof (struct ifinfomsg))
    if (mnl_attr_get_type (attribute) == IFLA_STATS64 && mnl_attr_get_payload_len (attribute) >= 2 * sizeof counted.rx_packets)
      {
        memcpy (&counted, mnl_attr_get_payload (attribute), 2 * sizeof counted.rx_packets);    /* its first two members */
        *(guint64 *) data = counted.rx_packets + counted.tx_packets;
      }
}

/**
 * adit_tunnel_link_count_packets:
 *
 * Returns: how many packets have gone into the tunnel's device and come out of it; 0 where there is none
 */
guint64
adit_tunnel_link_count_packets (void)
{
  const struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = (int) adit_tunnel_link_get_index () };
  AditNetlinkRequest request;
  guint64 packets = 0;

  if (header.ifi_index != 0)
    (void) adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETLINK, 0, &header, sizeof header), on_statistics,
                              &packets, 0, NULL);
  return packets;
}

static void
on_address (const struct nlmsghdr *message, gpointer data)
{
  Listing *self = data;
  const struct ifaddrmsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute, *address = NULL, *local = NULL;
  AditPrefix prefix = { 0 };

  if (message->nlmsg_type != RTM_NEWADDR || mnl_nlmsg_get_payload_len (message) < sizeof *header ||
      header->ifa_index != self->index)
    return;
  mnl_attr_for_each (attribute, message, sizeof *header)
    if (mnl_attr_get_type (attribute) == IFA_ADDRESS)
      address = attribute;
    else if (mnl_attr_get_type (attribute) == IFA_LOCAL)
      local = attribute;
  if (local != NULL)    /* with a peer, IFA_ADDRESS is the other end's */
    address = local;
  prefix.address.family = header->ifa_family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
  prefix.prefix_bits = header->ifa_prefixlen;
  if (address == NULL || mnl_attr_get_payload_len (address) != (header->ifa_family == AF_INET ? 4 : 16))
    return;
  memcpy (prefix.address.bytes, mnl_attr_get_payload (address), mnl_attr_get_payload_len (address));
  g_array_append_val (self->prefixes, prefix);
}

/**
 * adit_tunnel_link_list_addresses:
 * @index: a device
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: (transfer full) (element-type AditPrefix) (nullable): every address on it, of both families
 */
GArray *
adit_tunnel_link_list_addresses (guint index, GError **error)
{
  const struct ifaddrmsg header = { .ifa_family = AF_UNSPEC };
  AditNetlinkRequest request;
  Listing listing = { .index = index, .prefixes = g_array_new (FALSE, FALSE, sizeof (AditPrefix)) };

  if (adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETADDR, NLM_F_DUMP, &header, sizeof header),
                         on_address, &listing, 0, error))
    return listing.prefixes;
  g_prefix_error (error, "Could not list the tunnel's addresses: ");
  g_array_unref (listing.prefixes);
  return NULL;
}

static gboolean
set_up (guint index, gboolean up, guint16 mtu_bytes, int tolerated, GError **error)
{
  const struct ifinfomsg header = { .ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = up ? IFF_UP : 0,
                                    .ifi_change = IFF_UP };
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, RTM_NEWLINK, 0, &header, sizeof header);
  const guint32 mtu = mtu_bytes;

  if (mtu_bytes > 0)
    adit_netlink_put (message, IFLA_MTU, &mtu, sizeof mtu);
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, tolerated, error);
}

/**
 * adit_tunnel_link_bring_up:
 * @index: the tunnel's device
 * @mtu_bytes: how long a packet may be on it
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether it is up
 */
gboolean
adit_tunnel_link_bring_up (guint index, guint16 mtu_bytes, GError **error)
{
  int value;

  /* Before it is up: no link-local address of the kernel's making, and nobody at the far end may announce routes to us.  The
   * settings go with the device. */
  if (adit_sysctl_read (IPV6_SETTINGS "addr_gen_mode", &value) && !adit_sysctl_write (IPV6_SETTINGS "addr_gen_mode", 1, error))
    return FALSE;
  if (adit_sysctl_read (IPV6_SETTINGS "accept_ra", &value) && !adit_sysctl_write (IPV6_SETTINGS "accept_ra", 0, error))
    return FALSE;
  if (set_up (index, TRUE, mtu_bytes, 0, error))
    return TRUE;
  g_prefix_error (error, "Could not bring the tunnel's device up: ");
  return FALSE;
}

/**
 * adit_tunnel_link_bring_down:
 * @index: the tunnel's device; that it has gone meanwhile is no error
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether it is down
 */
gboolean
adit_tunnel_link_bring_down (guint index, GError **error)
{
  if (set_up (index, FALSE, 0, ENODEV, error))
    return TRUE;
  g_prefix_error (error, "Could not take the tunnel's device down: ");
  return FALSE;
}

static gboolean
send_address (guint16 type, guint16 message_flags, guint index, const AditPrefix *prefix, int tolerated, GError **error)
{
  gboolean is_ipv4 = prefix->address.family == ADIT_FAMILY_IPV4;
  const struct ifaddrmsg header = {
    .ifa_family = is_ipv4 ? AF_INET : AF_INET6, .ifa_prefixlen = prefix->prefix_bits, .ifa_index = index,
  };
  /* Nobody else is on the link who could have the address.  No prefix route: nothing of ours stands in the main table. */
  const guint32 flags = IFA_F_NOPREFIXROUTE | (is_ipv4 ? 0 : IFA_F_NODAD);
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, type, message_flags, &header, sizeof header);

  adit_netlink_put (message, IFA_LOCAL, prefix->address.bytes, is_ipv4 ? 4 : 16);
  adit_netlink_put (message, IFA_ADDRESS, prefix->address.bytes, is_ipv4 ? 4 : 16);
  if (type == RTM_NEWADDR)
    adit_netlink_put (message, IFA_FLAGS, &flags, sizeof flags);
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, tolerated, error);
}

/**
 * adit_tunnel_link_add:
 * @index: the tunnel's device
 * @prefix: an address and its length; that it is there is no error
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether the device has it, ready for use
 */
gboolean
adit_tunnel_link_add (guint index, const AditPrefix *prefix, GError **error)
{
  if (send_address (RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, index, prefix, 0, error))
    return TRUE;
  g_prefix_error (error, "Could not give the tunnel its address: ");
  return FALSE;
}

/**
 * adit_tunnel_link_remove:
 * @index: the tunnel's device
 * @prefix: an address as it was listed; that it is gone, or the device with it, is no error
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether the device does not have it
 */
gboolean
adit_tunnel_link_remove (guint index, const AditPrefix *prefix, GError **error)
{
  GError *local = NULL;
  char name[IF_NAMESIZE];

  if (send_address (RTM_DELADDR, 0, index, prefix, EADDRNOTAVAIL, &local))
    return TRUE;
  if (if_indextoname (index, name) == NULL)
    {
      g_error_free (local);
      return TRUE;
    }
  g_propagate_error (error, local);
  g_prefix_error (error, "Could not take an address from the tunnel's device: ");
  return FALSE;
}
