/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-provider.c: what a worker says that has asked a service or a resolver. */
#include "client/wire/wire-check.h"

#include <string.h>

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
  CHECK (m->size_list_bytes > 0 || m->n_changed_keys == 0, "changed keys");
  CHECK (adit_field_is_terminated (m->changed_server, sizeof m->changed_server) &&
         (m->n_changed_keys > 0 ? adit_server_is_valid (m->changed_server)
                                : adit_field_is_zero (m->changed_server, sizeof m->changed_server)), "changed server");
  return TRUE;
}

static gboolean
is_plan (const AditWirePlan *plan)
{
  return adit_field_is_terminated (plan->name, sizeof plan->name) && (plan->name[0] == '\0' || adit_name_is_valid (plan->name)) &&
         plan->is_inactive <= 1 && plan->is_renewed <= 1 && plan->refuses_multihop <= 1 && plan->reserved == 0;
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
  CHECK (adit_wire_are_own_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (adit_wire_is_time (m->account_expires_at_s), "account's end");
  CHECK (is_plan (&m->plan), "plan");
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
  CHECK (m->device_is_known != 0 || m->n_addresses == 0, "number of addresses");
  CHECK (m->key_is_other <= 1 && (m->key_is_other == 0 || m->device_is_known == 0), "key is another");
  CHECK (is_plan (&m->plan), "plan");
  CHECK (adit_wire_are_own_addresses (m->addresses, m->n_addresses), "device's addresses");
  CHECK (m->reserved2 == 0 && m->reserved3 == 0, "reserved");
  return TRUE;
}

/* None at all, or one with a key that is not the first's, and then somewhere to enter by. */
static gboolean
is_inner_peer (const AditWireTunnel *m)
{
  if (adit_wire_is_no_endpoint (&m->inner_peer))
    return adit_field_is_zero (m->inner_peer_key, sizeof m->inner_peer_key);
  return m->protocol == ADIT_PROTOCOL_WIREGUARD && adit_endpoint_is_valid (&m->inner_peer) &&
         !adit_address_equal (&m->inner_peer.address, &m->peer.address) &&
         !adit_field_is_zero (m->inner_peer_key, sizeof m->inner_peer_key) &&
         memcmp (m->inner_peer_key, m->peer_key, sizeof m->peer_key) != 0 && !adit_field_is_zero (&m->entry, sizeof m->entry);
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
  gboolean is_wireguard = m->protocol == ADIT_PROTOCOL_WIREGUARD;

  CHECK (m->protocol < ADIT_N_PROTOCOLS, "protocol");
  CHECK (n_fds == (is_wireguard ? 0 : 1), "number of descriptors");
  CHECK ((m->size_profile_bytes == 0) == is_wireguard && m->size_profile_bytes <= ADIT_IMPORT_FILE_MAX_BYTES, "profile's size");
  CHECK (adit_endpoint_is_valid (&m->peer), "relay's address");
  CHECK (adit_field_is_zero (m->peer_key, sizeof m->peer_key) == !is_wireguard, "relay's key");
  CHECK (is_wireguard || adit_field_is_zero (m->preshared_key, sizeof m->preshared_key), "shared key");
  CHECK (adit_wire_are_own_addresses (m->addresses, m->n_addresses) && (is_wireguard || m->n_addresses == 0), "addresses inside");
  CHECK (m->n_allowed_ips > 0 && adit_wire_are_networks (m->allowed_ips, m->n_allowed_ips, ADIT_WIRE_MAX_ALLOWED_IPS),
         "allowed addresses");
  CHECK (m->n_dns > 0 && adit_wire_are_resolvers (m->dns, m->n_dns), "resolver");
  CHECK (adit_wire_is_mtu (m->mtu_bytes), "packet size");
  CHECK (m->keepalive_s <= ADIT_WIRE_KEEPALIVE_MAX_S, "keepalive");
  CHECK (adit_location_is_valid (&m->location), "location");
  CHECK (adit_field_is_zero (&m->entry, sizeof m->entry) || adit_location_is_valid (&m->entry), "entry");
  CHECK (is_inner_peer (m), "second server");
  CHECK (m->n_blocks <= ADIT_TUNNEL_MAX_BLOCKS && (m->n_blocks == 0 || m->n_dns == 1), "number of blocks");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_BLOCKS; i++)
    CHECK (i < m->n_blocks ? adit_field_is_terminated (m->blocks[i], sizeof m->blocks[i]) && adit_code_is_valid (m->blocks[i])
                           : adit_field_is_zero (m->blocks[i], sizeof m->blocks[i]), "block");
  CHECK (m->reserved == 0, "reserved");
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

  CHECK (m->kind < ADIT_N_WIRE_ASKS, "kind of question");
  CHECK (adit_wire_is_line (m->text, sizeof m->text), "question");
  CHECK (adit_wire_is_text (m->handle, sizeof m->handle, adit_wire_is_graph), "question's handle");
  CHECK (m->echo <= 1 && m->was_wrong <= 1, "flags");
  CHECK (m->size_picture_bytes <= ADIT_WIRE_PICTURE_MAX_BYTES &&
         (m->size_picture_bytes == 0 || m->kind == ADIT_WIRE_ASKS_CAPTCHA), "picture's size");
  CHECK (n_fds == (m->size_picture_bytes > 0 ? 1 : 0), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
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

/**
 * adit_wire_check_login:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_login (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireLogin *m = &message->login;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_text (m->credential, sizeof m->credential, adit_wire_is_graph), "credential");
  CHECK (adit_wire_is_text (m->username, sizeof m->username, adit_wire_is_anything), "user name");
  CHECK (adit_wire_is_text (m->password, sizeof m->password, adit_wire_is_anything), "password");
  return TRUE;
}

/**
 * adit_wire_check_device_row:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_device_row (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireDeviceRow *m = &message->device_row;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (adit_wire_is_text (m->id, sizeof m->id, adit_wire_is_identifier) && m->id[0] != '\0', "device id");
  CHECK (adit_field_is_terminated (m->name, sizeof m->name), "device name");
  CHECK (m->name[0] == '\0' || adit_name_is_valid (m->name), "device name");
  CHECK (adit_wire_is_time (m->created_at_s), "time");
  CHECK (m->is_ours <= 1, "flags");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_api:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_api (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireApi *m = &message->api;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->n_endpoints > 0 && m->n_endpoints <= ADIT_SERVICE_MAX_API, "number of API addresses");
  for (guint32 i = 0; i < ADIT_SERVICE_MAX_API; i++)
    {
      CHECK (i < m->n_endpoints ? adit_service_may_tell_api (&m->endpoints[i]) : adit_wire_is_no_endpoint (&m->endpoints[i]),
             "API address");
      for (guint32 j = 0; j < MIN (i, m->n_endpoints); j++)
        CHECK (i >= m->n_endpoints || !adit_endpoint_equal (&m->endpoints[i], &m->endpoints[j]), "API address");
    }
  return TRUE;
}
