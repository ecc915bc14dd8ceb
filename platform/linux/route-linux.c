/* SPDX-License-Identifier: GPL-2.0-or-later */
/* route-linux.c: the order in which the tunnel's device, our table, the rules and the kernel settings are set and taken back. */
#define G_LOG_DOMAIN "adit-route"
#include "platform/linux/route-linux.h"

#include <unistd.h>
#include <linux/rtnetlink.h>
#include "client/base/error.h"
#include "client/model/tunnel-peers.h"
#include "platform/linux/bell.h"
#include "platform/linux/marks.h"
#include "platform/linux/route-diversion.h"
#include "platform/linux/route-former.h"
#include "platform/linux/route-rules.h"
#include "platform/linux/route-table.h"
#include "platform/linux/sock-destroy.h"
#include "platform/linux/sysctl.h"
#include "platform/linux/tunnel-link.h"

#define JOURNAL_GROUP   "route"
#define KEY_ADDRESSES   "addresses"    /* prefixes, separated by blanks; a tunnel that vanished leaves sockets bound to them */
#define IPV4_CONF       "net/ipv4/conf/"
#define SRC_VALID_MARK  IPV4_CONF "all/src_valid_mark"
#define ARP_IGNORE      IPV4_CONF "all/arp_ignore"
#define RP_STRICT       1    /* these numbers: ip-sysctl.rst of the kernel's documentation */
#define ARP_ONLY_LINK   2
#define BELL_GROUPS     (RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_RULE | \
                         1u << (RTNLGRP_IPV6_RULE - 1))

struct _AditLinuxRoute
{
  GObject parent;

  AditJournal    *journal;    /* the platform's owner keeps it alive */
  AditReach       reach;
  AditBell       *bell;       /* (nullable): while applied */
  AditTunnelSpec  spec;       /* whose rules stand */
  gboolean        applied;
  AditDiversions  diversions;
};

static void adit_linux_route_iface_init (AditRouteInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditLinuxRoute, adit_linux_route, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_ROUTE, adit_linux_route_iface_init))

static const AditFamily families[] = { ADIT_FAMILY_IPV4, ADIT_FAMILY_IPV6 };

/* Whether the kernel knows the family at all. */
static gboolean
family_exists (AditFamily family)
{
  return family == ADIT_FAMILY_IPV4 || access ("/proc/sys/net/ipv6", F_OK) == 0;
}

/* Whether it is switched on, and on the tunnel's device too: a device made under "default/disable_ipv6" has none. */
static gboolean
family_is_on (AditFamily family)
{
  int everywhere = 0, here = 0;

  if (family == ADIT_FAMILY_IPV4)
    return TRUE;
  return family_exists (family) && adit_sysctl_read ("net/ipv6/conf/all/disable_ipv6", &everywhere) && everywhere == 0 &&
         adit_sysctl_read ("net/ipv6/conf/" ADIT_TUNNEL_DEVICE "/disable_ipv6", &here) && here == 0;
}

static gboolean
contains_address (const AditPrefix *prefixes, guint n, const AditAddress *address)
{
  for (guint i = 0; i < n; i++)
    if (adit_address_equal (&prefixes[i].address, address))
      return TRUE;
  return FALSE;
}

static gboolean
contains_prefix (const AditPrefix *prefixes, guint n, const AditPrefix *prefix)
{
  for (guint i = 0; i < n; i++)
    if (adit_address_equal (&prefixes[i].address, &prefix->address) && prefixes[i].prefix_bits == prefix->prefix_bits)
      return TRUE;
  return FALSE;
}

/* The addresses that the journal remembers, as far as they can be read. */
static GArray *
read_noted (AditLinuxRoute *self)
{
  GArray *prefixes = g_array_new (FALSE, FALSE, sizeof (AditPrefix));
  g_autofree char *text = adit_journal_dup (self->journal, JOURNAL_GROUP, KEY_ADDRESSES);
  g_auto (GStrv) words = text != NULL ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      AditPrefix prefix;

      if (adit_prefix_parse (words[i], &prefix))
        g_array_append_val (prefixes, prefix);
    }
  return prefixes;
}

