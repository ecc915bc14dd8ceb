/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-filter.c: what a filter may be, who passes it, and what it is called. */
#include "client/model/server-filter.h"

#include "client/base/field.h"

G_STATIC_ASSERT (sizeof (AditServerFilter) == 8 + 4 + 4 * 96 + 4 + 8 * 16);

/**
 * adit_server_filter_is_valid:
 * @self: a filter from elsewhere
 *
 * Returns: whether it is one, with nothing hidden in what is not used
 */
gboolean
adit_server_filter_is_valid (const AditServerFilter *self)
{
  if (self->ownership >= ADIT_N_OWNERSHIPS || self->only_with_ipv6 > 1 || self->n_hosting > ADIT_FILTER_MAX_HOSTING ||
      self->n_blocks > ADIT_FILTER_MAX_BLOCKS || self->outside >= ADIT_N_IPS || self->inside >= ADIT_IP_IPV6 ||
      (self->mtu_bytes != 0 &&
       (self->mtu_bytes < ADIT_TUNNEL_MTU_MIN_BYTES || self->mtu_bytes > ADIT_TUNNEL_MTU_MAX_BYTES)))
    return FALSE;
  for (guint i = 0; i < ADIT_FILTER_MAX_HOSTING; i++)
    if (i < self->n_hosting ? !adit_field_is_terminated (self->hosting[i], ADIT_NAME_MAX_BYTES) ||
                              !adit_name_is_valid (self->hosting[i])
                            : !adit_field_is_zero (self->hosting[i], ADIT_NAME_MAX_BYTES))
      return FALSE;
  for (guint i = 0; i < ADIT_FILTER_MAX_BLOCKS; i++)
    if (i < self->n_blocks ? !adit_field_is_terminated (self->blocks[i], ADIT_CODE_MAX_BYTES) ||
                             !adit_code_is_valid (self->blocks[i])
                           : !adit_field_is_zero (self->blocks[i], ADIT_CODE_MAX_BYTES))
      return FALSE;
  return TRUE;
}

/**
 * adit_server_filter_get_parts:
 * @self: a filter
 *
 * Returns: the parts that somebody might not pass
 */
AditFilterParts
adit_server_filter_get_parts (const AditServerFilter *self)
{
  return (self->ownership != ADIT_OWNED_OR_RENTED ? ADIT_FILTER_OWNERSHIP : 0) |
         (self->n_hosting > 0 ? ADIT_FILTER_HOSTING : 0) | (self->only_with_ipv6 ? ADIT_FILTER_IPV6 : 0);
}

static gboolean
is_in_house (const AditServerFilter *self, const char *company)
{
  for (guint i = 0; i < self->n_hosting; i++)
    if (g_ascii_strcasecmp (self->hosting[i], company) == 0)
      return TRUE;
  return FALSE;
}

/**
 * adit_server_filter_passes:
 * @self: a filter
 * @server: a server
 * @parts: which parts count
 *
 * A server in nobody's house, of which its service does not say whose it is, is neither owned nor rented.
 *
 * Returns: whether it is let through by all of those parts
 */
gboolean
adit_server_filter_passes (const AditServerFilter *self, const AditServerListServer *server, AditFilterParts parts)
{
  parts &= adit_server_filter_get_parts (self);
  if ((parts & ADIT_FILTER_OWNERSHIP) != 0 &&
      (self->ownership == ADIT_OWNED_ONLY ? !server->owned : server->owned || server->provider[0] == '\0'))
    return FALSE;
  return ((parts & ADIT_FILTER_HOSTING) == 0 || is_in_house (self, server->provider)) &&
         ((parts & ADIT_FILTER_IPV6) == 0 || server->has_ipv6_inside);
}

/**
 * adit_server_filter_dup_text:
 * @self: a filter
 * @parts: those to be named
 *
 * Returns: (transfer full): for instance "ownership owned, with-ipv6 on", as the settings are called
 */
char *
adit_server_filter_dup_text (const AditServerFilter *self, AditFilterParts parts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  parts &= adit_server_filter_get_parts (self);
  if ((parts & ADIT_FILTER_OWNERSHIP) != 0)
    g_string_append (text, self->ownership == ADIT_OWNED_ONLY ? "ownership owned" : "ownership rented");
  for (guint i = 0; (parts & ADIT_FILTER_HOSTING) != 0 && i < self->n_hosting; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " or " : text->len > 0 ? ", hosting " : "hosting ", self->hosting[i]);
  if ((parts & ADIT_FILTER_IPV6) != 0)
    g_string_append (text, text->len > 0 ? ", with-ipv6 on" : "with-ipv6 on");
  return g_string_free (g_steal_pointer (&text), FALSE);
}
