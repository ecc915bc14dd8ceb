/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-session.c: the methods that move the session: connect, disconnect, reconnect, lockdown.  What is wanted is on disk
 * before the session hears of it, so that a helper that dies in between comes back to it. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"
#include "client/helper/guard.h"

static guint32
wish_owner (AditCall *call)
{
  return adit_service_find_owner (call->service, adit_session_get_wish (call->service->parts.session)->account);
}

/* A connection that is only tried is not where it was last: nobody has said that it works. */
static gboolean
save_wish (AditCall *call, gboolean is_said, GError **error)
{
  AditServiceParts *parts = &call->service->parts;

  return (!is_said || call->confirm_s > 0) && adit_confirm_doubts (parts->confirm, &call->wish)
           ? adit_store_save_trial (parts->store, &call->wish, error) : adit_store_save_wish (parts->store, &call->wish, error);
}

static gboolean
take_wish (AditCall *call, GError **error)
{
  AditServiceParts *parts = &call->service->parts;
  AditAccount *account = adit_vault_find (parts->vault, call->wish.account);
  gboolean taken, is_said = g_str_has_prefix (call->name, "Connect");

  if (account != NULL && account->is_leaving)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is being signed out");
      return FALSE;
    }
  /* Asked before anything is written: where this computer cannot be locked, everything stays as it was. */
  taken = adit_firewall_probe (parts->platform->firewall, error) && adit_guard_begin (call, error) &&
          save_wish (call, is_said, error);
  if (taken)
    {
      adit_answers_begin (parts->answers, call->wish.account, call->credential);
      taken = adit_session_connect (parts->session, &call->wish, error);
    }
  adit_guard_done (call, taken && is_said, FALSE);
  return taken;
}

/* Said before anything is changed: no try could lead anywhere. */
static gboolean
can_enter (const AditService *service, const AditWish *wish, GError **error)
{
  if (!service->enters_by_udp_alone || !wish->has_entry || wish->protocol != ADIT_PROTOCOL_OPENVPN_TCP)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_ENTRY_BY_TCP, "%s has ports for it by UDP, and none by TCP", service->name);
  return FALSE;
}

