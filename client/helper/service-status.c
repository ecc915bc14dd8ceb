/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-status.c: what may be known by whom.  The owner of the connection and root get all of it; everybody else on this
 * computer gets the state, the lock and the lockdown in a word each, and nothing of it is ever broadcast. */
#define G_LOG_DOMAIN "adit-service"

#include "config.h"
#include "client/helper/call.h"

#include "build-id.h"
#include "client/api/errors.h"
#include "client/api/names.h"
#include "client/base/error.h"
#include "client/model/notice.h"
#include "client/model/resolver.h"
#include "client/model/tunnel-peers.h"
#include "platform/sandbox.h"

#define MAX_SUBSCRIBERS         64
#define MAX_SUBSCRIBERS_PER_UID 16

typedef struct
{
  AditBusService *service;
  char           *name;
  guint32         uid;
  guint           watch;
} Subscriber;

static void
add_text (GVariantBuilder *dict, const char *key, const char *text)
{
  g_variant_builder_add (dict, "{sv}", key, g_variant_new_string (text));
}

/**
 * adit_service_may_see_all:
 * @service: the service
 * @uid: who wants to know
 *
 * Returns: whether all that there is to be told of the connection is this person's business
 */
gboolean
adit_service_may_see_all (AditBusService *service, guint32 uid)
{
  return uid == 0 || service->status_owner_uid == ADIT_NO_OWNER || service->status_owner_uid == uid;
}

static void
add_place (GVariantBuilder *dict, AditBusService *service)
{
  AditSession *session = service->parts.session;
  const AditTunnelSpec *spec = adit_session_get_spec (session);
  const AditWish *wish = adit_session_get_wish (session);
  const AditProfile *profile = adit_profiles_find (service->parts.profiles, wish->account);
  const AditPlace *place = spec != NULL ? &spec->location.place : &wish->place;

  add_text (dict, "country", place->country);
  add_text (dict, "city", place->city);
  add_text (dict, "server", place->server);
  add_text (dict, "profile", profile != NULL ? profile->facts.name : "");
  add_text (dict, "country_name", spec != NULL ? spec->location.country_name : "");
  add_text (dict, "city_name", spec != NULL ? spec->location.city_name : "");
}

/* Where the way begins, by another server; nothing of it where it begins at the place itself. */
static void
add_entry (GVariantBuilder *dict, AditSession *session)
{
  const AditTunnelSpec *spec = adit_session_get_spec (session);
  const AditWish *wish = adit_session_get_wish (session);
  const AditPlace *entry = spec != NULL ? &spec->entry.place : &wish->entry;

  add_text (dict, "entry_country", entry->country);
  add_text (dict, "entry_city", entry->city);
  add_text (dict, "entry_server", entry->server);
  add_text (dict, "entry_country_name", spec != NULL ? spec->entry.country_name : "");
  add_text (dict, "entry_city_name", spec != NULL ? spec->entry.city_name : "");
}

static void
add_exit_address (GVariantBuilder *dict, AditExitAddress *exit_address)
{
  const AditAddress *address = adit_exit_address_get (exit_address);
  g_autofree char *text = address != NULL ? adit_address_dup_text (address) : NULL;

  add_text (dict, "exit_address", text != NULL ? text : "");
}

