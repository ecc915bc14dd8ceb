/* SPDX-License-Identifier: GPL-2.0-or-later */
/* openvpn-evil.c: a table.  Its outcomes are those of a bare openvpn 2.6, and test-openvpn-lab.c looks whether they are true: an
 * evil that does nothing to anybody would show nothing about us. */
#include "tests/lab/openvpn-evil.h"

#define PUSHES(...) (const char *const[]) { __VA_ARGS__, NULL }
#define RUN         "touch " ADIT_LAB_OVPN_RAN
#define DIRECT6     "2001:db8:ff::1"    /* what the web server sees of an unprotected client */

const AditLabOvpnEvil adit_lab_ovpn_evils[] = {
  /* --- Traffic goes beside the tunnel --- */
  { "nothing", NULL, .way_out = ADIT_LAB_ROUTER_ADDRESS, .way_out6 = DIRECT6, .is_silent = TRUE },
  { "route-around", PUSHES ("route " ADIT_LAB_WEB_ADDRESS " 255.255.255.255 net_gateway"), .way_out = ADIT_LAB_ROUTER_ADDRESS },
  { "quarter-around", PUSHES ("route 192.0.0.0 192.0.0.0 net_gateway"), .way_out = ADIT_LAB_ROUTER_ADDRESS },
  { "route-by-router", PUSHES ("route " ADIT_LAB_WEB_ADDRESS " 255.255.255.255 10.10.0.1"), .way_out = ADIT_LAB_ROUTER_ADDRESS },
  { "route-by-neighbour", PUSHES ("route " ADIT_LAB_WEB_ADDRESS " 255.255.255.255 10.10.0.3"), .way_out = "" },
  { "lan-inside", PUSHES ("route 10.10.0.0 255.255.255.128", "route 127.0.0.0 255.0.0.0", "route 169.254.0.0 255.255.0.0") },
  { "ipv4-only", PUSHES ("redirect-gateway def1"), .way_out6 = DIRECT6, .is_silent = TRUE },
  { "ipv6-only", PUSHES ("redirect-gateway ipv6 !ipv4"), .way_out = ADIT_LAB_ROUTER_ADDRESS, .is_silent = TRUE },
  { "route6-by-router", PUSHES ("route-ipv6 2001:db8:ff::80/128 2001:db8:10::1") },    /* to the tunnel in spite of its words */
  { "local", PUSHES ("redirect-gateway local def1 bypass-dhcp bypass-dns block-local"), .way_out = "", .way_out6 = "" },

  /* --- Names go beside the tunnel --- */
  { "dns-outside", PUSHES ("dhcp-option DNS " ADIT_LAB_DNS_ADDRESS) },
  { "dns-at-neighbour", PUSHES ("dhcp-option DNS 10.10.0.3") },
  { "dns-nowhere", PUSHES ("dhcp-option DNS 127.0.0.1", "dhcp-option DNS 0.0.0.0", "dhcp-option DNS 255.255.255.255",
                           "dhcp-option DNS 224.0.0.251", "dhcp-option DNS6 ::1", "dhcp-option DNS6 fe80::1") },
  { "dns-new-form", PUSHES ("dns server 1 address " ADIT_LAB_DNS_ADDRESS, "dns server 1 exclude-domains web.example",
                            "dns search-domains lan.example") },
  { "proxy", PUSHES ("dhcp-option PROXY_HTTP 10.10.0.3 8080", "dhcp-option PROXY_AUTO_CONFIG_URL http://10.10.0.3/wpad.dat",
                     "dhcp-option WINS 10.10.0.3", "dhcp-option NBDD 10.10.0.3", "dhcp-option NTP 10.10.0.3") },

  /* --- Texts that want to be run --- */
  { "shell", PUSHES ("dhcp-option DOMAIN \"$(" RUN ")\"", "dhcp-option DOMAIN `touch${IFS}" ADIT_LAB_OVPN_RAN "`",
                     "dhcp-option DNS \"" ADIT_LAB_OVPN_RESOLVER ";" RUN "\"", "dhcp-option DOMAIN-SEARCH \"x;" RUN "\"",
                     "dhcp-option DOMAIN \"x'\\\";" RUN ";#\"") },
  { "environment", PUSHES ("setenv LD_PRELOAD /tmp/evil.so", "setenv PATH /tmp", "setenv BASH_ENV /tmp/evil", "setenv-safe IFS x",
                           "setenv OPENSSL_CONF /tmp/evil.cnf") },
  { "echo", PUSHES ("echo setenv LD_PRELOAD /tmp/evil.so", "echo forget-passwords", "echo save-passwords",
                    "echo msg-window your account is closed", "parameter x") },
  { "control-bytes", PUSHES ("echo \033[2Jevil", "dhcp-option DOMAIN a\001b"),
    .refusal = "Received control with invalid characters" },
  { "programs", PUSHES ("script-security 3", "up '" RUN "'", "down '" RUN "'", "route-up '" RUN "'", "ipchange '" RUN "'",
                        "tls-verify '" RUN "'", "plugin /tmp/evil.so", "iproute /tmp/evil", "route-pre-down '" RUN "'") },
  { "files", PUSHES ("log " ADIT_LAB_OVPN_RAN, "status " ADIT_LAB_OVPN_RAN " 1", "writepid " ADIT_LAB_OVPN_RAN,
                     "config /etc/passwd", "management 127.0.0.1 7505", "cd /tmp", "chroot /tmp", "user root",
                     "ca /etc/passwd") },
  { "other-server", PUSHES ("remote 10.10.0.3 1194 udp", "proto tcp", "port 53", "http-proxy 10.10.0.3 8080",
                            "socks-proxy 10.10.0.3", "remote-random-hostname", "float", "local 10.10.0.2",
                            "bind-dev eth0", "mark 1") },

  /* --- A tunnel that is weaker or does not last --- */
  { "no-cipher", PUSHES ("auth none", "tls-version-min 1.0", "tls-cipher ALL", "data-ciphers none", "verify-x509-name x name") },
  { "compression", PUSHES ("compress lz4"), .refusal = "server pushed compression settings that are not allowed" },
  { "lzo", PUSHES ("comp-lzo yes"), .refusal = "server pushed compression settings that are not allowed" },
  { "huge-numbers", PUSHES ("sndbuf 2147483647", "rcvbuf 2147483647", "route-metric 4294967295", "max-routes 2147483647",
                            "verb 11", "mute 1") },
  { "long-goodbye", PUSHES ("explicit-exit-notify 2147483647") },    /* SIGTERM ends openvpn after a minute only */
  { "small-mtu", PUSHES ("tun-mtu 68", "mssfix 1", "fragment 1") },
  { "inactive", PUSHES ("inactive 1 1000000", "ping-exit 600", "session-timeout 600") },
  { "token", PUSHES ("auth-token AAAA", "auth-token-user JChyZWJvb3Qp") },
  { "platform", PUSHES ("block-outside-dns", "register-dns", "block-ipv6", "ip-win32 dynamic", "show-net-up", "dhcp-renew",
                        "persist-tun", "persist-key", "persist-local-ip", "persist-remote-ip"), .way_out6 = "" },
  { NULL }
};

/**
 * adit_lab_ovpn_evil_apply:
 * @self: an evil
 * @server: a server that is to do it; it lasts as long as @self
 */
void
adit_lab_ovpn_evil_apply (const AditLabOvpnEvil *self, AditLabOvpnServer *server)
{
  server->pushes = self->pushes;
  server->is_silent = self->is_silent;
}

/**
 * adit_lab_ovpn_evil_dup_lines:
 * @self: an evil
 *
 * Returns: (transfer full): the same as lines of a client's file, which somebody was given
 */
char *
adit_lab_ovpn_evil_dup_lines (const AditLabOvpnEvil *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self->pushes != NULL && self->pushes[i] != NULL; i++)
    g_string_append_printf (text, "%s\n", self->pushes[i]);
  return g_string_free (text, FALSE);
}
