/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.c: every request has a socket of its own, so no late answer to an earlier one can be taken for its answer. */
#include "platform/linux/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/netlink.h>
#include "client/base/error.h"

#define ANSWER_BYTES     32768    /* what the kernel puts at most into one datagram of a dump: netlink_dump() */
#define ANSWER_WAIT_S        2    /* the kernel answers while sendto() runs; more than that is a fault */
#define TOTAL_WAIT_S         5
#define MAX_TRIES            8    /* of a dump that is out of date before it is over */

/**
 * adit_netlink_begin:
 * @self: where it is written; its bytes before do not matter
 * @type: of the message
 * @flags: besides %NLM_F_REQUEST; %NLM_F_ACK is added where it is not a dump
 * @header: the family's own header
 * @header_bytes: its length
 *
 * Returns: (transfer none): the message, which lives in @self and takes attributes by adit_netlink_put() or libmnl
 */
struct nlmsghdr *
adit_netlink_begin (AditNetlinkRequest *self, guint16 type, guint16 flags, const void *header, gsize header_bytes)
{
  struct nlmsghdr *message;

  memset (self, 0, sizeof *self);
  message = mnl_nlmsg_put_header (self->words);
  message->nlmsg_type = type;
  message->nlmsg_flags = NLM_F_REQUEST | flags | ((flags & NLM_F_DUMP) == NLM_F_DUMP ? 0 : NLM_F_ACK);
  memcpy (mnl_nlmsg_put_extra_header (message, header_bytes), header, header_bytes);
  return message;
}

/**
 * adit_netlink_put:
 * @message: made by adit_netlink_begin()
 * @attribute: its type
 * @bytes: its value
 * @length: in bytes; what does not fit into a request is a mistake in the program and ends it
 */
void
adit_netlink_put (struct nlmsghdr *message, guint16 attribute, const void *bytes, gsize length)
{
  if (!mnl_attr_put_check (message, ADIT_NETLINK_REQUEST_BYTES, attribute, length, bytes))
    g_error ("A netlink request outgrew its buffer");
}

/**
 * adit_netlink_keep_copy:
 * @message: one of an answer
 * @messages: where a copy of it goes, to be freed with g_free()
 *
 * For what is to be sent back with another type after the dump is over.
 */
void
adit_netlink_keep_copy (const struct nlmsghdr *message, GPtrArray *messages)
{
  g_ptr_array_add (messages, g_memdup2 (message, message->nlmsg_len));
}

static int
read_refusal (const struct nlmsghdr *message, char **detail)
{
  const struct nlmsgerr *refusal = mnl_nlmsg_get_payload (message);
  const struct nlattr *attribute;
  gsize offset = sizeof *refusal;

  if (mnl_nlmsg_get_payload_len (message) < sizeof *refusal)
    return EBADMSG;
  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0 || refusal->error == 0)
    return -refusal->error;
  if ((message->nlmsg_flags & NLM_F_CAPPED) == 0)    /* then our own request stands in between, whole */
    offset += MNL_ALIGN (refusal->msg.nlmsg_len - sizeof (struct nlmsghdr));
  if (refusal->msg.nlmsg_len < sizeof (struct nlmsghdr) || offset > mnl_nlmsg_get_payload_len (message))
    return -refusal->error;
  mnl_attr_for_each (attribute, message, offset)
    if (mnl_attr_get_type (attribute) == NLMSGERR_ATTR_MSG && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0)
      {
        g_free (*detail);
        *detail = g_strdup (mnl_attr_get_str (attribute));
      }
  return -refusal->error;
}

static gssize
receive (int fd, void *buffer)
{
  struct sockaddr_nl from = { 0 };
  socklen_t length = sizeof from;
  gssize n;

  do
    n = recvfrom (fd, buffer, ANSWER_BYTES, MSG_TRUNC, (struct sockaddr *) &from, &length);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return -(gssize) errno;
  if (length != sizeof from || from.nl_pid != 0)    /* any process may write to us; the kernel alone is number 0 */
    return 0;
  return n <= ANSWER_BYTES ? n : -EMSGSIZE;
}

