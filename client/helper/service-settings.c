/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-settings.c: the settings of what may be reached beside the tunnel, and of which server is taken.  What a change comes
 * down to, more or less than now, decides what is asked; it is on disk before the session hears of it, and taken back where the
 * lock refuses it. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

#define WIDER    "SetSetting:wider"
#define NARROWER "SetSetting:narrower"

/* Those that are on or off are so on the bus. */
static GVariant *
make_value (const char *name, char **texts)
{
  if (g_str_equal (name, "multicast") || g_str_equal (name, "with-ipv6"))
    return g_variant_new_boolean (g_str_equal (texts[0], "on"));
  return g_variant_new_strv ((const char *const *) texts, -1);
}

/**
 * adit_service_get_settings:
 * @service: the service
 *
 * Returns: what is set now
 */
AditSettings
adit_service_get_settings (AditBusService *service)
{
  AditSession *session = service->parts.session;

  return (AditSettings) { adit_session_get_lockdown (session), *adit_session_get_reach (session),
                          *service->parts.choice, adit_rotation_get_days (service->parts.rotation),
                          *service->parts.auto_connect };
}

/**
 * adit_service_settings:
 * @service: the service
 *
 * Returns: (transfer floating): what GetSettings answers
 */
GVariant *
adit_service_settings (AditBusService *service)
{
  AditSession *session = service->parts.session;
  AditRotation *rotation = service->parts.rotation;
  g_auto (GStrv) days = adit_settings_dup_key_days (adit_rotation_get_days (rotation));
  g_auto (GStrv) when = adit_auto_connect_dup_texts (*service->parts.auto_connect);
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "lockdown", g_variant_new_boolean (adit_session_get_lockdown (session)));
  for (const char *const *name = adit_settings_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = adit_settings_dup_texts (adit_session_get_reach (session), *name);

      g_variant_builder_add (&dict, "{sv}", *name, make_value (*name, texts));
    }
  for (const char *const *name = adit_choice_get_names (); *name != NULL; name++)
    {
      g_auto (GStrv) texts = adit_choice_dup_texts (service->parts.choice, *name);

      g_variant_builder_add (&dict, "{sv}", *name, make_value (*name, texts));
    }
  g_variant_builder_add (&dict, "{sv}", ADIT_KEY_DAYS_NAME, g_variant_new_strv ((const char *const *) days, -1));
  g_variant_builder_add (&dict, "{sv}", ADIT_AUTO_CONNECT_NAME, g_variant_new_strv ((const char *const *) when, -1));
  return g_variant_builder_end (&dict);
}

static void
work_get_settings (AditCall *call)
{
  adit_dbus_adit1_complete_get_settings (call->service->skeleton, call->invocation, adit_service_settings (call->service));
  adit_call_free (call);
}

static gboolean
on_get_settings (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_settings), "GetSettings",
                       adit_call_get_status_owner);
  return TRUE;
}

static gboolean
is_of_choice (const char *name)
{
  return g_strv_contains (adit_choice_get_names (), name);
}

static gboolean
set_texts (AditSettings *settings, const char *name, const char *const *texts, GError **error)
{
  if (g_str_equal (name, ADIT_KEY_DAYS_NAME))
    return adit_settings_set_key_days (&settings->key_days, texts, error);
  if (g_str_equal (name, ADIT_AUTO_CONNECT_NAME))
    return adit_auto_connect_set_texts (&settings->auto_connect, texts, error);
  return is_of_choice (name) ? adit_choice_set_texts (&settings->choice, name, texts, error)
                             : adit_settings_set_texts (&settings->reach, name, texts, error);
}