static gboolean
note_addresses (AditLinuxRoute *self, const AditTunnelSpec *spec, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *noted = adit_journal_dup (self->journal, JOURNAL_GROUP, KEY_ADDRESSES);

  for (guint i = 0; i < spec->n_addresses; i++)
    {
      g_autofree char *word = adit_prefix_dup_text (&spec->addresses[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word);
    }
  return g_strcmp0 (noted, text->str) == 0 ||
         adit_journal_note (self->journal, JOURNAL_GROUP, KEY_ADDRESSES, text->str, error);
}

/* Ends what is bound to an address of an earlier tunnel that is not among @kept. */
static void
destroy_sockets (const GArray *prefixes, const AditPrefix *kept, guint n_kept)
{
  for (guint i = 0; i < prefixes->len; i++)
    {
      const AditAddress *address = &g_array_index (prefixes, AditPrefix, i).address;

      if (!contains_address (kept, n_kept, address))
        adit_sock_destroy (address);
    }
}

static gboolean
set_addresses (AditLinuxRoute *self, const AditTunnelSpec *spec, guint index, GError **error)
{
  g_autoptr (GArray) noted = read_noted (self);
  g_autoptr (GArray) present = adit_tunnel_link_list_addresses (index, error);

  if (present == NULL)
    return FALSE;
  destroy_sockets (noted, spec->addresses, spec->n_addresses);
  destroy_sockets (present, spec->addresses, spec->n_addresses);
  if (!note_addresses (self, spec, error))
    return FALSE;
  for (guint i = 0; i < present->len; i++)
    {
      const AditPrefix *prefix = &g_array_index (present, AditPrefix, i);

      if (!contains_prefix (spec->addresses, spec->n_addresses, prefix) && !adit_tunnel_link_remove (index, prefix, error))
        return FALSE;
    }
  for (guint i = 0; i < spec->n_addresses; i++)
    if (family_is_on (spec->addresses[i].address.family) &&
        !contains_prefix ((const AditPrefix *) present->data, present->len, &spec->addresses[i]) &&
        !adit_tunnel_link_add (index, &spec->addresses[i], error))
      return FALSE;
  g_array_append_vals (noted, present->data, present->len);
  return !family_exists (ADIT_FAMILY_IPV6) || adit_route_former_set (noted, spec->addresses, spec->n_addresses, error);
}

/* Whether packets of some link, or of one that is yet to come, are refused when their sender is not reached by the same link: the
 * larger of "all" and the link's own number counts. */
static gboolean
is_filtering_strict (void)
{
  g_autoptr (GDir) links = g_dir_open ("/proc/sys/" IPV4_CONF, 0, NULL);
  const char *name;
  int all = 0;

  if (links == NULL || !adit_sysctl_read (IPV4_CONF "all/rp_filter", &all))
    return FALSE;
  while ((name = g_dir_read_name (links)) != NULL)
    {
      g_autofree char *setting = g_strconcat (IPV4_CONF, name, "/rp_filter", NULL);
      int own;

      if (g_str_equal (name, "all") || g_str_equal (name, "lo") || g_str_equal (name, ADIT_TUNNEL_DEVICE))
        continue;
      if (adit_sysctl_read (setting, &own) && MAX (all, own) == RP_STRICT)
        return TRUE;
    }
  return FALSE;
}

static gboolean
set_settings (AditLinuxRoute *self, GError **error)
{
  int arp = ARP_ONLY_LINK;

  /* The filter looks for the sender with the packet's mark, so that our carrier's replies, which get it back from conntrack, are
   * looked for in main and not in the tunnel. */
  if (is_filtering_strict () ? !adit_sysctl_borrow (self->journal, JOURNAL_GROUP, SRC_VALID_MARK, 1, error)
                             : !adit_sysctl_give_back (self->journal, JOURNAL_GROUP, SRC_VALID_MARK, error))
    return FALSE;
  /* Else a neighbour who asks for the tunnel's address learns by our answer that we have it. */
  adit_sysctl_read (ARP_IGNORE, &arp);
  return arp >= ARP_ONLY_LINK || adit_sysctl_borrow (self->journal, JOURNAL_GROUP, ARP_IGNORE, ARP_ONLY_LINK, error);
}

static gboolean
set_all (AditLinuxRoute *self, const AditTunnelSpec *spec, GError **error)
{
  guint index = adit_tunnel_link_get_index ();

  if (!adit_tunnel_spec_is_valid (spec, error))
    return FALSE;
  if (index == 0)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED, "There is no device %s", ADIT_TUNNEL_DEVICE);
      return FALSE;
    }
  if (!set_settings (self, error) || !adit_tunnel_link_bring_up (index, spec->mtu_bytes, error) ||
      !set_addresses (self, spec, index, error))
    return FALSE;
  /* The table before the rules that lead to it. */
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (!family_is_on (families[i]))
      g_debug ("IPv%d is switched off and is left out", families[i]);
    else if (!adit_route_table_set (families[i], spec, index, error) ||
             !adit_route_rules_set (families[i], spec, &self->reach, error))
      return FALSE;
  return TRUE;
}

