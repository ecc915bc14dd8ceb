/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-dump.c: what the kernel says of a table, in its own words.  To put these into nft's takes libnftables milliseconds, and
 * only that shows what they mean; whether they are those of another time they show by themselves. */
#include "platform/linux/nft-dump.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include "platform/linux/netlink.h"

#define ANSWER_BYTES  32768    /* what the kernel puts at most into one datagram of a dump: netlink_dump() */
#define REQUEST_BYTES 1024     /* two names of NFT_NAME_MAXLEN, 256 with their zeros */

/* Of a table, a chain, a rule and a set alike, linux/netfilter/nf_tables.h. */
G_STATIC_ASSERT ((int) NFTA_CHAIN_TABLE == (int) NFTA_TABLE_NAME && (int) NFTA_RULE_TABLE == (int) NFTA_TABLE_NAME);
G_STATIC_ASSERT ((int) NFTA_SET_TABLE == (int) NFTA_TABLE_NAME && (int) NFTA_SET_ELEM_LIST_TABLE == (int) NFTA_TABLE_NAME);

struct _AditNftDump
{
  struct mnl_socket *socket;    /* (nullable) */
  guint32            sequence;
};

typedef struct
{
  const char *table;
  GByteArray *bytes;
  GPtrArray  *sets;       /* of char *: their names, in the kernel's order */
  GPtrArray  *members;    /* of GBytes: those of one set */
} Reading;

/* Numbers that the kernel gives anew to each table, chain, rule and set.  They say nothing of what these do: rules come in the
 * order in which they are, and speak of sets and chains by their names. */
static gboolean
is_number (guint8 type, guint16 attribute)
{
  switch (type)
    {
    case NFT_MSG_NEWTABLE:
      return attribute == NFTA_TABLE_HANDLE;
    case NFT_MSG_NEWCHAIN:
      return attribute == NFTA_CHAIN_HANDLE;
    case NFT_MSG_NEWRULE:
      return attribute == NFTA_RULE_HANDLE || attribute == NFTA_RULE_POSITION;
    case NFT_MSG_NEWSET:
      return attribute == NFTA_SET_HANDLE;
    default:
      return FALSE;
    }
}

/* With its length in front, so that two that follow each other are not taken for two others. */
static void
add (GByteArray *bytes, gconstpointer what, gsize length)
{
  const guint32 length32 = (guint32) length;

  g_byte_array_append (bytes, (const guint8 *) &length32, sizeof length32);
  g_byte_array_append (bytes, what, length32);
}

static void
add_members (Reading *self, const struct nlattr *list)
{
  const struct nlattr *member;

  mnl_attr_for_each_nested (member, list)
    {
      GBytes *bytes = g_bytes_new (mnl_attr_get_payload (member), mnl_attr_get_payload_len (member));

      g_ptr_array_add (self->members, bytes);
    }
}

static const char *
find_name (const struct nlmsghdr *message, guint16 attribute)
{
  const struct nlattr *each;

  mnl_attr_for_each (each, message, sizeof (struct nfgenmsg))
    if (mnl_attr_get_type (each) == attribute && mnl_attr_validate (each, MNL_TYPE_NUL_STRING) == 0)
      return mnl_attr_get_str (each);
  return "";
}

static int
take (const struct nlmsghdr *message, void *data)
{
  Reading *self = data;
  guint8 type = NFNL_MSG_TYPE (message->nlmsg_type);
  const struct nlattr *attribute;

  if (!g_str_equal (find_name (message, NFTA_TABLE_NAME), self->table))
    return MNL_CB_OK;
  if (type != NFT_MSG_NEWSETELEM)
    add (self->bytes, &type, sizeof type);
  if (type == NFT_MSG_NEWSET)
    g_ptr_array_add (self->sets, g_strdup (find_name (message, NFTA_SET_NAME)));
  mnl_attr_for_each (attribute, message, sizeof (struct nfgenmsg))
    if (type != NFT_MSG_NEWSETELEM && !is_number (type, mnl_attr_get_type (attribute)))
      add (self->bytes, attribute, attribute->nla_len);
    else if (type == NFT_MSG_NEWSETELEM && mnl_attr_get_type (attribute) == NFTA_SET_ELEM_LIST_ELEMENTS)
      add_members (self, attribute);
  return MNL_CB_OK;
}

/* The kernel has the first part of its answer ready when the sending returns, and each further one when the one before is
 * taken. */
