/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-networks.c: the rules for networks on the bus, and what is done where this computer comes into one.  What a network is
 * like decides only what its user has said that it may: more protection in any, less in one that was named. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

#define HERE "here"

/* By whether a rule is forgotten, then by whether less is protected. */
static const char *const rows_of_table[2][2] = {
  { "SetNetwork:narrower", "SetNetwork:wider" }, { "ForgetNetwork:narrower", "ForgetNetwork:wider" },
};

/* --- What is done ----------------------------------------------------------------------------------------------------------- */

static gboolean
raise_lockdown (AditBusService *service, GError **error)
{
  AditServiceParts *parts = &service->parts;
  AditSettings settings = adit_service_get_settings (service);
  AditBefore now;

  settings.lockdown = TRUE;
  if (!adit_firewall_probe (parts->platform->firewall, error) || !adit_store_save_settings (parts->store, &settings, error) ||
      !adit_session_set_lockdown (parts->session, TRUE, error))
    return FALSE;
  /* Who tries something from afar does not take this back by letting their time run out. */
  now = (AditBefore) { *adit_session_get_wish (parts->session), TRUE };
  adit_confirm_settle (parts->confirm, &now, FALSE, TRUE);
  return TRUE;
}

/* To where its owner's current account leads, as "adit connect" alone does. */
static gboolean
connect_for (AditBusService *service, guint32 uid, GError **error)
{
  AditServiceParts *parts = &service->parts;
  AditAccount *account = adit_service_find_account (service, "", uid);
  AditWish wish = { .connected = TRUE };

  if (account == NULL || account->is_leaving)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "Whoever made the rule is not signed in");
      return FALSE;
    }
  g_strlcpy (wish.account, account->id, sizeof wish.account);
  if (!adit_firewall_probe (parts->platform->firewall, error) || !adit_store_save_wish (parts->store, &wish, error))
    return FALSE;
  adit_answers_begin (parts->answers, wish.account, NULL);
  return adit_session_connect (parts->session, &wish, error);
}

/* Of one's own connection alone, never under lockdown, and not what somebody tries from afar. */
static gboolean
may_disconnect (AditBusService *service, const AditNetworkRule *rule)
{
  AditServiceParts *parts = &service->parts;
  const AditWish *wish = adit_session_get_wish (parts->session);

  return wish->connected && rule->trust == ADIT_TRUST_TRUSTED && rule->id[0] != '\0' &&
         !adit_session_get_lockdown (parts->session) && adit_confirm_get_left_s (parts->confirm) == 0 &&
         (rule->owner_uid == 0 || rule->owner_uid == adit_service_find_owner (service, wish->account));
}

static void
disconnect (AditBusService *service)
{
  AditServiceParts *parts = &service->parts;
  g_autoptr (GError) error = NULL;
  static const AditWish nothing;

  if (!adit_store_save_wish (parts->store, &nothing, &error))
    g_warning ("the next start will connect again: %s", error->message);
  adit_answers_begin (parts->answers, "", NULL);
  adit_session_disconnect (parts->session);
}

/* A pause is what its person has said of the time until it is over: what a network asks for waits, and where that is less than a
 * tunnel afterwards it is not done at all.  Only lockdown does not wait. */
static gboolean
on_arrived (const AditNetworkRule *rule, gpointer user_data)
{
  AditBusService *service = user_data;
  AditServiceParts *parts = &service->parts;
  gboolean is_paused = adit_session_is_paused (parts->session), is_later = FALSE;
  g_autoptr (GError) error = NULL;

  switch (rule->action)
    {
    case ADIT_NETWORK_LOCKDOWN:
      if (!adit_session_get_lockdown (parts->session) && !raise_lockdown (service, &error))
        g_warning ("this network asks for lockdown, and there is none: %s", error->message);
      adit_session_resume (parts->session);
      break;
    case ADIT_NETWORK_CONNECT:
      is_later = is_paused;
      if (!is_paused && adit_session_get_state (parts->session) == ADIT_STATE_DISCONNECTED &&
          adit_confirm_get_left_s (parts->confirm) == 0 && !connect_for (service, rule->owner_uid, &error))
        g_warning ("this network asks for a connection, and there is none: %s", error->message);
      break;
    case ADIT_NETWORK_DISCONNECT:
      if (!is_paused && may_disconnect (service, rule))
        disconnect (service);
      break;
    default:
      break;
    }
  adit_service_tell_subscribers (service);
  return !is_later;
}