static void
work_connect (AditCall *call)
{
  GError *error = NULL;
  AditProfile *profile;
  AditAccount *account;

  if (adit_call_wait_for_secret (call))
    return;
  profile = adit_profiles_find (call->service->parts.profiles, call->text);
  account = profile == NULL ? adit_call_find_account (call, &error) : NULL;
  if (account != NULL && !can_enter (account->service, &call->wish, &error))
    account = NULL;
  if (account == NULL)
    adit_worker_proxy_dismiss (call->service->parts.proxy);
  if (profile == NULL)
    adit_importer_dismiss (call->service->parts.importer);
  if (error != NULL)
    {
      adit_call_fail (call, error);
      return;
    }
  g_strlcpy (call->wish.account, profile != NULL ? profile->id : account->id, sizeof call->wish.account);
  call->wish.connected = TRUE;
  if (!take_wish (call, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_connect (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

/* Returns: whether there is one, and it is written as places are. */
static gboolean
read_place (GVariant *dict, AditPlace *place)
{
  const char *country = NULL, *city = NULL, *server = NULL;

  g_variant_lookup (dict, "country", "&s", &country);
  g_variant_lookup (dict, "city", "&s", &city);
  g_variant_lookup (dict, "server", "&s", &server);
  return adit_place_set (place, country, city, server);
}

/* What is said of servers holds for this wish alone, beside what is set of the rest; as the settings are written. */
static gboolean
read_servers (GVariant *dict, AditCall *call, GError **error)
{
  const char *const *names = adit_choice_get_names ();
  g_autofree AditChoice *choice = g_memdup2 (call->service->parts.choice, sizeof *choice);

  for (guint i = 0; i < adit_choice_get_n_server_names (); i++)
    {
      g_autofree const char **texts = NULL;

      if (!g_variant_lookup (dict, names[i], "^a&s", &texts))
        continue;
      if (!adit_choice_set_texts (choice, names[i], texts, error))
        return FALSE;
      call->wish.has_servers = TRUE;
    }
  if (call->wish.has_servers)
    call->wish.servers = choice->servers;
  return TRUE;
}

/* For whoever logs in: to where it was last, if that is set and nothing else is wanted. */
static gboolean
read_last (AditCall *call, GError **error)
{
  AditServiceParts *parts = &call->service->parts;

  if (*parts->auto_connect == ADIT_AUTO_CONNECT_LOGIN && !adit_session_get_wish (parts->session)->connected &&
      adit_store_load_last (parts->store, &call->wish))
    {
      call->text = g_strdup (call->wish.account);
      return TRUE;
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "Nothing is to be connected at a login");
  return FALSE;
}

static gboolean
read_wish (GVariant *dict, AditCall *call, GError **error)
{
  g_autoptr (GVariant) entry = g_variant_lookup_value (dict, "entry", G_VARIANT_TYPE_VARDICT);
  const char *account = "", *tunnel = NULL;
  gboolean is_last = FALSE;

  if (g_variant_lookup (dict, "last", "b", &is_last) && is_last)
    return read_last (call, error);
  g_variant_lookup (dict, "account", "&s", &account);
  g_variant_lookup (dict, "tunnel", "&s", &tunnel);
  call->text = g_strdup (account);
  call->wish.has_entry = entry != NULL;
  if (!read_place (dict, &call->wish.place) || (entry != NULL && !read_place (entry, &call->wish.entry)))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_SUCH_PLACE, "That is not how a place is written");
  else if (tunnel != NULL && !adit_protocol_from_name (tunnel, &call->wish.protocol))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A tunnel is wireguard, openvpn-udp or openvpn-tcp");
  else if (g_variant_lookup (dict, "favourites", "b", &call->wish.from_favourites) && call->wish.from_favourites &&
           !adit_place_is_any (&call->wish.place))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "It is a place, or any of the favourites");
  else
    return read_servers (dict, call, error);
  return FALSE;
}

/* Whose consent a new wish needs: the account's owner, and that of whoever is connected now.  Where these are two, whoever
 * asks acts for another, unless it is root. */
static guint32
connect_owner (AditCall *call)
{
  guint32 owner_uid = adit_service_find_owner (call->service, call->text), connected_uid = wish_owner (call);

  if (owner_uid == ADIT_NO_OWNER)
    return connected_uid;
  return connected_uid == ADIT_NO_OWNER || connected_uid == owner_uid ? owner_uid : 0;
}

static void
authorise_connect (AditCall *call, const char *name, const char *account, AditCallOwner owner)
{
  AditProfile *profile = adit_profiles_find (call->service->parts.profiles, account);

  g_strlcpy (call->service->likely_profile, profile != NULL ? profile->id : "", sizeof call->service->likely_profile);
  adit_call_authorise (call, adit_guard_name (call, name), owner);
}

/* People name what they have imported; what is another's has no name for them.  A call goes on with what it said where the name
 * is nobody's. */
static void
on_named (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditServiceParts *parts = &call->service->parts;
  AditProfile *profile = NULL;
  guint32 uid;

  if (adit_authorizer_identify_finish (parts->authorizer, result, &uid, NULL))
    profile = adit_profiles_find_named (parts->profiles, uid, call->text);
  if (profile != NULL)
    {
      g_free (call->text);
      call->text = g_strdup (profile->id);
    }
  authorise_connect (call, "Connect", call->text, connect_owner);
}

static gboolean
is_id (const AditCall *call)
{
  return call->text[0] == '\0' || adit_service_find_owner (call->service, call->text) != ADIT_NO_OWNER;
}

static gboolean
on_connect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *place, GVariant *options,
            AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_connect);
  GError *error = NULL;

  adit_call_take_answer_fd (call);
  if (!read_wish (place, call, &error) || !adit_guard_read_options (call, &error))
    adit_call_fail (call, error);
  else if (is_id (call))
    authorise_connect (call, "Connect", call->text, connect_owner);
  else
    {
      adit_guard_look (call);    /* one wait for both */
      adit_authorizer_identify_async (service->parts.authorizer, call->sender, on_named, call);
    }
  return TRUE;
}

