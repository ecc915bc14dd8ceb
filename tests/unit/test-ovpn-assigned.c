/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-ovpn-assigned.c: what servers push as they should, and what an attacker's would (P03, P04). */
#include "client/worker/ovpn-assigned.h"

#include <string.h>

#include "client/base/error.h"

/* Lines of "name=value", all of which are of their form. */
static AditOvpnEnvironment
tell (const char *text)
{
  AditOvpnEnvironment environment = { 0 };
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_autoptr (GError) error = NULL;
      char *equals = strchr (lines[i], '=');

      *equals = '\0';
      adit_ovpn_environment_set (&environment, lines[i], equals + 1, &error);
      g_assert_no_error (error);
    }
  return environment;
}

/* "ADDRESS ADDRESS | RESOLVER ... | MTU" */
static char *
describe (const char *text)
{
  AditOvpnEnvironment environment = tell (text);
  AditOvpnAssigned assigned;
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);

  if (!adit_ovpn_environment_finish (&environment, &assigned, &error))
    {
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
      return g_string_free (out, FALSE);
    }
  for (guint i = 0; i < assigned.n_addresses; i++)
    {
      g_autofree char *one = adit_prefix_dup_text (&assigned.addresses[i]);

      g_assert_true (adit_prefix_is_valid (&assigned.addresses[i]));
      g_string_append_printf (out, "%s ", one);
    }
  g_string_append_c (out, '|');
  for (guint i = 0; i < assigned.n_dns; i++)
    {
      g_autofree char *one = adit_address_dup_text (&assigned.dns[i]);

      g_string_append_printf (out, " %s", one);
    }
  g_string_append_printf (out, " | %u", assigned.mtu_bytes);
  return g_string_free (out, FALSE);
}

static void
expect (const char *text, const char *wanted)
{
  g_autofree char *found = describe (text);

  g_assert_cmpstr (found, ==, wanted);
}

/* As openvpn 2.6 tells it, in the order in which it does. */
static void
test_whole (void)
{
  expect ("dev_type=tun\ndev=adit0\ntun_mtu=1500\nscript_context=init\nifconfig_ipv6_remote=fd65::1\nifconfig_ipv6_netbits=64\n"
          "ifconfig_ipv6_local=fd65::1000\nifconfig_netmask=255.255.0.0\nifconfig_local=10.65.0.2\n"
          "foreign_option_3=dhcp-option DNS6 fd65::9\nforeign_option_2=dhcp-option DNS 10.65.0.9\n"
          "foreign_option_1=dhcp-option DOMAIN foo.example\ndns_server_1_address_2=fd65::9\n"
          "dns_server_1_address_1=10.65.0.9\ncommon_name=server.example\ntrusted_ip=127.0.0.1\n",
          "10.65.0.2/32 fd65::1000/128 | 10.65.0.9 fd65::9 | 1500");
  expect ("ifconfig_local=10.8.0.6\nifconfig_remote=10.8.0.5\ntun_mtu=1400\n", "10.8.0.6/32 | | 1400");
  expect ("ifconfig_ipv6_local=fd00::2\ntun_mtu=1280\n", "fd00::2/128 | | 1280");
}

static void
test_resolvers (void)
{
#define OWN "ifconfig_local=10.8.0.6\ntun_mtu=1500\n"
  expect (OWN "foreign_option_2=dhcp-option DNS 10.8.0.2\nforeign_option_1=dhcp-option DNS 10.8.0.1\n",
          "10.8.0.6/32 | 10.8.0.1 10.8.0.2 | 1500");
  expect (OWN "foreign_option_10=dhcp-option DNS 10.8.0.2\nforeign_option_9=dhcp-option DNS 10.8.0.1\n",
          "10.8.0.6/32 | 10.8.0.1 10.8.0.2 | 1500");
  expect (OWN "foreign_option_1=dhcp-option DNS fd00::1\n", "10.8.0.6/32 | | 1500");    /* no IPv6 inside */
  expect (OWN "foreign_option_1=dhcp-option DNS 10.8.0.6\n", "10.8.0.6/32 | | 1500");   /* this computer itself */
  expect (OWN "foreign_option_1=dhcp-option DNS 10.8.0.1\nforeign_option_2=dhcp-option DNS 10.8.0.1\n",
          "10.8.0.6/32 | 10.8.0.1 | 1500");
  expect (OWN "foreign_option_1=dhcp-option DNS 10.8.0.1\nforeign_option_2=dhcp-option DNS 10.8.0.2\n"
          "foreign_option_3=dhcp-option DNS 10.8.0.3\nforeign_option_4=dhcp-option DNS 10.8.0.4\n"
          "foreign_option_5=dhcp-option DNS 10.8.0.5\n", "10.8.0.6/32 | 10.8.0.1 10.8.0.2 10.8.0.3 10.8.0.4 | 1500");
  expect (OWN "dns_server_2_address_1=10.8.0.2\ndns_server_1_address_1=10.8.0.1\n", "10.8.0.6/32 | 10.8.0.1 10.8.0.2 | 1500");
  /* Not one to ask everything in plain: nor is it where it is told a second time. */
  expect (OWN "foreign_option_1=dhcp-option DNS 10.8.0.1\ndns_server_1_address_1=10.8.0.1\ndns_server_1_transport=DoT\n",
          "10.8.0.6/32 | | 1500");
  expect (OWN "dns_server_1_port_1=5353\ndns_server_1_address_1=10.8.0.1\n", "10.8.0.6/32 | | 1500");
  expect (OWN "dns_server_1_port_1=53\ndns_server_1_transport=plain\ndns_server_1_address_1=10.8.0.1\n",
          "10.8.0.6/32 | 10.8.0.1 | 1500");
  expect (OWN "dns_server_32_resolve_domain_1=corp\ndns_server_32_address_1=10.8.0.1\ndns_server_2_address_1=10.8.0.3\n",
          "10.8.0.6/32 | 10.8.0.3 | 1500");
}

