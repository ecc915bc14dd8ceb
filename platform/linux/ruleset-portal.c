/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ruleset-portal.c: the members of a portal's sets, each with the time after which the kernel takes it out. */
#include "platform/linux/ruleset.h"

#include "platform/linux/marks.h"

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PORT_DNS     53

/* Pages are at these on routers; RFC 8910 wants https, the rest is custom. */
static const guint16 page_ports[] = { 80, 443, 8080, 8443 };

typedef struct { GString *output, *wire; const char *from; guint seconds; } Members;

static void
add (Members *members, const AditAddress *to, guint protocol, guint port)
{
  g_autofree char *text = adit_address_dup_text (to);

  g_string_append_printf (members->output, "%s\"" ADIT_PORTAL_GROUP "\" . %s . %s . %u . %u timeout %us",
                          members->output->len > 0 ? ", " : "", members->from, text, protocol, port, members->seconds);
  g_string_append_printf (members->wire, "%s%s . %s . %u . %u timeout %us", members->wire->len > 0 ? ", " : "", members->from,
                          text, protocol, port, members->seconds);
}

/**
 * adit_ruleset_portal:
 * @hole: what one program may reach
 * @seconds: for how long
 *
 * The control group has to be there: nft writes it down by its number.
 *
 * Returns: (transfer full): nft text for tables that have room for it
 */
char *
adit_ruleset_portal (const AditPortalHole *hole, guint seconds)
{
  g_autoptr (GString) output = g_string_new (NULL), wire = g_string_new (NULL);
  g_autofree char *from = adit_address_dup_text (&hole->from);
  const char *set = hole->gateway.family == ADIT_FAMILY_IPV4 ? "portal4" : "portal6";
  Members members = { output, wire, from, seconds };

  for (guint i = 0; i < G_N_ELEMENTS (page_ports); i++)
    add (&members, &hole->gateway, PROTOCOL_TCP, page_ports[i]);
  for (guint i = 0; i < MIN (hole->n_resolvers, ADIT_PORTAL_MAX_RESOLVERS); i++)
    {
      add (&members, &hole->resolvers[i], PROTOCOL_UDP, PORT_DNS);
      add (&members, &hole->resolvers[i], PROTOCOL_TCP, PORT_DNS);
    }
  return g_strdup_printf ("add element inet " ADIT_NFT_TABLE " %s { %s }\nadd element netdev " ADIT_NFT_TABLE " %s { %s }\n",
                          set, output->str, set, wire->str);
}
