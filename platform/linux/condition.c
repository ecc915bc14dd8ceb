/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition.c: by the kernel's list of addresses, and by who owns a name on the bus. */
#include "platform/condition.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "client/base/file.h"
#include "platform/linux/bus-call.h"
#include "platform/linux/marks.h"
#include "platform/linux/networkmanager-client.h"
#include "platform/linux/resolved-client.h"

#define MANAGER_FOLDER "/run/NetworkManager"
#define RESOLV_CONF    "/etc/resolv.conf"

/* A bridge for guests is up without anybody behind it. */
static gboolean
is_cable (const struct ifaddrs *address)
{
  static const char *const others[] = { ADIT_TUNNEL_DEVICE, "docker", "virbr", "tailscale" };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_prefix (address->ifa_name, others[i]))
      return FALSE;
  return (address->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) == 0 && (address->ifa_flags & IFF_UP) != 0 &&
         (address->ifa_flags & IFF_RUNNING) != 0;
}

static gboolean
reaches_further (const struct sockaddr *address)
{
  if (address == NULL)
    return FALSE;
  if (address->sa_family == AF_INET)    /* 169.254.0.0/16, RFC 3927: given by nobody */
    return (ntohl (((const struct sockaddr_in *) (const void *) address)->sin_addr.s_addr) >> 16) != 0xa9fe;
  return address->sa_family == AF_INET6 &&
         !IN6_IS_ADDR_LINKLOCAL (&((const struct sockaddr_in6 *) (const void *) address)->sin6_addr);
}

/**
 * adit_condition_read:
 * @bus: (nullable): the system bus
 * @condition: (out caller-allocates): how it is now
 */
void
adit_condition_read (GDBusConnection *bus, AditCondition *condition)
{
  struct ifaddrs *addresses = NULL;

  *condition = (AditCondition) { 0 };
  if (getifaddrs (&addresses) == 0)
    {
      for (const struct ifaddrs *address = addresses; address != NULL; address = address->ifa_next)
        if (is_cable (address))
          {
            condition->has_link = TRUE;
            condition->has_address |= reaches_further (address->ifa_addr);
          }
      freeifaddrs (addresses);
    }
  if (bus == NULL)
    return;
  condition->is_manager_missing = adit_file_exists (MANAGER_FOLDER) && !adit_bus_has_name (bus, ADIT_NETWORKMANAGER_NAME, FALSE);
  condition->is_resolver_missing = adit_resolved_rules_file (RESOLV_CONF) && !adit_resolved_is_there (bus, FALSE);
}
