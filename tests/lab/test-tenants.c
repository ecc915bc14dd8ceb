/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-tenants.c: other programs' links, rules and chains, made as those programs make them: each is named, nothing that only
 * stands beside ours is called a conflict, and what is in the way is.  Nothing of theirs is changed by looking. */
#include "platform/tenants.h"

#include "tests/lab/private-world.h"

#define OURS "10.64.7.9"

/* Applied as one file. */
static void
load (const char *rules)
{
  g_autofree char *name = g_build_filename ("/run", "tenant.nft", NULL);

  g_assert_true (g_file_set_contents (name, rules, -1, NULL));
  private_world_do ("nft -f %s", name);
}

static void
run (const char *lines)
{
  g_auto (GStrv) all = g_strsplit (lines, ";", -1);

  for (char **line = all; *line != NULL; line++)
    private_world_do ("%s", *line);
}

static char *
take_picture (void)
{
  g_autofree char *rules = private_world_run (TRUE, "nft -s list ruleset"), *routing = private_world_run (TRUE, "ip rule");
  g_autofree char *routes = private_world_run (TRUE, "ip route show table all");

  return g_strconcat (rules, routing, routes, NULL);
}

/* "ufw docker; refuses-outgoing ufw chain OUTPUT of table ip filter; " */
static char *
dup_found (void)
{
  g_autofree AditTenants *tenants = g_new0 (AditTenants, 1);
  g_autofree AditTunnelSpec *spec = g_new0 (AditTunnelSpec, 1);
  g_autofree char *before = take_picture (), *after = NULL;
  GString *text = g_string_new (NULL);

  g_assert_true (adit_address_parse (OURS, &spec->addresses[0].address));
  spec->addresses[0].prefix_bits = 32;
  spec->n_addresses = 1;
  g_assert_true (adit_address_parse ("100.64.0.7", &spec->dns[0]));
  spec->n_dns = 1;
  adit_tenants_read (NULL, spec, tenants);
  after = take_picture ();
  g_assert_cmpstr (before, ==, after);
  for (guint i = 0; i < ADIT_N_TENANTS; i++)
    if (tenants->present & (1u << i))
      g_string_append_printf (text, "%s ", adit_tenant_get_nick (1u << i));
  for (guint i = 0; i < tenants->n_conflicts; i++)
    g_string_append_printf (text, "; %s %s %s", adit_conflict_get_nick (tenants->conflicts[i].kind), tenants->conflicts[i].by,
                            tenants->conflicts[i].what);
  return g_string_free (text, FALSE);
}

static void
expect (const char *wanted)
{
  g_autofree char *found = dup_found ();

  g_assert_cmpstr (found, ==, wanted);
}

/* ufw writes by iptables, which is nftables' here: its chains begin with its name, and the built-in ones have its policy. */
static const char ufw[] =
  "iptables -P INPUT DROP;iptables -P FORWARD DROP;iptables -N ufw-before-output;iptables -N ufw-user-output;"
  "iptables -N ufw-before-input;iptables -A OUTPUT -j ufw-before-output;iptables -A OUTPUT -j ufw-user-output;"
  "iptables -A INPUT -j ufw-before-input;iptables -A ufw-before-output -o lo -j ACCEPT;"
  "iptables -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT;"
  "iptables -A ufw-user-output -p tcp --dport 25 -j DROP";

static void
test_ufw (void)
{
  run (ufw);
  expect ("ufw ");
  run ("iptables -P OUTPUT DROP");    /* ufw default deny outgoing */
  expect ("ufw ; refuses-outgoing ufw chain OUTPUT of table ip filter");
  run ("iptables -P OUTPUT ACCEPT");
  expect ("ufw ");
}

/* Its own table, with rejects at the way out that are about addresses nobody has. */
static void
test_firewalld (void)
{
  load ("table inet firewalld {\n"
        " chain filter_INPUT { type filter hook input priority filter + 10; policy accept;\n"
        "  ct state { established, related } accept\n ct status dnat accept\n iifname \"lo\" accept\n"
        "  ct state invalid drop\n reject with icmpx admin-prohibited\n }\n"
        " chain filter_OUTPUT { type filter hook output priority filter + 10; policy accept;\n"
        "  ct state { established, related } accept\n oifname \"lo\" accept\n"
        "  ip6 daddr { ::/96, 2002:a00::/24 } reject with icmpv6 addr-unreachable\n }\n"
        " chain nat_PREROUTING { type nat hook prerouting priority dstnat + 10; policy accept; }\n}\n");
  expect ("firewalld ");
}

static void
test_docker (void)
{
  run ("iptables -N DOCKER;iptables -N DOCKER-USER;iptables -A FORWARD -j DOCKER-USER;iptables -A FORWARD -o docker0 -j DOCKER;"
       "iptables -P FORWARD DROP;iptables -t nat -N DOCKER;iptables -t nat -A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER;"
       "ip link add docker0 type bridge;ip addr add 172.17.0.1/16 dev docker0;ip link set docker0 up");
  expect ("docker ");
}