static void
add_dns (GVariantBuilder *dict, AditSession *session)
{
  AditDns *dns = adit_session_get_dns (session);
  const AditAddress *resolvers;
  const AditTunnelSpec *spec = adit_session_get_spec (session);
  GVariantBuilder servers, blocks;
  guint n_resolvers;

  g_variant_builder_init (&servers, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_init (&blocks, G_VARIANT_TYPE_STRING_ARRAY);
  resolvers = adit_session_get_resolvers (session, &n_resolvers);
  for (guint i = 0; dns != NULL && i < n_resolvers; i++)
    {
      g_autofree char *text = adit_address_dup_text (&resolvers[i]);

      g_variant_builder_add (&servers, "s", text);
    }
  add_text (dict, "dns_backend", dns != NULL ? adit_dns_get_name (dns) : "");
  /* Somebody's own resolvers are asked in the place of those that leave things out. */
  for (guint i = 0; dns != NULL && spec != NULL && resolvers == spec->dns && i < spec->n_blocks; i++)
    g_variant_builder_add (&blocks, "s", spec->blocks[i]);
  g_variant_builder_add (dict, "{sv}", "dns_servers", g_variant_builder_end (&servers));
  g_variant_builder_add (dict, "{sv}", "dns_blocks", g_variant_builder_end (&blocks));
}

/* What there is to be told of the account that is wanted. */
static AditNotices
find_account_notices (AditBusService *service, AditAccount *account)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  AditNotices now = ADIT_NOTICE_NONE;
  AditRotationFacts key;

  adit_rotation_describe (service->parts.rotation, account, &key);
  if (key.error != NULL)
    now |= ADIT_NOTICE_KEY_KEPT;
  if (key.was_dead)
    now |= ADIT_NOTICE_KEY_REPLACED;
  if (adit_session_get_state (service->parts.session) == ADIT_STATE_CONNECTED &&
      (account->is_inactive || (account->expires_at_s != 0 && account->expires_at_s <= now_s)))
    now |= ADIT_NOTICE_ACCOUNT_ENDED;
  return now;
}

static const char *
find_changed_relay (AditBusService *service)
{
  GHashTableIter iter;
  gpointer relay = NULL;

  g_hash_table_iter_init (&iter, service->changed_relays);
  return g_hash_table_iter_next (&iter, NULL, &relay) ? relay : "";
}

static void
add_notices (GVariantBuilder *dict, AditBusService *service)
{
  AditSession *session = service->parts.session;
  AditAccount *account = adit_vault_find (service->parts.vault, adit_session_get_wish (session)->account);
  const char *relay = find_changed_relay (service);
  AditNotices now = (AditNotices) adit_session_get_diversions (session);
  GVariantBuilder notices;

  if (account != NULL)
    now |= find_account_notices (service, account);
  if (relay[0] != '\0')
    now |= ADIT_NOTICE_RELAY_KEY;
  if (adit_portal_is_likely (service->parts.portal))
    now |= ADIT_NOTICE_PORTAL;
  if (adit_known_asks (service->parts.known) && adit_session_get_lock (session) == ADIT_LOCK_OFF)
    now |= ADIT_NOTICE_NETWORK;
  if (adit_session_are_names_dead (session))
    now |= ADIT_NOTICE_NAMES;
  if (service->is_hindered)
    now |= ADIT_NOTICE_OTHER_PROGRAM;

  g_variant_builder_init (&notices, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < ADIT_N_NOTICES; i++)
    if (now & (1u << i))
      g_variant_builder_add (&notices, "s", adit_notice_get_nick (1u << i));
  g_variant_builder_add (dict, "{sv}", "notices", g_variant_builder_end (&notices));
  add_text (dict, "changed_relay", relay);
}

static void
add_question (GVariantBuilder *dict, const AditQuestion *question)
{
  add_text (dict, "question", question != NULL ? question->text : "");
  g_variant_builder_add (dict, "{sv}", "question_echo", g_variant_new_boolean (question != NULL && question->echo));
}

/* By what the far end is reached, and with how long packets. */
static void
add_way (GVariantBuilder *dict, AditSession *session)
{
  const AditTunnelSpec *spec = adit_session_get_spec (session);
  g_autofree char *endpoint = spec != NULL ? adit_endpoint_dup_text (&spec->peer) : NULL;
  AditProtocol protocol = ADIT_PROTOCOL_WIREGUARD;

  if (spec != NULL && spec->kind == ADIT_TUNNEL_OPENVPN)
    protocol = spec->transport == ADIT_TRANSPORT_TCP ? ADIT_PROTOCOL_OPENVPN_TCP : ADIT_PROTOCOL_OPENVPN_UDP;
  add_text (dict, "endpoint", endpoint != NULL ? endpoint : "");
  add_text (dict, "protocol", spec != NULL ? adit_protocol_to_name (protocol) : "");
  g_variant_builder_add (dict, "{sv}", "mtu",
                         g_variant_new_uint32 (spec == NULL ? 0 : spec->is_nested ? adit_tunnel_spec_get_nested_mtu_bytes (spec)
                                                                                  : spec->mtu_bytes));
}

