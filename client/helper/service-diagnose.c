/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-diagnose.c: what is wrong, in one word, and who else rules this computer's network. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"
#include "client/model/check.h"
#include "platform/condition.h"
#include "platform/tenants.h"

static gboolean
has_stopping (const AditTenants *tenants)
{
  for (guint i = 0; i < tenants->n_conflicts; i++)
    if (adit_conflict_stops (tenants->conflicts[i].kind))
      return TRUE;
  return FALSE;
}

/* While it is tried the last failure tells more than that it is tried. */
static AditReason
get_reason (AditSession *session)
{
  const GError *error = adit_session_get_error (session);

  if (adit_session_get_state (session) == ADIT_STATE_CONNECTING && error != NULL)
    return adit_reason_from_error (error);
  return adit_session_get_reason (session);
}

static void
find_facts (AditBusService *service, const AditTenants *tenants, AditCauseFacts *facts)
{
  AditSession *session = service->parts.session;
  AditNetwork *network = service->parts.platform->network;
  AditCondition condition;
  AditWay way;

  adit_condition_read (service->parts.bus, &condition);
  *facts = (AditCauseFacts) { adit_session_get_state (session), get_reason (session), .has_other_rules = has_stopping (tenants) };
  facts->has_link = condition.has_link;
  facts->has_address = condition.has_address;
  facts->has_route = network == NULL || adit_network_find_way (network, NULL, &way);
  facts->is_manager_missing = condition.is_manager_missing;
  facts->is_resolver_missing = condition.is_resolver_missing;
  facts->is_untrusted = adit_session_is_untrusted (session);
  facts->are_several_silent = adit_session_are_several_silent (session);
  facts->are_names_dead = adit_session_are_names_dead (session);
  facts->loses_long_packets = adit_session_loses_long_packets (session);
  facts->has_exit = adit_exit_address_get (service->exit_address) != NULL;
}

static void
add_checks (const AditCauseFacts *facts, GVariantBuilder *dict)
{
  GVariantBuilder checks;

  g_variant_builder_init (&checks, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < ADIT_N_CHECKS; i++)
    {
      const char *blame, *verdict = adit_verdict_get_nick (adit_check_find ((AditCheck) i, facts, &blame));

      g_variant_builder_add (&checks, "(sss)", adit_check_get_nick ((AditCheck) i), verdict, blame);
    }
  g_variant_builder_add (dict, "{sv}", "checks", g_variant_builder_end (&checks));
}

/**
 * adit_service_add_causes:
 * @service: the service
 * @dict: the answer of GetDiagnostics
 *
 * Adds what is wrong now, what was looked at, and the other programs.
 */
void
adit_service_add_causes (AditBusService *service, GVariantBuilder *dict)
{
  g_autofree AditTenants *tenants = g_new (AditTenants, 1);
  GVariantBuilder others, conflicts;
  AditCauseFacts facts;
  AditCause cause;

  adit_tenants_read (service->parts.bus, adit_session_get_spec (service->parts.session), tenants);
  g_variant_builder_init (&others, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_init (&conflicts, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < ADIT_N_TENANTS; i++)
    if (tenants->present & (1u << i))
      g_variant_builder_add (&others, "s", adit_tenant_get_nick (1u << i));
  for (guint i = 0; i < tenants->n_conflicts; i++)
    g_variant_builder_add (&conflicts, "(sss)", adit_conflict_get_nick (tenants->conflicts[i].kind), tenants->conflicts[i].by,
                           tenants->conflicts[i].what);
  find_facts (service, tenants, &facts);
  cause = adit_cause_find (&facts);
  g_variant_builder_add (dict, "{sv}", "cause", g_variant_new_string (cause == ADIT_CAUSE_REASON
                                                                        ? adit_reason_get_nick (facts.reason)
                                                                        : adit_cause_get_nick (cause)));
  add_checks (&facts, dict);
  g_variant_builder_add (dict, "{sv}", "other_programs", g_variant_builder_end (&others));
  g_variant_builder_add (dict, "{sv}", "conflicts", g_variant_builder_end (&conflicts));
}

/* What keeps it from connecting, or takes names or addresses inside from it once it is. */
static gboolean
is_hindered (AditBusService *service)
{
  AditSession *session = service->parts.session;
  AditState state = adit_session_get_state (session);
  g_autofree AditTenants *tenants = NULL;

  if (state != ADIT_STATE_CONNECTED && !(state == ADIT_STATE_BLOCKED && adit_session_get_wish (session)->connected))
    return FALSE;
  tenants = g_new (AditTenants, 1);
  adit_tenants_read (service->parts.bus, adit_session_get_spec (session), tenants);
  for (guint i = 0; i < tenants->n_conflicts; i++)
    if (adit_conflict_stops (tenants->conflicts[i].kind) == (state == ADIT_STATE_BLOCKED))
      return TRUE;
  return FALSE;
}

static gboolean
on_look_due (gpointer user_data)
{
  AditBusService *service = user_data;
  gboolean was_hindered = service->is_hindered;

  service->hindrance_source = 0;
  service->is_hindered = is_hindered (service);
  if (service->is_hindered != was_hindered)
    adit_service_tell_subscribers (service);
  return G_SOURCE_REMOVE;
}

/**
 * adit_service_look_for_others:
 * @service: the service
 *
 * The state is another one: whether another program hinders it is looked at as soon as nothing else is to be done.
 */
void
adit_service_look_for_others (AditBusService *service)
{
  AditState state = adit_session_get_state (service->parts.session);

  if (service->looked_in == state)
    return;
  service->looked_in = state;
  if (service->hindrance_source == 0)
    service->hindrance_source = g_idle_add (on_look_due, service);
}
