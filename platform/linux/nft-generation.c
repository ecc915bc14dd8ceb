/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-generation.c: the kernel counts the transactions of nftables, everyone's.  Where the number is the one at which the rules
 * were read, they are still those rules: to ask for it takes some microseconds, to list the rules takes milliseconds. */
#include "platform/linux/nft-generation.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include "platform/linux/netlink.h"

#define ANSWER_BYTES 4096

struct _AditNftGeneration
{
  struct mnl_socket *socket;    /* (nullable) */
  guint32            sequence;
};

/* NFTA_GEN_ID, linux/netfilter/nf_tables.h. */
static int
read_id (const struct nlmsghdr *message, void *data)
{
  const struct nlattr *attribute;

  if (message->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWGEN))
    mnl_attr_for_each (attribute, message, sizeof (struct nfgenmsg))
      if (mnl_attr_get_type (attribute) == NFTA_GEN_ID && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0)
        *(guint32 *) data = ntohl (mnl_attr_get_u32 (attribute));
  return MNL_CB_OK;
}

/* Returns: whether the kernel has answered; errno says why it has not. */
static gboolean
ask (AditNftGeneration *self, guint32 *id)
{
  union { struct nlmsghdr header; char bytes[ANSWER_BYTES]; } answer;
  union { struct nlmsghdr header; char bytes[MNL_NLMSG_HDRLEN + MNL_ALIGN (sizeof (struct nfgenmsg))]; } request;
  struct nlmsghdr *header = mnl_nlmsg_put_header (&request);
  ssize_t length;

  if (self->socket == NULL)
    self->socket = adit_netlink_open (NETLINK_NETFILTER);
  if (self->socket == NULL)
    return FALSE;
  header->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN;
  header->nlmsg_flags = NLM_F_REQUEST;
  header->nlmsg_seq = ++self->sequence;
  mnl_nlmsg_put_extra_header (header, sizeof (struct nfgenmsg));
  ((struct nfgenmsg *) mnl_nlmsg_get_payload (header))->nfgen_family = AF_UNSPEC;
  if (mnl_socket_sendto (self->socket, header, header->nlmsg_len) < 0)
    return FALSE;
  /* The kernel has answered when the sending returns. */
  length = recv (mnl_socket_get_fd (self->socket), &answer, sizeof answer, MSG_DONTWAIT);
  return length > 0 && mnl_cb_run (&answer, length, self->sequence, mnl_socket_get_portid (self->socket), read_id, id) >= 0;
}

/**
 * adit_nft_generation_read:
 * @self: a counter
 *
 * A commit makes it one more, and zero is left out; a link that goes takes its chain along without being counted.
 *
 * Returns: the number of the rules in force; 0 where it is not known
 */
guint32
adit_nft_generation_read (AditNftGeneration *self)
{
  guint32 id = 0;

  return ask (self, &id) ? id : 0;
}

/**
 * adit_nft_generation_lacks_nftables:
 * @self: a counter
 *
 * Without nfnetlink there is no such socket (EPROTONOSUPPORT: socket(2)); without nf_tables nfnetlink_rcv_msg() knows nobody to
 * hand the question to, nor a module to load (EINVAL: net/netfilter/nfnetlink.c).
 *
 * Returns: whether this kernel has no nftables, so that no rules of it can be in force; %FALSE where that is not sure
 */
gboolean
adit_nft_generation_lacks_nftables (AditNftGeneration *self)
{
  guint32 id;

  errno = 0;    /* nobody else's word is taken for the kernel's */
  return !ask (self, &id) && (errno == EPROTONOSUPPORT || errno == EINVAL);
}

/**
 * adit_nft_generation_new:
 *
 * Returns: (transfer full): a counter of this thread's network namespace, which never knows the number where it cannot be asked
 */
AditNftGeneration *
adit_nft_generation_new (void)
{
  AditNftGeneration *self = g_new0 (AditNftGeneration, 1);

  self->socket = adit_netlink_open (NETLINK_NETFILTER);
  return self;
}

/**
 * adit_nft_generation_free:
 * @self: (nullable): a counter
 */
void
adit_nft_generation_free (AditNftGeneration *self)
{
  if (self == NULL)
    return;
  if (self->socket != NULL)
    mnl_socket_close (self->socket);
  g_free (self);
}
