/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-network.c: the options of an OpenVPN file that say where to go, and what is inside. */
#include "config.h"
#include "client/worker/ovpn-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NO_HOST N_("This is neither an address nor a host's name.")

/* In a client's file "tcp" is "tcp-client". */
static const struct { const char *word; AditOpenvpnTransport transport; AditFamily family; } protocols[] = {
  { "udp", ADIT_OPENVPN_UDP, ADIT_FAMILY_NONE }, { "udp4", ADIT_OPENVPN_UDP, ADIT_FAMILY_IPV4 },
  { "udp6", ADIT_OPENVPN_UDP, ADIT_FAMILY_IPV6 },
  { "tcp", ADIT_OPENVPN_TCP, ADIT_FAMILY_NONE }, { "tcp-client", ADIT_OPENVPN_TCP, ADIT_FAMILY_NONE },
  { "tcp4", ADIT_OPENVPN_TCP, ADIT_FAMILY_IPV4 }, { "tcp4-client", ADIT_OPENVPN_TCP, ADIT_FAMILY_IPV4 },
  { "tcp6", ADIT_OPENVPN_TCP, ADIT_FAMILY_IPV6 }, { "tcp6-client", ADIT_OPENVPN_TCP, ADIT_FAMILY_IPV6 },
};

static gboolean
parse_protocol (AditOvpnReader *self, const char *word, guint8 *transport, guint8 *family)
{
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (strcmp (protocols[i].word, word) == 0)
      {
        *transport = (guint8) protocols[i].transport;
        *family = (guint8) protocols[i].family;
        return TRUE;
      }
  adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("A client speaks udp or tcp."));
  return FALSE;
}

static gboolean
parse_port (AditOvpnReader *self, const char *word, guint16 *port)
{
  guint64 value;

  if (!adit_ovpn_parse_number (word, G_MAXUINT16, &value) || value == 0)
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("A port is a number from 1 to 65535."));
      return FALSE;
    }
  *port = (guint16) value;
  return TRUE;
}

static gboolean
parse_host (AditOvpnReader *self, const char *word, AditHost *host)
{
  if (!adit_host_set (host, word, 0))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NO_HOST);
  else if (!adit_host_is_elsewhere (host))
    adit_ovpn_refuse (self, ADIT_IMPORT_DANGEROUS, N_("This is an address of this computer itself, or of nobody alone."));
  else
    return TRUE;
  return FALSE;
}

/* remote HOST [PORT [PROTOCOL]] */
void
adit_ovpn_take_remote (AditOvpnReader *self, const char *const *args, guint n_args)
{
  AditOpenvpnProfile *profile = self->profile;
  AditOpenvpnRemote remote = { 0 };

  if (!parse_host (self, args[0], &remote.host) || (n_args > 1 && !parse_port (self, args[1], &remote.host.port)) ||
      (n_args > 2 && !parse_protocol (self, args[2], &remote.transport, &remote.family)))
    return;
  if (self->in_connection)
    {
      if (self->connection.host.name[0] != '\0' || self->connection.host.address.family != ADIT_FAMILY_NONE)
        adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There are two servers in one <connection>."));
      else if ((remote.host.port != 0 && self->connection.host.port != 0 && remote.host.port != self->connection.host.port) ||
               (remote.transport != 0 && self->connection.transport != 0 &&
                (remote.transport != self->connection.transport || remote.family != self->connection.family)))
        adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This <connection> says two things about its server."));
      else
        {
          self->connection.host.address = remote.host.address;
          memcpy (self->connection.host.name, remote.host.name, sizeof remote.host.name);
          if (remote.host.port != 0)
            self->connection.host.port = remote.host.port;
          if (remote.transport != 0)
            {
              self->connection.transport = remote.transport;
              self->connection.family = remote.family;
            }
        }
      return;
    }
  self->had_remote = TRUE;
  if (profile->n_remotes == ADIT_OPENVPN_MAX_REMOTES)
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit takes the first 64 servers of a file."));
  else
    profile->remotes[profile->n_remotes++] = remote;
}

void
adit_ovpn_take_random (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->profile->remote_random = TRUE;
}

void
adit_ovpn_take_proto (AditOvpnReader *self, const char *const *args, guint n_args)
{
  guint8 transport, family;

  if (!parse_protocol (self, args[0], &transport, &family))
    return;
  if (!self->in_connection)
    {
      self->transport = transport;
      self->family = family;
    }
  else if (self->connection.transport != 0 && (self->connection.transport != transport || self->connection.family != family))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This <connection> says two things about its server."));
  else
    {
      self->connection.transport = transport;
      self->connection.family = family;
    }
}

void
adit_ovpn_take_port (AditOvpnReader *self, const char *const *args, guint n_args)
{
  guint16 port;

  if (!parse_port (self, args[0], &port))
    return;
  if (!self->in_connection)
    self->port = port;
  else if (self->connection.host.port != 0 && self->connection.host.port != port)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This <connection> says two things about its server."));
  else
    self->connection.host.port = port;
}

/* The name of the device is ours; its kind is in the name, unless dev-type says it. */
void
adit_ovpn_take_dev (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (g_str_has_prefix (args[0], "tap") || strcmp (args[0], "null") == 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit makes tunnels for IP (dev tun), not for Ethernet (dev tap)."));
  else
    self->has_odd_device = !g_str_has_prefix (args[0], "tun");
}

void
adit_ovpn_take_dev_type (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "tun") != 0)
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit makes tunnels for IP (dev tun), not for Ethernet (dev tap)."));
  self->has_type = TRUE;
}