static void
work_reconnect (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  GError *error = NULL;

  if (adit_call_wait_for_secret (call))
    return;
  call->wish = *adit_session_get_wish (parts->session);
  if (!call->wish.connected)
    {
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Nothing is connected; connect first"));
      return;
    }
  if (!take_wish (call, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_reconnect (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_reconnect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_reconnect);
  GError *error = NULL;

  adit_call_take_answer_fd (call);
  if (adit_guard_read_options (call, &error))
    authorise_connect (call, "Reconnect", adit_session_get_wish (service->parts.session)->account, wish_owner);
  else
    adit_call_fail (call, error);
  return TRUE;
}

static void
work_disconnect (AditCall *call)
{
  AditBusService *service = call->service;
  GError *error = NULL;
  static const AditWish nothing;

  /* A disk that takes nothing keeps nobody connected; what is still written there can only lock again. */
  if (!adit_store_save_wish (service->parts.store, &nothing, &error))
    {
      g_warning ("the next start will connect again: %s", error->message);
      g_clear_error (&error);
    }
  /* Answered when it is so; an attempt that is under way has to end first. */
  adit_answers_begin (service->parts.answers, "", NULL);
  g_ptr_array_add (service->disconnecting, call->invocation);
  adit_session_disconnect (service->parts.session);
  adit_guard_done (call, TRUE, FALSE);
  adit_call_free (call);
  adit_service_answer_disconnects (service);
}

static gboolean
on_disconnect (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_disconnect), "Disconnect", wish_owner);
  return TRUE;
}

static void
work_set_lockdown (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  AditSettings before = adit_service_get_settings (call->service), settings = before;
  GError *error = NULL;

  settings.lockdown = call->flag;
  if ((call->flag && !adit_firewall_probe (parts->platform->firewall, &error)) || !adit_guard_begin (call, &error) ||
      !adit_store_save_settings (parts->store, &settings, &error))
    {
      adit_guard_done (call, FALSE, FALSE);
      adit_call_fail (call, error);
      return;
    }
  if (!adit_session_set_lockdown (parts->session, call->flag, &error))
    {
      (void) adit_store_save_settings (parts->store, &before, NULL);
      adit_guard_done (call, FALSE, FALSE);
      adit_call_fail (call, error);
      return;
    }
  adit_guard_done (call, FALSE, TRUE);
  adit_dbus_adit1_complete_set_lockdown (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_set_lockdown (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, gboolean on, GVariant *options,
                 AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_lockdown);
  GError *error = NULL;

  call->flag = on;
  if (on && !adit_guard_read_options (call, &error))
    adit_call_fail (call, error);
  else
    adit_call_authorise (call, on ? adit_guard_name (call, "SetLockdown:on") : "SetLockdown:off", adit_call_get_status_owner);
  return TRUE;
}

/* A connect needs a worker, and polkit as long for its answer as a worker for its start. */
static void
on_asked (const char *call, gpointer user_data)
{
  AditBusService *service = user_data;

  if (!g_str_has_prefix (call, "Connect") && !g_str_has_prefix (call, "Reconnect"))
    return;
  if (service->likely_profile[0] == '\0')
    adit_worker_proxy_prepare (service->parts.proxy);
  else
    adit_importer_prepare (service->parts.importer, service->likely_profile);
}

/**
 * adit_service_connect_session_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_session_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-connect", G_CALLBACK (on_connect), service);
  g_signal_connect (service->skeleton, "handle-reconnect", G_CALLBACK (on_reconnect), service);
  g_signal_connect (service->skeleton, "handle-disconnect", G_CALLBACK (on_disconnect), service);
  g_signal_connect (service->skeleton, "handle-set-lockdown", G_CALLBACK (on_set_lockdown), service);
  adit_authorizer_set_asked (service->parts.authorizer, on_asked, service);
}
