/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.c: one row a resolver, asked in this order.  Each is open to everybody, says that it keeps no log of who asks what,
 * and takes questions at ADIT_RESOLVER_PATH; the addresses ship with Adit, since nobody could be asked for them. */
#include "client/model/resolver.h"

static const AditService resolvers[] = {
  /* The unfiltered one: https://mullvad.net/en/help/dns-over-https-and-dns-over-tls */
  { ADIT_RESOLVER_ID, "Mullvad's resolver", "dns.mullvad.net", { "194.242.2.2:443" },
    FALSE, ADIT_SIGN_IN_NUMBER, NULL, FALSE, FALSE },
  /* It answers for names known to do harm that there are none: https://quad9.net/service/service-addresses-and-features */
  { ADIT_RESOLVER_ID, "Quad9", "dns.quad9.net", { "9.9.9.9:443", "149.112.112.112:443" },
    FALSE, ADIT_SIGN_IN_NUMBER, NULL, FALSE, FALSE },
};

/**
 * adit_resolver_at:
 * @position: a row, from 0
 *
 * Returns: (transfer none) (nullable): the resolver, in the form of a service whose API is its questions; %NULL past the last
 */
const AditService *
adit_resolver_at (guint position)
{
  return position < G_N_ELEMENTS (resolvers) ? &resolvers[position] : NULL;
}