static gboolean
linux_route_set_reach (AditRoute *route, const AditReach *reach, GError **error)
{
  AditLinuxRoute *self = ADIT_LINUX_ROUTE (route);

  self->reach = *reach;
  for (guint i = 0; self->applied && i < G_N_ELEMENTS (families); i++)
    if (family_is_on (families[i]) && !adit_route_rules_set (families[i], &self->spec, reach, error))
      return FALSE;
  return TRUE;
}

static void
tell_diversions (AditLinuxRoute *self, AditDiversions now)
{
  if (now == self->diversions)
    return;
  self->diversions = now;
  adit_route_emit_diverted (ADIT_ROUTE (self), now);
}

static void
look_for_diversions (AditLinuxRoute *self)
{
  AditDiversions now = ADIT_DIVERSION_NONE, of_peer = ADIT_DIVERSION_NONE;
  g_autoptr (GError) error = NULL;
  AditTunnelPeer peer;

  /* A second peer in the tunnel of the first is looked for in no other table than ours. */
  for (guint i = 0; error == NULL && (i == 0 || !self->spec.is_nested) &&
                    adit_tunnel_spec_get_peer (&self->spec, i, &peer, NULL); i++)
    if (adit_route_find_diversions (&peer.endpoint.address, &of_peer, &error))
      now |= of_peer;
    else
      g_debug ("%s", error->message);
  tell_diversions (self, now);
}

/* What somebody took away comes back.  Where that changes anything the bell rings again, and only where there is nothing left to
 * change it falls silent: what is taken away meanwhile is not missed.  A device that is gone is not ours to tell: its tunnel
 * does. */
static void
on_routes_changed (gpointer user_data)
{
  g_autoptr (AditLinuxRoute) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;

  if (!self->applied)
    return;
  if (adit_tunnel_link_get_index () != 0 && !set_all (self, &self->spec, &error))
    g_warning ("routes cannot be put back: %s", error->message);
  look_for_diversions (self);
}

static gboolean
linux_route_apply (AditRoute *route, const AditTunnelSpec *spec, GError **error)
{
  AditLinuxRoute *self = ADIT_LINUX_ROUTE (route);

  /* Listen before anything is set: what is taken away at once rings afterwards. */
  if (self->bell == NULL)
    self->bell = adit_bell_new (BELL_GROUPS, on_routes_changed, self, ADIT_ERROR_TUNNEL_FAILED, error);
  if (self->bell == NULL || !set_all (self, spec, error))
    return FALSE;
  self->spec = *spec;
  self->applied = TRUE;
  look_for_diversions (self);
  return TRUE;
}

