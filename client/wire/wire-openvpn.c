/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-openvpn.c: what a worker says beside openvpn: its turns, and each message. */
#include "client/wire/wire-check.h"

/* Who says what after what while openvpn runs; NONE is the request itself.  What is no row is not said. */
static const struct { AditWireOp before, op; } openvpn_order[] = {
  { ADIT_WIRE_NONE,          ADIT_WIRE_CONFIGURATION },    /* worker */
  { ADIT_WIRE_CONFIGURATION, ADIT_WIRE_MANAGEMENT },       /* helper */
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_ASSIGNED },         /* worker, from here on */
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_RUNNING },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_PROGRESS },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_PROGRESS },
  { ADIT_WIRE_NONE,          ADIT_WIRE_FAILED },
  { ADIT_WIRE_CONFIGURATION, ADIT_WIRE_FAILED },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_FAILED },
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_FAILED },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_FAILED },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_FAILED },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_QUESTION },         /* aside, as are these: what comes next is as if they were not there */
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_QUESTION },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_QUESTION },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_QUESTION },
  { ADIT_WIRE_MANAGEMENT,    ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_ASSIGNED,      ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_RUNNING,       ADIT_WIRE_AUTH_TOKEN },
  { ADIT_WIRE_PROGRESS,      ADIT_WIRE_AUTH_TOKEN },
};

/**
 * adit_wire_may_follow:
 * @want: what the worker was asked for
 * @before: the last message of either side, %ADIT_WIRE_NONE behind the request
 * @op: the next one
 *
 * For openvpn, whose talk is longer than a question and its answers.
 *
 * Returns: whether it is @op's turn
 */
gboolean
adit_wire_may_follow (AditWireWant want, AditWireOp before, AditWireOp op)
{
  for (gsize i = 0; want == ADIT_WIRE_WANT_OPENVPN && i < G_N_ELEMENTS (openvpn_order); i++)
    if (openvpn_order[i].before == before && openvpn_order[i].op == op)
      return TRUE;
  return FALSE;
}

/**
 * adit_wire_is_aside:
 * @op: of a message that may come now
 *
 * Returns: whether whose turn it is stays as it was
 */
gboolean
adit_wire_is_aside (AditWireOp op)
{
  return op == ADIT_WIRE_QUESTION || op == ADIT_WIRE_AUTH_TOKEN;
}

/**
 * adit_wire_check_configuration:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_configuration (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireConfiguration *m = &message->configuration;

  CHECK (m->size_bytes > 0 && m->size_bytes <= ADIT_WIRE_TEXT_MAX_BYTES, "configuration's size");
  CHECK (n_fds == 1, "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/* The server's own words: what could be anybody's address, but never loopback, a group's, or one that holds on one link alone. */
/**
 * adit_wire_check_assigned:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_assigned (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireAssigned *m = &message->assigned;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->n_addresses > 0 && adit_wire_are_own_addresses (m->addresses, m->n_addresses), "addresses inside");
  for (guint32 i = 0; i < m->n_addresses; i++)
    CHECK (adit_address_is_unicast (&m->addresses[i].address), "addresses inside");
  CHECK (m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_unicast (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  return TRUE;
}

/**
 * adit_wire_check_progress:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_progress (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireProgress *m = &message->progress;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->received_bytes <= G_MAXINT64 && m->sent_bytes <= G_MAXINT64, "number of bytes");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_auth_token:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_auth_token (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireAuthToken *m = &message->auth_token;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_text (m->token, sizeof m->token, adit_wire_is_graph) && m->token[0] != '\0', "token");
  return TRUE;
}