static void
add_traffic (GVariantBuilder *dict, AditSession *session)
{
  AditTunnelProgress progress = { .handshake_age_ms = -1 };
  const AditTunnelSpec *spec = adit_session_get_spec (session);
  gboolean is_nested = spec != NULL && spec->is_nested;
  guint64 received, sent;

  if (adit_session_get_state (session) == ADIT_STATE_CONNECTED)
    (void) adit_tunnel_read_progress (adit_session_get_tunnel (session), &progress, NULL);
  received = progress.received_bytes;
  sent = progress.sent_bytes;
  /* Of a tunnel in a tunnel what goes to the other peer is the same bytes once more. */
  if (!is_nested)
    {
      received += progress.others_received_bytes;
      sent += progress.others_sent_bytes;
    }
  g_variant_builder_add (dict, "{sv}", "handshake_age", g_variant_new_int64 (progress.handshake_age_ms));
  g_variant_builder_add (dict, "{sv}", "received_bytes", g_variant_new_uint64 (received));
  g_variant_builder_add (dict, "{sv}", "sent_bytes", g_variant_new_uint64 (sent));
}

/**
 * adit_service_status:
 * @service: the service
 * @uid: who wants to know
 *
 * Returns: (transfer floating): the status as the interface's GetStatus says
 */
GVariant *
adit_service_status (AditBusService *service, guint32 uid)
{
  AditSession *session = service->parts.session;
  AditTunnel *tunnel = adit_session_get_tunnel (session);
  const GError *error = adit_session_get_error (session);
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add_text (&dict, "state", adit_state_get_nick (adit_session_get_state (session)));
  add_text (&dict, "lock", adit_lock_get_nick (adit_session_get_lock (session)));
  g_variant_builder_add (&dict, "{sv}", "lockdown", g_variant_new_boolean (adit_session_get_lockdown (session)));
  if (!adit_service_may_see_all (service, uid))
    return g_variant_builder_end (&dict);

  add_text (&dict, "reason", adit_reason_get_nick (adit_session_get_reason (session)));
  add_text (&dict, "error", error != NULL ? adit_error_get_name (error) : "");
  add_text (&dict, "detail", error != NULL ? error->message : "");
  add_text (&dict, "account", adit_session_get_wish (session)->account);
  add_question (&dict, adit_session_get_reason (session) == ADIT_REASON_ANSWER_NEEDED
                       ? adit_answers_get_question (service->parts.answers) : NULL);
  add_exit_address (&dict, service->exit_address);
  add_text (&dict, "tunnel", tunnel != NULL ? adit_tunnel_get_name (tunnel) : "");
  g_variant_builder_add (&dict, "{sv}", "since", g_variant_new_int64 (adit_session_get_since_s (session)));
  g_variant_builder_add (&dict, "{sv}", "confirm_within",
                         g_variant_new_uint32 (adit_confirm_get_left_s (service->parts.confirm)));
  g_variant_builder_add (&dict, "{sv}", "pause_left",
                         g_variant_new_uint32 (adit_confirm_get_left_s (service->parts.pause)));
  g_variant_builder_add (&dict, "{sv}", "revision", g_variant_new_uint32 (adit_session_get_revision (session)));
  add_place (&dict, service);
  add_entry (&dict, session);
  add_dns (&dict, session);
  add_notices (&dict, service);
  add_text (&dict, "firewall", adit_firewall_get_name (service->parts.platform->firewall));
  add_way (&dict, session);
  add_traffic (&dict, session);
  return g_variant_builder_end (&dict);
}

static void
subscriber_free (Subscriber *self)
{
  g_bus_unwatch_name (self->watch);
  g_free (self->name);
  g_free (self);
}

