/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known-network.c: a network is recognised by all that is seen of it at once, and by nothing less.  A name is free to copy, and
 * an operator's number; a router's hardware address too, by whoever has been there; so what is recognised may at most mean what a
 * person has said of it, and in doubt a network is a new one. */
#include "client/model/known-network.h"

#include <string.h>
#include "client/base/error.h"

static const char *const kinds[ADIT_N_LINK_KINDS] = { "other", "wired", "wifi", "mobile" };
static const char *const metered_words[ADIT_N_METERED] = { "unknown", "no", "yes" };
static const char *const trusts[ADIT_N_TRUSTS] = { "unknown", "untrusted", "trusted" };
static const char *const actions[ADIT_N_NETWORK_ACTIONS] = { "ask", "connect", "disconnect", "lockdown" };

/**
 * adit_network_facts_are_whole:
 * @facts: what is seen of a network
 *
 * A mobile network has no router with an address of its own: it is told from another by card, operator and access point.
 *
 * Returns: whether it can be recognised
 */
gboolean
adit_network_facts_are_whole (const AditNetworkFacts *facts)
{
  if (!facts->is_settled)
    return FALSE;
  if (facts->kind == ADIT_LINK_KIND_MOBILE)
    return facts->has_card;
  return facts->has_hardware &&
         (facts->kind == ADIT_LINK_KIND_WIRED || (facts->kind == ADIT_LINK_KIND_WIFI && facts->name_bytes > 0));
}

/**
 * adit_network_facts_get_id:
 * @facts: what is seen of a network, whole
 * @salt: (array fixed-size=32): this computer's own
 * @id: (array fixed-size=33): where its id goes
 *
 * An id says nothing to whoever has not the salt: names and hardware addresses are few enough to be tried all.
 */
void
adit_network_facts_get_id (const AditNetworkFacts *facts, const guint8 *salt, char *id)
{
  guint8 bytes[3 + ADIT_NETWORK_NAME_MAX_BYTES + ADIT_HARDWARE_BYTES + sizeof facts->lease] = { 0 };
  g_autofree char *hash = NULL;

  /* Each part has its own fixed place, so no two networks are written alike. */
  bytes[0] = (guint8) facts->kind;
  bytes[1] = facts->is_protected ? 1 : 0;
  bytes[2] = (guint8) facts->name_bytes;
  memcpy (bytes + 3, facts->name, MIN (facts->name_bytes, ADIT_NETWORK_NAME_MAX_BYTES));
  if (facts->kind != ADIT_LINK_KIND_MOBILE)    /* a modem makes its router's up, each time another one */
    memcpy (bytes + 3 + ADIT_NETWORK_NAME_MAX_BYTES, facts->hardware, ADIT_HARDWARE_BYTES);
  memcpy (bytes + 3 + ADIT_NETWORK_NAME_MAX_BYTES + ADIT_HARDWARE_BYTES, facts->lease, sizeof facts->lease);
  hash = g_compute_hmac_for_data (G_CHECKSUM_SHA256, salt, ADIT_NETWORK_SALT_BYTES, bytes, sizeof bytes);
  g_strlcpy (id, hash, ADIT_NETWORK_ID_BYTES);
}

/**
 * adit_network_action_get_strength:
 * @action: what is done in a network
 *
 * Returns: the more, the better it protects
 */
guint
adit_network_action_get_strength (AditNetworkAction action)
{
  switch (action)
    {
    case ADIT_NETWORK_DISCONNECT:
      return 0;
    case ADIT_NETWORK_ASK:
      return 1;
    case ADIT_NETWORK_CONNECT:
      return 2;
    default:
      return 3;
    }
}

/**
 * adit_network_rule_check:
 * @rule: what somebody wants
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with a sentence for whoever typed it
 *
 * Returns: whether it may be kept
 */
