/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tenant-chains.c: whose a chain is tells its name or its table's: each of these programs documents its own.
 *
 * In the way is a chain at the way out that drops what nobody accepted there, and a rule of such a chain that refuses what
 * leaves by another device or with another mark than theirs; linux/netfilter/nf_tables.h. */
#include "platform/linux/tenant-chains.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include "platform/linux/marks.h"
#include "platform/linux/netlink.h"

static const struct { AditTenantSet tenant; const char *table, *chain; } names[] = {    /* how each begins */
  { ADIT_TENANT_FIREWALLD, "firewalld", "" },
  { ADIT_TENANT_UFW, "", "ufw-" }, { ADIT_TENANT_UFW, "", "ufw6-" },
  { ADIT_TENANT_DOCKER, "", "DOCKER" }, { ADIT_TENANT_DOCKER, "docker-bridges", "" },
  { ADIT_TENANT_LIBVIRT, "", "LIBVIRT_" }, { ADIT_TENANT_LIBVIRT, "libvirt_network", "" },
  { ADIT_TENANT_TAILSCALE, "", "ts-" },
  { ADIT_TENANT_WG_QUICK, "wg-quick-", "" },
  { ADIT_TENANT_MULLVAD, "mullvad", "" },
};

typedef struct
{
  guint8        family;    /* NFPROTO_ */
  char         *table, *name;
  gboolean      drops;
} Chain;

typedef struct
{
  AditTenants *tenants;
  GPtrArray   *outputs;     /* of Chain: those at the way out */
  GHashTable  *owners;      /* family and table to AditTenantSet, of chains that say so */
  const Chain *chain;       /* whose rules are read */
} Reading;

static void
chain_free (gpointer data)
{
  Chain *self = data;

  g_free (self->table);
  g_free (self->name);
  g_free (self);
}

static AditTenantSet
find_tenant (const char *table, const char *chain)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (table, names[i].table) && g_str_has_prefix (chain, names[i].chain))
      return names[i].tenant;
  return ADIT_TENANT_NONE;
}

static const char *
get_text (const struct nlattr *attribute)
{
  return attribute != NULL && mnl_attr_validate (attribute, MNL_TYPE_NUL_STRING) == 0 ? mnl_attr_get_str (attribute) : "";
}

static guint32
get_number (const struct nlattr *attribute, guint32 otherwise)
{
  return attribute != NULL && mnl_attr_validate (attribute, MNL_TYPE_U32) == 0 ? ntohl (mnl_attr_get_u32 (attribute)) : otherwise;
}

static const struct nlattr *
find_nested (const struct nlattr *nest, guint16 type)
{
  const struct nlattr *attribute;

  if (nest != NULL)
    mnl_attr_for_each_nested (attribute, nest)
      if (mnl_attr_get_type (attribute) == type)
        return attribute;
  return NULL;
}

static const struct nlattr *
find_attribute (const struct nlmsghdr *message, guint16 type)
{
  const struct nlattr *attribute;

  mnl_attr_for_each (attribute, message, sizeof (struct nfgenmsg))
    if (mnl_attr_get_type (attribute) == type)
      return attribute;
  return NULL;
}

static char *
make_key (guint8 family, const char *table)
{
  return g_strdup_printf ("%u %s", family, table);
}

static void
on_chain (const struct nlmsghdr *message, gpointer data)
{
  const struct nfgenmsg *header = mnl_nlmsg_get_payload (message);
  const struct nlattr *hook;
  Reading *reading = data;
  const char *table, *name;
  AditTenantSet tenant;
  Chain *chain;

  if (mnl_nlmsg_get_payload_len (message) < sizeof *header)
    return;
  table = get_text (find_attribute (message, NFTA_CHAIN_TABLE));
  name = get_text (find_attribute (message, NFTA_CHAIN_NAME));
  if (g_str_equal (table, ADIT_NFT_TABLE))
    return;
  tenant = find_tenant (table, name);
  reading->tenants->present |= tenant;
  if (tenant != ADIT_TENANT_NONE)
    g_hash_table_replace (reading->owners, make_key (header->nfgen_family, table), GUINT_TO_POINTER (tenant));
  hook = find_attribute (message, NFTA_CHAIN_HOOK);
  if (hook == NULL || (header->nfgen_family != NFPROTO_IPV4 && header->nfgen_family != NFPROTO_IPV6 &&
                       header->nfgen_family != NFPROTO_INET) ||
      get_number (find_nested (hook, NFTA_HOOK_HOOKNUM), NF_INET_NUMHOOKS) != NF_INET_LOCAL_OUT)
    return;
  chain = g_new0 (Chain, 1);
  chain->family = header->nfgen_family;
  chain->table = g_strdup (table);
  chain->name = g_strdup (name);
  chain->drops = get_number (find_attribute (message, NFTA_CHAIN_POLICY), NF_ACCEPT) == NF_DROP;
  g_ptr_array_add (reading->outputs, chain);
}