/* --- The methods ------------------------------------------------------------------------------------------------------------ */

static void
add_row (GVariantBuilder *rows, AditCall *call, const AditNetworkRule *rule, const AditNetworkFacts *here, gboolean has_rule)
{
  GBytes *name = adit_known_get_name (call->service->parts.known, rule->id);
  gsize bytes = 0;
  gconstpointer text = name != NULL ? g_bytes_get_data (name, &bytes) : "";
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (rule->id));
  g_variant_builder_add (&row, "{sv}", "kind", g_variant_new_string (adit_link_kind_get_nick (rule->kind)));
  g_variant_builder_add (&row, "{sv}", "name", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, bytes, 1));
  g_variant_builder_add (&row, "{sv}", "trust", g_variant_new_string (adit_trust_get_nick (rule->trust)));
  g_variant_builder_add (&row, "{sv}", "action", g_variant_new_string (adit_network_action_get_nick (rule->action)));
  g_variant_builder_add (&row, "{sv}", "here", g_variant_new_boolean (here != NULL));
  g_variant_builder_add (&row, "{sv}", "metered",
                         g_variant_new_string (adit_metered_get_nick (here != NULL ? here->metered : ADIT_METERED_UNKNOWN)));
  g_variant_builder_add (&row, "{sv}", "has_rule", g_variant_new_boolean (has_rule));
  g_variant_builder_add_value (rows, g_variant_builder_end (&row));
}

static void
work_get_networks (AditCall *call)
{
  AditKnown *known = call->service->parts.known;
  AditNetworkFacts here[ADIT_NETWORKS_MAX_HERE];
  guint n_here = adit_known_list_here (known, here, G_N_ELEMENTS (here));
  AditNetworkRules *rules = adit_known_get_rules (known);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < n_here; i++)
    {
      AditNetworkRule rule = adit_network_rules_find (rules, &here[i]);

      add_row (&rows, call, &rule, &here[i], rule.id[0] != '\0' && adit_network_rules_find_id (rules, rule.id) != NULL);
    }
  for (guint i = 0; i < rules->n_rules; i++)
    {
      gboolean is_here = FALSE;

      for (guint j = 0; j < n_here; j++)
        is_here = is_here || g_str_equal (adit_network_rules_find (rules, &here[j]).id, rules->rules[i].id);
      if (!is_here)
        add_row (&rows, call, &rules->rules[i], NULL, TRUE);
    }
  for (guint i = ADIT_LINK_KIND_WIRED; i < ADIT_N_LINK_KINDS; i++)
    {
      AditNetworkRule rule = rules->defaults[i];

      rule.kind = (AditLinkKind) i;
      add_row (&rows, call, &rule, NULL, TRUE);
    }
  adit_dbus_adit1_complete_get_networks (call->service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static gboolean
on_get_networks (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_networks), "GetNetworks",
                       adit_call_get_status_owner);
  return TRUE;
}

/* The one that this computer is in, or that of the id, where it is known by a rule or by being there. */
static gboolean
find_network (AditCall *call, AditNetworkRule *rule, GError **error)
{
  AditKnown *known = call->service->parts.known;
  AditNetworkRules *rules = adit_known_get_rules (known);
  const AditNetworkRule *own = adit_network_rules_find_id (rules, call->text);
  AditNetworkFacts here[ADIT_NETWORKS_MAX_HERE];
  gboolean is_here = g_str_equal (call->text, HERE);
  guint n_here;

  *rule = (AditNetworkRule) { 0 };
  if (adit_link_kind_from_nick (call->text, &rule->kind) && rule->kind != ADIT_LINK_KIND_OTHER)
    return TRUE;
  n_here = own == NULL ? adit_known_list_here (known, here, G_N_ELEMENTS (here)) : 0;
  if (own != NULL)
    *rule = *own;
  for (guint i = 0; i < n_here && (!is_here || n_here == 1); i++)
    {
      AditNetworkRule seen = adit_network_rules_find (rules, &here[i]);

      if (seen.id[0] != '\0' && (is_here || g_str_equal (seen.id, call->text)))
        *rule = seen;
    }
  if (rule->id[0] != '\0')
    return TRUE;
  if (!is_here)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There is no such network");
  else if (n_here > 1)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "This computer is in several networks; name one by its id");
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "This network cannot be recognised: nothing is known of it but "
                 "what anybody can copy");
  return FALSE;
}