gboolean
adit_network_rule_check (const AditNetworkRule *rule, GError **error)
{
  if (rule->id[0] == '\0' && rule->trust != ADIT_TRUST_UNKNOWN)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "What holds for new networks is about unknown ones");
  else if (rule->action == ADIT_NETWORK_DISCONNECT && rule->trust != ADIT_TRUST_TRUSTED)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Only a trusted network can disconnect");
  else if (rule->action == ADIT_NETWORK_DISCONNECT && rule->kind == ADIT_LINK_KIND_WIFI && !rule->is_protected)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                 "Anybody can copy a Wi-Fi network without a password, so it cannot disconnect");
  else if (rule->action == ADIT_NETWORK_DISCONNECT && rule->kind == ADIT_LINK_KIND_MOBILE && !rule->is_protected)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                 "Anybody can copy a mobile network older than 4G, so it cannot disconnect");
  else
    return TRUE;
  return FALSE;
}

/**
 * adit_network_rules_find_id:
 * @self: rules
 * @id: of a network
 *
 * Returns: (transfer none) (nullable): what was said of it
 */
AditNetworkRule *
adit_network_rules_find_id (AditNetworkRules *self, const char *id)
{
  for (guint i = 0; i < self->n_rules; i++)
    if (g_str_equal (self->rules[i].id, id))
      return &self->rules[i];
  return NULL;
}

/* What nobody knows could be of any kind. */
static AditNetworkRule
get_default (const AditNetworkRules *self, AditLinkKind kind)
{
  AditNetworkRule rule = self->defaults[kind];

  for (guint i = 0; kind == ADIT_LINK_KIND_OTHER && i < ADIT_N_LINK_KINDS; i++)
    if (adit_network_action_get_strength (self->defaults[i].action) > adit_network_action_get_strength (rule.action))
      rule = self->defaults[i];
  rule.kind = kind;
  return rule;
}

/**
 * adit_network_rules_find:
 * @self: rules
 * @facts: a network
 *
 * Returns: what holds there; its id is that of the network where it can be recognised
 */
AditNetworkRule
adit_network_rules_find (AditNetworkRules *self, const AditNetworkFacts *facts)
{
  AditNetworkRule rule = get_default (self, facts->kind);
  const AditNetworkRule *own;

  rule.is_protected = facts->is_protected;
  if (!adit_network_facts_are_whole (facts))
    return rule;
  adit_network_facts_get_id (facts, self->salt, rule.id);
  own = adit_network_rules_find_id (self, rule.id);
  return own != NULL && adit_network_rule_check (own, NULL) ? *own : rule;
}

/**
 * adit_network_rules_decide:
 * @self: rules
 * @facts: (array length=n_facts): all networks that this computer is in
 * @n_facts: how many; at least one
 *
 * Packets leave by any of them, so the strictest counts.
 *
 * Returns: what is to be done
 */
AditNetworkRule
adit_network_rules_decide (AditNetworkRules *self, const AditNetworkFacts *facts, guint n_facts)
{
  AditNetworkRule strictest = adit_network_rules_find (self, &facts[0]);

  for (guint i = 1; i < n_facts; i++)
    {
      AditNetworkRule rule = adit_network_rules_find (self, &facts[i]);

      if (adit_network_action_get_strength (rule.action) > adit_network_action_get_strength (strictest.action))
        strictest = rule;
    }
  return strictest;
}

/**
 * adit_network_rules_are_set:
 * @self: rules
 *
 * Returns: whether anybody has said anything, so that it is worth looking where this computer is
 */
gboolean
adit_network_rules_are_set (const AditNetworkRules *self)
{
  for (guint i = 0; i < ADIT_N_LINK_KINDS; i++)
    if (self->defaults[i].action != ADIT_NETWORK_ASK)
      return TRUE;
  return self->n_rules > 0;
}

/**
 * adit_network_rules_get_now:
 * @self: rules
 * @rule: what somebody wants
 *
 * Returns: what holds for the same network or kind now
 */
AditNetworkRule
adit_network_rules_get_now (AditNetworkRules *self, const AditNetworkRule *rule)
{
  const AditNetworkRule *own = rule->id[0] != '\0' ? adit_network_rules_find_id (self, rule->id) : NULL;

  return own != NULL ? *own : get_default (self, rule->kind);
}

/**
 * adit_network_rules_put:
 * @self: rules; untouched on failure
 * @rule: what holds from now on
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it does
 */
