/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill-switch.c: it lets out what our lock lets out while connected, as far as iptables can say it; applied again it begins by
 * flushing, as such scripts do. */
#include "tests/lab/kill-switch.h"

#define PEER  "198.51.100.10"
#define API   "192.0.2.10"
#define PEER6 "2001:db8:98::10"
#define API6  "2001:db8:2::10"
#define REPLY " -m conntrack --ctstate ESTABLISHED,RELATED"

#define BOTH(ip, peer, api, client, server, reject) \
  ip " -F OUTPUT", ip " -F INPUT", ip " -F FORWARD", \
  ip " -A OUTPUT -o lo -j ACCEPT", ip " -A INPUT -i lo -j ACCEPT", \
  ip " -A OUTPUT -p udp --sport " client " --dport " server " -j ACCEPT", \
  ip " -A INPUT -p udp --sport " server " --dport " client " -j ACCEPT", \
  ip " -A OUTPUT -p udp -d " peer " --dport 51820 -j ACCEPT", \
  ip " -A INPUT -p udp -s " peer " --sport 51820" REPLY " -j ACCEPT", \
  ip " -A OUTPUT -p tcp -d " api " --dport 443 -j ACCEPT", ip " -A INPUT -p tcp -s " api " --sport 443" REPLY " -j ACCEPT", \
  ip " -A OUTPUT -p tcp --dport 53 -j REJECT", ip " -A OUTPUT -p udp --dport 53 -j REJECT", \
  ip " -A OUTPUT -o adit0 -j ACCEPT", ip " -A INPUT -i adit0" REPLY " -j ACCEPT", \
  ip " -A FORWARD -o adit0 -j ACCEPT", ip " -A FORWARD -i adit0" REPLY " -j ACCEPT", \
  ip " -A OUTPUT -j REJECT --reject-with " reject, ip " -A INPUT -j DROP", ip " -A FORWARD -j DROP"

const char *const kill_switch_calls[KILL_SWITCH_N_CALLS] = {
  BOTH ("iptables", PEER, API, "68", "67", "icmp-admin-prohibited"),
  BOTH ("ip6tables", PEER6, API6, "546", "547", "icmp6-adm-prohibited"),
  "ip6tables -I OUTPUT -p icmpv6 --icmpv6-type 135 -j ACCEPT",
};
