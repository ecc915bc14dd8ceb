/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-reach.c: what comes of settings on a network, kind or hostile: never a public address, never by another link. */
#include "client/model/reach.h"

#include <string.h>

typedef struct
{
  AditReachSettings settings;
  AditNearby        nearby[ADIT_REACH_MAX_NEARBY];
  guint             n_nearby;
  AditTunnelSpec    spec;
  AditReach         reach;
} Fixture;

static void
add (Fixture *f, const char *link, const char *address, gboolean is_guests)
{
  AditNearby *nearby = &f->nearby[f->n_nearby++];

  g_strlcpy (nearby->link, link, sizeof nearby->link);
  g_assert_true (adit_prefix_parse (address, &nearby->address));
  nearby->is_guests = is_guests;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &f->spec.addresses[0]));
  f->spec.n_addresses = f->spec.n_dns = 1;
  g_assert_true (adit_address_parse ("10.64.0.1", &f->spec.dns[0]));
  add (f, "eth0", "192.168.1.5/24", FALSE);
  add (f, "eth0", "fe80::5/64", FALSE);
  add (f, "virbr0", "192.168.122.1/24", TRUE);
  add (f, "docker0", "172.17.0.1/16", TRUE);
}

static void
resolve (Fixture *f)
{
  adit_reach_resolve (&f->reach, &f->settings, f->nearby, f->n_nearby, &f->spec);
}

/* "eth0 192.168.1.5 192.168.1.0/24; ..." */
static char *
dup_nets (const AditReach *reach)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < reach->n_nets; i++)
    {
      g_autofree char *from = adit_address_dup_text (&reach->nets[i].from), *to = adit_prefix_dup_text (&reach->nets[i].to);

      g_string_append_printf (text, "%s%s %s %s", i > 0 ? "; " : "", reach->nets[i].link, from, to);
    }
  return g_string_free (text, FALSE);
}

static void
expect_nets (Fixture *f, const char *wanted)
{
  g_autofree char *nets = NULL;

  resolve (f);
  nets = dup_nets (&f->reach);
  g_assert_cmpstr (nets, ==, wanted);
}

static void
test_off (Fixture *f, gconstpointer data)
{
  expect_nets (f, "");
  g_assert_cmpuint (f->reach.n_groups + f->reach.n_resolvers + f->reach.n_inside + f->reach.n_outside, ==, 0);
  g_assert_false (adit_reach_settings_need_links (&f->settings));
}

static void
test_subnet (Fixture *f, gconstpointer data)
{
  f->settings.lan = ADIT_LAN_SUBNET;
  expect_nets (f, "eth0 192.168.1.5 192.168.1.0/24; eth0 fe80::5 fe80::/64");
}

/* A network that says that public addresses are at hand, or all of them, or that two of its networks are one in the other. */
static void
test_hostile_subnet (Fixture *f, gconstpointer data)
{
  f->settings.lan = ADIT_LAN_SUBNET;
  f->n_nearby = 0;
  add (f, "wlan0", "203.0.113.5/24", FALSE);
  add (f, "wlan0", "2001:db8:1::5/64", FALSE);
  add (f, "wlan0", "100.64.0.5/10", FALSE);
  expect_nets (f, "");
  add (f, "wlan0", "11.0.0.5/7", FALSE);
  expect_nets (f, "wlan0 11.0.0.5 10.0.0.0/8");
  f->n_nearby = 0;
  add (f, "wlan0", "10.0.0.5/24", FALSE);
  add (f, "wlan0", "10.0.0.5/16", FALSE);
  add (f, "wlan0", "10.0.0.5/24", FALSE);
  expect_nets (f, "wlan0 10.0.0.5 10.0.0.0/16");
  g_strlcpy (f->nearby[0].link, "a\"b", sizeof f->nearby[0].link);
  f->n_nearby = 1;
  expect_nets (f, "");
}

