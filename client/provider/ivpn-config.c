/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ivpn-config.c: what holds for all of IVPN's servers: ports, resolvers that leave something out, and what is always the same. */
#include "client/provider/ivpn.h"

#include <string.h>

#include "client/provider/json.h"

#define TYPE_MAX_BYTES    8
#define ADDRESS_MAX_BYTES 64
#define WAY_MAX_RANGES    21      /* of ADIT_SERVER_LIST_MAX_PORT_RANGES for all ways; the service has 15 at most */
#define KEEPALIVE_S       25
/* The service's client leaves it to wg-quick: 80 bytes less than the way there has, which is 1500 on Ethernet. */
#define MTU_BYTES         1420

G_STATIC_ASSERT (ADIT_N_PROTOCOLS * WAY_MAX_RANGES <= ADIT_SERVER_LIST_MAX_PORT_RANGES);

/* The port that is tried first where it is offered: by UDP the service's own default; by TCP the one that other clients use. */
static const struct { const char *protocol, *type; guint16 first_port; } ways[ADIT_N_PROTOCOLS] = {
  [ADIT_PROTOCOL_WIREGUARD]   = { "wireguard", "UDP", 2049 },
  [ADIT_PROTOCOL_OPENVPN_UDP] = { "openvpn", "UDP", 2049 },
  [ADIT_PROTOCOL_OPENVPN_TCP] = { "openvpn", "TCP", 443 },
};

static gboolean
read_range (AditJson *row, AditPortRange *range)
{
  gint64 first, last;

  if (adit_json_has (row, "port"))
    {
      if (!adit_json_get_integer (row, "port", 1, G_MAXUINT16, &first, NULL))
        return FALSE;
      last = first;
    }
  else
    {
      AditJson *bounds = adit_json_get_object (row, "range", NULL);

      if (bounds == NULL || !adit_json_get_integer (bounds, "min", 1, G_MAXUINT16, &first, NULL) ||
          !adit_json_get_integer (bounds, "max", first, G_MAXUINT16, &last, NULL))
        return FALSE;
    }
  range->first = (guint16) first;
  range->last = (guint16) last;
  return TRUE;
}

static gboolean
is_of_type (AditJson *row, const char *type)
{
  const char *found = "UDP";

  if (adit_json_has (row, "type"))
    found = adit_json_get_string (row, "type", TYPE_MAX_BYTES, NULL);
  return found != NULL && g_ascii_strcasecmp (found, type) == 0;
}

/* To the front of its way, where a list that picks the first port finds it; out of a range it comes as a port of its own. */
static void
prefer_port (AditServerListHead *head, guint start, guint16 port)
{
  AditPortRange range;
  guint at = start;

  while (at < head->n_ports && (port < head->ports[at].first || port > head->ports[at].last))
    at++;
  if (at == head->n_ports)
    return;
  range = head->ports[at];
  if (range.first != range.last)
    {
      range.first = range.last = port;
      at = head->n_ports++;
    }
  memmove (&head->ports[start + 1], &head->ports[start], (at - start) * sizeof head->ports[0]);
  head->ports[start] = range;
}

/* How many ports or ranges there are of that way; one that is none, or of no type that we know, is skipped. */
static guint
read_way (AditJson *ports, AditProtocol way, AditServerListHead *head)
{
  AditJson *rows = adit_json_get_array (ports, ways[way].protocol, NULL), *row;
  guint start = head->n_ports;

  ADIT_JSON_FOREACH (rows, row)
    {
      AditPortRange range = { .protocol = (guint16) way };

      if (head->n_ports - start < WAY_MAX_RANGES - 1 && is_of_type (row, ways[way].type) && read_range (row, &range))
        head->ports[head->n_ports++] = range;
    }
  prefer_port (head, start, ways[way].first_port);
  return head->n_ports - start;
}

