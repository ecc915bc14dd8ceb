/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-report-server.c: the methods about where a person's reports go, and when. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/error.h"

static GVariant *
server_row (const AditReportPerson *person, const AditReportServer *server)
{
  AditConsent consent = adit_report_person_get_consent (person, server);
  g_autofree char *name = adit_report_server_dup_name (server);
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "host", g_variant_new_string (server->is_set ? server->dsn.host : ""));
  g_variant_builder_add (&row, "{sv}", "server", g_variant_new_string (name));
  g_variant_builder_add (&row, "{sv}", "set_by",
                         g_variant_new_string (server->is_own ? "person" : server->is_set ? "administrator" : ""));
  g_variant_builder_add (&row, "{sv}", "pinned", g_variant_new_boolean (server->is_set && server->pin[0] != '\0'));
  g_variant_builder_add (&row, "{sv}", "problem", g_variant_new_string (server->problem != NULL ? server->problem : ""));
  g_variant_builder_add (&row, "{sv}", "consent", g_variant_new_string (adit_consent_get_nick (consent)));
  return g_variant_builder_end (&row);
}

static void
work_get_report_server (AditCall *call)
{
  g_auto (AditReportServer) server = { 0 };
  AditReportPerson person;
  GError *error = NULL;

  if (!adit_reports_find_server (call->service->parts.reports, call->uid, &person, &server, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_get_report_server (call->service->skeleton, call->invocation, server_row (&person, &server));
  adit_call_free (call);
}

static gboolean
on_get_report_server (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_report_server), "GetReportServer", NULL);
  return TRUE;
}

static void
work_set_report_server (AditCall *call)
{
  const char *pin = g_variant_get_string (call->value, NULL);
  GError *error = NULL;

  if (!adit_reports_set_server (call->service->parts.reports, call->uid, call->text, pin, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_set_report_server (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_set_report_server (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *dsn, const char *pin,
                      GVariant *options, AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_report_server);

  call->text = g_strdup (dsn);
  call->value = g_variant_ref_sink (g_variant_new_string (pin));
  adit_call_authorise (call, "SetReportServer", NULL);
  return TRUE;
}

static void
work_set_report_consent (AditCall *call)
{
  GError *error = NULL;
  const char *shown = NULL;
  AditConsent consent;

  g_variant_lookup (call->options, "server", "&s", &shown);
  if (!adit_consent_from_nick (call->text, &consent))
    g_set_error (&error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "It is \"ask\", \"always\" or \"never\"");
  if (error != NULL || !adit_reports_set_consent (call->service->parts.reports, call->uid, consent, shown, &error))
    {
      adit_call_fail (call, error);
      return;
    }
  adit_dbus_adit1_complete_set_report_consent (call->service->skeleton, call->invocation);
  adit_call_free (call);
}

static gboolean
on_set_report_consent (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, const char *consent, GVariant *options,
                       AditBusService *service)
{
  AditCall *call = adit_call_new (service, invocation, options, work_set_report_consent);

  call->text = g_strdup (consent);
  adit_call_authorise (call, "SetReportConsent", NULL);
  return TRUE;
}

/**
 * adit_service_connect_report_server_methods:
 * @service: the service
 *
 * Answers the methods of this file.
 */
void
adit_service_connect_report_server_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-report-server", G_CALLBACK (on_get_report_server), service);
  g_signal_connect (service->skeleton, "handle-set-report-server", G_CALLBACK (on_set_report_server), service);
  g_signal_connect (service->skeleton, "handle-set-report-consent", G_CALLBACK (on_set_report_consent), service);
}
