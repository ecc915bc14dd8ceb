/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-check.c: what a head and a row may be; every part of a list that is opened goes through it. */
#include "client/model/server-list-form.h"

#include <string.h>

#include "client/base/field.h"

static gboolean
is_clean_text (const char *text, gsize size)
{
  if (!adit_field_is_terminated (text, size))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isprint (*text))    /* the tag goes back to the service in a header line */
      return FALSE;
  return TRUE;
}

static gboolean
is_address_or_none (const AditAddress *address, AditFamily family)
{
  return address->family == ADIT_FAMILY_NONE ? adit_field_is_zero (address, sizeof *address)
                                             : address->family == family && adit_address_is_valid (address);
}

/* Bits are added to the last byte of a resolver's address. */
static gboolean
blocks_are_valid (const AditServerListHead *head)
{
  if (head->n_blocks > ADIT_SERVER_LIST_MAX_BLOCKS)
    return FALSE;
  for (guint i = 0; i < head->n_blocks; i++)
    {
      const AditBlock *block = &head->blocks[i];

      if (!adit_field_is_terminated (block->name, sizeof block->name) || !adit_code_is_valid (block->name) ||
          block->resolver.family != ADIT_FAMILY_IPV4 || !adit_address_is_unicast (&block->resolver) ||
          (block->bits != 0 && block->resolver.bytes[3] != 0))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (head->blocks[j].name, block->name))
          return FALSE;
    }
  return TRUE;
}

/* What only the service knows of a tunnel that it makes is not in a list. */
static gboolean
has_nothing_of_tunnels (const AditServerListHead *head)
{
  return head->n_dns == 0 && head->n_ports == 0 && head->n_blocks == 0 && head->mtu_bytes == 0 && head->keepalive_s == 0 &&
         !head->picks_first_port && !head->nests_tunnels;
}

/**
 * adit_server_list_head_is_valid:
 * @head: a head
 *
 * Returns: whether a list can have it
 */
gboolean
adit_server_list_head_is_valid (const AditServerListHead *head)
{
  if (!is_clean_text (head->service, sizeof head->service) || head->service[0] == '\0' ||
      !is_clean_text (head->etag, sizeof head->etag) || head->fetched_at_s < 0)
    return FALSE;
  if (head->makes_tunnels)
    return has_nothing_of_tunnels (head);
  if (head->n_dns == 0 || head->n_dns > ADIT_TUNNEL_MAX_DNS || head->n_ports == 0 ||
      head->n_ports > ADIT_SERVER_LIST_MAX_PORT_RANGES || head->mtu_bytes < ADIT_TUNNEL_MTU_MIN_BYTES ||
      head->mtu_bytes > ADIT_TUNNEL_MTU_MAX_BYTES)
    return FALSE;
  for (guint i = 0; i < head->n_dns; i++)
    if (!adit_address_is_valid (&head->dns[i]) || !adit_address_is_unicast (&head->dns[i]))
      return FALSE;
  for (guint i = 0; i < head->n_ports; i++)
    if (head->ports[i].first == 0 || head->ports[i].first > head->ports[i].last || head->ports[i].protocol >= ADIT_N_PROTOCOLS)
      return FALSE;
  return blocks_are_valid (head);
}

/* An address or a key in such a list would be one that nobody uses, and that somebody might come to trust. */
static gboolean
stands_for_place (const AditServerListServer *server)
{
  return adit_field_is_zero (server->key, sizeof server->key) && adit_field_is_zero (&server->ipv4, sizeof server->ipv4) &&
         adit_field_is_zero (&server->ipv6, sizeof server->ipv6) &&
         adit_field_is_zero (&server->openvpn_ipv4, sizeof server->openvpn_ipv4) && server->wireguard_exit_port == 0 &&
         server->openvpn_exit_port == 0;
}

/**
 * adit_server_list_server_is_valid:
 * @head: of the list
 * @server: a server; its city is not looked at
 *
 * Returns: whether a list can have it: it can be reached by something, or the service makes its tunnels, and all that it says can
 * be
 */
gboolean
adit_server_list_server_is_valid (const AditServerListHead *head, const AditServerListServer *server)
{
  gboolean takes_wireguard = !adit_field_is_zero (server->key, sizeof server->key);
  gboolean takes_openvpn = server->openvpn_ipv4.family != ADIT_FAMILY_NONE;
  gboolean has_address = server->ipv4.family != ADIT_FAMILY_NONE || server->ipv6.family != ADIT_FAMILY_NONE;

  if (server->name == NULL || !adit_server_is_valid (server->name) || server->provider == NULL ||
      (server->provider[0] != '\0' && !adit_name_is_valid (server->provider)) ||
      (server->load > 100 && server->load != ADIT_LOAD_UNKNOWN))
    return FALSE;
  if (head->makes_tunnels)
    return stands_for_place (server);
  return (takes_wireguard || takes_openvpn) && takes_wireguard == has_address &&
         is_address_or_none (&server->ipv4, ADIT_FAMILY_IPV4) && is_address_or_none (&server->ipv6, ADIT_FAMILY_IPV6) &&
         is_address_or_none (&server->openvpn_ipv4, ADIT_FAMILY_IPV4) &&
         (takes_wireguard || server->wireguard_exit_port == 0) && (takes_openvpn || server->openvpn_exit_port == 0);
}