gboolean
adit_network_rules_put (AditNetworkRules *self, const AditNetworkRule *rule, GError **error)
{
  AditNetworkRule *own = rule->id[0] != '\0' ? adit_network_rules_find_id (self, rule->id) : &self->defaults[rule->kind];

  if (!adit_network_rule_check (rule, error))
    return FALSE;
  if (own == NULL && self->n_rules == ADIT_NETWORKS_MAX_RULES)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There are rules for %u networks already; forget one first",
                   ADIT_NETWORKS_MAX_RULES);
      return FALSE;
    }
  if (own == NULL)
    own = &self->rules[self->n_rules++];
  *own = *rule;
  return TRUE;
}

/**
 * adit_network_rules_remove:
 * @self: rules
 * @id: of a network
 *
 * Returns: whether there was a rule for it
 */
gboolean
adit_network_rules_remove (AditNetworkRules *self, const char *id)
{
  AditNetworkRule *own = adit_network_rules_find_id (self, id);

  if (own == NULL)
    return FALSE;
  *own = self->rules[--self->n_rules];
  return TRUE;
}

/* --- Words: on the bus, in the file, at the command line; never renamed ----------------------------------------------------- */

static gboolean
find_nick (const char *const *nicks, guint n_nicks, const char *nick, guint *number)
{
  for (guint i = 0; i < n_nicks; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      {
        *number = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * adit_link_kind_get_nick:
 * @kind: a kind of network
 *
 * Returns: (transfer none): its word
 */
const char *
adit_link_kind_get_nick (AditLinkKind kind)
{
  return kinds[(guint) kind < ADIT_N_LINK_KINDS ? kind : ADIT_LINK_KIND_OTHER];
}

/**
 * adit_metered_get_nick:
 * @metered: whether somebody pays by the byte
 *
 * Returns: (transfer none): its word
 */
const char *
adit_metered_get_nick (AditMetered metered)
{
  return metered_words[(guint) metered < ADIT_N_METERED ? metered : ADIT_METERED_UNKNOWN];
}

/**
 * adit_trust_get_nick:
 * @trust: what somebody thinks of a network
 *
 * Returns: (transfer none): its word
 */
const char *
adit_trust_get_nick (AditTrust trust)
{
  return trusts[(guint) trust < ADIT_N_TRUSTS ? trust : ADIT_TRUST_UNKNOWN];
}

/**
 * adit_network_action_get_nick:
 * @action: what is done in a network
 *
 * Returns: (transfer none): its word
 */
const char *
adit_network_action_get_nick (AditNetworkAction action)
{
  return actions[(guint) action < ADIT_N_NETWORK_ACTIONS ? action : ADIT_NETWORK_ASK];
}

/**
 * adit_link_kind_from_nick:
 * @nick: (nullable): a word
 * @kind: (out): untouched where there is none
 *
 * Returns: whether there is such a kind
 */
gboolean
adit_link_kind_from_nick (const char *nick, AditLinkKind *kind)
{
  guint number;

  if (!find_nick (kinds, ADIT_N_LINK_KINDS, nick, &number))
    return FALSE;
  *kind = (AditLinkKind) number;
  return TRUE;
}

/**
 * adit_trust_from_nick:
 * @nick: (nullable): a word
 * @trust: (out): untouched where there is none
 *
 * Returns: whether there is such a word
 */
gboolean
adit_trust_from_nick (const char *nick, AditTrust *trust)
{
  guint number;

  if (!find_nick (trusts, ADIT_N_TRUSTS, nick, &number))
    return FALSE;
  *trust = (AditTrust) number;
  return TRUE;
}

/**
 * adit_network_action_from_nick:
 * @nick: (nullable): a word
 * @action: (out): untouched where there is none
 *
 * Returns: whether there is such an action
 */
gboolean
adit_network_action_from_nick (const char *nick, AditNetworkAction *action)
{
  guint number;

  if (!find_nick (actions, ADIT_N_NETWORK_ACTIONS, nick, &number))
    return FALSE;
  *action = (AditNetworkAction) number;
  return TRUE;
}
