/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-services.c: the shapes of files that people import, written down from what is publicly known of them; no key, no address
 * and no name in them is anybody's. */
#include "tests/unit/ovpn-sample.h"

#define CA     "<ca>\n@CA@</ca>\n"
#define PAIR   "<cert>\n@CERT@</cert>\n<key>\n@KEY@</key>\n"
#define AUTH   "<tls-auth>\n@STATIC@</tls-auth>\n"
#define CRYPT  "<tls-crypt>\n@STATIC@</tls-crypt>\n"

const OvpnService ovpn_services[] = {
  { "mullvad-former",
    "client\ndev tun\nresolv-retry infinite\nnobind\npersist-key\npersist-tun\nverb 3\nremote-cert-tls server\nping 10\n"
    "ping-restart 60\nsndbuf 524288\nrcvbuf 524288\ncipher AES-256-GCM\n"
    "tls-cipher TLS-DHE-RSA-WITH-AES-256-GCM-SHA384:TLS-DHE-RSA-WITH-AES-256-CBC-SHA\nproto udp\nauth-user-pass userpass.txt\n"
    "ca ca.crt\nscript-security 2\nup /etc/openvpn/update-resolv-conf\ndown /etc/openvpn/update-resolv-conf\nfast-io\n"
    "remote-random\nremote 192.0.2.11 1194 # first\nremote 192.0.2.12 1194 # second\n",
    "script-security up down" },
  { "proton",
    "# A free file\nclient\ndev tun\nproto udp\n\nremote 192.0.2.21 51820\nremote 192.0.2.21 5060\nremote 192.0.2.21 80\n"
    "remote-random\nresolv-retry infinite\nnobind\n\nsetenv CLIENT_CERT 0\n\ncipher AES-256-GCM\n"
    "setenv opt block-outside-dns\nverb 3\ntun-mtu 1500\nmssfix 0\npersist-key\npersist-tun\nreneg-sec 0\n"
    "remote-cert-tls server\nauth-user-pass\n\nscript-security 2\nup /etc/openvpn/update-resolv-conf\n"
    "down /etc/openvpn/update-resolv-conf\n" CA CRYPT,
    "setenv script-security up down" },
  { "nord",
    "client\ndev tun\nproto udp\nremote 192.0.2.31 1194\nresolv-retry infinite\nremote-random\nnobind\ntun-mtu 1500\n"
    "tun-mtu-extra 32\nmssfix 1450\npersist-key\npersist-tun\nping 15\nping-restart 0\nping-timer-rem\nreneg-sec 0\n"
    "comp-lzo no\nverify-x509-name CN=server31.example.net\nremote-cert-tls server\nauth-user-pass\nverb 3\npull\nfast-io\n"
    "cipher AES-256-CBC\nauth SHA512\n" CA "key-direction 1\n" AUTH, "" },
  { "pia",
    "client\ndev tun\nproto udp\nremote nl.privacy.example 1198\nresolv-retry infinite\nnobind\npersist-key\npersist-tun\n"
    "cipher aes-128-cbc\nauth sha1\ntls-client\nremote-cert-tls server\n\nauth-user-pass\ncompress\nverb 1\nreneg-sec 0\n"
    "<crl-verify>\n@REVOKED@</crl-verify>\n\n" CA "\ndisable-occ\n", "" },
  { "airvpn",
    "# --------------------------------------------------------\n# a file | Entry3 | UDP | 443\n"
    "# --------------------------------------------------------\nclient\ndev tun\nremote 192.0.2.41 443\nresolv-retry infinite\n"
    "nobind\npersist-key\npersist-tun\nauth-nocache\nverb 3\nexplicit-exit-notify 5\npush-peer-info\n"
    "setenv UV_IPV6 yes\nremote-cert-tls server\ncomp-lzo no\n"
    "data-ciphers AES-256-GCM:AES-256-CBC:AES-192-GCM:AES-192-CBC:AES-128-GCM:AES-128-CBC:CHACHA20-POLY1305\n"
    "data-ciphers-fallback AES-256-CBC\nproto udp\nauth SHA512\n" CA PAIR CRYPT,
    "push-peer-info setenv" },
  { "pfsense",
    "dev tun\npersist-tun\npersist-key\ndata-ciphers AES-256-GCM:AES-128-GCM:CHACHA20-POLY1305:AES-256-CBC\n"
    "data-ciphers-fallback AES-256-CBC\nauth SHA256\ntls-client\nclient\nresolv-retry infinite\n"
    "remote home.example.org 1194 udp4\n"
    "nobind\nverify-x509-name \"vpn.home.example.org\" name\nauth-user-pass\nremote-cert-tls server\nexplicit-exit-notify\n\n"
    CA PAIR "key-direction 1\n<tls-auth>\n#\n# 2048 bit OpenVPN static key\n#\n@STATIC@</tls-auth>\n", "" },
  { "openwrt",
    "user nobody\ngroup nogroup\ndev tun\nnobind\nclient\nremote router.example.org 1194 udp\nauth-nocache\n"
    "remote-cert-tls server\n"
    "<tls-crypt-v2>\n@V2@</tls-crypt-v2>\n<key>\n@OLDKEY@</key>\n<cert>\nCertificate:\n    Data:\n        Version: 3 (0x2)\n"
    "        Subject: CN=sample\n@CERT@</cert>\n" CA, "user group" },
  { "access-server",
    "# Automatically generated client config file\n# OVPN_ACCESS_SERVER_PROFILE=someone@vpn.example.org\n"
    "# OVPN_ACCESS_SERVER_CLI_PREF_ALLOW_WEB_IMPORT=True\nsetenv FORWARD_COMPATIBLE 1\nclient\nserver-poll-timeout 4\nnobind\n"
    "remote vpn.example.org 1194 udp\nremote vpn.example.org 1194 udp\nremote vpn.example.org 443 tcp\ndev tun\ndev-type tun\n"
    "remote-cert-tls server\nsetenv opt tls-version-min 1.0 or-highest\nreneg-sec 604800\nsndbuf 0\nrcvbuf 0\nauth-user-pass\n"
    "# NOTE: LZO commands are pushed by the server\ncomp-lzo no\nverb 3\nsetenv PUSH_PEER_INFO\n"
    "setenv opt an-option-of-tomorrow 1\nclient-ip-of-tomorrow x\nstatic-challenge \"Enter your one-time code\" 1\n\n" CA PAIR
    "key-direction 1\n" AUTH,
    "tls-version-min setenv an-option-of-tomorrow client-ip-of-tomorrow" },
  { "connections",
    "client\ndev tun\nnobind\nauth-user-pass\nremote-cert-tls server\nproto tcp\nport 443\n"
    "<connection>\nremote 192.0.2.51 1194 udp\nexplicit-exit-notify 2\n</connection>\n"
    "<connection>\n  remote 192.0.2.52\n</connection>\n<connection>\nremote 2001:db8::53 8443\nproto tcp6-client\n</connection>\n"
    "ignore-unknown-option block-everything\nblock-everything\nclient-cert-not-required\n" CA,
    "block-everything client-cert-not-required" },
  { "windows",
    "\xef\xbb\xbf" "client\r\n\tdev\ttun\r\n  proto tcp-client\r\nremote 192.0.2.61\t443 ; the office\r\n\r\n"
    "; a comment\r\n#another\r\n"
    "auth-user-pass\r\nremote-cert-tls   server\r\nroute 10.1.0.0 255.255.0.0\r\nroute 192.0.2.99 255.255.255.255 net_gateway\r\n"
    "dhcp-option DNS 10.1.0.1\r\ndhcp-option DOMAIN office.example.org\r\nblock-outside-dns\r\nregister-dns\r\n"
    "route-method exe\r\nroute-delay 2\r\nip-win32 dynamic\r\n" CA,
    "route route dhcp-option" },
  { "ovpn.com",
    "client\ndev tun\nproto udp\nremote 192.0.2.71 1194\nremote 192.0.2.71 1195\nremote-random\nnobind\nauth-user-pass\n"
    "auth-retry none\nauth-nocache\ncipher CHACHA20-POLY1305\n"
    "data-ciphers CHACHA20-POLY1305:AES-256-GCM:AES-256-CBC:AES-128-GCM\nremote-cert-tls server\nkey-direction 1\nreneg-sec 0\n"
    "allow-compression asym\nreplay-window 256\ntls-version-min 1.0\nresolv-retry infinite\npersist-key\npersist-tun\nverb 3\n"
    "tls-cert-profile legacy\n" CA AUTH,
    "tls-version-min" },
  { "ivpn",
    "client\ndev tun\nproto udp\nremote 192.0.2.81 2049\nauth-user-pass\nresolv-retry infinite\nnobind\npersist-tun\n"
    "persist-key\n"
    "cipher AES-256-CBC\ntls-cipher TLS-DHE-RSA-WITH-AES-256-CBC-SHA\nverify-x509-name se name-prefix\nremote-cert-tls server\n"
    "key-direction 1\ncomp-lzo no\nverb 3\nkeepalive 8 30\nhand-window 6\nconnect-retry 2 6\n" CA AUTH, "" },
  { "router-with-lzo",
    "client\ndev tun0\nproto udp\nremote myhome.example.org 1194\nfloat\ncipher BF-CBC\ncomp-lzo adaptive\nkeepalive 15 60\n"
    "remote-cert-ku 04 a0\nremote-cert-eku \"TLS Web Server Authentication\"\nlog /tmp/vpn.log\nfragment 1300\n"
    "mssfix 1300\n" CA PAIR,
    "float cipher comp-lzo log" },
  { "proxies",
    "client\ndev tun\nproto tcp\nremote 192.0.2.91 443\nhttp-proxy proxy.example.org 3128 proxy-auth.txt basic\n"
    "http-proxy-retry\n"
    "auth-user-pass\nremote-cert-tls server\ndns server 1 address 10.9.0.1 2001:db8::9\ndns search-domains a.example b.example\n"
    "pull-filter ignore ifconfig-ipv6\npull-filter ignore route-ipv6\n" CA,
    "dns" },
  { "locked-key",
    "client\ndev tun\nremote 192.0.2.92\naskpass\nremote-cert-tls server\n" CA "<cert>\n@CERT@</cert>\n<key>\n@LOCKED@</key>\n",
    "askpass" },
};

const guint n_ovpn_services = G_N_ELEMENTS (ovpn_services);