/* A network that gives the computer the very address that it has inside the tunnel: what bears it stays inside. */
static void
test_tunnel_address (Fixture *f, gconstpointer data)
{
  f->settings.lan = ADIT_LAN_SUBNET;
  f->settings.multicast = TRUE;
  f->n_nearby = 0;
  g_assert_true (adit_address_parse ("192.168.1.1", &f->settings.dns[f->settings.n_dns++]));
  g_assert_true (adit_prefix_parse ("fd00:64::2/128", &f->spec.addresses[f->spec.n_addresses++]));
  add (f, "wlan0", "10.64.0.2/24", FALSE);
  add (f, "wlan0", "fd00:64::2/64", FALSE);
  expect_nets (f, "");
  g_assert_cmpuint (f->reach.n_groups + f->reach.n_resolvers, ==, 0);
  add (f, "wlan0", "10.64.0.3/24", FALSE);
  expect_nets (f, "wlan0 10.64.0.3 10.64.0.0/24");
}

static void
test_list (Fixture *f, gconstpointer data)
{
  f->settings.lan = ADIT_LAN_LIST;
  f->settings.n_ranges = 4;
  g_assert_true (adit_prefix_parse ("192.168.0.0/16", &f->settings.ranges[0]));
  g_assert_true (adit_prefix_parse ("192.168.7.0/24", &f->settings.ranges[1]));    /* in the first */
  g_assert_true (adit_prefix_parse ("fd00::/8", &f->settings.ranges[2]));          /* no address here has business with it */
  g_assert_true (adit_prefix_parse ("8.0.0.0/8", &f->settings.ranges[3]));         /* nothing that could be set */
  expect_nets (f, "eth0 192.168.1.5 192.168.0.0/16");
}

static void
test_guests (Fixture *f, gconstpointer data)
{
  f->settings.n_guests = 2;
  g_strlcpy (f->settings.guests[0], "virbr0", ADIT_LINK_NAME_BYTES);
  g_strlcpy (f->settings.guests[1], "eth0", ADIT_LINK_NAME_BYTES);    /* a cable is not a guest's by being named */
  expect_nets (f, "virbr0 192.168.122.1 192.168.122.0/24");
  g_assert_true (f->reach.nets[0].is_guests);
}

static void
test_multicast (Fixture *f, gconstpointer data)
{
  f->settings.multicast = TRUE;
  f->settings.n_guests = 1;
  g_strlcpy (f->settings.guests[0], "virbr0", ADIT_LINK_NAME_BYTES);
  resolve (f);
  g_assert_cmpuint (f->reach.n_groups, ==, 9);
  for (guint i = 0; i < f->reach.n_groups; i++)
    {
      const AditAddress *to = &f->reach.groups[i].to.address;

      g_assert_cmpstr (f->reach.groups[i].link, ==, "eth0");
      g_assert_cmpuint (f->reach.groups[i].protocol, ==, 17);
      g_assert_true (to->family == ADIT_FAMILY_IPV4 ? to->bytes[0] == 224 || to->bytes[0] == 239 : to->bytes[0] == 0xff);
    }
}

static void
add_dns (Fixture *f, const char *address)
{
  g_assert_true (adit_address_parse (address, &f->settings.dns[f->settings.n_dns++]));
}

/* The tunnel's own resolvers look private; without a tunnel nobody is asked. */
static void
test_resolvers (Fixture *f, gconstpointer data)
{
  add_dns (f, "9.9.9.9");
  add_dns (f, "192.168.1.1");
  add_dns (f, "10.64.0.1");
  add_dns (f, "100.64.0.7");
  resolve (f);
  g_assert_cmpuint (f->reach.n_inside, ==, 3);
  g_assert_cmpuint (f->reach.n_outside, ==, 1);
  g_assert_cmpuint (f->reach.n_resolvers, ==, 2);    /* from the cable alone, UDP and TCP */
  g_assert_cmpuint (f->reach.resolvers[0].to.port, ==, 53);
  adit_reach_resolve (&f->reach, &f->settings, f->nearby, f->n_nearby, NULL);
  g_assert_cmpuint (f->reach.n_inside + f->reach.n_outside + f->reach.n_resolvers, ==, 0);
}

static void
test_full (Fixture *f, gconstpointer data)
{
  f->settings.lan = ADIT_LAN_LIST;
  f->settings.multicast = TRUE;
  f->settings.n_ranges = ADIT_REACH_MAX_RANGES;
  for (guint i = 0; i < ADIT_REACH_MAX_RANGES; i++)
    f->settings.ranges[i] = (AditPrefix) { { ADIT_FAMILY_IPV4, { 10, (guint8) i } }, 16 };
  while (f->n_nearby < ADIT_REACH_MAX_NEARBY)
    add (f, "eth0", "10.0.0.5/16", FALSE);
  for (guint i = 0; i < f->n_nearby; i++)
    f->nearby[i].address.address.bytes[3] = (guint8) i;
  resolve (f);
  g_assert_cmpuint (f->reach.n_nets, ==, ADIT_REACH_MAX_NETS);
  g_assert_cmpuint (f->reach.n_groups, <=, ADIT_REACH_MAX_POINTS);
}