static void
on_subscriber_gone (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Subscriber *self = user_data;

  g_hash_table_remove (self->service->subscribers, self->name);
}

static gboolean
has_room (AditBusService *service, guint32 uid)
{
  GHashTableIter iter;
  Subscriber *subscriber;
  guint of_uid = 0;

  g_hash_table_iter_init (&iter, service->subscribers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &subscriber))
    of_uid += subscriber->uid == uid;
  return g_hash_table_size (service->subscribers) < MAX_SUBSCRIBERS && of_uid < MAX_SUBSCRIBERS_PER_UID;
}

static void
work_get_status (AditCall *call)
{
  adit_dbus_adit1_complete_get_status (call->service->skeleton, call->invocation, adit_service_status (call->service, call->uid));
  adit_call_free (call);
}

static gboolean
on_get_status (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_status), "GetStatus", NULL);
  return TRUE;
}

static void
work_subscribe (AditCall *call)
{
  AditBusService *service = call->service;
  const char *sender = g_dbus_method_invocation_get_sender (call->invocation);

  if (!g_hash_table_contains (service->subscribers, sender))
    {
      Subscriber *subscriber;

      if (!has_room (service, call->uid))
        {
          adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY, "Too many programs are listening"));
          return;
        }
      subscriber = g_new0 (Subscriber, 1);
      subscriber->service = service;
      subscriber->name = g_strdup (sender);
      subscriber->uid = call->uid;
      g_hash_table_insert (service->subscribers, subscriber->name, subscriber);
      subscriber->watch = g_bus_watch_name_on_connection (service->parts.bus, sender, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                          on_subscriber_gone, subscriber, NULL);
    }
  adit_dbus_adit1_complete_subscribe (service->skeleton, call->invocation, adit_service_status (service, call->uid));
  adit_call_free (call);
}

static gboolean
on_subscribe (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_subscribe), "Subscribe", NULL);
  return TRUE;
}

static void
work_unsubscribe (AditCall *call)
{
  g_hash_table_remove (call->service->subscribers, g_dbus_method_invocation_get_sender (call->invocation));
  adit_dbus_adit1_complete_unsubscribe (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_unsubscribe (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_unsubscribe), "Unsubscribe", NULL);
  return TRUE;
}

/**
 * adit_service_diagnostics:
 * @service: the service
 *
 * Returns: (transfer floating): what GetDiagnostics answers
 */
GVariant *
adit_service_diagnostics (AditBusService *service)
{
  AditPlatform *platform = service->parts.platform;
  GVariantBuilder dict, usable, missing, overrides;
  const AditService *vpn_service;
  const char *dns = "";

  g_variant_builder_init (&usable, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_init (&missing, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_init (&overrides, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < platform->n_tunnels; i++)
    {
      g_autoptr (GError) error = NULL;

      if (adit_tunnel_probe (platform->tunnels[i], &error))
        g_variant_builder_add (&usable, "s", adit_tunnel_get_name (platform->tunnels[i]));
      else
        {
          g_autofree char *why = g_strdup_printf ("%s: %s", adit_tunnel_get_name (platform->tunnels[i]), error->message);

          g_variant_builder_add (&missing, "s", why);
        }
    }
  for (guint i = platform->n_dns; i > 0; i--)
    if (adit_dns_probe (platform->dns[i - 1], NULL))
      dns = adit_dns_get_name (platform->dns[i - 1]);
  for (guint i = 0; (vpn_service = adit_service_at (i)) != NULL; i++)
    if (adit_store_is_overridden (service->parts.store, vpn_service))
      g_variant_builder_add (&overrides, "s", vpn_service->id);
  if (adit_store_is_overridden (service->parts.store, adit_store_get_resolver (service->parts.store, 0)))
    g_variant_builder_add (&overrides, "s", ADIT_RESOLVER_ID);

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  {
    g_autoptr (GError) error = NULL;
    g_autofree char *missing_firewall = NULL;

    if (!adit_firewall_probe (platform->firewall, &error))
      missing_firewall = g_strdup_printf ("missing: %s", error->message);
    add_text (&dict, "firewall", missing_firewall != NULL ? missing_firewall : adit_firewall_get_name (platform->firewall));
  }
  g_variant_builder_add (&dict, "{sv}", "tunnels", g_variant_builder_end (&usable));
  g_variant_builder_add (&dict, "{sv}", "tunnels_missing", g_variant_builder_end (&missing));
  add_text (&dict, "dns", dns);
  g_variant_builder_add (&dict, "{sv}", "landlock_abi", g_variant_new_uint32 (adit_sandbox_get_landlock_abi ()));
  g_variant_builder_add (&dict, "{sv}", "service_overrides", g_variant_builder_end (&overrides));
  adit_service_add_causes (service, &dict);
  add_text (&dict, "metered", adit_metered_get_nick (adit_known_find_metered (service->parts.known)));
  add_text (&dict, "version", ADIT_VERSION);
  add_text (&dict, "build_id", ADIT_BUILD_ID);
  return g_variant_builder_end (&dict);
}

static void
work_get_diagnostics (AditCall *call)
{
  adit_dbus_adit1_complete_get_diagnostics (call->service->skeleton, call->invocation, adit_service_diagnostics (call->service));
  adit_call_free (call);
}

static gboolean
on_get_diagnostics (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_diagnostics), "GetDiagnostics",
                       adit_call_get_status_owner);
  return TRUE;
}

