/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire-import.c: what a worker says of files that somebody imports, and of what was kept of them. */
#include "client/wire/wire-check.h"

static gboolean
is_host (const char *name, const AditAddress *address, guint16 port)
{
  if (!adit_field_is_terminated (name, ADIT_HOST_NAME_MAX_BYTES) || port == 0)
    return FALSE;
  return name[0] == '\0' ? adit_address_is_valid (address)
                         : adit_host_name_is_valid (name) && adit_field_is_zero (address, sizeof *address);
}

/**
 * adit_wire_check_profile:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_profile (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireProfile *m = &message->profile;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (m->size_text_bytes > 0 && m->size_text_bytes <= ADIT_IMPORT_FILE_MAX_BYTES, "text's size");
  CHECK (adit_profile_facts_is_valid (&m->facts), "profile's facts");
  return TRUE;
}

/**
 * adit_wire_check_server:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_server (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireServer *m = &message->server;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (is_host (m->name, &m->address, m->port), "server");
  CHECK (m->proxy_port != 0 ? is_host (m->proxy_name, &m->proxy_address, m->proxy_port)
                            : adit_field_is_zero (m->proxy_name, sizeof m->proxy_name) &&
                              adit_field_is_zero (&m->proxy_address, sizeof m->proxy_address), "proxy");
  CHECK (m->over_tcp == 1 || (m->over_tcp == 0 && m->proxy_port == 0), "protocol");
  CHECK (m->family == ADIT_FAMILY_NONE || m->family == ADIT_FAMILY_IPV4 || m->family == ADIT_FAMILY_IPV6, "family");
  CHECK (m->n_servers > 0 && m->n_servers <= ADIT_OPENVPN_MAX_REMOTES, "number of servers");
  CHECK (adit_field_is_zero (m->reserved, sizeof m->reserved), "reserved");
  return TRUE;
}

static gboolean
check_peer (const AditWirePeer *m, GError **error)
{
  CHECK (!adit_field_is_zero (m->key, sizeof m->key), "peer's key");
  CHECK (m->has_preshared_key <= 1, "flags");
  CHECK (m->has_preshared_key == 1 || adit_field_is_zero (m->preshared_key, sizeof m->preshared_key), "shared key");
  CHECK (is_host (m->name, &m->address, m->port), "peer");
  CHECK (m->n_allowed_ips > 0 && m->n_allowed_ips <= ADIT_TUNNEL_MAX_ALLOWED_IPS, "number of networks");
  return TRUE;
}

/**
 * adit_wire_check_peers:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_peers (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWirePeers *m = &message->peers;
  guint n_networks = 0;

  CHECK (n_fds == 0, "number of descriptors");
  CHECK (!adit_field_is_zero (m->private_key, sizeof m->private_key), "key");
  CHECK (m->n_peers > 0 && m->n_peers <= ADIT_TUNNEL_MAX_PEERS, "number of peers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_PEERS; i++)
    {
      if (i >= m->n_peers)
        CHECK (adit_field_is_zero (&m->peers[i], sizeof m->peers[i]), "peer");
      else if (!check_peer (&m->peers[i], error))
        return FALSE;
      n_networks += m->peers[i].n_allowed_ips;
    }
  CHECK (m->n_addresses > 0 && adit_wire_are_own_addresses (m->addresses, m->n_addresses), "addresses inside");
  CHECK (n_networks <= ADIT_TUNNEL_MAX_ALLOWED_IPS, "number of networks");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_ALLOWED_IPS; i++)
    CHECK (i < n_networks ? adit_prefix_is_valid (&m->allowed_ips[i])
                          : adit_field_is_zero (&m->allowed_ips[i], sizeof m->allowed_ips[i]), "network");
  CHECK (m->n_dns <= ADIT_TUNNEL_MAX_DNS, "number of resolvers");
  for (guint32 i = 0; i < ADIT_TUNNEL_MAX_DNS; i++)
    CHECK (i < m->n_dns ? adit_address_is_unicast (&m->dns[i]) : adit_field_is_zero (&m->dns[i], sizeof m->dns[i]), "resolver");
  CHECK (m->mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES && m->mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES, "packet size");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}

/**
 * adit_wire_check_imported:
 * @message: a message of that kind
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED
 *
 * Returns: whether it is as it may be
 */
gboolean
adit_wire_check_imported (const AditWireMessage *message, guint n_fds, GError **error)
{
  const AditWireImported *m = &message->imported;

  CHECK (m->n_profiles <= ADIT_IMPORT_MAX_PROFILES, "number of profiles");
  CHECK (m->size_texts_bytes >= m->n_profiles && m->size_texts_bytes <= ADIT_WIRE_TEXTS_MAX_BYTES, "texts' size");
  CHECK ((m->n_profiles == 0) == (m->size_texts_bytes == 0), "texts' size");
  CHECK (m->size_lines_bytes > 0 && m->size_lines_bytes <= ADIT_IMPORT_LINES_MAX_BYTES, "lines' size");
  CHECK (n_fds == (m->n_profiles > 0 ? 2 : 1), "number of descriptors");
  CHECK (m->reserved == 0, "reserved");
  return TRUE;
}
