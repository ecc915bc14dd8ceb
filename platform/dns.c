/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns.c: the interface behind which each DNS manager is one file. */
#include "platform/dns.h"

#include "client/base/fault.h"

G_DEFINE_INTERFACE (AditDns, adit_dns, G_TYPE_OBJECT)

static guint disturbed_signal;

static void
adit_dns_default_init (AditDnsInterface *iface)
{
  /**
   * AditDns::disturbed:
   * @self: an applied back end
   * @put_back: whether our servers are the ones that are asked again
   *
   * Another program changed what adit_dns_apply() had set.
   */
  disturbed_signal = g_signal_new ("disturbed", ADIT_TYPE_DNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_BOOLEAN);
}

/**
 * adit_dns_get_name:
 * @self: a back end
 *
 * Returns: (transfer none): the word that diagnostics show for it
 */
const char *
adit_dns_get_name (AditDns *self)
{
  g_return_val_if_fail (ADIT_IS_DNS (self), NULL);

  return ADIT_DNS_GET_IFACE (self)->get_name (self);
}

/**
 * adit_dns_probe:
 * @self: a back end
 * @error: return location; %ADIT_ERROR_DNS_FAILED says why it is not this one
 *
 * Whether this manager decides now whom the computer's programs ask.
 *
 * Returns: %TRUE if adit_dns_apply() can be expected to work
 */
gboolean
adit_dns_probe (AditDns *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_DNS (self), FALSE);

  return ADIT_DNS_GET_IFACE (self)->probe (self, error);
}

/**
 * adit_dns_apply:
 * @self: a back end
 * @servers: (array length=n_servers): the only resolvers to ask, best first
 * @n_servers: 1 to %ADIT_TUNNEL_MAX_DNS
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Makes @servers the only resolvers of this computer and keeps it so until adit_dns_revert().  Idempotent.  The tunnel device
 * must exist.
 *
 * Returns: %TRUE when the manager has confirmed it
 */
gboolean
adit_dns_apply (AditDns *self, const AditAddress *servers, guint n_servers, GError **error)
{
  g_return_val_if_fail (ADIT_IS_DNS (self), FALSE);
  g_return_val_if_fail (servers != NULL && n_servers > 0 && n_servers <= ADIT_TUNNEL_MAX_DNS, FALSE);

  return ADIT_BETWEEN_FAULTS ("dns", ADIT_DNS_GET_IFACE (self)->apply (self, servers, n_servers, error));
}

/**
 * adit_dns_revert:
 * @self: a back end
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Gives back what was there before adit_dns_apply(), whether this process or an earlier one did it.  Doing it twice, or without
 * anything to give back, succeeds.
 *
 * Returns: %TRUE if nothing of ours is left
 */
gboolean
adit_dns_revert (AditDns *self, GError **error)
{
  g_return_val_if_fail (ADIT_IS_DNS (self), FALSE);

  return ADIT_BETWEEN_FAULTS ("dns-back", ADIT_DNS_GET_IFACE (self)->revert (self, error));
}

/**
 * adit_dns_emit_disturbed:
 * @self: a back end
 * @put_back: whether our servers are in force again
 *
 * For back ends: emits #AditDns::disturbed.
 */
void
adit_dns_emit_disturbed (AditDns *self, gboolean put_back)
{
  g_return_if_fail (ADIT_IS_DNS (self));

  g_signal_emit (self, disturbed_signal, 0, put_back);
}