static void
test_missing (void)
{
  expect ("", "");
  expect ("ifconfig_local=10.8.0.6\n", "");
  expect ("tun_mtu=1500\n", "");
}

static void
test_hostile (void)
{
  static const struct { const char *name, *value; } rows[] = {
    { "ifconfig_local", "" }, { "ifconfig_local", "$(reboot)" }, { "ifconfig_local", "10.0.0.1; reboot" },
    { "ifconfig_local", "10.0.0.1 " }, { "ifconfig_local", "10.0.0.1/24" }, { "ifconfig_local", "127.0.0.1" },
    { "ifconfig_local", "0.0.0.0" }, { "ifconfig_local", "224.0.0.5" }, { "ifconfig_local", "169.254.1.1" },
    { "ifconfig_local", "255.255.255.255" }, { "ifconfig_local", "fd00::1" }, { "ifconfig_local", "010.0.0.1" },
    { "ifconfig_ipv6_local", "10.0.0.1" }, { "ifconfig_ipv6_local", "::1" }, { "ifconfig_ipv6_local", "::" },
    { "ifconfig_ipv6_local", "fe80::1" }, { "ifconfig_ipv6_local", "fe80::1%eth0" }, { "ifconfig_ipv6_local", "ff02::1" },
    { "ifconfig_ipv6_local", "::ffff:127.0.0.1" }, { "ifconfig_ipv6_local", "fd00::1/64" },
    { "ifconfig_netmask", "255.0.255.0" }, { "ifconfig_netmask", "`id`" }, { "ifconfig_netmask", "ffff::" },
    { "ifconfig_ipv6_netbits", "129" }, { "ifconfig_ipv6_netbits", "-1" }, { "ifconfig_ipv6_netbits", "064" },
    { "ifconfig_ipv6_netbits", "64 " }, { "ifconfig_ipv6_netbits", "99999999999999999999" },
    { "ifconfig_remote", "x" }, { "route_vpn_gateway", "127.0.0.1" }, { "route_vpn_gateway", "gw.example" },
    { "tun_mtu", "1279" }, { "tun_mtu", "9001" }, { "tun_mtu", "0" }, { "tun_mtu", "1500;" }, { "tun_mtu", "" },
    { "tun_mtu", "+1500" },
    { "foreign_option_1", "dhcp-option DNS $(reboot)" }, { "foreign_option_1", "dhcp-option DNS 10.0.0.1;id" },
    { "foreign_option_1", "dhcp-option DNS " }, { "foreign_option_1", "dhcp-option DNS 127.0.0.53" },
    { "foreign_option_1", "dhcp-option DNS 224.0.0.251" }, { "foreign_option_1", "dhcp-option DNS 0.0.0.0" },
    { "foreign_option_1", "dhcp-option DNS fe80::1" }, { "foreign_option_1", "dhcp-option DNS resolver.example" },
    { "foreign_option_1", "dhcp-option DNS 10.0.0.1 10.0.0.2" }, { "foreign_option_1", "dhcp-option DNS6 10.0.0.1" },
    { "foreign_option_x", "dhcp-option DNS 10.0.0.1" }, { "foreign_option_257", "x" }, { "foreign_option_", "x" },
    { "dns_server_1_address_1", "'" }, { "dns_server_1_address_1", "127.0.0.1" }, { "dns_server_1_address_x", "10.0.0.1" },
    { "dns_server_33_address_1", "10.0.0.1" }, { "dns_server__address_1", "10.0.0.1" }, { "dns_server_99999999999_x", "" },
  };
  AditOvpnEnvironment environment = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      memset (&environment, 0, sizeof environment);
      if (adit_ovpn_environment_set (&environment, rows[i].name, rows[i].value, &error))
        g_error ("let through: %s=%s", rows[i].name, rows[i].value);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE);
      g_assert_true (strlen (rows[i].value) < 5 || strstr (error->message, rows[i].value) == NULL);
      g_assert_cmpuint (environment.n_resolvers, ==, 0);
      g_assert_cmpuint (environment.ipv4.family + environment.ipv6.family, ==, 0);
    }

  /* Twice the same, and more than anyone needs. */
  memset (&environment, 0, sizeof environment);
  g_assert_true (adit_ovpn_environment_set (&environment, "ifconfig_local", "10.0.0.1", NULL));
  g_assert_false (adit_ovpn_environment_set (&environment, "ifconfig_local", "10.0.0.2", NULL));
  for (guint i = 0; i < ADIT_OVPN_MAX_RESOLVERS; i++)
    g_assert_true (adit_ovpn_environment_set (&environment, "foreign_option_1", "dhcp-option DNS 10.0.0.9", NULL));
  g_assert_false (adit_ovpn_environment_set (&environment, "foreign_option_1", "dhcp-option DNS 10.0.0.9", NULL));

  /* What nobody reads may be anything. */
  g_assert_true (adit_ovpn_environment_set (&environment, "X509_0_CN", "$(reboot)", NULL));
  g_assert_true (adit_ovpn_environment_set (&environment, "foreign_option_2", "dhcp-option DOMAIN ;id", NULL));
  g_assert_true (adit_ovpn_environment_set (&environment, "", "", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ovpn-assigned/whole", test_whole);
  g_test_add_func ("/ovpn-assigned/resolvers", test_resolvers);
  g_test_add_func ("/ovpn-assigned/missing", test_missing);
  g_test_add_func ("/ovpn-assigned/hostile", test_hostile);
  return g_test_run ();
}