static gboolean
begin_proxy (AditOvpnReader *self, AditOpenvpnProxy kind, const char *host, const char *port)
{
  AditOpenvpnProfile *profile = self->profile;
  AditHost proxy;

  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There are two proxies."));
  else if (!adit_host_set (&proxy, host, 0))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NO_HOST);
  else if (!adit_host_is_elsewhere (&proxy))
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("A proxy on this computer would be locked in, too."));
  else if (parse_port (self, port, &proxy.port))
    {
      profile->proxy = (guint8) kind;
      profile->proxy_host = proxy;
      self->proxy_option = self->option;
      self->proxy_line = self->line;
      return TRUE;
    }
  return FALSE;
}

/* http-proxy HOST PORT [FILE|stdin|auto|auto-nct [METHOD]] */
void
adit_ovpn_take_http_proxy (AditOvpnReader *self, const char *const *args, guint n_args)
{
  const char *source = n_args > 2 ? args[2] : NULL, *method = n_args > 3 ? args[3] : "basic";

  if (!begin_proxy (self, ADIT_OPENVPN_HTTP_PROXY, args[0], args[1]) || source == NULL || strcmp (method, "none") == 0)
    return;
  if (strcmp (method, "basic") != 0 || strcmp (source, "auto-nct") == 0)
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit signs in at a proxy with \"basic\" alone."));
      return;
    }
  self->profile->proxy_credentials_needed = TRUE;
  if (strcmp (source, "auto") != 0)
    adit_ovpn_take_proxy_file (self, source);
}

/* socks-proxy HOST [PORT [FILE|stdin]] */
void
adit_ovpn_take_socks_proxy (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (!begin_proxy (self, ADIT_OPENVPN_SOCKS_PROXY, args[0], n_args > 1 ? args[1] : "1080") || n_args < 3)
    return;
  self->profile->proxy_credentials_needed = TRUE;
  adit_ovpn_take_proxy_file (self, args[2]);
}

static void
add_dns (AditOvpnReader *self, const char *text)
{
  AditOpenvpnProfile *profile = self->profile;
  AditHost host;

  if (!adit_host_set (&host, text, 0) || host.name[0] != '\0' || !adit_host_is_elsewhere (&host))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("A resolver is an address of another computer."));
  else if (profile->n_dns == ADIT_OPENVPN_MAX_DNS)
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit takes the first four resolvers of a file."));
  else
    profile->dns[profile->n_dns++] = host.address;
}

static void
add_search (AditOvpnReader *self, const char *text)
{
  AditOpenvpnProfile *profile = self->profile;

  if (!adit_host_name_is_valid (text))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("A domain is a host's name."));
  else if (profile->n_search == ADIT_OPENVPN_MAX_SEARCH)
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit takes the first eight domains of a file."));
  else
    {
      if (profile->n_search == 0)
        adit_ovpn_note (self, ADIT_IMPORT_OWN,
                        N_("Adit appends no domain to a name that is asked for; write names out in full."));
      g_strlcpy (profile->search[profile->n_search++], text, ADIT_HOST_NAME_MAX_BYTES);
    }
}

void
adit_ovpn_take_dhcp_option (AditOvpnReader *self, const char *const *args, guint n_args)
{
  static const char *const domains[] = { "DOMAIN", "DOMAIN-SEARCH", "ADAPTER_DOMAIN_SUFFIX", NULL };

  if (strcmp (args[0], "DNS") == 0 || strcmp (args[0], "DNS6") == 0 || g_strv_contains (domains, args[0]))
    {
      if (n_args != 2)
        adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
      else if (args[0][1] == 'N')
        add_dns (self, args[1]);
      else
        add_search (self, args[1]);
    }
  else
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit takes resolvers and domains, and nothing else, from a file."));
}

/* dns search-domains DOMAIN...; dns server N address ADDRESS... */
void
adit_ovpn_take_dns (AditOvpnReader *self, const char *const *args, guint n_args)
{
  guint64 priority;

  if (strcmp (args[0], "search-domains") == 0)
    for (guint i = 1; i < n_args; i++)
      add_search (self, args[i]);
  else if (strcmp (args[0], "server") != 0 || n_args < 4 || !adit_ovpn_parse_number (args[1], 127, &priority))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
  else if (strcmp (args[2], "address") == 0)
    for (guint i = 3; i < n_args; i++)
      add_dns (self, args[i]);
  else
    adit_ovpn_note (self, ADIT_IMPORT_UNSUPPORTED, N_("Adit asks a file's resolvers for all names."));
}

void
adit_ovpn_take_route (AditOvpnReader *self, const char *const *args, guint n_args)
{
  for (guint i = 1; i < n_args; i++)
    if (strcmp (args[i], "net_gateway") == 0)
      {
        adit_ovpn_note (self, ADIT_IMPORT_DANGEROUS, N_("This would send a part outside; everything goes into the tunnel."));
        return;
      }
  adit_ovpn_note (self, ADIT_IMPORT_OWN, N_("Everything goes into the tunnel."));
}

void
adit_ovpn_take_block_ipv6 (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->profile->block_ipv6 = TRUE;
}

/* Our own filters take fewer things from a server than any file's; but who wants no IPv6 inside says it this way, too. */
void
adit_ovpn_take_pull_filter (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (strcmp (args[0], "ignore") == 0 &&
      (g_str_has_prefix (args[1], "ifconfig-ipv6") || g_str_has_prefix (args[1], "route-ipv6")))
    self->profile->block_ipv6 = TRUE;
  else
    adit_ovpn_note (self, ADIT_IMPORT_OWN, NULL);
}