/* Which change asks a person and which does not. */
static void
test_wider (void)
{
  AditReachSettings off = { 0 }, lan = { .lan = ADIT_LAN_SUBNET }, multicast = { .multicast = TRUE }, guest = { .n_guests = 1 };
  AditReachSettings wide = { .lan = ADIT_LAN_LIST, .n_ranges = 1 }, narrow = wide, inside = { .n_dns = 1 }, outside = inside;

  g_strlcpy (guest.guests[0], "virbr0", ADIT_LINK_NAME_BYTES);
  g_assert_true (adit_prefix_parse ("10.0.0.0/8", &wide.ranges[0]));
  g_assert_true (adit_prefix_parse ("10.1.0.0/16", &narrow.ranges[0]));
  g_assert_true (adit_address_parse ("9.9.9.9", &inside.dns[0]));
  g_assert_true (adit_address_parse ("192.168.1.1", &outside.dns[0]));
  g_assert_true (adit_reach_settings_is_wider (&lan, &off));
  g_assert_false (adit_reach_settings_is_wider (&off, &lan));
  g_assert_false (adit_reach_settings_is_wider (&lan, &lan));
  g_assert_true (adit_reach_settings_is_wider (&multicast, &lan));
  g_assert_true (adit_reach_settings_is_wider (&guest, &off));
  g_assert_false (adit_reach_settings_is_wider (&off, &guest));
  g_assert_true (adit_reach_settings_is_wider (&wide, &lan));
  g_assert_true (adit_reach_settings_is_wider (&lan, &wide));
  g_assert_true (adit_reach_settings_is_wider (&wide, &narrow));
  g_assert_false (adit_reach_settings_is_wider (&narrow, &wide));
  g_assert_true (adit_reach_settings_is_wider (&inside, &off));
  g_assert_true (adit_reach_settings_is_wider (&outside, &inside));
  g_assert_true (adit_reach_settings_is_wider (&inside, &outside));
  g_assert_false (adit_reach_settings_is_wider (&inside, &inside));
  g_assert_false (adit_reach_settings_is_wider (&off, &inside));
}

/* Whom a person names, for a tunnel that brings nobody. */
static void
test_inside (Fixture *f, gconstpointer data)
{
  static const struct { const char *address; gboolean inside; } rows[] = {
    { "9.9.9.9", TRUE }, { "2001:db8::9", TRUE }, { "10.64.0.2", TRUE }, { "10.64.0.1", FALSE }, { "192.168.1.1", FALSE },
    { "fd00::1", FALSE }, { "10.9.0.1", TRUE }, { "fd00:9::1", TRUE },
  };

  f->spec.n_dns = 0;
  g_assert_true (adit_prefix_parse ("0.0.0.0/1", &f->spec.allowed_ips[0]));
  g_assert_true (adit_prefix_parse ("10.9.0.0/16", &f->spec.allowed_ips[1]));
  g_assert_true (adit_prefix_parse ("fd00:9::/64", &f->spec.allowed_ips[2]));
  f->spec.n_allowed_ips = 3;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditAddress address;

      g_assert_true (adit_address_parse (rows[i].address, &address));
      if (adit_reach_resolver_is_inside (&address, &f->spec) != rows[i].inside)
        g_error ("%s", rows[i].address);
    }
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*test) (Fixture *f, gconstpointer data); } tests[] = {
    { "/reach/off", test_off }, { "/reach/subnet", test_subnet }, { "/reach/hostile-subnet", test_hostile_subnet },
    { "/reach/tunnel-address", test_tunnel_address },
    { "/reach/list", test_list }, { "/reach/guests", test_guests }, { "/reach/multicast", test_multicast },
    { "/reach/resolvers", test_resolvers }, { "/reach/inside", test_inside }, { "/reach/full", test_full },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, NULL);
  g_test_add_func ("/reach/wider", test_wider);
  return g_test_run ();
}
