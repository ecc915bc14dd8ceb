/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sock-destroy.c: a socket keeps the tunnel's address when the address is gone,
 * and then sends from it by whatever way there is. */
#define G_LOG_DOMAIN "adit-route"
#include "platform/linux/sock-destroy.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include "platform/linux/netlink.h"

#define ALL_STATES  0xffffffffu
#define MAX_ROUNDS  4    /* a program may open a new one while its old one is closed */

typedef struct
{
  guint8     bytes[16];    /* as the socket's family writes it */
  gsize      length;
  GPtrArray *found;        /* struct inet_diag_msg */
} Search;

static void
on_socket (const struct nlmsghdr *message, gpointer data)
{
  Search *self = data;
  const struct inet_diag_msg *socket = mnl_nlmsg_get_payload (message);

  if (mnl_nlmsg_get_payload_len (message) >= sizeof *socket && memcmp (socket->id.idiag_src, self->bytes, self->length) == 0)
    g_ptr_array_add (self->found, g_memdup2 (socket, sizeof *socket));
}

/* How many were found, or -1 where this kernel cannot do it. */
static int
destroy_round (guint8 family, guint8 protocol, Search *search)
{
  struct inet_diag_req_v2 question = { .sdiag_family = family, .sdiag_protocol = protocol, .idiag_states = ALL_STATES };
  AditNetlinkRequest request;
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (search->found, 0);
  if (!adit_netlink_send (NETLINK_SOCK_DIAG,
                          adit_netlink_begin (&request, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &question, sizeof question),
                          on_socket, search, 0, &error))
    {
      g_debug ("sockets cannot be listed: %s", error->message);
      return -1;
    }
  for (guint i = 0; i < search->found->len; i++)
    {
      const struct inet_diag_msg *socket = g_ptr_array_index (search->found, i);

      question.idiag_states = 1u << socket->idiag_state;
      question.id = socket->id;
      if (!adit_netlink_send (NETLINK_SOCK_DIAG, adit_netlink_begin (&request, SOCK_DESTROY, 0, &question, sizeof question),
                              NULL, NULL, ENOENT, &error))
        {
          g_debug ("a socket cannot be destroyed: %s", error->message);
          return -1;
        }
    }
  return search->found->len;
}

static void
destroy_family (guint8 family, const guint8 *bytes, gsize length, gboolean with_udp)
{
  static const guint8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
  Search search = { .length = length, .found = g_ptr_array_new_with_free_func (g_free) };

  memcpy (search.bytes, bytes, length);
  for (guint i = 0; i < (with_udp ? 2 : 1); i++)
    for (guint round = 0; round < MAX_ROUNDS; round++)
      if (destroy_round (family, protocols[i], &search) <= 0)
        break;
  g_ptr_array_unref (search.found);
}

/**
 * adit_sock_destroy:
 * @source: an address of this computer
 *
 * Ends TCP sockets bound to @source, and UDP sockets of IPv4, with an error (ECONNABORTED, sock_diag(7)), listening ones
 * included.  A UDP socket of IPv6 would keep the address although nothing listed it any more, so it is left alone
 * (route-former.c).  A kernel without CONFIG_INET_DIAG_DESTROY cannot; the lock rejects what such a socket sends, so that is no
 * error.
 */
void
adit_sock_destroy (const AditAddress *source)
{
  guint8 mapped[16] = { 0 };

  if (source->family == ADIT_FAMILY_IPV6)
    {
      destroy_family (AF_INET6, source->bytes, 16, FALSE);
      return;
    }
  destroy_family (AF_INET, source->bytes, 4, TRUE);
  mapped[10] = mapped[11] = 0xff;    /* RFC 4291, 2.5.5.2: how an IPv6 socket names an IPv4 address */
  memcpy (mapped + 12, source->bytes, 4);
  destroy_family (AF_INET6, mapped, 16, TRUE);
}