/* "Hageziproplus" and "" become "hageziproplus", and with "-hard" "hageziprop-hard": what is too long is cut before it. */
static gboolean
make_code (const char *name, const char *suffix, char *code)
{
  gsize room = ADIT_CODE_MAX_BYTES - 1 - strlen (suffix), n = 0;

  for (; *name != '\0' && n < room; name++)
    if (g_ascii_isalnum (*name))
      code[n++] = g_ascii_tolower (*name);
  code[n] = '\0';
  g_strlcat (code, suffix, ADIT_CODE_MAX_BYTES);
  return n > 0 && adit_code_is_valid (code);
}

static void
add_block (AditServerListHead *head, const char *name, const char *text, const char *suffix)
{
  AditBlock block = { 0 };

  if (name == NULL || text == NULL || head->n_blocks == ADIT_SERVER_LIST_MAX_BLOCKS || !make_code (name, suffix, block.name) ||
      !adit_address_parse (text, &block.resolver) || block.resolver.family != ADIT_FAMILY_IPV4 ||
      !adit_address_is_unicast (&block.resolver))
    return;
  for (guint i = 0; i < head->n_blocks; i++)
    if (g_str_equal (head->blocks[i].name, block.name))
      return;
  head->blocks[head->n_blocks++] = block;
}

/* The resolvers from before there were lists, for who has chosen one that the service does not have any more. */
static void
add_default_block (AditServerListHead *head, AditJson *config, const char *field, const char *suffix)
{
  AditJson *antitracker = adit_json_get_object (config, "antitracker", NULL);
  AditJson *row = antitracker != NULL ? adit_json_get_object (antitracker, field, NULL) : NULL;

  if (row != NULL)
    add_block (head, ADIT_BLOCK_DEFAULT, adit_json_get_string (row, "ip", ADDRESS_MAX_BYTES, NULL), suffix);
}

/* AntiTracker: each list has a resolver of its own, and a second one that leaves out more. */
static void
add_blocks (AditServerListHead *head, AditJson *config)
{
  AditJson *lists = adit_json_get_object (config, "antitracker_plus", NULL), *row;
  AditJson *rows = lists != NULL ? adit_json_get_array (lists, "DnsServers", NULL) : NULL;

  ADIT_JSON_FOREACH (rows, row)
    {
      const char *name = adit_json_get_string (row, "Name", ADIT_NAME_MAX_BYTES, NULL);

      add_block (head, name, adit_json_get_string (row, "Normal", ADDRESS_MAX_BYTES, NULL), "");
      add_block (head, name, adit_json_get_string (row, "Hardcore", ADDRESS_MAX_BYTES, NULL), ADIT_BLOCK_HARD_SUFFIX);
    }
  add_default_block (head, config, "default", "");
  add_default_block (head, config, "hardcore", ADIT_BLOCK_HARD_SUFFIX);
}

/**
 * adit_ivpn_read_head:
 * @config: the list's "config"
 * @head: (inout): all zero; afterwards without service, tag and time
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * A list that names no port for one of the two protocols is refused, as the service's own client does it.
 *
 * Returns: whether a list can be made with it
 */
gboolean
adit_ivpn_read_head (AditJson *config, AditServerListHead *head, GError **error)
{
  AditJson *ports = adit_json_get_object (config, "ports", error);
  guint n[ADIT_N_PROTOCOLS] = { 0 };

  if (ports == NULL)
    return FALSE;
  for (AditProtocol way = 0; way < ADIT_N_PROTOCOLS; way++)
    n[way] = read_way (ports, way, head);
  if (n[ADIT_PROTOCOL_WIREGUARD] == 0 || n[ADIT_PROTOCOL_OPENVPN_UDP] + n[ADIT_PROTOCOL_OPENVPN_TCP] == 0)
    {
      g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                           "The service's answer is malformed: \"ports\" has none for WireGuard or none for OpenVPN");
      return FALSE;
    }
  adit_address_parse (ADIT_IVPN_DNS, &head->dns[head->n_dns++]);
  head->mtu_bytes = MTU_BYTES;
  head->keepalive_s = KEEPALIVE_S;
  head->picks_first_port = TRUE;
  add_blocks (head, config);
  return TRUE;
}