/* One question and its whole answer: 0 or an errno.  EINTR: the list changed while it was read. */
static int
talk (int fd, struct nlmsghdr *message, AditNetlinkEach each, gpointer data, char **detail)
{
  const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  g_autofree guint64 *buffer = g_malloc (ANSWER_BYTES);
  gint64 deadline = g_get_monotonic_time () + TOTAL_WAIT_S * G_USEC_PER_SEC;
  gboolean is_torn = FALSE;

  if (sendto (fd, message, message->nlmsg_len, 0, (const struct sockaddr *) &kernel, sizeof kernel) !=
      (gssize) message->nlmsg_len)
    return errno;
  while (g_get_monotonic_time () < deadline)
    {
      gssize n = receive (fd, buffer);
      int rest = n;

      if (n < 0)
        return n == -EAGAIN ? ETIMEDOUT : -n;
      for (const struct nlmsghdr *answer = (const void *) buffer; mnl_nlmsg_ok (answer, rest);
           answer = mnl_nlmsg_next (answer, &rest))
        {
          if (answer->nlmsg_seq != message->nlmsg_seq)
            continue;
          is_torn |= (answer->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
          if (answer->nlmsg_type == NLMSG_ERROR)
            return read_refusal (answer, detail);
          if (answer->nlmsg_type == NLMSG_DONE)
            {
              int code = mnl_nlmsg_get_payload_len (answer) >= sizeof (int) ? -*(const int *) mnl_nlmsg_get_payload (answer) : 0;

              return code > 0 ? code : is_torn ? EINTR : 0;
            }
          if (answer->nlmsg_type >= NLMSG_MIN_TYPE && each != NULL)
            each (answer, data);
        }
    }
  return ETIMEDOUT;
}

static int
ask (int protocol, struct nlmsghdr *message, AditNetlinkEach each, gpointer data, char **detail)
{
  const struct timeval wait = { .tv_sec = ANSWER_WAIT_S };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), yes = 1, code;

  if (fd < 0)
    return errno;
  /* Without it there is no reason in words, and the answer is the same. */
  setsockopt (fd, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof yes);
  if (setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0)
    code = errno;
  else
    code = talk (fd, message, each, data, detail);
  close (fd);
  return code;
}

/**
 * adit_netlink_send:
 * @protocol: %NETLINK_ROUTE or another
 * @message: a request
 * @each: (nullable): is given every message of the answer; during a dump that has to be made again it may see one twice
 * @data: for @each
 * @tolerated: an errno that is as good as success ("exists", "no such"), or 0
 * @error: return location; %ADIT_ERROR_TUNNEL_FAILED with the kernel's own words where it has some
 *
 * Sends one request and waits for the end of its answer.
 *
 * Returns: whether the kernel agreed
 */
gboolean
adit_netlink_send (int protocol, struct nlmsghdr *message, AditNetlinkEach each, gpointer data, int tolerated, GError **error)
{
  g_autofree char *detail = NULL;
  int code = EINTR;

  for (guint i = 0; i < MAX_TRIES && code == EINTR; i++)
    {
      message->nlmsg_seq = i + 1;
      code = ask (protocol, message, each, data, &detail);
    }
  if (code == 0 || code == tolerated)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "%s%s%s%s", g_strerror (code),
               detail != NULL ? " (" : "", detail != NULL ? detail : "", detail != NULL ? ")" : "");
  return FALSE;
}

/**
 * adit_netlink_open:
 * @protocol: NETLINK_NETFILTER and its like
 *
 * For many questions: closing one takes the kernel milliseconds.
 *
 * Returns: (transfer full) (nullable): a socket of this thread's network namespace
 */
struct mnl_socket *
adit_netlink_open (int protocol)
{
  struct mnl_socket *socket = mnl_socket_open2 (protocol, SOCK_CLOEXEC);

  if (socket == NULL || mnl_socket_bind (socket, 0, MNL_SOCKET_AUTOPID) == 0)
    return socket;
  mnl_socket_close (socket);
  return NULL;
}

/**
 * adit_netlink_take_address:
 * @attribute: what the kernel says an address is
 * @family: AF_INET or AF_INET6, of the message that it is in
 * @address: (out): it; untouched where it is of another length
 */
void
adit_netlink_take_address (const struct nlattr *attribute, guint8 family, AditAddress *address)
{
  guint bytes = family == AF_INET ? 4 : 16;

  if (mnl_attr_get_payload_len (attribute) != bytes)
    return;
  *address = (AditAddress) { .family = family == AF_INET ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6 };
  memcpy (address->bytes, mnl_attr_get_payload (attribute), bytes);
}
