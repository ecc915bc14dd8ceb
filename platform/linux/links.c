/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.c: every network device of this network namespace but loopback and our tunnel counts as a way out; behind some of them
 * are only guests of this computer. */
#define G_LOG_DOMAIN "adit-lock"
#include "platform/linux/links.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"
#include "platform/linux/ruleset.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Loopback leaves nowhere; what enters our own device is seen again, as its carrier, on the link below. */
static gboolean
is_way_out (const char *name)
{
  return !g_str_equal (name, "lo") && !g_str_equal (name, ADIT_TUNNEL_DEVICE);
}

static struct if_nameindex *
list_all (GError **error)
{
  struct if_nameindex *all = if_nameindex ();

  if (all == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot list the network devices: %s", g_strerror (errno));
  return all;
}

/* --- What kind of link it is ------------------------------------------------------------------------------------------------ */

/* Kinds of which one end belongs to a guest: a container's veth, a machine's tap, and the bridge above them.  IFLA_INFO_KIND. */
static const char *const guest_kinds[] = { "veth", "tun", "bridge", NULL };

/**
 * adit_links_kind_is_guests:
 * @kind: what adit_links_read_kind() has read
 *
 * Returns: whether only guests of this computer are behind such a device, unless a default route goes by it
 */
gboolean
adit_links_kind_is_guests (const char *kind)
{
  return g_strv_contains (guest_kinds, kind);
}

typedef struct
{
  GPtrArray  *names, *guests;    /* of char */
  GHashTable *uplinks;           /* set of device numbers */
  GHashTable *bridges;           /* the same, with a cable in them */
  gboolean    has_ppp;
} Reading;

/* The way on of one next hop of a default route. */
static void
note_uplink (Reading *reading, int index)
{
  if (index > 0)
    g_hash_table_add (reading->uplinks, GINT_TO_POINTER (index));
}

/* By a device with a default route, whoever's table it is in, strangers are reached. */
static void
on_route (const struct nlmsghdr *message, gpointer data)
{
  const struct rtmsg *route = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  guint32 table = route->rtm_table;
  Reading *reading = data;

  if (message->nlmsg_type != RTM_NEWROUTE || route->rtm_dst_len != 0 || route->rtm_type != RTN_UNICAST)
    return;
  mnl_attr_for_each (attribute, message, sizeof *route)
    if (mnl_attr_get_type (attribute) == RTA_TABLE && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      table = mnl_attr_get_u32 (attribute);
  if (table == ADIT_ROUTE_TABLE)
    return;
  mnl_attr_for_each (attribute, message, sizeof *route)
    if (mnl_attr_get_type (attribute) == RTA_OIF && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      note_uplink (reading, (int) mnl_attr_get_u32 (attribute));
    else if (mnl_attr_get_type (attribute) == RTA_MULTIPATH)
      {
        const struct rtnexthop *hop = mnl_attr_get_payload (attribute);
        int left = mnl_attr_get_payload_len (attribute);

        for (; RTNH_OK (hop, left); left -= RTNH_ALIGN (hop->rtnh_len), hop = RTNH_NEXT (hop))
          note_uplink (reading, hop->rtnh_ifindex);
      }
}

/**
 * adit_links_read_kind:
 * @info: an attribute IFLA_LINKINFO
 *
 * Returns: (transfer none): the kind of a virtual device, "" for none
 */
const char *
adit_links_read_kind (const struct nlattr *info)
{
  const struct nlattr *attribute;

  mnl_attr_for_each_nested (attribute, info)
    if (mnl_attr_get_type (attribute) == IFLA_INFO_KIND && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
      return mnl_attr_get_str (attribute);
  return "";
}

/* A port of another kind than a guest's end. */
static void
on_port (const struct nlmsghdr *message, gpointer data)
{
  const struct nlattr *attribute;
  const char *kind = "";
  Reading *reading = data;
  guint32 bridge = 0;

  if (message->nlmsg_type != RTM_NEWLINK)
    return;
  mnl_attr_for_each (attribute, message, sizeof (struct ifinfomsg))
    if (mnl_attr_get_type (attribute) == IFLA_MASTER && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
      bridge = mnl_attr_get_u32 (attribute);
    else if (mnl_attr_get_type (attribute) == IFLA_LINKINFO)
      kind = adit_links_read_kind (attribute);
  if (bridge != 0 && !adit_links_kind_is_guests (kind))
    g_hash_table_add (reading->bridges, GINT_TO_POINTER ((int) bridge));
}

static void
on_link (const struct nlmsghdr *message, gpointer data)
{
  const struct ifinfomsg *link = mnl_nlmsg_get_payload (message);
  const char *name = "", *kind = "";
  const struct nlattr *attribute;
  Reading *reading = data;

  if (message->nlmsg_type != RTM_NEWLINK)
    return;
  mnl_attr_for_each (attribute, message, sizeof *link)
    if (mnl_attr_get_type (attribute) == IFLA_IFNAME && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
      name = mnl_attr_get_str (attribute);
    else if (mnl_attr_get_type (attribute) == IFLA_LINKINFO)
      kind = adit_links_read_kind (attribute);
  if (!is_way_out (name) || !adit_ruleset_link_valid (name) ||
      g_ptr_array_find_with_equal_func (reading->names, name, g_str_equal, NULL))    /* a dump that was made again */
    return;
  g_ptr_array_add (reading->names, g_strdup (name));
  /* A tun has a tap's kind, and carries somebody's tunnel. */
  if (link->ifi_type == ARPHRD_ETHER && adit_links_kind_is_guests (kind) &&
      !g_hash_table_contains (reading->uplinks, GINT_TO_POINTER (link->ifi_index)) &&
      !g_hash_table_contains (reading->bridges, GINT_TO_POINTER (link->ifi_index)))
    g_ptr_array_add (reading->guests, g_strdup (name));
  reading->has_ppp = reading->has_ppp || link->ifi_type == ARPHRD_PPP;
}

static char **
take_sorted (GPtrArray **names)
{
  g_ptr_array_sort (*names, compare_names);
  g_ptr_array_add (*names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (names), FALSE);
}

static gboolean
ask (guint16 type, const void *header, gsize header_bytes, AditNetlinkEach each, Reading *reading, GError **error)
{
  AditNetlinkRequest request;

  return adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, type, NLM_F_DUMP, header, header_bytes), each, reading,
                            0, error);
}

/**
 * adit_links_list_uplinks:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): set of the numbers of the devices by which a default route goes, in whoever's table; %NULL
 * where that cannot be read
 */
GHashTable *
adit_links_list_uplinks (GError **error)
{
  const struct rtmsg any_route = { .rtm_family = AF_UNSPEC };
  g_autoptr (GHashTable) uplinks = g_hash_table_new (NULL, NULL);
  Reading reading = { .uplinks = uplinks };

  return ask (RTM_GETROUTE, &any_route, sizeof any_route, on_route, &reading, error) ? g_steal_pointer (&uplinks) : NULL;
}

/**
 * adit_links_list_bridged:
 * @error: return location
 *
 * Whether a bridge has a default route the network decides; who is behind its cable are strangers all the same.
 *
 * Returns: (transfer full) (nullable): set of the numbers of the bridges that have a cable in them, or anything else that is
 * not a guest's; %NULL where that cannot be read
 */
GHashTable *
adit_links_list_bridged (GError **error)
{
  const struct ifinfomsg any_link = { .ifi_family = AF_UNSPEC };
  g_autoptr (GHashTable) bridges = g_hash_table_new (NULL, NULL);
  Reading reading = { .bridges = bridges };

  return ask (RTM_GETLINK, &any_link, sizeof any_link, on_port, &reading, error) ? g_steal_pointer (&bridges) : NULL;
}

/**
 * adit_links_read:
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Reads also virtual devices: a veth, a bridge, a macvlan or a foreign tunnel is a way out for somebody, and a kind that we have
 * not heard of must not be an open door.  What is left out is loopback, our own device, and devices whose name cannot be written
 * into a rule; for these there is adit_links_silence_unwritable().
 *
 * Guests are only behind virtual devices of the kinds that have an end for a guest, without a default route and without a cable
 * in them.  Where that cannot be read there are none.
 *
 * Returns: (transfer full) (nullable): the links
 */
AditLinks *
adit_links_read (GError **error)
{
  const struct ifinfomsg any_link = { .ifi_family = AF_UNSPEC };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free), guests = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) uplinks = adit_links_list_uplinks (NULL), bridges = adit_links_list_bridged (NULL);
  g_autoptr (GHashTable) nothing = g_hash_table_new (NULL, NULL);
  Reading reading = { .names = names, .guests = guests, .uplinks = uplinks != NULL ? uplinks : nothing,
                      .bridges = bridges != NULL ? bridges : nothing };
  AditLinks *self;

  if (!ask (RTM_GETLINK, &any_link, sizeof any_link, on_link, &reading, error))
    {
      g_prefix_error (error, "cannot list the network devices: ");
      return NULL;
    }
  if (uplinks == NULL || bridges == NULL)
    g_ptr_array_set_size (guests, 0);
  self = g_rc_box_new0 (AditLinks);
  self->names = take_sorted (&names);
  self->guests = take_sorted (&guests);
  self->has_ppp = reading.has_ppp;
  return self;
}

/**
 * adit_links_ref:
 * @self: links
 *
 * Returns: (transfer full): @self
 */
AditLinks *
adit_links_ref (AditLinks *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  AditLinks *self = data;

  g_strfreev (self->names);
  g_strfreev (self->guests);
}

/**
 * adit_links_unref:
 * @self: (transfer full): links
 */
void
adit_links_unref (AditLinks *self)
{
  g_rc_box_release_full (self, clear);
}

/**
 * adit_links_equal:
 * @a: links
 * @b: (nullable): links
 *
 * Returns: whether the same rules hold for both
 */
gboolean
adit_links_equal (const AditLinks *a, const AditLinks *b)
{
  return b != NULL && a->has_ppp == b->has_ppp &&
         g_strv_equal ((const char *const *) a->names, (const char *const *) b->names) &&
         g_strv_equal ((const char *const *) a->guests, (const char *const *) b->guests);
}

/* --- Which there are -------------------------------------------------------------------------------------------------------- */

/**
 * adit_links_dup_stamp:
 *
 * Two equal stamps mean that the same devices were there under the same names at both times: the kernel gives a device that comes
 * back a new number.
 *
 * Returns: (transfer full) (nullable): the ways out with their numbers; %NULL where they cannot be listed
 */
char *
adit_links_dup_stamp (void)
{
  struct if_nameindex *all = list_all (NULL);
  GString *stamp;

  if (all == NULL)
    return NULL;
  stamp = g_string_new (NULL);
  for (guint i = 0; all[i].if_index != 0; i++)
    if (is_way_out (all[i].if_name))
      g_string_append_printf (stamp, "%u:%s/", all[i].if_index, all[i].if_name);
  if_freenameindex (all);
  return g_string_free (stamp, FALSE);
}

static gboolean
switch_off (int fd, const struct if_nameindex *link, GError **error)
{
  struct ifreq request = { 0 };

  g_strlcpy (request.ifr_name, link->if_name, sizeof request.ifr_name);
  if (ioctl (fd, SIOCGIFFLAGS, &request) == 0)
    {
      if ((request.ifr_flags & IFF_UP) == 0)
        return TRUE;
      request.ifr_flags = (short) (request.ifr_flags & ~IFF_UP);
      if (ioctl (fd, SIOCSIFFLAGS, &request) == 0)
        {
          g_warning ("network device number %u has a name that no firewall rule can hold; "
                     "it is switched off while the lock is on", link->if_index);
          return TRUE;
        }
    }
  if (errno == ENODEV)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED,
               "network device number %u has a name that no firewall rule can hold and cannot be switched off (%s); rename it",
               link->if_index, g_strerror (errno));
  return FALSE;
}

/**
 * adit_links_silence_unwritable:
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * A device with a quote, a backslash or an asterisk in its name can have no egress chain.  So that whoever made it cannot keep
 * the lock from being set, it is switched off instead, and that is said.  It stays so until its owner renames it or the lock is
 * off.
 *
 * Returns: whether no such device is up
 */
gboolean
adit_links_silence_unwritable (GError **error)
{
  struct if_nameindex *all = list_all (error);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean done = all != NULL && fd >= 0;

  if (all != NULL && fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot look at the network devices: %s", g_strerror (errno));
  for (guint i = 0; done && all[i].if_index != 0; i++)
    if (is_way_out (all[i].if_name) && !adit_ruleset_link_valid (all[i].if_name))
      done = switch_off (fd, &all[i], error);
  if (fd >= 0)
    close (fd);
  if (all != NULL)
    if_freenameindex (all);
  return done;
}
