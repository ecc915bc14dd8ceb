/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-sample.c: each shape once, with addresses and names of examples. */
#include "tests/unit/wg-sample.h"

#define ME   WG_SAMPLE_ME
#define PEER WG_SAMPLE_PEER

const WgService wg_services[] = {
  { "plain", ME PEER, "-", 1 },
  { "mullvad", "[Interface]\n# Device: Able Mole\nPrivateKey = @KEY1@\nAddress = 10.64.0.2/32,2001:db8:1::2/128\n"
    "DNS = 10.64.0.1\n\n"
    "[Peer]\nPublicKey = @KEY2@\nAllowedIPs = 0.0.0.0/0,::0/0\nEndpoint = 192.0.2.10:51820\n", "", 1 },
  { "mullvad-kill-switch", "[Interface]\nPrivateKey = @KEY1@\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n"
    "PostUp = iptables -I OUTPUT ! -o %i -m mark ! --mark $(wg show %i fwmark) -m addrtype ! --dst-type LOCAL -j REJECT\n"
    "PreDown = iptables -D OUTPUT ! -o %i -m mark ! --mark $(wg show %i fwmark) -m addrtype ! --dst-type LOCAL -j REJECT\n" PEER,
    "PostUp PreDown", 1 },
  { "proton", "[Interface]\n# Bouncing = 0\n# NAT-PMP (Port Forwarding) = off\nPrivateKey = @KEY1@\nAddress = 10.2.0.2/32\n"
    "DNS = 10.2.0.1\n\n[Peer]\n# NL#1\nPublicKey = @KEY2@\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.20:51820\n", "", 1 },
  { "ivpn", "[Interface]\nPrivateKey = @KEY1@\nListenPort = 51820\nAddress = 172.23.41.9/32\nSaveConfig = true\n"
    "MTU = 1412\n[Peer]\n"
    "PublicKey = @KEY2@\nPresharedKey = @KEY3@\nEndpoint = 192.0.2.10:2049\nPersistentKeepalive = 25\n"
    "AllowedIPs = 0.0.0.0/0, ::/0\n", "ListenPort SaveConfig -", 1 },
  { "windows", "\xef\xbb\xbf[Interface]\r\nprivatekey=@KEY1@\r\n\taddress\t=\t10.0.0.2\r\ndns=10.0.0.1,office.example.org\r\n\r\n"
    "[PEER]\r\nPUBLICKEY=@KEY2@\r\nallowedips=0.0.0.0/0\r\nendpoint=vpn.example.org:443 # the office\r\n", "DNS", 1 },
  { "office", ME "Table = off\nFwMark = 0xca6c\n" PEER "[Peer]\nPublicKey = @KEY3@\nAllowedIPs = 10.8.0.0/24\n"
    "AllowedIPs = 10.9.0.7/16\n"
    "Endpoint = [2001:db8::1]:51821\nPersistentKeepalive = off\n[Peer]\nPublicKey = @KEY4@\nAllowedIPs = 10.10.0.0/16\n",
    "Table FwMark - -", 2 },
  { "one-network", ME "[Peer]\nPublicKey = @KEY2@\nAllowedIPs = 10.8.0.0/24\nEndpoint = 192.0.2.10:51820\n", "- -", 1 },
  { "mtu-small", ME "MTU = 1200\n" PEER, "MTU -", 1 },
  { "mtu-large", ME "MTU = 65535\n" PEER, "MTU -", 1 },
  { "two-addresses", ME "Address = 10.64.0.3/32\n" PEER, "Address -", 1 },
  { "nord", "[Interface]\nPrivateKey = @KEY1@\nAddress = 10.5.0.2/32\nDNS = 192.0.2.53, 192.0.2.54\n\n[Peer]\n"
    "PublicKey = @KEY2@\n"
    "AllowedIPs = 0.0.0.0/0\nEndpoint = us1.example.net:51820\nPersistentKeepalive = 25\n", "", 1 },
  { "pia", "[Interface]\nAddress = 10.20.30.40\nPrivateKey = @KEY1@\nDNS = 10.0.0.243\n[Peer]\nPersistentKeepalive = 25\n"
    "PublicKey = @KEY2@\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.30:1337\n", "", 1 },
  { "airvpn", "[Interface]\nAddress = 10.142.3.4/10,fd7d:76ee:e68f:a993:1:2:3:4/48\nPrivateKey = @KEY1@\nMTU = 1320\n"
    "DNS = 10.128.0.1, fd7d:76ee:e68f:a993::1\n\n[Peer]\nPublicKey = @KEY2@\nPresharedKey = @KEY3@\n"
    "Endpoint = europe3.example.net:1637\nAllowedIPs = 0.0.0.0/0,::/0\nPersistentKeepalive = 15\n", "", 1 },
  { "pfsense", "# Description: Roadwarrior\n[Interface]\nPrivateKey = @KEY1@\nListenPort = 51825\nAddress = 10.6.210.2/24\n\n"
    "# Remote Settings for pfSense\n[Peer]\nPublicKey = @KEY2@\nPresharedKey = @KEY3@\n"
    "AllowedIPs = 10.6.210.1/32, 192.168.1.7/24\nEndpoint = gw.example.org:51820\nPersistentKeepalive = 25\n",
    "ListenPort - -", 1 },
  { "openwrt", "[Interface]\nPrivateKey = @KEY1@\nAddress = 10.14.0.3/32\n# ListenPort not defined\nDNS = 10.14.0.1\n\n[Peer]\n"
    "PublicKey = @KEY2@\n# PresharedKey not used\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = home.example.org:51820\n"
    "# PersistentKeepalive not defined\n", "", 1 },
  { "wg-easy", "\n[Interface]\nPrivateKey = @KEY1@\nAddress = 10.8.0.2/24\nDNS = 192.0.2.53\n\n\n[Peer]\nPublicKey = @KEY2@\n"
    "PresharedKey = @KEY3@\nAllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 0\nEndpoint = 192.0.2.10:51820", "", 1 },
  { "fritzbox", "[Interface]\nPrivateKey = @KEY1@\nAddress = 192.168.178.201/24,fd00:1::201/64\n"
    "DNS = 192.168.178.1,fd00:1::1\nDNS = fritz.example\n\n[Peer]\nPublicKey = @KEY2@\nPresharedKey = @KEY3@\n"
    "AllowedIPs = 192.168.178.0/24,0.0.0.0/0,fd00:1::/64,::/0\nEndpoint = abcdef.example.net:58111\nPersistentKeepalive = 25\n",
    "DNS", 1 },
  { "all-but-the-lan", ME "[Peer]\nPublicKey = @KEY2@\nEndpoint = 192.0.2.10:51820\n"
    "AllowedIPs = 0.0.0.0/5, 8.0.0.0/7, 11.0.0.0/8, "
    "12.0.0.0/6, 16.0.0.0/4, 32.0.0.0/3, 64.0.0.0/2, 128.0.0.0/3, 160.0.0.0/5, 168.0.0.0/6, 172.0.0.0/12, 172.32.0.0/11, "
    "172.64.0.0/10, 172.128.0.0/9, 173.0.0.0/8, 174.0.0.0/7, 176.0.0.0/4, 192.0.0.0/9, 192.128.0.0/11, 192.160.0.0/13, "
    "192.169.0.0/16, 192.170.0.0/15, 192.172.0.0/14, 192.176.0.0/12, 192.192.0.0/10, 193.0.0.0/8, 194.0.0.0/7, 196.0.0.0/6, "
    "200.0.0.0/5, 208.0.0.0/4, ::/1, 8000::/2, c000::/3, e000::/4, f000::/5, f800::/6, fe00::/9, fec0::/10\n", "- -", 1 },
  { "halves", ME "[Peer]\nPublicKey = @KEY2@\nEndpoint = 192.0.2.10:51820\nAllowedIPs = 0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1\n",
    "-", 1 },
  { "spaces", "  [Interface]  \n\t PrivateKey\t=@KEY1@  # mine\nAddress=10.0.0.2/32 ,  2001:db8:1::2\n\n   \n#[Peer]\n[Peer]#x\n"
    "PublicKey= @KEY2@\t\nAllowedIPs =0.0.0.0/0 , ::/0\nEndpoint = [2001:db8::1]:51820\n", "-", 1 },
  { "two", ME "DNS = 10.64.0.1\n[Peer]\n# office\nPublicKey = @KEY3@\nPresharedKey = @KEY5@\n"
    "AllowedIPs = 10.9.0.0/16, fd00:9::/48\n"
    "Endpoint = office.example.org:51821\nPersistentKeepalive = 25\n" PEER, "", 2 },
};
const guint n_wg_services = G_N_ELEMENTS (wg_services);

/* Keys are made here, and never the same. */
const char *
wg_sample_get_key (guint n)
{
  static char *keys[WG_SAMPLE_N_KEYS];

  if (keys[n] == NULL)
    {
      guint8 bytes[32];

      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8) g_random_int ();
      bytes[0] = (guint8) (n + 1);
      keys[n] = g_base64_encode (bytes, sizeof bytes);
    }
  return keys[n];
}

char *
wg_sample_fill (const char *text)
{
  GString *out = g_string_new (text);

  for (guint i = 0; i < WG_SAMPLE_N_KEYS; i++)
    {
      char place[] = { '@', 'K', 'E', 'Y', (char) ('1' + i), '@', '\0' };

      g_string_replace (out, place, wg_sample_get_key (i), 0);
    }
  return g_string_free (out, FALSE);
}
