/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel-offer.c: what a service's list and the account say; nobody is asked anew. */
#include "config.h"
#include "ui/tunnel-offer.h"

#include <glib/gi18n.h>

#define MAX_RANGES_SHOWN 8    /* IVPN has 38, which nobody reads */

/**
 * adit_tunnel_offer_name:
 * @protocol: of a tunnel
 *
 * Returns: (transfer none): what people call it
 */
const char *
adit_tunnel_offer_name (AditProtocol protocol)
{
  return protocol == ADIT_PROTOCOL_OPENVPN_UDP ? _("OpenVPN by UDP") : protocol == ADIT_PROTOCOL_OPENVPN_TCP ? _("OpenVPN by TCP")
                                                                                                             : _("WireGuard");
}

static gboolean
has_ports (const AditServerListHead *head, AditProtocol protocol)
{
  for (guint i = 0; i < head->n_ports; i++)
    if (head->ports[i].protocol == protocol)
      return TRUE;
  return FALSE;
}

/* What its servers take, with a way from one to another or without. */
static void
find_protocols (AditTunnelOffer *self, AditServerList *list, gboolean has_exit[ADIT_N_PROTOCOLS])
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  gboolean by_openvpn = FALSE;

  for (guint i = 0; i < adit_server_list_get_n_servers (list); i++)
    {
      AditServerListServer server;

      adit_server_list_get_server (list, i, &server);
      by_openvpn |= server.openvpn_ipv4.family != ADIT_FAMILY_NONE;
      has_exit[ADIT_PROTOCOL_WIREGUARD] |= server.wireguard_exit_port != 0;
      has_exit[ADIT_PROTOCOL_OPENVPN_UDP] |= server.openvpn_exit_port != 0;
    }
  has_exit[ADIT_PROTOCOL_OPENVPN_TCP] = has_exit[ADIT_PROTOCOL_OPENVPN_UDP];
  for (guint i = ADIT_PROTOCOL_OPENVPN_UDP; i < ADIT_N_PROTOCOLS; i++)
    {
      self->has[i] = by_openvpn && has_ports (head, (AditProtocol) i);
      self->n_protocols += self->has[i];
    }
}

static const char *
get_no_list (void)
{
  return _("There is no list of this service’s servers yet.");
}

static const char *
find_multihop_reason (const AditTunnelOffer *self, const AditAccountRow *account, gboolean has_list, gboolean has_exit)
{
  const AditService *service = account != NULL ? adit_service_find (account->service) : NULL;

  if (account == NULL)
    return _("Sign in to a service first.");
  if (!account->has_multihop)
    return _("The service, or the plan of this account, does not have it.");
  if (service != NULL && service->enters_by_udp_alone && self->protocol == ADIT_PROTOCOL_OPENVPN_TCP)
    return _("This service has no ports for it by TCP. Choose another protocol.");
  if (!has_list)
    return get_no_list ();
  return has_exit ? "" : _("No server of the service can be left by in this way.");
}

/**
 * adit_tunnel_offer_find:
 * @self: (out caller-allocates): what there is
 * @list: (nullable): the servers of the account's service
 * @account: (nullable): the account
 * @memory: what somebody wants
 *
 * What is wanted and not to be had is not used: somebody may have gone over to another account meanwhile.
 */
void
adit_tunnel_offer_find (AditTunnelOffer *self, AditServerList *list, const AditAccountRow *account, const AditMemory *memory)
{
  AditProtocol wanted = memory->has_protocol ? memory->protocol : ADIT_PROTOCOL_WIREGUARD;
  const AditServerListHead *head = list != NULL ? adit_server_list_get_head (list) : NULL;
  gboolean has_exit[ADIT_N_PROTOCOLS] = { FALSE };

  *self = (AditTunnelOffer) { .has = { [ADIT_PROTOCOL_WIREGUARD] = TRUE }, .n_protocols = 1, .port_reason = "",
                              .ip_reason = "", .mtu_reason = "" };
  if (list != NULL)
    find_protocols (self, list, has_exit);
  self->protocol = self->has[wanted] ? wanted : ADIT_PROTOCOL_WIREGUARD;
  self->protocol_reason = account == NULL ? _("Sign in to a service first.")
                          : list == NULL ? get_no_list () : self->n_protocols == 1 ? _("WireGuard alone is offered.") : "";
  self->multihop_reason = find_multihop_reason (self, account, list != NULL, has_exit[self->protocol]);
  self->multihop = memory->multihop && self->multihop_reason[0] == '\0';
  if (account == NULL)
    self->port_reason = _("Sign in to a service first.");
  else if (head == NULL)
    self->port_reason = get_no_list ();
  else if (head->makes_tunnels)
    self->port_reason = _("The service names the port with each tunnel.");
  else if (self->multihop && !head->nests_tunnels)
    self->port_reason = _("With multi-hop the port is that of the place to leave from.");
  if (account == NULL)
    self->ip_reason = self->mtu_reason = _("Sign in to a service first.");
  else if (self->protocol != ADIT_PROTOCOL_WIREGUARD)
    self->ip_reason = self->mtu_reason = _("With OpenVPN the server decides.");
  else if (head != NULL && head->makes_tunnels)
    self->ip_reason = _("The service decides.");
}

/**
 * adit_tunnel_offer_dup_ports:
 * @self: what there is
 * @list: the servers of the account's service
 *
 * Returns: (transfer full): the ports that it has for the protocol, such as "53, 4000–33433"
 */
char *
adit_tunnel_offer_dup_ports (const AditTunnelOffer *self, AditServerList *list)
{
  const AditServerListHead *head = adit_server_list_get_head (list);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < head->n_ports; i++)
    {
      const AditPortRange *range = &head->ports[i];

      if (range->protocol != self->protocol)
        continue;
      if (n++ == MAX_RANGES_SHOWN)
        {
          g_string_append (text, ", …");
          break;
        }
      g_string_append_printf (text, "%s%u", n > 1 ? ", " : "", range->first);
      if (range->last != range->first)
        g_string_append_printf (text, "–%u", range->last);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
