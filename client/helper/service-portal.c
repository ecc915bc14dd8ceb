/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-portal.c: OpenPortal and ClosePortal. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>

#include "client/base/error.h"

/**
 * adit_service_answer_portal:
 * @service: the service
 *
 * Answers who has opened the hole once it can be used, or once it is gone again.
 */
void
adit_service_answer_portal (AditBusService *service)
{
  AditCall *call = service->opening;

  if (call == NULL)
    return;
  if (!adit_portal_is_open (service->parts.portal))
    {
      service->opening = NULL;
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_BUSY,
                                         "The network's page was shut again before it could be shown"));
    }
  else if (adit_session_is_portal_free (service->parts.session))
    {
      service->opening = NULL;
      adit_dbus_adit1_complete_open_portal (service->skeleton, call->invocation, NULL, call->text, call->seconds);
      adit_call_free (call);
    }
}

static void
work_open_portal (AditCall *call)
{
  AditBusService *service = call->service;
  GError *error = NULL;
  AditAddress gateway;

  adit_service_answer_portal (service);    /* whose hole is gone already */
  if (!adit_portal_open (service->parts.portal, call->fd, call->uid, &gateway, &call->seconds, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  call->text = adit_address_dup_text (&gateway);
  service->opening = call;    /* nobody else's: there is one hole */
  adit_service_answer_portal (service);
}

static gboolean
on_open_portal (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *process,
                GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_open_portal);
  gint32 handle = g_variant_get_handle (process);
  GError *error = NULL;

  if (fds != NULL && handle >= 0 && handle < g_unix_fd_list_get_length (fds))
    call->fd = g_unix_fd_list_get (fds, handle, &error);
  if (call->fd < 0)
    {
      g_clear_error (&error);
      adit_call_fail (call, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "No process was named"));
      return TRUE;
    }
  adit_call_authorise (call, "OpenPortal", adit_call_get_status_owner);
  return TRUE;
}

static void
work_close_portal (AditCall *call)
{
  adit_portal_close (call->service->parts.portal);
  adit_service_answer_portal (call->service);
  adit_dbus_adit1_complete_close_portal (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_close_portal (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_close_portal), "ClosePortal",
                       adit_call_get_status_owner);
  return TRUE;
}

static void
on_portal_changed (gpointer user_data)
{
  adit_service_answer_portal (user_data);
  adit_service_tell_subscribers (user_data);
}

/**
 * adit_service_connect_portal_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_portal_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-open-portal", G_CALLBACK (on_open_portal), service);
  g_signal_connect (service->skeleton, "handle-close-portal", G_CALLBACK (on_close_portal), service);
  adit_portal_watch (service->parts.portal, on_portal_changed, service);
}