static void
test_libvirt (void)
{
  run ("iptables -N LIBVIRT_OUT;iptables -A OUTPUT -j LIBVIRT_OUT;iptables -A LIBVIRT_OUT -o virbr0 -p udp --dport 68 -j ACCEPT");
  expect ("libvirt ");
}

/* Its rules come after ours and its range is not the tunnel's; where one of the two is otherwise, that is said. */
static void
test_tailscale (void)
{
  run ("ip tuntap add dev tailscale0 mode tun;ip addr add 100.100.1.2/32 dev tailscale0;ip link set tailscale0 up;"
       "iptables -N ts-input;iptables -A INPUT -j ts-input;"
       "iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP;"
       "ip rule add pref 5210 fwmark 0x80000/0xff0000 lookup main;ip rule add pref 5270 lookup 52;"
       "ip route add 100.101.1.1/32 dev tailscale0 table 52");
  expect ("tailscale ");
  run ("ip route add 100.64.0.0/10 dev tailscale0 table 52");
  expect ("tailscale ; overlapping-range tailscale route 100.64.0.0/10 by tailscale0");
  run ("ip route del 100.64.0.0/10 dev tailscale0 table 52");
  run ("ip route add 10.64.0.0/16 dev tailscale0");
  expect ("tailscale ; overlapping-range tailscale route 10.64.0.0/16 by tailscale0");
}

/* wg-quick(8), its nftables table too; a routing rule of such a tunnel comes after ours unless somebody says a number. */
static void
test_wg_quick (void)
{
  run ("ip tuntap add dev wg0 mode tun;ip link set wg0 up;ip route add default dev wg0 table 51820;"
       "ip rule add pref 32764 not fwmark 0xca6c table 51820;ip rule add pref 32763 table main suppress_prefixlength 0");
  load ("table ip wg-quick-wg0 {\n"
        " chain preraw { type filter hook prerouting priority -300;\n"
        "  iifname != \"wg0\" ip daddr 10.9.0.2 fib saddr type != local drop\n }\n"
        " chain premangle { type filter hook prerouting priority -150; meta l4proto udp meta mark set ct mark; }\n"
        " chain postmangle { type filter hook postrouting priority -150;\n"
        "  meta l4proto udp meta mark 0x0000ca6c ct mark set meta mark;\n }\n}\n");
  expect ("wg-quick ");
  run ("ip rule add pref 100 not fwmark 0xca6c table 51820");
  expect ("wg-quick ; rule-before-ours wg-quick rule 100 to table 51820");
  run ("ip rule del pref 100;ip rule add pref 1000 uidrange 1000-1000 lookup 77");
  expect ("wg-quick ; rule-before-ours  rule 1000 to table 77");
  run ("ip rule del pref 1000");
  /* The one that its manual page has for PostUp: the kill switch. */
  run ("iptables -I OUTPUT ! -o wg0 -m mark ! --mark 51820 -m addrtype ! --dst-type LOCAL -j REJECT");
  expect ("wg-quick ; other-kill-switch filter chain OUTPUT of table ip filter");
}

/* Rules of ours, and rules that come before ours and accept: no conflict. */
static void
test_nobody (void)
{
  run ("ip rule add pref 4410 fwmark 0x500/0xf00 lookup main;ip rule add pref 4490 not fwmark 0x500/0xf00 lookup 44356");
  load ("table inet adit {\n chain output { type filter hook output priority 0; policy drop; }\n}\n"
        "table inet other {\n chain output { type filter hook output priority -200; policy accept;\n  accept\n }\n}\n");
  expect ("");
}

static void
clean (void)
{
  static const char *const links[] = { "docker0", "tailscale0", "wg0" };

  private_world_do ("nft flush ruleset");
  g_free (private_world_run (FALSE, "ip rule flush"));
  run ("ip rule add pref 32766 lookup main");
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    g_free (private_world_run (FALSE, "ip link del %s", links[i]));
}

static void
test_one (gconstpointer data)
{
  expect ("");
  ((void (*) (void)) data) ();
  clean ();
  expect ("");
}

int
main (int argc, char **argv)
{
  static const struct { const char *name; void (*test) (void); } tests[] = {
    { "/tenants/nobody", test_nobody }, { "/tenants/ufw", test_ufw }, { "/tenants/firewalld", test_firewalld },
    { "/tenants/docker", test_docker }, { "/tenants/libvirt", test_libvirt }, { "/tenants/tailscale", test_tailscale },
    { "/tenants/wg-quick", test_wg_quick },
  };

  g_test_init (&argc, &argv, NULL);
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].name, (gconstpointer) tests[i].test, test_one);
  return g_test_run ();
}
