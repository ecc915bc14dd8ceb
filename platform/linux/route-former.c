/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-former.c: IPv6 asks a bound socket no more for its source, so one that outlives the tunnel goes on sending from the
 * tunnel's address by the cable.  What can be ended is (sock-destroy.c); for the others a rule prohibits the address, as long
 * as one is left. The rules in force are the record of these addresses: there is no other. */
#define G_LOG_DOMAIN "adit-route"
#include "platform/linux/route-former.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"

#define ADDRESS_BYTES 16

typedef struct
{
  GArray    *addresses;    /* AditAddress */
  GPtrArray *rules;        /* whole messages, one for each */
} Former;

static void
on_rule (const struct nlmsghdr *message, gpointer data)
{
  Former *self = data;
  const struct fib_rule_hdr *header = mnl_nlmsg_get_payload (message);
  AditAddress address = { .family = ADIT_FAMILY_IPV6 };
  const struct nlattr *attribute;
  guint32 priority = 0;

  if (message->nlmsg_type != RTM_NEWRULE || mnl_nlmsg_get_payload_len (message) < sizeof *header || header->family != AF_INET6)
    return;
  mnl_attr_for_each (attribute, message, sizeof *header)
    {
      guint length = mnl_attr_get_payload_len (attribute);

      if (mnl_attr_get_type (attribute) == FRA_PRIORITY && length == sizeof priority)
        priority = mnl_attr_get_u32 (attribute);
      else if (mnl_attr_get_type (attribute) == FRA_SRC && length == ADDRESS_BYTES)
        memcpy (address.bytes, mnl_attr_get_payload (attribute), ADDRESS_BYTES);
    }
  if (priority != ADIT_RULE_FORMER)
    return;
  g_array_append_val (self->addresses, address);
  adit_netlink_keep_copy (message, self->rules);
}

static gboolean
read_rules (Former *self, GError **error)
{
  const struct fib_rule_hdr header = { .family = AF_INET6 };
  AditNetlinkRequest request;

  return adit_netlink_send (NETLINK_ROUTE, adit_netlink_begin (&request, RTM_GETRULE, NLM_F_DUMP, &header, sizeof header),
                            on_rule, self, 0, error);
}

static gboolean
add_rule (const AditAddress *address, GError **error)
{
  const struct fib_rule_hdr header = { .family = AF_INET6, .src_len = ADDRESS_BYTES * 8, .action = FR_ACT_PROHIBIT };
  const guint32 priority = ADIT_RULE_FORMER;
  const guint8 protocol = ADIT_RULE_PROTOCOL;
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);

  adit_netlink_put (message, FRA_PRIORITY, &priority, sizeof priority);
  adit_netlink_put (message, FRA_PROTOCOL, &protocol, sizeof protocol);
  adit_netlink_put (message, FRA_SRC, address->bytes, ADDRESS_BYTES);
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, EEXIST, error);
}

static gboolean
remove_rule (struct nlmsghdr *message, GError **error)
{
  message->nlmsg_type = RTM_DELRULE;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  return adit_netlink_send (NETLINK_ROUTE, message, NULL, NULL, ENOENT, error);
}

/* proc(5): a line for each socket, its own address written as four numbers of the processor's byte order.  A list that cannot
 * be read may have one. */
static gboolean
is_bound (const AditAddress *address)
{
  static const char *const lists[] = { "tcp6", "udp6", "udplite6", "raw6", "icmp6" };
  guint32 words[ADDRESS_BYTES / sizeof (guint32)];
  g_autofree char *text = NULL;

  memcpy (words, address->bytes, sizeof words);
  text = g_strdup_printf (": %08X%08X%08X%08X:", words[0], words[1], words[2], words[3]);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *path = g_strconcat ("/proc/net/", lists[i], NULL);
      g_autofree char *sockets = NULL;
      g_autoptr (GError) error = NULL;

      if (g_file_get_contents (path, &sockets, NULL, &error) ? strstr (sockets, text) != NULL
                                                             : !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
    }
  return FALSE;
}

static gboolean
contains (const GArray *addresses, const AditAddress *address)
{
  for (guint i = 0; i < addresses->len; i++)
    if (adit_address_equal (&g_array_index (addresses, AditAddress, i), address))
      return TRUE;
  return FALSE;
}

static gboolean
is_own (const AditAddress *address, const AditPrefix *own, guint n_own)
{
  for (guint i = 0; i < n_own; i++)
    if (adit_address_equal (&own[i].address, address))
      return TRUE;
  return FALSE;
}

/**
 * adit_route_former_set:
 * @prefixes: (element-type AditPrefix): addresses that a tunnel of ours had until now; they are gone from its device already, so
 *   that nobody can bind to them any more
 * @own: (array length=n_own): those that it has from now on
 * @n_own: how many
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED
 *
 * Returns: whether each former IPv6 address that a socket is still bound to is prohibited, and no other
 */
gboolean
adit_route_former_set (const GArray *prefixes, const AditPrefix *own, guint n_own, GError **error)
{
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (AditAddress));
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func (g_free);
  Former former = { .addresses = addresses, .rules = rules };

  if (!read_rules (&former, error))
    goto failed;
  for (guint i = 0; i < prefixes->len; i++)
    {
      const AditAddress *address = &g_array_index (prefixes, AditPrefix, i).address;

      if (address->family == ADIT_FAMILY_IPV6 && !contains (addresses, address))
        g_array_append_val (addresses, *address);
    }
  for (guint i = 0; i < addresses->len; i++)
    {
      const AditAddress *address = &g_array_index (addresses, AditAddress, i);
      gboolean is_wanted = !is_own (address, own, n_own) && is_bound (address);

      if (i < rules->len ? !is_wanted && !remove_rule (g_ptr_array_index (rules, i), error)
                         : is_wanted && !add_rule (address, error))
        goto failed;
    }
  return TRUE;
failed:
  g_prefix_error (error, "Could not prohibit the addresses of former tunnels: ");
  return FALSE;
}
