/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-confirm.c: Confirm, and the way back where nobody has said it in time. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

static void
work_confirm (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;
  const AditWish *wish = adit_session_get_wish (parts->session);
  g_autoptr (GError) error = NULL;

  if (adit_confirm_get_left_s (parts->confirm) == 0)
    {
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Nothing waits for being confirmed"));
      return;
    }
  adit_confirm_end (parts->confirm);
  if (wish->connected && !adit_store_save_wish (parts->store, wish, &error))
    g_warning ("it does not count as where it was last: %s", error->message);
  adit_service_tell_subscribers (call->service);
  adit_dbus_adit1_complete_confirm (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_confirm (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_confirm), "Confirm", adit_call_get_status_owner);
  return TRUE;
}

/* As if whoever set the time had said it now.  Lockdown first, so that a disconnect opens what was open. */
static void
on_due (const AditBefore *before, gpointer user_data)
{
  AditBusService *service = user_data;
  AditServiceParts *parts = &service->parts;
  AditSettings settings = adit_service_get_settings (service);
  g_autoptr (GError) error = NULL;

  settings.lockdown = before->lockdown;
  g_message ("nobody has confirmed it in time; it is as before again");
  if (before->lockdown != adit_session_get_lockdown (parts->session) &&
      (!adit_store_save_settings (parts->store, &settings, &error) ||
       !adit_session_set_lockdown (parts->session, before->lockdown, &error)))
    {
      g_warning ("lockdown is not as before: %s", error->message);
      g_clear_error (&error);
    }
  if (!before->wish.connected && !adit_session_get_wish (parts->session)->connected)
    return;
  if (!adit_store_save_wish (parts->store, &before->wish, &error))
    {
      g_warning ("the next start will go the other way: %s", error->message);
      g_clear_error (&error);
    }
  if (!before->wish.connected)
    adit_session_disconnect (parts->session);
  else if (!adit_session_connect (parts->session, &before->wish, &error))
    g_warning ("the connection is not as before: %s", error->message);
}

/**
 * adit_service_connect_confirm_methods:
 * @service: the service
 *
 * Answers the method of this file, and hears the clock.
 */
void
adit_service_connect_confirm_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-confirm", G_CALLBACK (on_confirm), service);
  adit_confirm_watch (service->parts.confirm, on_due, service);
}
