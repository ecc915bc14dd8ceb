/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.c: one row a service.  Its adapter in client/provider has the same id. */
#include "client/model/service.h"

static const AditService services[] = {
  /* The address that the service's own client ships with; the name is never looked up. */
  { "mullvad", "Mullvad", "api.mullvad.net", { "45.83.223.196:443" }, FALSE, ADIT_SIGN_IN_NUMBER, NULL, FALSE, FALSE },
  /* The alternative addresses of the list that comes with its own client, in that order. */
  { "ivpn", "IVPN", "api.ivpn.net", { "198.50.177.220:443", "149.56.162.156:443", "198.50.177.222:443", "149.56.162.159:443",
                                      "198.50.177.223:443" }, TRUE, ADIT_SIGN_IN_NUMBER, NULL, FALSE, FALSE },
  /* No address of its website is known for good: its name is looked up. */
  { "ovpn", "OVPN", "www.ovpn.com", { NULL }, TRUE, ADIT_SIGN_IN_LOGIN, NULL, TRUE, FALSE },
  /* Nobody has said at which addresses it stays, so its name is looked up; the servers are drawn by the service. */
  { "mysterium", "Mysterium VPN", "api.mysteriumvpn.com", { NULL }, TRUE, ADIT_SIGN_IN_BROWSER,
    "https://app.mysteriumvpn.com/", FALSE, TRUE },
};

/**
 * adit_service_find:
 * @id: (nullable): a service's id
 *
 * Returns: (transfer none) (nullable): its row
 */
const AditService *
adit_service_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (g_strcmp0 (services[i].id, id) == 0)
      return &services[i];
  return NULL;
}

/**
 * adit_service_at:
 * @position: a row, from 0
 *
 * Returns: (transfer none) (nullable): the service, %NULL past the last
 */
const AditService *
adit_service_at (guint position)
{
  return position < G_N_ELEMENTS (services) ? &services[position] : NULL;
}
