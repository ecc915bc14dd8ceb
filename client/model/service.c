/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service.c: one row a service.  Its adapter in client/provider has the same id. */
#include "client/model/service.h"

#define MINUTE_S 60
#define HOUR_S   3600
#define DAY_S    86400

static const AditService services[] = {
  /* The address that the service's own client ships with; its name is looked up where nobody answers there. */
  { .id = "mullvad", .name = "Mullvad", .api_host = "api.mullvad.net", .api_endpoints = { "45.83.223.196:443" },
    .tells_api = TRUE, .sign_in = ADIT_SIGN_IN_NUMBER,
    /* As its own client has it: 30 days, tried again once a day, used after four minutes. */
    .keys = { .days = 30, .max_days = 30, .first_s = MINUTE_S, .retry_s = DAY_S, .retry_max_s = DAY_S, .spreads_s = 4 * MINUTE_S,
              .is_told = TRUE } },
  /* The alternative addresses of the list that comes with its own client, in that order. */
  { .id = "ivpn", .name = "IVPN", .api_host = "api.ivpn.net",
    .api_endpoints = { "198.50.177.220:443", "149.56.162.156:443", "198.50.177.222:443", "149.56.162.159:443",
                       "198.50.177.223:443" },
    .tells_api = TRUE, .trusts_system = TRUE, .sign_in = ADIT_SIGN_IN_NUMBER,
    /* As its own client has it: a day, up to 30; five minutes longer after each failure; three days of grace. */
    .keys = { .days = 1, .max_days = 30, .grace_days = 3, .first_s = 1, .retry_s = 5 * MINUTE_S, .retry_max_s = HOUR_S,
              .drops_old = TRUE, .is_first = TRUE } },
  /* No address of its website is known for good: its name is looked up. */
  { .id = "ovpn", .name = "OVPN", .api_host = "www.ovpn.com", .trusts_system = TRUE, .sign_in = ADIT_SIGN_IN_LOGIN,
    .enters_by_udp_alone = TRUE,
    /* Its own client has 14 days, up to 28, and changes keys only while disconnected.  Assumed: when it tries again; the service
     * refuses whoever comes more often than about once a minute. */
    .keys = { .days = 14, .max_days = 28, .first_s = 1, .retry_s = HOUR_S, .retry_max_s = DAY_S, .is_only_idle = TRUE,
              .is_first = TRUE } },
  /* Nobody has said at which addresses it stays, so its name is looked up; the servers are drawn by the service.  No key is
   * registered: it goes along with each tunnel. */
  { .id = "mysterium", .name = "Mysterium VPN", .api_host = "api.mysteriumvpn.com", .trusts_system = TRUE,
    .sign_in = ADIT_SIGN_IN_BROWSER, .sign_in_at = "https://app.mysteriumvpn.com/", .makes_tunnels = TRUE },
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

/**
 * adit_service_may_tell_api:
 * @endpoint: where a service says that its API is
 *
 * The lock opens there to workers' own connections, so it is never somebody's home network, and never what is no web server.
 *
 * Returns: whether it is a public address, on HTTPS's port
 */
gboolean
adit_service_may_tell_api (const AditEndpoint *endpoint)
{
  return endpoint->port == ADIT_SERVICE_API_PORT && adit_address_is_public (&endpoint->address);
}