static void
add (Reading *reading, AditConflictKind kind, const Chain *chain)
{
  static const char *const families[NFPROTO_NUMPROTO] = {
    [NFPROTO_IPV4] = "ip", [NFPROTO_IPV6] = "ip6", [NFPROTO_INET] = "inet",
  };
  g_autofree char *key = make_key (chain->family, chain->table);
  AditTenantSet owner = GPOINTER_TO_UINT (g_hash_table_lookup (reading->owners, key));
  g_autofree char *what = g_strdup_printf ("chain %s of table %s %s", chain->name, families[chain->family], chain->table);

  adit_tenants_add (reading->tenants, kind, owner != ADIT_TENANT_NONE ? adit_tenant_get_nick (owner) : chain->table, what);
}

static gboolean
is_refusal (const char *name, const struct nlattr *data)
{
  if (g_str_equal (name, "reject"))
    return TRUE;
  if (g_str_equal (name, "target"))    /* as iptables writes what nftables has no word for */
    return g_str_equal (get_text (find_nested (data, NFTA_TARGET_NAME)), "REJECT");
  return g_str_equal (name, "immediate") &&
         get_number (find_nested (find_nested (find_nested (data, NFTA_IMMEDIATE_DATA), NFTA_DATA_VERDICT), NFTA_VERDICT_CODE),
                     NF_ACCEPT) == NF_DROP;
}

static gboolean
asks_for_way (const struct nlattr *data)
{
  guint32 key = get_number (find_nested (data, NFTA_META_KEY), NFT_META_LEN);

  return key == NFT_META_OIFNAME || key == NFT_META_OIF || key == NFT_META_MARK;
}

static void
on_rule (const struct nlmsghdr *message, gpointer data)
{
  const struct nlattr *expressions = find_attribute (message, NFTA_RULE_EXPRESSIONS), *element;
  gboolean is_way = FALSE, is_other = FALSE;
  Reading *reading = data;

  if (expressions == NULL)
    return;
  mnl_attr_for_each_nested (element, expressions)
    {
      const char *name = get_text (find_nested (element, NFTA_EXPR_NAME));
      const struct nlattr *expression = find_nested (element, NFTA_EXPR_DATA);

      if (g_str_equal (name, "meta"))
        is_way = asks_for_way (expression);
      else if (g_str_equal (name, "cmp"))
        is_other |= is_way && get_number (find_nested (expression, NFTA_CMP_OP), NFT_CMP_EQ) == NFT_CMP_NEQ;
      else if (is_other && is_refusal (name, expression))
        add (reading, ADIT_CONFLICT_KILL_SWITCH, reading->chain);
    }
}

static gboolean
read_rules (Reading *reading, const Chain *chain, GError **error)
{
  const struct nfgenmsg header = { .nfgen_family = chain->family, .version = NFNETLINK_V0 };
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE, NLM_F_DUMP, &header,
                                                 sizeof header);

  reading->chain = chain;
  adit_netlink_put (message, NFTA_RULE_TABLE, chain->table, strlen (chain->table) + 1);
  adit_netlink_put (message, NFTA_RULE_CHAIN, chain->name, strlen (chain->name) + 1);
  return adit_netlink_send (NETLINK_NETFILTER, message, on_rule, reading, ENOENT, error);
}

/**
 * adit_tenant_chains_read:
 * @tenants: what was found so far; what is found is added
 * @error: return location; the kernel's words
 *
 * Returns: whether everything could be read
 */
gboolean
adit_tenant_chains_read (AditTenants *tenants, GError **error)
{
  const struct nfgenmsg header = { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (chain_free);
  g_autoptr (GHashTable) owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reading reading = { .tenants = tenants, .outputs = outputs, .owners = owners };
  AditNetlinkRequest request;
  struct nlmsghdr *message = adit_netlink_begin (&request, (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETCHAIN, NLM_F_DUMP, &header,
                                                 sizeof header);

  if (!adit_netlink_send (NETLINK_NETFILTER, message, on_chain, &reading, 0, error))
    return FALSE;
  for (guint i = 0; i < outputs->len; i++)
    {
      const Chain *chain = g_ptr_array_index (outputs, i);

      if (chain->drops)
        add (&reading, ADIT_CONFLICT_REFUSES, chain);
      else if (!read_rules (&reading, chain, error))
        return FALSE;
    }
  return TRUE;
}