/* What is set now, with the one change that was asked for. */
static gboolean
read_change (AditCall *call, AditSettings *settings, GError **error)
{
  static const char *const on[] = { "on", NULL }, *const off[] = { "off", NULL };
  g_autofree const char **texts = NULL;

  *settings = adit_service_get_settings (call->service);
  if (g_variant_is_of_type (call->value, G_VARIANT_TYPE_BOOLEAN))
    return set_texts (settings, call->text, g_variant_get_boolean (call->value) ? on : off, error);
  if (g_variant_is_of_type (call->value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      texts = g_variant_get_strv (call->value, NULL);
      return set_texts (settings, call->text, texts, error);
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A setting is a boolean or a list of texts");
  return FALSE;
}

static const char *
name_change (AditCall *call, const AditSettings *settings)
{
  const AditReachSettings *now = adit_session_get_reach (call->service->parts.session);

  return adit_reach_settings_is_wider (&settings->reach, now) ? WIDER : NARROWER;
}

/* Whoever shows settings, and has not changed this one, asks for them anew. */
static void
done (AditCall *call)
{
  adit_service_tell_subscribers (call->service);
  adit_dbus_adit1_complete_set_setting (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

/* The tunnel is made anew, as locked as ever, and has them then. */
static void
connect_anew (AditCall *call)
{
  AditSession *session = call->service->parts.session;
  AditWish wish = *adit_session_get_wish (session);
  GError *error = NULL;

  if (adit_session_connect (session, &wish, &error))
    done (call);
  else
    adit_call_fail (call, error);
}

/* One that has come up meanwhile has them already: it was asked for with what is set. */
static gboolean
is_same_tunnel (AditCall *call)
{
  AditSession *session = call->service->parts.session;
  const AditWish *wish = adit_session_get_wish (session);

  return adit_session_get_state (session) == ADIT_STATE_CONNECTED && g_str_equal (wish->account, call->wish.account) &&
         wish->protocol == call->wish.protocol &&
         adit_place_equal (&adit_session_get_spec (session)->location.place, &call->wish.place);
}

static void
on_resolvers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  AditSession *session = call->service->parts.session;
  AditResolvers resolvers;
  GError *error = NULL;
  gboolean found = adit_source_ask_resolvers_finish (ADIT_SOURCE (source), result, &resolvers, &error);

  if (!is_same_tunnel (call))
    {
      g_clear_error (&error);
      done (call);
    }
  else if (!found)
    {
      g_message ("connecting anew for other resolvers: %s", error->message);
      g_clear_error (&error);
      connect_anew (call);
    }
  else if (adit_session_set_tunnel_resolvers (session, &resolvers, &error))
    done (call);
  else
    adit_call_fail (call, error);
}

/* What resolvers leave out is so at once, also where a tunnel is being made with others; which server is taken counts from the
 * next one. */
static void
follow_choice (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  const AditWish *wish = adit_session_get_wish (parts->session);
  AditAccount *account = adit_vault_find (parts->vault, wish->account);
  AditState state = adit_session_get_state (parts->session);

  if (!g_str_equal (call->text, "block") || account == NULL || account->service->makes_tunnels ||
      (state != ADIT_STATE_CONNECTED && state != ADIT_STATE_CONNECTING))
    done (call);
  else if (state == ADIT_STATE_CONNECTING)
    connect_anew (call);
  else
    {
      call->wish = *wish;
      call->wish.place = adit_session_get_spec (parts->session)->location.place;
      adit_source_ask_resolvers_async (parts->source, wish, adit_session_get_spec (parts->session), on_resolvers, call);
    }
}

/* Where it was last is kept from now on, or not any more. */
static void
follow_auto_connect (AditServiceParts *parts, AditAutoConnect when)
{
  g_autoptr (GError) error = NULL;

  *parts->auto_connect = when;
  if (!adit_store_save_wish (parts->store, adit_session_get_wish (parts->session), &error))
    g_warning ("it counts from the next connection on: %s", error->message);
}

static void
work_set_setting (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  AditSettings before = adit_service_get_settings (call->service), settings = before;
  GError *error = NULL;

  if (!read_change (call, &settings, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  /* Somebody else made it narrower while a password was typed: that yes was about less. */
  if (g_str_equal (call->name, NARROWER) && g_str_equal (name_change (call, &settings), WIDER))
    {
      adit_call_authorise (call, WIDER, adit_call_get_status_owner);
      return;
    }
  if (!adit_store_save_settings (parts->store, &settings, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  if (is_of_choice (call->text))
    {
      *parts->choice = settings.choice;
      follow_choice (call);
      return;
    }
  if (!adit_session_set_reach (parts->session, &settings.reach, &error))
    {
      (void) adit_store_save_settings (parts->store, &before, NULL);
      adit_call_fail (call, error);
      return;
    }
  adit_rotation_set_days (parts->rotation, settings.key_days);
  if (settings.auto_connect != before.auto_connect)
    follow_auto_connect (parts, settings.auto_connect);
  done (call);
}

static gboolean
on_set_setting (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *name, GVariant *value, GVariant *options,
                AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_setting);
  AditSettings settings;
  GError *error = NULL;

  call->text = g_strdup (name);
  call->value = g_variant_get_variant (value);
  if (read_change (call, &settings, &error))
    adit_call_authorise (call, name_change (call, &settings), adit_call_get_status_owner);
  else
    adit_call_fail (call, error);
  return TRUE;
}

/**
 * adit_service_connect_settings_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_settings_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-settings", G_CALLBACK (on_get_settings), service);
  g_signal_connect (service->skeleton, "handle-set-setting", G_CALLBACK (on_set_setting), service);
}