/* Keeps the first of several errors. */
static void
collect (GError **first, GError *next)
{
  if (*first == NULL)
    *first = next;
  else
    {
      g_warning ("%s", next->message);
      g_error_free (next);
    }
}

static void
clear_device (AditLinuxRoute *self, guint index, GError **first)
{
  GError *error = NULL;
  g_autoptr (GArray) present = adit_tunnel_link_list_addresses (index, &error);

  if (present == NULL)
    collect (first, error);
  for (guint i = 0; present != NULL && i < present->len; i++)
    {
      error = NULL;
      if (!adit_tunnel_link_remove (index, &g_array_index (present, AditPrefix, i), &error))
        collect (first, error);
    }
  error = NULL;
  if (!adit_tunnel_link_bring_down (index, &error))
    collect (first, error);
}

static gboolean
linux_route_revert (AditRoute *route, GError **error)
{
  static const char *const settings[] = { SRC_VALID_MARK, ARP_IGNORE };
  AditLinuxRoute *self = ADIT_LINUX_ROUTE (route);
  g_autoptr (GArray) noted = read_noted (self);
  guint index = adit_tunnel_link_get_index ();
  GError *first = NULL, *next = NULL;

  g_clear_pointer (&self->bell, adit_bell_free);
  tell_diversions (self, ADIT_DIVERSION_NONE);
  self->applied = FALSE;
  destroy_sockets (noted, NULL, 0);
  if (index != 0)
    {
      g_autoptr (GArray) present = adit_tunnel_link_list_addresses (index, NULL);

      if (present != NULL)
        {
          destroy_sockets (present, (const AditPrefix *) noted->data, noted->len);
          g_array_append_vals (noted, present->data, present->len);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      if (!family_exists (families[i]))
        continue;
      if (!adit_route_rules_remove (families[i], &next))
        collect (&first, g_steal_pointer (&next));
      if (!adit_route_table_remove (families[i], &next))
        collect (&first, g_steal_pointer (&next));
    }
  if (index != 0)
    clear_device (self, index, &first);
  if (family_exists (ADIT_FAMILY_IPV6) && !adit_route_former_set (noted, NULL, 0, &next))
    collect (&first, g_steal_pointer (&next));
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (!adit_sysctl_give_back (self->journal, JOURNAL_GROUP, settings[i], &next))
      collect (&first, g_steal_pointer (&next));
  /* What could not be undone stays in the journal for the next try. */
  if (first == NULL && !adit_journal_forget (self->journal, JOURNAL_GROUP, &next))
    collect (&first, g_steal_pointer (&next));
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}

static void
adit_linux_route_iface_init (AditRouteInterface *iface)
{
  iface->apply = linux_route_apply;
  iface->set_reach = linux_route_set_reach;
  iface->revert = linux_route_revert;
}

static void
adit_linux_route_finalize (GObject *object)
{
  g_clear_pointer (&ADIT_LINUX_ROUTE (object)->bell, adit_bell_free);
  G_OBJECT_CLASS (adit_linux_route_parent_class)->finalize (object);
}

static void
adit_linux_route_class_init (AditLinuxRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_linux_route_finalize;
}

static void
adit_linux_route_init (AditLinuxRoute *self)
{
}

/**
 * adit_linux_route_new:
 * @journal: what has to be undone; must outlive the result
 *
 * Returns: (transfer full): routing by rtnetlink; nothing is changed yet
 */
AditRoute *
adit_linux_route_new (AditJournal *journal)
{
  AditLinuxRoute *self = g_object_new (ADIT_TYPE_LINUX_ROUTE, NULL);

  self->journal = journal;
  return ADIT_ROUTE (self);
}
