/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-report-facts.c: what of this computer goes into a report. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <string.h>

#include "client/base/log.h"

static void
add_back_ends (AditReportMaterial *material, AditBusService *service)
{
  AditPlatform *platform = service->parts.platform;
  AditTunnel *tunnel = adit_session_get_tunnel (service->parts.session);
  AditDns *dns = adit_session_get_dns (service->parts.session);

  adit_report_material_add (material, ADIT_MATERIAL_BACK_ENDS, adit_firewall_get_name (platform->firewall));
  if (tunnel != NULL)
    adit_report_material_add (material, ADIT_MATERIAL_BACK_ENDS, adit_tunnel_get_name (tunnel));
  if (dns != NULL)
    adit_report_material_add (material, ADIT_MATERIAL_BACK_ENDS, adit_dns_get_name (dns));
}

/* What the owner has called their things, and the networks that this computer is in.  Not what others have: a report's owner
 * could guess names in the words of a problem, and see by what is taken out which ones there are. */
static void
add_names (AditReportMaterial *material, AditBusService *service, guint32 owner_uid)
{
  GPtrArray *accounts = adit_vault_get_accounts (service->parts.vault);
  GPtrArray *profiles = adit_profiles_get_all (service->parts.profiles);
  AditNetworkFacts here[ADIT_NETWORKS_MAX_HERE];
  guint n_here = adit_known_list_here (service->parts.known, here, ADIT_NETWORKS_MAX_HERE);

  for (guint i = 0; i < accounts->len; i++)
    {
      const AditAccount *account = accounts->pdata[i];

      if (owner_uid == 0 || account->owner_uid == owner_uid)
        adit_report_material_add (material, ADIT_MATERIAL_USERS, account->device_name);
    }
  for (guint i = 0; i < profiles->len; i++)
    {
      const AditProfile *profile = profiles->pdata[i];

      if (owner_uid == 0 || profile->owner_uid == owner_uid)
        adit_report_material_add (material, ADIT_MATERIAL_USERS, profile->facts.name);
    }
  for (guint i = 0; i < n_here; i++)
    {
      g_autofree char *name = g_strndup ((const char *) here[i].name, here[i].name_bytes);

      adit_report_material_add (material, ADIT_MATERIAL_NETWORKS, name);
    }
}

/* When a line was written says when somebody was connected, so that is left out. */
static void
add_log (AditReportMaterial *material, AditBusService *service, guint32 owner_uid, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const AditLogLine *line = lines->pdata[i];
      g_autofree char *text = g_strdup_printf ("%s %s: %s", adit_log_level_get_nick (line->level), line->topic, line->text);

      if (adit_service_may_read_line (service, line, owner_uid))
        adit_report_material_add (material, ADIT_MATERIAL_LOG, text);
    }
}

/**
 * adit_bus_service_gather:
 * @material: what is gathered for a report
 * @kind: whether that is of a crash or a problem
 * @owner_uid: whose it will be
 * @lines: (nullable): the log until then; %NULL: that of now
 * @service: the service
 *
 * Adds what the owner may know of this computer, and nothing of what is somebody else's.
 */
void
adit_bus_service_gather (AditReportMaterial *material, AditSpoolKind kind, guint32 owner_uid, GPtrArray *lines, gpointer service)
{
  /* Places that somebody likes, and where they are. */
  static const char *const left_out[] = { "favourites", "near", "version", "build_id", NULL };
  AditBusService *self = service;
  g_autoptr (GPtrArray) now = lines == NULL ? adit_log_ring_dup_lines (adit_log_keep (), 0) : NULL;

  add_back_ends (material, self);
  add_names (material, self, owner_uid);
  add_log (material, self, owner_uid, lines != NULL ? lines : now);
  if (kind == ADIT_SPOOL_PROBLEM && adit_service_may_see_all (self, owner_uid))
    {
      g_autoptr (GVariant) diagnostics = g_variant_ref_sink (adit_service_diagnostics (self));
      g_autoptr (GVariant) settings = g_variant_ref_sink (adit_service_settings (self));

      adit_report_material_add_dict (material, diagnostics, left_out);
      adit_report_material_add_dict (material, settings, left_out);
    }
}