static gboolean
ask (AditNftDump *self, guint8 question, guint8 family, const char *set, Reading *reading)
{
  union { struct nlmsghdr header; char bytes[REQUEST_BYTES]; } request;
  g_autofree guint64 *answer = g_malloc (ANSWER_BYTES);
  struct nlmsghdr *header = mnl_nlmsg_put_header (&request);
  int going_on = MNL_CB_OK;

  header->nlmsg_type = (NFNL_SUBSYS_NFTABLES << 8) | question;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = ++self->sequence;
  mnl_nlmsg_put_extra_header (header, sizeof (struct nfgenmsg));
  ((struct nfgenmsg *) mnl_nlmsg_get_payload (header))->nfgen_family = family;
  if (!mnl_attr_put_strz_check (header, sizeof request, NFTA_TABLE_NAME, reading->table) ||
      (set != NULL && !mnl_attr_put_strz_check (header, sizeof request, NFTA_SET_ELEM_LIST_SET, set)) ||
      mnl_socket_sendto (self->socket, header, header->nlmsg_len) < 0)
    return FALSE;
  while (going_on == MNL_CB_OK)
    {
      ssize_t length = recv (mnl_socket_get_fd (self->socket), answer, ANSWER_BYTES, MSG_DONTWAIT | MSG_TRUNC);

      going_on = length <= 0 || length > ANSWER_BYTES
                 ? MNL_CB_ERROR
                 : mnl_cb_run (answer, (gsize) length, self->sequence, mnl_socket_get_portid (self->socket), take, reading);
    }
  while (going_on == MNL_CB_ERROR && recv (mnl_socket_get_fd (self->socket), answer, ANSWER_BYTES, MSG_DONTWAIT) > 0)
    continue;    /* what is left of it is no answer to the next question */
  return going_on == MNL_CB_STOP;
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

/* The kernel tells them in the order of a hash that differs from table to table. */
static gboolean
read_members (AditNftDump *self, guint8 family, const char *set, Reading *reading)
{
  g_ptr_array_set_size (reading->members, 0);
  if (!ask (self, NFT_MSG_GETSETELEM, family, set, reading))
    return FALSE;
  g_ptr_array_sort (reading->members, compare_members);
  add (reading->bytes, &reading->members->len, sizeof reading->members->len);
  for (guint i = 0; i < reading->members->len; i++)
    {
      gsize length;
      gconstpointer member = g_bytes_get_data (reading->members->pdata[i], &length);

      add (reading->bytes, member, length);
    }
  return TRUE;
}

static gboolean
read_family (AditNftDump *self, guint8 family, Reading *reading)
{
  static const guint8 questions[] = { NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN, NFT_MSG_GETRULE, NFT_MSG_GETSET };
  gboolean is_read = TRUE;

  g_ptr_array_set_size (reading->sets, 0);
  for (guint i = 0; is_read && i < G_N_ELEMENTS (questions); i++)
    is_read = ask (self, questions[i], family, NULL, reading);
  for (guint i = 0; is_read && i < reading->sets->len; i++)
    is_read = read_members (self, family, reading->sets->pdata[i], reading);
  return is_read;
}

/**
 * adit_nft_dump_read:
 * @self: a reader
 * @table: a name; the tables of the families "inet" and "netdev" that have it
 *
 * Their chains, rules, sets and members, each with all that the kernel says of it but the numbers that it gave to them.  Where
 * two are equal the tables were; where they differ the tables may be alike all the same.  Several questions are asked for it,
 * and somebody may have changed something in between: the count of transactions tells.
 *
 * Returns: (transfer full) (nullable): it; %NULL where it could not be read, as where there is none
 */
GBytes *
adit_nft_dump_read (AditNftDump *self, const char *table)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Reading reading = { table, bytes, sets, members };

  if (self->socket == NULL || !read_family (self, NFPROTO_INET, &reading) || !read_family (self, NFPROTO_NETDEV, &reading))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/**
 * adit_nft_dump_new:
 *
 * Returns: (transfer full): a reader of this thread's network namespace
 */
AditNftDump *
adit_nft_dump_new (void)
{
  AditNftDump *self = g_new0 (AditNftDump, 1);

  self->socket = adit_netlink_open (NETLINK_NETFILTER);
  return self;
}

/**
 * adit_nft_dump_free:
 * @self: (nullable): a reader
 */
void
adit_nft_dump_free (AditNftDump *self)
{
  if (self == NULL)
    return;
  if (self->socket != NULL)
    mnl_socket_close (self->socket);
  g_free (self);
}
