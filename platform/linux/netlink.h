/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.h: one question to the kernel, its answers, and its reason when it says no. */
#pragma once

#include <glib.h>
#include <libmnl/libmnl.h>
#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_NETLINK_REQUEST_BYTES 512    /* the longest of ours, a rule or a route, takes less than 150 */

/* On the caller's stack; aligned for any header. */
typedef struct
{
  guint64 words[ADIT_NETLINK_REQUEST_BYTES / sizeof (guint64)];
} AditNetlinkRequest;

/* Called for each message of the answer that is no acknowledgement. */
typedef void (*AditNetlinkEach) (const struct nlmsghdr *message, gpointer data);

struct nlmsghdr *adit_netlink_begin (AditNetlinkRequest *self, guint16 type, guint16 flags, const void *header,
                                     gsize header_bytes);
void             adit_netlink_put   (struct nlmsghdr *message, guint16 attribute, const void *bytes, gsize length);
gboolean         adit_netlink_send  (int protocol, struct nlmsghdr *message, AditNetlinkEach each, gpointer data, int tolerated,
                                     GError **error);
struct mnl_socket *adit_netlink_open (int protocol);
void             adit_netlink_take_address (const struct nlattr *attribute, guint8 family, AditAddress *address);
void             adit_netlink_keep_copy (const struct nlmsghdr *message, GPtrArray *messages);

G_END_DECLS
