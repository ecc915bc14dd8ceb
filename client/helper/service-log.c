/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-log.c: who may read which of the helper's own last lines.  A line names nobody; but that there is one, and when, can
 * say what another person did. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include "client/base/log.h"

G_STATIC_ASSERT (ADIT_LOG_NOBODY == ADIT_NO_OWNER);

/* Of these topics a line from somebody's connection is about that connection; others may be about anybody's account. */
static const char *const of_connection[] = { "session", "tunnel", "route", "dns", "lock", "network", "exit", "sleep", NULL };

/* Who had something is somebody else still when it is gone: the lines from then are in the log. */
static gboolean
has_others (AditBusService *service, guint32 uid)
{
  GHashTableIter owners;
  gpointer owner;
  GPtrArray *accounts = adit_vault_get_accounts (service->parts.vault);
  GPtrArray *profiles = adit_profiles_get_all (service->parts.profiles);

  for (guint i = 0; i < accounts->len; i++)
    if (((AditAccount *) accounts->pdata[i])->owner_uid != uid)
      return TRUE;
  for (guint i = 0; i < profiles->len; i++)
    if (((AditProfile *) profiles->pdata[i])->owner_uid != uid)
      return TRUE;
  g_hash_table_iter_init (&owners, service->owners);
  while (g_hash_table_iter_next (&owners, &owner, NULL))
    if (GPOINTER_TO_UINT (owner) != uid)
      return TRUE;
  return FALSE;
}

/**
 * adit_service_may_read_line:
 * @service: the service
 * @line: of the helper's log
 * @uid: who wants to read it
 *
 * Returns: whether it is none of anybody else's business
 */
gboolean
adit_service_may_read_line (AditBusService *service, const AditLogLine *line, guint32 uid)
{
  gboolean is_shared = has_others (service, uid);

  if (uid == 0)
    return TRUE;
  if (is_shared)
    return line->owner_uid == uid && g_strv_contains (of_connection, line->topic);
  return line->owner_uid == uid || line->owner_uid == ADIT_NO_OWNER;
}

static void
work_get_log (AditCall *call)
{
  AditBusService *service = call->service;
  g_autoptr (GPtrArray) lines = NULL;
  GVariantBuilder rows;
  guint64 after = 0;

  g_variant_lookup (call->options, "after", "t", &after);
  lines = adit_log_ring_dup_lines (adit_log_keep (), after);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(txsss)"));
  for (guint i = 0; i < lines->len; i++)
    {
      const AditLogLine *line = lines->pdata[i];

      if (adit_service_may_read_line (service, line, call->uid))
        g_variant_builder_add (&rows, "(txsss)", line->number, line->time_us, adit_log_level_get_nick (line->level), line->topic,
                               line->text);
    }
  adit_dbus_adit1_complete_get_log (service->skeleton, call->invocation, g_variant_builder_end (&rows));
  adit_call_free (call);
}

static gboolean
on_get_log (AditDBusAdit1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, AditBusService *service)
{
  adit_call_authorise (adit_call_new (service, invocation, options, work_get_log), "GetLog", adit_call_get_status_owner);
  return TRUE;
}

/**
 * adit_service_connect_log_methods:
 * @service: the service
 *
 * Answers the method of this file.
 */
void
adit_service_connect_log_methods (AditBusService *service)
{
  g_signal_connect (service->skeleton, "handle-get-log", G_CALLBACK (on_get_log), service);
}
