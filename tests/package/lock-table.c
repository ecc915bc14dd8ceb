/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock-table.c: asks the kernel itself for its tables.  nft does not do: Debian 12's dies of a table that Debian 13's library has
 * made, and what is asked here is whether the one in the tree has made it. */
#include "config.h"
#include "tests/package/installed.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#define BUFFER_BYTES 32768    /* libmnl/libmnl.h, MNL_SOCKET_DUMP_SIZE */

static int
on_table (const struct nlmsghdr *message, void *data)
{
  const struct nfgenmsg *about = mnl_nlmsg_get_payload (message);
  gboolean *found = data;
  struct nlattr *attribute;

  mnl_attr_for_each (attribute, message, sizeof *about)
    if (mnl_attr_get_type (attribute) == NFTA_TABLE_NAME && about->nfgen_family == NFPROTO_INET)
      *found |= g_str_equal (mnl_attr_get_str (attribute), "adit");
  return MNL_CB_OK;
}

/**
 * adit_installed_has_lock:
 *
 * Returns: whether the kernel has the table of ours that decides about what leaves
 */
gboolean
adit_installed_has_lock (void)
{
  char buffer[BUFFER_BYTES];
  struct nlmsghdr *message = mnl_nlmsg_put_header (buffer);
  struct nfgenmsg *about = mnl_nlmsg_put_extra_header (message, sizeof *about);
  g_autoptr (GError) error = NULL;
  struct mnl_socket *socket;
  gboolean found = FALSE;
  int back, status;

  message->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETTABLE;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  *about = (struct nfgenmsg) { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };
  adit_lab_switch ("client", &back, &error);
  g_assert_no_error (error);
  socket = mnl_socket_open (NETLINK_NETFILTER);
  adit_lab_switch_back (back);
  g_assert_nonnull (socket);
  g_assert_cmpint (mnl_socket_sendto (socket, message, message->nlmsg_len), ==, message->nlmsg_len);
  do
    {
      ssize_t length = mnl_socket_recvfrom (socket, buffer, sizeof buffer);

      g_assert_cmpint (length, >, 0);
      status = mnl_cb_run (buffer, (size_t) length, 0, mnl_socket_get_portid (socket), on_table, &found);
    }
  while (status == MNL_CB_OK);
  g_assert_cmpint (status, ==, MNL_CB_STOP);    /* to the end, and without a complaint */
  mnl_socket_close (socket);
  return found;
}
