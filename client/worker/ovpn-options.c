/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-options.c: every option of OpenVPN 2.6 and what becomes of it: it is read, left out, or a reason to refuse the file.
 *
 * Refused is what changes who is believed, what is encrypted or whom we talk to, if it is missing: a check by a script, a key
 * in a token, another file, a server's role, a tunnel of Ethernet.  Left out is what Adit does itself (addresses, routes, names,
 * logs, users), and what a file for another system asks for.  Nothing that is not in this table is read. */
#include "config.h"
#include "client/worker/ovpn-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SERVER   N_("This is an option of a server; Adit reads the files of clients.")
#define CHECK    N_("A program would decide whom to trust; Adit runs none, and will not connect without that check.")
#define TOKEN    N_("The key lies in a token or a store of keys; Adit needs it in the file.")
#define PKCS12   N_("Adit reads no PKCS#12. Make PEM of it with \"openssl pkcs12 -in FILE -out client.pem\", and name that in " \
                    "cert and key.")
#define STATIC   N_("A static key alone never changes, so who learns it reads all there ever was; Adit needs TLS.")
#define ADDRESS  N_("Addresses inside the tunnel come from the server.")
#define ROUTES   N_("Everything goes into the tunnel.")
#define TOOL     N_("This is a command, not a connection.")
#define PINNED   N_("Adit compares no fingerprints yet, and will not connect without that check.")

#define ARGS(min, max) .min_args = min, .max_args = max
#define TAKE(function, min, max) .take = adit_ovpn_take_##function, ARGS (min, max)
#define NUMBER(which) .take = adit_ovpn_take_number, ARGS (1, 1), .number = ADIT_OPENVPN_##which
#define LEAVE(why) .flags = ADIT_OVPN_LEAVE | ADIT_OVPN_MANY | ADIT_OVPN_CONNECTION, .reason = ADIT_IMPORT_##why
#define REFUSE(why) \
  .flags = ADIT_OVPN_REFUSE | ADIT_OVPN_MANY | ADIT_OVPN_CONNECTION | ADIT_OVPN_BLOCK, .reason = ADIT_IMPORT_##why
#define OF_SERVER REFUSE (UNSUPPORTED), .sentence = SERVER
#define COMMAND REFUSE (UNSUPPORTED), .sentence = TOOL
#define IN_TOKEN REFUSE (UNSUPPORTED), .sentence = TOKEN
#define QUIET .flags = ADIT_OVPN_QUIET | ADIT_OVPN_MANY | ADIT_OVPN_CONNECTION
#define MANY .flags = ADIT_OVPN_MANY
#define BLOCK .flags = ADIT_OVPN_BLOCK

