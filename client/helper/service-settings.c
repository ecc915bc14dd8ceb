/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-settings.c: the settings of what may be reached beside the tunnel.  What a change comes down to, more or less than now,
 * decides what is asked; it is on disk before the session hears of it, and taken back where the lock refuses it. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

#define WIDER    "SetSetting:wider"
#define NARROWER "SetSetting:narrower"

static GVariant *
value_of (const AditReachSettings *settings, const char *name)
{
  g_auto (GStrv) texts = adit_settings_dup_texts (settings, name);

  if (g_str_equal (name, "multicast"))
    return g_variant_new_boolean (settings->multicast);
  return g_variant_new_strv ((const char *const *) texts, -1);
}

static void
work_get_settings (AditCall *call)
{
  AditSession *session = call->service->parts.session;
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&dict, "{sv}", "lockdown", g_variant_new_boolean (adit_session_get_lockdown (session)));
  for (const char *const *name = adit_settings_get_names (); *name != NULL; name++)
    g_variant_builder_add (&dict, "{sv}", *name, value_of (adit_session_get_reach (session), *name));
  adit_dbus_adit1_complete_get_settings (call->service->skeleton, call->invocation, g_variant_builder_end (&dict));
  adit_call_free (call);
}

static gboolean
on_get_settings (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_settings), "GetSettings",
                       adit_call_get_status_owner);
  return TRUE;
}

/* What is set now, with the one change that was asked for. */
static gboolean
read_change (AditCall *call, AditReachSettings *settings, GError **error)
{
  static const char *const on[] = { "on", NULL }, *const off[] = { "off", NULL };
  g_autofree const char **texts = NULL;

  *settings = *adit_session_get_reach (call->service->parts.session);
  if (g_variant_is_of_type (call->value, G_VARIANT_TYPE_BOOLEAN))
    return adit_settings_set_texts (settings, call->text, g_variant_get_boolean (call->value) ? on : off, error);
  if (g_variant_is_of_type (call->value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      texts = g_variant_get_strv (call->value, NULL);
      return adit_settings_set_texts (settings, call->text, texts, error);
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A setting is a boolean or a list of texts");
  return FALSE;
}

static const char *
name_change (AditCall *call, const AditReachSettings *settings)
{
  return adit_reach_settings_is_wider (settings, adit_session_get_reach (call->service->parts.session)) ? WIDER : NARROWER;
}

static void
work_set_setting (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  AditSettings before = { adit_session_get_lockdown (parts->session), *adit_session_get_reach (parts->session) };
  AditSettings settings = before;
  GError *error = NULL;

  if (!read_change (call, &settings.reach, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  /* Somebody else made it narrower while a password was typed: that yes was about less. */
  if (g_str_equal (call->name, NARROWER) && g_str_equal (name_change (call, &settings.reach), WIDER))
    {
      adit_call_authorise (call, WIDER, adit_call_get_status_owner);
      return;
    }
  if (!adit_store_save_settings (parts->store, &settings, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  if (!adit_session_set_reach (parts->session, &settings.reach, &error))
    {
      (void) adit_store_save_settings (parts->store, &before, NULL);
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_set_setting (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_set_setting (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *name, GVariant *value, GVariant *options,
                AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_setting);
  AditReachSettings settings;
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
