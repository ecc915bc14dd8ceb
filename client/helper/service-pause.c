/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-pause.c: Pause and Resume, and the end of a pause by the clock.
 *
 * What is wanted stays on disk as it was.  The pause is a file beside it, under /run, with a moment of the clock that nobody can
 * set and that goes on in sleep: where that file is gone, as after a reboot, or cannot be read, there is no pause. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"
#include "client/helper/guard.h"

#define OPENS_LOCKDOWN "Pause:lockdown"

static guint32
find_owner (AditCall *call)
{
  return adit_service_find_owner (call->service, adit_session_get_wish (call->service->parts.session)->account);
}

static const char *
name_pause (AditBusService *service)
{
  return adit_session_get_lockdown (service->parts.session) ? OPENS_LOCKDOWN : "Pause";
}

static gboolean
can_pause (AditServiceParts *parts, guint32 seconds, GError **error)
{
  AditSession *session = parts->session;

  if (seconds < ADIT_PAUSE_MIN_S || seconds > ADIT_PAUSE_MAX_S)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "A pause lasts from %d to %d seconds", ADIT_PAUSE_MIN_S,
                 ADIT_PAUSE_MAX_S);
  else if (adit_confirm_get_left_s (parts->confirm) > 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "Something else waits for being confirmed");
  else if (adit_session_get_reason (session) == ADIT_REASON_SETTINGS_LOST)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "It is not known what would go on; connect or disconnect");
  else if (!adit_session_get_wish (session)->connected && !adit_session_get_lockdown (session))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Nothing is connected, so nothing can be paused");
  else
    return TRUE;
  return FALSE;
}

static void
work_pause (AditCall *call)
{
  AditBusService *service = call->service;
  AditServiceParts *parts = &service->parts;
  AditBefore before = { *adit_session_get_wish (parts->session), adit_session_get_lockdown (parts->session) };
  GError *error = NULL;

  /* Lockdown was turned on while a password was typed: that yes was about less. */
  if (before.lockdown && !g_str_equal (call->name, OPENS_LOCKDOWN))
    {
      adit_call_authorise (call, OPENS_LOCKDOWN, adit_call_get_status_owner);
      return;
    }
  /* First until when: a helper that dies in between comes back to the pause or to what was wanted, and not to neither. */
  if (!can_pause (parts, call->seconds, &error) || !adit_confirm_begin (parts->pause, &before, call->seconds, &error) ||
      !adit_session_pause (parts->session, &error))
    {
      if (!adit_session_is_paused (parts->session))
        adit_confirm_end (parts->pause);
      adit_call_fail (call, error);
      return;
    }
  g_message ("paused for %u s", call->seconds);
  adit_service_tell_subscribers (service);    /* of one that is made longer nothing else is changed */
  g_ptr_array_add (service->disconnecting, call->invocation);    /* both answer nothing */
  adit_call_free (call);
  adit_service_answer_disconnects (service);
}

static gboolean
on_pause (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, guint seconds, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_pause);

  call->seconds = seconds;
  adit_call_authorise (call, name_pause (service), adit_session_get_lockdown (service->parts.session)
                                                   ? adit_call_get_status_owner : find_owner);
  return TRUE;
}

static void
work_resume (AditCall *call)
{
  AditServiceParts *parts = &call->service->parts;

  if (!adit_session_is_paused (parts->session))
    {
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Nothing is paused"));
      return;
    }
  adit_confirm_end (parts->pause);
  adit_session_resume (parts->session);
  adit_known_end_delay (parts->known, FALSE);
  adit_dbus_adit1_complete_resume (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_resume (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_resume);
  GError *error = NULL;

  if (adit_guard_read_options (call, &error) && (call->keeps || call->confirm_s > 0))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "Connect says how you stay in; this does not");
  if (error == NULL)
    adit_call_authorise (call, "Resume", find_owner);
  else
    adit_call_fail (call, error);
  return TRUE;
}

static void
on_due (const AditBefore *before, gpointer user_data)
{
  AditBusService *service = user_data;

  g_message ("the pause is over");
  adit_session_resume (service->parts.session);
  adit_known_end_delay (service->parts.known, FALSE);
}

/**
 * adit_service_follow_pause:
 * @service: the service
 *
 * The session has changed: a pause that another wish has ended is forgotten.
 */
void
adit_service_follow_pause (AditBusService *service)
{
  AditServiceParts *parts = &service->parts;

  if (adit_session_is_paused (parts->session) || adit_confirm_get_left_s (parts->pause) == 0)
    return;
  adit_confirm_end (parts->pause);
  adit_known_end_delay (parts->known, TRUE);
}

/**
 * adit_service_connect_pause_methods:
 * @service: the service
 *
 * Answers the methods of this file, and hears the clock.
 */
void
adit_service_connect_pause_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-pause", G_CALLBACK (on_pause), service);
  g_signal_connect (service->skeleton, "handle-resume", G_CALLBACK (on_resume), service);
  adit_confirm_watch (service->parts.pause, on_due, service);
}
