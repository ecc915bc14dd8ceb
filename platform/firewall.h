/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.h: the lock.  There is no "none": where no back end works nothing connects. */
#pragma once

#include <gio/gio.h>
#include "client/model/lock-policy.h"
#include "client/model/portal-hole.h"

G_BEGIN_DECLS

#define ADIT_TYPE_FIREWALL (adit_firewall_get_type ())
G_DECLARE_INTERFACE (AditFirewall, adit_firewall, ADIT, FIREWALL, GObject)

/* Signal "disturbed" (gboolean put_back, gint64 gap_us, const char *by): another program changed our rules; @put_back says
 * whether they are whole again, @gap_us how long they were not as far as can be known, @by who ("nft[123]") or "". */
struct _AditFirewallInterface
{
  GTypeInterface parent;

  const char *(*get_name) (AditFirewall *self);    /* "nftables": shown in diagnostics */
  gboolean    (*probe)    (AditFirewall *self, GError **error);
  /* The whole wanted lock, in one transaction, read back; idempotent.  ADIT_LOCK_OFF removes every rule of ours. */
  gboolean    (*apply)    (AditFirewall *self, const AditLockPolicy *policy, GError **error);
  /* Whether rules of ours exist now, whoever put them there (an earlier helper, the early unit). */
  gboolean    (*is_present) (AditFirewall *self);
  /* In a lock that has room for it: exactly @hole, for the control group ADIT_PORTAL_GROUP, until the kernel itself shuts it. */
  gboolean    (*open_portal) (AditFirewall *self, const AditPortalHole *hole, guint seconds, GError **error);
};

const char *adit_firewall_get_name   (AditFirewall *self);
gboolean    adit_firewall_probe      (AditFirewall *self, GError **error);
gboolean    adit_firewall_apply      (AditFirewall *self, const AditLockPolicy *policy, GError **error);
gboolean    adit_firewall_is_present (AditFirewall *self);
gboolean    adit_firewall_open_portal (AditFirewall *self, const AditPortalHole *hole, guint seconds, GError **error);
void        adit_firewall_emit_disturbed (AditFirewall *self, gboolean put_back, gint64 gap_us, const char *by);

G_END_DECLS