static const AditOvpnOption options[] = {
  /* Who, where, how */
  { "client", TAKE (role, 0, 0) },
  { "tls-client", TAKE (role, 0, 0) },
  { "pull", TAKE (role, 0, 0) },
  { "mode", TAKE (mode, 1, 1) },
  { "remote", TAKE (remote, 1, 3), .flags = ADIT_OVPN_MANY | ADIT_OVPN_CONNECTION },
  { "remote-random", TAKE (random, 0, 0) },
  { "proto", TAKE (proto, 1, 1), .flags = ADIT_OVPN_CONNECTION | ADIT_OVPN_BEFORE },
  { "port", TAKE (port, 1, 1), .flags = ADIT_OVPN_CONNECTION | ADIT_OVPN_BEFORE },
  { "rport", TAKE (port, 1, 1), .flags = ADIT_OVPN_CONNECTION | ADIT_OVPN_BEFORE, .alias = "port" },
  { "dev", TAKE (dev, 1, 1) },
  { "dev-type", TAKE (dev_type, 1, 1) },
  { "http-proxy", TAKE (http_proxy, 2, 4), .flags = ADIT_OVPN_BEFORE },
  { "socks-proxy", TAKE (socks_proxy, 1, 3), .flags = ADIT_OVPN_BEFORE },
  { "http-proxy-user-pass", TAKE (proxy_user_pass, 1, 1), BLOCK },
  { "socks-proxy-user-pass", TAKE (proxy_user_pass, 1, 1), BLOCK },    /* ours alone, see ovpn-write-file.c */
  { "http-proxy-option", REFUSE (UNSUPPORTED) },
  { "http-proxy-override", REFUSE (UNSUPPORTED) },
  { "http-proxy-retry", QUIET }, { "socks-proxy-retry", QUIET }, { "http-proxy-timeout", QUIET },
  { "nobind", QUIET }, { "float", LEAVE (OWN) }, { "bind", LEAVE (OWN) }, { "lport", LEAVE (OWN) }, { "local", LEAVE (OWN) },
  { "resolv-retry", QUIET }, { "remote-random-hostname", REFUSE (UNSUPPORTED) }, { "preresolve", QUIET },
  { "ip-remote-hint", REFUSE (UNSUPPORTED) }, { "proto-force", REFUSE (UNSUPPORTED) }, { "connect-retry-max", LEAVE (OWN) },
  { "multihome", LEAVE (OWN) }, { "mark", LEAVE (DANGEROUS) }, { "bind-dev", LEAVE (DANGEROUS) },
  { "socket-flags", LEAVE (OWN) }, { "tcp-nodelay", QUIET }, { "passtos", LEAVE (DANGEROUS) }, { "shaper", LEAVE (OWN) },
  { "allow-recursive-routing", LEAVE (DANGEROUS) }, { "persist-local-ip", QUIET }, { "persist-remote-ip", QUIET },

  /* Keys and who is believed */
  { "ca", TAKE (file, 1, 1), BLOCK }, { "cert", TAKE (file, 1, 1), BLOCK }, { "key", TAKE (file, 1, 1), BLOCK },
  { "extra-certs", TAKE (file, 1, 1), BLOCK }, { "crl-verify", TAKE (file, 1, 1), BLOCK },
  { "tls-auth", TAKE (file, 1, 2), BLOCK, .alias = "tls-auth" }, { "tls-crypt", TAKE (file, 1, 1), BLOCK, .alias = "tls-auth" },
  { "tls-crypt-v2", TAKE (file, 1, 1), BLOCK, .alias = "tls-auth" },
  { "key-direction", TAKE (key_direction, 1, 1) },
  { "auth-user-pass", TAKE (auth_user_pass, 0, 1), BLOCK },
  { "static-challenge", TAKE (challenge, 2, 2) },
  { "askpass", LEAVE (OWN), .sentence = N_("Adit asks for the passphrase.") },
  { "auth-nocache", QUIET }, { "auth-retry", QUIET }, { "pkcs12", REFUSE (UNSUPPORTED), .sentence = PKCS12 },
  { "auth-token", REFUSE (UNSUPPORTED) }, { "auth-token-user", REFUSE (UNSUPPORTED) },
  { "capath", REFUSE (FILE) }, { "dh", .flags = ADIT_OVPN_LEAVE | ADIT_OVPN_MANY | ADIT_OVPN_BLOCK, .reason = ADIT_IMPORT_OWN },
  { "secret", REFUSE (UNSUPPORTED), .sentence = STATIC },
  { "verify-x509-name", TAKE (server_name, 1, 2) },
  { "remote-cert-tls", TAKE (server_certificate, 1, 1) },
  { "remote-cert-eku", TAKE (extended_usage, 1, 1) },
  { "remote-cert-ku", TAKE (usages, 1, ADIT_OPENVPN_MAX_USAGES) },
  { "ns-cert-type", REFUSE (UNSUPPORTED),
    .sentence = N_("Nobody makes such certificates any more; \"remote-cert-tls server\" is meant.") },
  { "tls-remote", REFUSE (UNSUPPORTED), .sentence = N_("OpenVPN knows this no more; \"verify-x509-name\" is meant.") },
  { "x509-username-field", REFUSE (UNSUPPORTED) }, { "x509-track", LEAVE (OWN) },
  { "peer-fingerprint", REFUSE (UNSUPPORTED), .sentence = PINNED }, { "verify-hash", REFUSE (UNSUPPORTED), .sentence = PINNED },
  { "tls-verify", REFUSE (HOOK), .sentence = CHECK }, { "tls-export-cert", LEAVE (FILE) },
  { "pkcs11-providers", REFUSE (PLUGIN), .sentence = TOKEN }, { "pkcs11-id", IN_TOKEN },
  { "pkcs11-id-management", IN_TOKEN }, { "pkcs11-cert-private", IN_TOKEN },
  { "pkcs11-pin-cache", IN_TOKEN }, { "pkcs11-private-mode", IN_TOKEN },
  { "pkcs11-protected-authentication", IN_TOKEN },
  { "cryptoapicert", IN_TOKEN }, { "management-external-key", IN_TOKEN },
  { "management-external-cert", IN_TOKEN },
  { "engine", REFUSE (PLUGIN) }, { "providers", REFUSE (PLUGIN) }, { "plugin", REFUSE (PLUGIN) },

  /* Ciphers */
  { "cipher", TAKE (cipher, 1, 1) },
  { "data-ciphers", TAKE (data_ciphers, 1, 1) }, { "ncp-ciphers", TAKE (data_ciphers, 1, 1), .alias = "data-ciphers" },
  { "data-ciphers-fallback", TAKE (fallback, 1, 1) },
  { "auth", TAKE (digest, 1, 1) },
  { "tls-version-min", TAKE (tls_version_min, 1, 2) }, { "tls-version-max", LEAVE (DANGEROUS) },
  { "tls-cipher", TAKE (tls_ciphers, 1, 1) }, { "tls-ciphersuites", TAKE (tls_suites, 1, 1) },
  { "tls-cert-profile", TAKE (cert_profile, 1, 1) },
  { "tls-groups", LEAVE (OWN) }, { "ecdh-curve", LEAVE (OWN) }, { "prng", LEAVE (OWN) }, { "key-derivation", QUIET },
  { "ncp-disable", LEAVE (OWN) }, { "keysize", LEAVE (OWN) }, { "compat-mode", LEAVE (DANGEROUS) },
  { "no-replay", LEAVE (DANGEROUS) }, { "no-iv", LEAVE (DANGEROUS) }, { "mute-replay-warnings", QUIET },
  { "replay-persist", LEAVE (FILE) }, { "use-prediction-resistance", LEAVE (OWN) }, { "key-method", LEAVE (OWN) },
  { "tls-exit", LEAVE (OWN) }, { "single-session", LEAVE (OWN) }, { "push-peer-info", LEAVE (DANGEROUS),
    .sentence = N_("Adit does not tell the server about this computer.") },
  { "keying-material-exporter", LEAVE (OWN) }, { "force-tls-key-material-export", LEAVE (OWN) },

  /* Compression */
  { "comp-lzo", TAKE (comp_lzo, 0, 1), .alias = "compress" }, { "compress", TAKE (compress, 0, 1) },
  { "allow-compression", TAKE (allow_compression, 1, 1) }, { "comp-noadapt", QUIET },

  /* Numbers */
  { "tun-mtu", NUMBER (TUN_MTU) }, { "ping", NUMBER (PING) }, { "ping-restart", NUMBER (PING_RESTART) },
  { "keepalive", TAKE (keepalive, 2, 2) }, { "ping-exit", LEAVE (OWN) }, { "ping-timer-rem", QUIET },
  { "reneg-sec", TAKE (reneg_sec, 1, 2) }, { "reneg-bytes", NUMBER (RENEG_BYTES) }, { "reneg-pkts", NUMBER (RENEG_PKTS) },
  { "hand-window", NUMBER (HAND_WINDOW) }, { "tran-window", NUMBER (TRAN_WINDOW) }, { "tls-timeout", NUMBER (TLS_TIMEOUT) },
  { "server-poll-timeout", NUMBER (SERVER_POLL_TIMEOUT) },
  { "connect-timeout", NUMBER (SERVER_POLL_TIMEOUT), .alias = "server-poll-timeout" },
  { "connect-retry", TAKE (pair, 1, 2), .number = ADIT_OPENVPN_CONNECT_RETRY },
  { "replay-window", TAKE (pair, 1, 2), .number = ADIT_OPENVPN_REPLAY_WINDOW },
  { "explicit-exit-notify", TAKE (exit_notify, 0, 1), .flags = ADIT_OVPN_CONNECTION, .number = ADIT_OPENVPN_EXIT_NOTIFY },
  { "sndbuf", NUMBER (SNDBUF) }, { "rcvbuf", NUMBER (RCVBUF) },
  { "mssfix", TAKE (mssfix, 0, 2), .number = ADIT_OPENVPN_MSSFIX },
  { "fragment", TAKE (fragment, 1, 2), .number = ADIT_OPENVPN_FRAGMENT },
  { "mtu-disc", LEAVE (OWN) }, { "mtu-test", LEAVE (OWN) }, { "link-mtu", LEAVE (OWN) }, { "udp-mtu", LEAVE (OWN) },
  { "tun-mtu-extra", QUIET }, { "tun-mtu-max", LEAVE (OWN) }, { "max-packet-size", LEAVE (OWN) }, { "txqueuelen", QUIET },
  { "mtu-dynamic", LEAVE (OWN) }, { "inactive", LEAVE (OWN) }, { "session-timeout", LEAVE (OWN) }, { "bcast-buffers", QUIET },
  { "tcp-queue-limit", QUIET }, { "hash-size", QUIET }, { "fast-io", QUIET }, { "max-routes", QUIET },

  /* Inside the tunnel */
  { "dhcp-option", TAKE (dhcp_option, 1, 15), MANY }, { "dns", TAKE (dns, 2, 15), MANY },
  { "route", TAKE (route, 1, 4), MANY }, { "route-ipv6", TAKE (route, 1, 3), MANY },
  { "redirect-gateway", QUIET }, { "redirect-private", LEAVE (OWN), .sentence = ROUTES },
  { "block-ipv6", TAKE (block_ipv6, 0, 0) }, { "tun-ipv6", QUIET }, { "topology", QUIET },
  { "pull-filter", TAKE (pull_filter, 2, 2), MANY }, { "route-nopull", LEAVE (OWN), .sentence = ROUTES },
  { "route-noexec", QUIET }, { "ifconfig-noexec", QUIET }, { "ifconfig-nowarn", QUIET }, { "route-delay", QUIET },
  { "route-metric", LEAVE (OWN), .sentence = ROUTES }, { "route-gateway", LEAVE (OWN), .sentence = ROUTES },
  { "route-ipv6-gateway", LEAVE (OWN), .sentence = ROUTES }, { "ifconfig", LEAVE (OWN), .sentence = ADDRESS },
  { "ifconfig-ipv6", LEAVE (OWN), .sentence = ADDRESS }, { "client-nat", LEAVE (UNSUPPORTED) },
  { "allow-pull-fqdn", LEAVE (DANGEROUS) }, { "block-outside-dns", QUIET }, { "register-dns", QUIET },

  /* Programs */
  { "up", LEAVE (HOOK) }, { "down", LEAVE (HOOK) }, { "route-up", LEAVE (HOOK) }, { "route-pre-down", LEAVE (HOOK) },
  { "ipchange", LEAVE (HOOK) }, { "iproute", LEAVE (HOOK) }, { "script-security", LEAVE (HOOK) }, { "up-delay", LEAVE (HOOK) },
  { "up-restart", LEAVE (HOOK) }, { "down-pre", LEAVE (HOOK) }, { "setenv-safe", LEAVE (HOOK) },
  { "setenv", TAKE (setenv, 1, 15), MANY }, { "ignore-unknown-option", TAKE (ignore, 1, 15), MANY },
  { "learn-address", REFUSE (HOOK), .sentence = SERVER }, { "auth-user-pass-verify", REFUSE (HOOK), .sentence = SERVER },
  { "client-connect", REFUSE (HOOK), .sentence = SERVER }, { "client-disconnect", REFUSE (HOOK), .sentence = SERVER },
  { "client-crresponse", REFUSE (HOOK), .sentence = SERVER }, { "tls-crypt-v2-verify", REFUSE (HOOK), .sentence = SERVER },

  /* Files, logs, users */
  { "config", REFUSE (FILE), .sentence = N_("This line names a further file; what is in it has to stand in this one.") },
  { "log", LEAVE (FILE) }, { "log-append", LEAVE (FILE) }, { "status", LEAVE (FILE) }, { "writepid", LEAVE (FILE) },
  { "cd", LEAVE (FILE) }, { "chroot", LEAVE (FILE) }, { "tmp-dir", LEAVE (FILE) }, { "status-version", QUIET },
  { "user", LEAVE (OWN) }, { "group", LEAVE (OWN) }, { "setcon", LEAVE (OWN) }, { "daemon", LEAVE (OWN) },
  { "syslog", LEAVE (OWN) },
  { "nice", LEAVE (OWN) }, { "mlock", LEAVE (OWN) }, { "persist-tun", QUIET }, { "persist-key", QUIET }, { "verb", QUIET },
  { "mute", QUIET }, { "suppress-timestamps", QUIET }, { "machine-readable-output", QUIET }, { "errors-to-stderr", QUIET },
  { "msg-channel", LEAVE (OWN) }, { "remap-usr1", LEAVE (OWN) }, { "gremlin", LEAVE (DANGEROUS) }, { "memstats", LEAVE (FILE) },
  { "echo", QUIET }, { "parameter", QUIET }, { "disable-dco", QUIET }, { "disable-occ", QUIET }, { "opt-verify", QUIET },
  { "auth-user-pass-optional", OF_SERVER }, { "compat-names", LEAVE (OWN) },
  { "no-name-remapping", LEAVE (OWN) }, { "allow-nonadmin", QUIET }, { "service", LEAVE (OWN) },

  /* Management: ours, by a socket of our own */
  { "management", LEAVE (OWN) }, { "management-client", LEAVE (OWN) }, { "management-client-auth", LEAVE (OWN) },
  { "management-client-group", LEAVE (OWN) }, { "management-client-user", LEAVE (OWN) },
  { "management-forget-disconnect", LEAVE (OWN) }, { "management-hold", LEAVE (OWN) }, { "management-log-cache", LEAVE (OWN) },
  { "management-query-passwords", LEAVE (OWN) }, { "management-query-proxy", LEAVE (OWN) },
  { "management-query-remote", LEAVE (OWN) }, { "management-signal", LEAVE (OWN) }, { "management-up-down", LEAVE (OWN) },

  /* Devices */
  { "dev-node", LEAVE (FILE) }, { "lladdr", LEAVE (OWN) }, { "mktun", COMMAND },
  { "rmtun", COMMAND }, { "vlan-accept", OF_SERVER },
  { "vlan-pvid", OF_SERVER }, { "vlan-tagging", OF_SERVER },

  /* Of other systems */
  { "ip-win32", QUIET }, { "route-method", QUIET }, { "dhcp-renew", QUIET }, { "dhcp-release", QUIET },
  { "dhcp-internal", QUIET },
  { "dhcp-pre-release", QUIET }, { "tap-sleep", QUIET }, { "show-net-up", QUIET }, { "windows-driver", QUIET },
  { "win-sys", LEAVE (FILE) },
  { "pause-exit", QUIET }, { "rdns-internal", QUIET },

  /* A server's */
  { "server", OF_SERVER }, { "server-ipv6", OF_SERVER },
  { "server-bridge", OF_SERVER }, { "tls-server", OF_SERVER },
  { "push", OF_SERVER }, { "push-reset", OF_SERVER },
  { "push-remove", OF_SERVER }, { "push-continuation", OF_SERVER },
  { "ifconfig-pool", OF_SERVER }, { "ifconfig-pool-persist", OF_SERVER },
  { "ifconfig-push", OF_SERVER }, { "ifconfig-push-constraint", OF_SERVER },
  { "ifconfig-ipv6-pool", OF_SERVER }, { "ifconfig-ipv6-push", OF_SERVER },
  { "iroute", OF_SERVER }, { "iroute-ipv6", OF_SERVER },
  { "client-config-dir", REFUSE (FILE), .sentence = SERVER }, { "ccd-exclusive", OF_SERVER },
  { "client-to-client", OF_SERVER }, { "duplicate-cn", OF_SERVER },
  { "client-cert-not-required", LEAVE (OWN) }, { "verify-client-cert", OF_SERVER },
  { "username-as-common-name", OF_SERVER }, { "auth-gen-token", OF_SERVER },
  { "auth-gen-token-secret", REFUSE (FILE), .sentence = SERVER }, { "port-share", OF_SERVER },
  { "max-clients", OF_SERVER }, { "max-routes-per-client", OF_SERVER },
  { "connect-freq", OF_SERVER }, { "connect-freq-initial", OF_SERVER },
  { "stale-routes-check", OF_SERVER }, { "disable", OF_SERVER },
  { "peer-id", OF_SERVER }, { "protocol-flags", OF_SERVER },

  /* Commands */
  { "genkey", REFUSE (FILE), .sentence = TOOL }, { "test-crypto", COMMAND },
  { "show-ciphers", COMMAND }, { "show-digests", COMMAND },
  { "show-tls", COMMAND }, { "show-engines", COMMAND },
  { "show-groups", COMMAND }, { "show-gateway", COMMAND },
  { "show-pkcs11-ids", REFUSE (PLUGIN), .sentence = TOOL }, { "show-net", COMMAND },
  { "show-adapters", COMMAND }, { "show-valid-subnets", COMMAND },
  { "help", COMMAND }, { "version", COMMAND },
};

/**
 * adit_ovpn_option_find:
 * @name: an option's name as a file has it
 *
 * Returns: (transfer none) (nullable): what becomes of it
 */
const AditOvpnOption *
adit_ovpn_option_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strcmp (options[i].name, name) == 0)
      return &options[i];
  return NULL;
}