/**
 * adit_service_tell_subscribers:
 * @service: the service
 *
 * Sends each subscriber the status that it may see.
 */
void
adit_service_tell_subscribers (AditBusService *service)
{
  GHashTableIter iter;
  Subscriber *subscriber;

  g_hash_table_iter_init (&iter, service->subscribers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &subscriber))
    g_dbus_connection_emit_signal (service->parts.bus, subscriber->name, ADIT_DBUS_PATH, ADIT_DBUS_INTERFACE, "StatusChanged",
                                   g_variant_new ("(@a{sv})", adit_service_status (service, subscriber->uid)), NULL);
}

static void
tell_owner (AditBusService *service, guint32 owner_uid, const char *signal)
{
  GHashTableIter iter;
  Subscriber *subscriber;

  g_hash_table_iter_init (&iter, service->subscribers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &subscriber))
    if (subscriber->uid == owner_uid || subscriber->uid == 0)
      g_dbus_connection_emit_signal (service->parts.bus, subscriber->name, ADIT_DBUS_PATH, ADIT_DBUS_INTERFACE, signal, NULL,
                                     NULL);
}

/**
 * adit_service_tell_accounts:
 * @service: the service
 * @owner_uid: whose accounts are others now
 *
 * Tells the owner's subscribers, and root's, that there is something new to ask for; what it is goes only to whoever asks.
 */
void
adit_service_tell_accounts (AditBusService *service, guint32 owner_uid)
{
  g_hash_table_add (service->owners, GUINT_TO_POINTER (owner_uid));
  tell_owner (service, owner_uid, "AccountsChanged");
}

/**
 * adit_service_tell_reports:
 * @service: the service
 * @owner_uid: whose reports are others now
 *
 * Tells the owner's subscribers, and root's.
 */
void
adit_service_tell_reports (AditBusService *service, guint32 owner_uid)
{
  tell_owner (service, owner_uid, "ReportsChanged");
}

/**
 * adit_service_connect_status_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_status_methods (AditBusService *service)
{
  service->subscribers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) subscriber_free);
  g_signal_connect (service->skeleton, "handle-get-status", G_CALLBACK (on_get_status), service);
  g_signal_connect (service->skeleton, "handle-subscribe", G_CALLBACK (on_subscribe), service);
  g_signal_connect (service->skeleton, "handle-unsubscribe", G_CALLBACK (on_unsubscribe), service);
  g_signal_connect (service->skeleton, "handle-get-diagnostics", G_CALLBACK (on_get_diagnostics), service);
}