/* What is wanted, and whether that is less protection than now. */
static gboolean
read_rule (AditCall *call, AditNetworkRule *rule, gboolean *is_wider, GError **error)
{
  AditNetworkRules *rules = adit_known_get_rules (call->service->parts.known);
  const char *trust, *action;
  AditNetworkRule now;

  if (!find_network (call, rule, error))
    return FALSE;
  g_variant_get (call->value, "(&s&s)", &trust, &action);
  now = adit_network_rules_get_now (rules, rule);
  if (call->flag)
    {
      *rule = (AditNetworkRule) { .kind = rule->kind };
      rule->action = adit_network_rules_get_now (rules, rule).action;
    }
  else if (!adit_trust_from_nick (trust, &rule->trust) || !adit_network_action_from_nick (action, &rule->action))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
                   "A network is trusted, untrusted or unknown; what is done there is connect, disconnect, ask or lockdown");
      return FALSE;
    }
  if (!call->flag && !adit_network_rule_check (rule, error))
    return FALSE;
  *is_wider = adit_network_action_get_strength (rule->action) < adit_network_action_get_strength (now.action);
  return TRUE;
}

static void
work_set_network (AditCall *call)
{
  AditKnown *known = call->service->parts.known;
  g_autofree AditNetworkRules *rules = g_memdup2 (adit_known_get_rules (known), sizeof *rules);
  gboolean is_wider = TRUE, done;
  AditNetworkRule rule;
  GError *error = NULL;

  if (!read_rule (call, &rule, &is_wider, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  /* Something else has been said of it while a password was typed. */
  if (is_wider && !g_str_equal (call->name, rows_of_table[call->flag][1]))
    {
      adit_call_authorise (call, rows_of_table[call->flag][1], adit_call_get_status_owner);
      return;
    }
  rule.owner_uid = call->uid;
  if (call->flag && !adit_network_rules_remove (rules, call->text))
    {
      g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "There is no rule for that network");
      done = FALSE;
    }
  else
    done = (call->flag || adit_network_rules_put (rules, &rule, &error)) && adit_known_save (known, rules, &error);
  if (!done)
    {
      adit_call_fail (call, error);
      return;
    }
  adit_service_tell_subscribers (call->service);
  if (call->flag)
    adit_dbus_adit1_complete_forget_network (call->service->skeleton, call->invocation);
  else
    adit_dbus_adit1_complete_set_network (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static void
begin (AditCall *call, const char *network, const char *trust, const char *action, gboolean forgets)
{
  gboolean is_wider = TRUE;
  AditNetworkRule rule;
  GError *error = NULL;

  call->text = g_strdup (network);
  call->value = g_variant_ref_sink (g_variant_new ("(ss)", trust, action));
  call->flag = forgets;
  /* From now on it is about that network, wherever this computer is when somebody has typed their password. */
  if (g_str_equal (network, HERE) && find_network (call, &rule, &error))
    {
      g_free (call->text);
      call->text = g_strdup (rule.id);
    }
  if (error == NULL && read_rule (call, &rule, &is_wider, &error))
    adit_call_authorise (call, rows_of_table[forgets][is_wider], adit_call_get_status_owner);
  else
    adit_call_fail (call, error);
}

static gboolean
on_set_network (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *network, const char *trust,
                const char *action, GVariant *options, AditBusService *service)
{
  begin (adit_call_new (service, invocation, options, work_set_network), network, trust, action, FALSE);
  return TRUE;
}

static gboolean
on_forget_network (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *network, GVariant *options,
                   AditBusService *service)
{
  begin (adit_call_new (service, invocation, options, work_set_network), network, "", "", TRUE);
  return TRUE;
}

/**
 * adit_service_connect_network_methods:
 * @service: the service
 *
 * Answers the methods of this file, and hears where this computer is.
 */
void
adit_service_connect_network_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-networks", G_CALLBACK (on_get_networks), service);
  g_signal_connect (service->skeleton, "handle-set-network", G_CALLBACK (on_set_network), service);
  g_signal_connect (service->skeleton, "handle-forget-network", G_CALLBACK (on_forget_network), service);
  adit_known_watch (service->parts.known, on_arrived, service);
}
