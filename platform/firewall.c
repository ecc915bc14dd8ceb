/* SPDX-License-Identifier: GPL-2.0-or-later */
/* firewall.c: the lock's type, its dispatch and its one signal. */
#include "platform/firewall.h"

#include "client/base/fault.h"

G_DEFINE_INTERFACE (AditFirewall, adit_firewall, G_TYPE_OBJECT)

enum { SIGNAL_DISTURBED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
adit_firewall_default_init (AditFirewallInterface *iface)
{
  /**
   * AditFirewall::disturbed:
   * @self: a firewall with a lock in force
   * @put_back: whether our rules are whole again; if not, traffic may be leaving
   * @gap_us: microseconds from when we heard of it until they were whole again, as far as can be known
   * @by: the program and its process id, as "nft[123]", or ""
   *
   * Another program changed or removed rules of ours.
   */
  signals[SIGNAL_DISTURBED] = g_signal_new ("disturbed", ADIT_TYPE_FIREWALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                            3, G_TYPE_BOOLEAN, G_TYPE_INT64, G_TYPE_STRING);
}

/**
 * adit_firewall_get_name:
 * @self: a firewall
 *
 * Returns: (transfer none): its name in diagnostics
 */
const char *
adit_firewall_get_name (AditFirewall *self)
{
  g_return_val_if_fail (ADIT_IS_FIREWALL (self), NULL);
  return ADIT_FIREWALL_GET_IFACE (self)->get_name (self);
}

/**
 * adit_firewall_probe:
 * @self: a firewall
 * @error: return location; %ADIT_ERROR_LOCK_FAILED says which part the kernel lacks
 *
 * Tries for real whether every kind of rule that a lock needs is taken.  Leaves nothing behind.
 *
 * Returns: whether a lock can be set on this computer
 */
gboolean
adit_firewall_probe (AditFirewall *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_FIREWALL (self), FALSE);
  return ADIT_FIREWALL_GET_IFACE (self)->probe (self, error);
}

/**
 * adit_firewall_apply:
 * @self: a firewall
 * @policy: the whole wanted lock; copied
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Replaces whatever rules of ours exist, in one transaction, and reads them back.  When it fails the rules of before are still
 * there, if there were any; the caller has to treat it as a possible leak.
 *
 * Returns: whether exactly this lock is in force
 */
gboolean
adit_firewall_apply (AditFirewall *self, const AditLockPolicy *policy, GError **error)
{
  g_return_val_if_fail (ADIT_IS_FIREWALL (self), FALSE);
  g_return_val_if_fail (policy != NULL, FALSE);
  return ADIT_BETWEEN_FAULTS ("lock", ADIT_FIREWALL_GET_IFACE (self)->apply (self, policy, error));
}

/**
 * adit_firewall_is_present:
 * @self: a firewall
 *
 * Returns: whether rules of ours exist, whoever put them there; also when that could not be found out
 */
gboolean
adit_firewall_is_present (AditFirewall *self)
{
  g_return_val_if_fail (ADIT_IS_FIREWALL (self), TRUE);
  return ADIT_FIREWALL_GET_IFACE (self)->is_present (self);
}

/**
 * adit_firewall_open_portal:
 * @self: a firewall whose lock has room for a portal (#AditReach)
 * @hole: what may be reached, and by the program in the control group ADIT_PORTAL_GROUP alone
 * @seconds: after which the kernel shuts it, whatever becomes of this program; at most ADIT_PORTAL_MAX_S
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Whatever makes the lock anew shuts it too.
 *
 * Returns: whether it is open
 */
gboolean
adit_firewall_open_portal (AditFirewall *self, const AditPortalHole *hole, guint seconds, GError **error)
{
  g_return_val_if_fail (ADIT_IS_FIREWALL (self), FALSE);
  g_return_val_if_fail (seconds > 0 && seconds <= ADIT_PORTAL_MAX_S, FALSE);
  return ADIT_FIREWALL_GET_IFACE (self)->open_portal (self, hole, seconds, error);
}

/**
 * adit_firewall_emit_disturbed:
 * @self: a firewall
 * @put_back: whether the rules are whole again
 * @gap_us: how long they were not
 * @by: who did it, or ""
 *
 * For back ends.
 */
void
adit_firewall_emit_disturbed (AditFirewall *self, gboolean put_back, gint64 gap_us, const char *by)
{
  g_return_if_fail (ADIT_IS_FIREWALL (self));
  g_signal_emit (self, signals[SIGNAL_DISTURBED], 0, put_back, gap_us, by);
}
