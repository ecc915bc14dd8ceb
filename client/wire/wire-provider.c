/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-provider.c: what a worker says that has asked a service or a resolver. */
#include "client/wire/wire-check.h"

#define LIST_MIN_BYTES 64    /* less cannot hold a list's head */

/**
 * adit_wire_check_connect:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_connect (const AditWireMessage *message, guint n_fds, GError **error)
{
  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_endpoint_is_valid (&message->connect.endpoint), "API address");
  return TRUE;
}

/**
 * adit_wire_check_token:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_token (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireToken *m = &message->token;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_text (m->token, sizeof m->token, adit_wire_is_graph) && m->token[0] != '\0', "token");
  CHECK (m->expires_at_s > 0 && adit_wire_is_time (m->expires_at_s), "token's end");
  return TRUE;
}

/**
 * adit_wire_check_list:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_list (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireList *m = &message->list;

  CHECK (m->size_list_bytes == 0 || m->size_list_bytes >= LIST_MIN_BYTES, "list's size");
  CHECK (m->size_list_bytes <= ADIT_WIRE_LIST_MAX_BYTES, "list's size");
  CHECK (n_fds == (m->size_list_bytes > 0 ? 1 : 0), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_device:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_device (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireDevice *m = &message->device;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_text (m->device_id, sizeof m->device_id, adit_wire_is_identifier) && m->device_id[0] != '\0', "device id");
  CHECK (adit_field_is_terminated (m->device_name, sizeof m->device_name), "device name");
  CHECK (m->device_name[0] == '\0' || adit_name_is_valid (m->device_name), "device name");
  CHECK (m->n_addresses > 0 && adit_wire_are_own_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (adit_wire_is_time (m->account_expires_at_s), "account's end");
  CHECK (m->reserved == 0 && m->reserved2 == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_account:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_account (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireAccount *m = &message->account;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_time (m->account_expires_at_s), "account's end");
  CHECK (adit_wire_is_time (m->service_time_s), "service's time");
  CHECK (m->device_is_known <= 1, "device is known");
  CHECK ((m->device_is_known != 0) == (m->n_addresses > 0), "number of addresses");
  CHECK (adit_wire_are_own_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (m->reserved == 0 && m->reserved2 == 0 && m->reserved3 == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_tunnel:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_tunnel (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireTunnel *m = &message->tunnel;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_endpoint_is_valid (&m->peer), "relay's address");
  CHECK (!adit_field_is_zero (m->peer_key, sizeof m->peer_key), "relay's key");
  CHECK (m->n_allowed_ips > 0 && m->n_allowed_ips <= ADIT_WIRE_MAX_ALLOWED_IPS, "number of allowed addresses");
  for (guint32 i = 0; i < ADIT_WIRE_MAX_ALLOWED_IPS; i++)
    CHECK (i < m->n_allowed_ips ? adit_prefix_is_valid (&m->allowed_ips[i])
                                : adit_field_is_zero (&m->allowed_ips[i], sizeof m->allowed_ips[i]), "allowed addresses");
  CHECK (m->n_dns > 0 && m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_valid (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  CHECK (m->keepalive_s <= ADIT_WIRE_KEEPALIVE_MAX_S, "keepalive");
  CHECK (adit_location_is_valid (&m->location), "location");
  return TRUE;
}

/**
 * adit_wire_check_failed:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_failed (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireFailed *m = &message->failed;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->error < ADIT_N_ERRORS, "error");
  CHECK (adit_wire_is_line (m->detail, sizeof m->detail), "detail");
  CHECK (m->pause_s <= ADIT_WIRE_PAUSE_MAX_S, "pause");
  return TRUE;
}

/**
 * adit_wire_check_question:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_question (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireQuestion *m = &message->question;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_line (m->text, sizeof m->text), "question");
  CHECK (adit_wire_is_text (m->handle, sizeof m->handle, adit_wire_is_graph), "question's handle");
  CHECK (m->echo <= 1, "flags");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

/**
 * adit_wire_check_exit:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_exit (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireExit *m = &message->exit;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->address.family == ADIT_FAMILY_IPV4 && adit_address_is_public (&m->address), "exit's address");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

/**
 * adit_wire_check_addresses:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_addresses (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireAddresses *m = &message->addresses;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->n_addresses > 0 && m->n_addresses <= ADIT_WIRE_MAX_LOOKED_UP, "number of addresses");
  for (guint32 i = 0; i < ADIT_WIRE_MAX_LOOKED_UP; i++)
    {
      CHECK (i < m->n_addresses ? adit_address_is_public (&m->addresses[i])
                                : adit_field_is_zero (&m->addresses[i], sizeof m->addresses[i]), "address");
      for (guint32 j = 0; j < MIN (i, m->n_addresses); j++)
        CHECK (!adit_address_equal (&m->addresses[i], &m->addresses[j]), "address");
    }
  return TRUE;
}
