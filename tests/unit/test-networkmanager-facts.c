/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-networkmanager-facts.c: what is read of a link from NetworkManager, in every form that it can have: a stand-in on a bus of
 * its own has the objects and types of its D-Bus documentation.  The real one, with real radio networks, is in
 * tests/lab/test-wifi.c, and with a modem in tests/lab/test-mobile.c. */
#include "platform/linux/whereabouts.h"

#include <string.h>

#include "tests/unit/bus-stand-in.h"

#define NAME  "org.freedesktop.NetworkManager"
#define ROOT  "/org/freedesktop/NetworkManager"
#define LINK  ROOT "/Devices/1"
#define POINT ROOT "/AccessPoint/1"
#define LEASE ROOT "/DHCP4Config/1"

static const char interfaces[] =
  "<node>"
  "<interface name='" NAME "'><property name='Devices' type='ao' access='read'/>"
  "<method name='GetDeviceByIpIface'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "</interface>"
  "<interface name='" NAME ".Device'>"
  "<property name='Managed' type='b' access='read'/><property name='DeviceType' type='u' access='read'/>"
  "<property name='State' type='u' access='read'/><property name='Metered' type='u' access='read'/>"
  "<property name='Dhcp4Config' type='o' access='read'/>"
  "<method name='GetAppliedConnection'><arg type='u' direction='in'/><arg type='a{sa{sv}}' direction='out'/>"
  "<arg type='t' direction='out'/></method>"
  "</interface>"
  "<interface name='" NAME ".Device.Wireless'><property name='ActiveAccessPoint' type='o' access='read'/></interface>"
  "<interface name='" NAME ".AccessPoint'>"
  "<property name='Ssid' type='ay' access='read'/><property name='WpaFlags' type='u' access='read'/>"
  "<property name='RsnFlags' type='u' access='read'/>"
  "</interface>"
  "<interface name='" NAME ".DHCP4Config'><property name='Options' type='a{sv}' access='read'/></interface>"
  "</node>";

/* NMDeviceType, NMDeviceState, NMMetered and NM80211ApSecurityFlags. */
enum { WIFI = 2, MODEM = 8, VETH = 20 };
enum { CONFIGURING = 70, ACTIVATED = 100 };
enum { GUESS_YES = 3, GUESS_NO = 4 };
enum { PSK = 0x100, SAE = 0x400, OWE = 0x800 };

/* What the stand-in says. */
typedef struct
{
  gboolean    managed, joined;
  guint32     type, state, metered, wpa, rsn;
  const char *ssid, *server, *key_mgmt;    /* the last is of the profile that is in use; NULL for one without a key */
} Said;

static Said said;
static gint n_lists;    /* times that all its devices were asked for */
static GDBusConnection *bus;

static GVariant *
get_applied (void)
{
  GVariantBuilder settings, security;

  g_variant_builder_init (&settings, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_init (&security, G_VARIANT_TYPE_VARDICT);
  if (said.key_mgmt != NULL)
    {
      g_variant_builder_add (&security, "{sv}", "key-mgmt", g_variant_new_string (said.key_mgmt));
      g_variant_builder_add (&settings, "{sa{sv}}", "802-11-wireless-security", &security);
    }
  else
    g_variant_builder_clear (&security);
  return g_variant_new ("(a{sa{sv}}t)", &settings, (guint64) 1);
}

static void
on_call (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *arguments, GDBusMethodInvocation *invocation, gpointer user_data)
{
  const char *link;

  if (g_str_equal (method, "GetAppliedConnection"))
    {
      g_dbus_method_invocation_return_value (invocation, get_applied ());
      return;
    }
  g_variant_get (arguments, "(&s)", &link);
  if (g_str_equal (link, "wlan0"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", LINK));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, NAME ".UnknownDevice", "No such device");
}

static GVariant *
get_lease (void)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "dhcp_server_identifier", g_variant_new_string (said.server));
  return g_variant_builder_end (&options);
}

static GVariant *
on_get (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
        GError **error, gpointer user_data)
{
  const struct { const char *name; guint32 value; } numbers[] = {
    { "DeviceType", said.type }, { "State", said.state }, { "Metered", said.metered }, { "WpaFlags", said.wpa },
    { "RsnFlags", said.rsn },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (g_str_equal (numbers[i].name, name))
      return g_variant_new_uint32 (numbers[i].value);
  if (g_str_equal (name, "Devices"))
    {
      g_atomic_int_inc (&n_lists);
      return g_variant_new_parsed ("[%o]", LINK);
    }
  if (g_str_equal (name, "Managed"))
    return g_variant_new_boolean (said.managed);
  if (g_str_equal (name, "ActiveAccessPoint"))
    return g_variant_new_object_path (said.joined ? POINT : "/");
  if (g_str_equal (name, "Dhcp4Config"))
    return g_variant_new_object_path (said.server != NULL ? LEASE : "/");
  if (g_str_equal (name, "Ssid"))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, said.ssid, strlen (said.ssid), 1);
  return get_lease ();
}

static AditNetworkFacts
tell (void)
{
  AditNetworkFacts facts = { 0 };

  g_assert_true (adit_networkmanager_tell (bus, "wlan0", &facts));
  return facts;
}

static const Said at_home = { TRUE, TRUE, WIFI, ACTIVATED, GUESS_NO, 0, PSK, "home", "192.168.1.1", "wpa-psk" };

static void
test_wifi (void)
{
  AditNetworkFacts facts, again;

  said = at_home;
  facts = tell ();
  g_assert_cmpint (facts.kind, ==, ADIT_LINK_KIND_WIFI);
  g_assert_cmpmem (facts.name, facts.name_bytes, "home", 4);
  g_assert_true (facts.is_protected && facts.is_settled);
  g_assert_cmpint (facts.metered, ==, ADIT_METERED_NO);
  said.server = "192.168.1.2";    /* the same name with another server behind it */
  again = tell ();
  g_assert_cmpint (memcmp (facts.lease, again.lease, sizeof facts.lease), !=, 0);
}

/* A key proves who is there; encryption with anybody does not, and an open network has not even that. */
static void
test_proof (void)
{
  static const struct { guint32 wpa, rsn; const char *key_mgmt; gboolean proves; } rows[] = {
    { PSK, 0, "wpa-psk", TRUE }, { 0, PSK, "wpa-psk", TRUE }, { 0, SAE, "sae", TRUE }, { 0, OWE, "owe", FALSE },
    { 0, 0, NULL, FALSE },
    /* A beacon that names a key to whoever has joined without one; and the other way round. */
    { 0, PSK, NULL, FALSE }, { 0, PSK, "none", FALSE }, { 0, 0, "wpa-psk", FALSE },
  };

  said = at_home;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      said.wpa = rows[i].wpa;
      said.rsn = rows[i].rsn;
      said.key_mgmt = rows[i].key_mgmt;
      g_assert_true (tell ().is_protected == rows[i].proves);
    }
}

/* Not joined yet, without a name, or with one that is longer than any can be: no name, and no proof by it. */
static void
test_no_name (void)
{
  said = at_home;
  said.joined = FALSE;
  g_assert_cmpuint (tell ().name_bytes, ==, 0);
  g_assert_false (tell ().is_protected);
  said = at_home;
  said.ssid = "";
  g_assert_cmpuint (tell ().name_bytes, ==, 0);
  said.ssid = "123456789 123456789 123456789 123";
  g_assert_cmpuint (tell ().name_bytes, ==, 0);
  g_assert_false (tell ().is_protected);
  said.ssid = "123456789 123456789 123456789 12";
  g_assert_cmpuint (tell ().name_bytes, ==, ADIT_NETWORK_NAME_MAX_BYTES);
}

static void
test_modem (void)
{
  AditNetworkFacts facts;

  said = (Said) { TRUE, TRUE, MODEM, CONFIGURING, GUESS_YES, 0, PSK, "no radio network of that kind", NULL, NULL };
  facts = tell ();
  g_assert_cmpint (facts.kind, ==, ADIT_LINK_KIND_MOBILE);
  g_assert_cmpint (facts.metered, ==, ADIT_METERED_YES);
  g_assert_false (facts.is_settled);
  g_assert_cmpuint (facts.name_bytes, ==, 0);
}

/* Behind a cable there may be a modem, for which each device has to be asked: where there is nobody who has modems, none is. */
static void
test_cable (void)
{
  g_autoptr (GVariant) owned = NULL;

  said = at_home;
  said.type = VETH;
  n_lists = 0;
  g_assert_cmpint (tell ().kind, ==, ADIT_LINK_KIND_WIRED);
  g_assert_cmpint (g_atomic_int_get (&n_lists), ==, 0);
  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", "org.freedesktop.ModemManager1", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (owned);
  g_assert_cmpint (tell ().kind, ==, ADIT_LINK_KIND_WIRED);
  g_assert_cmpint (g_atomic_int_get (&n_lists), ==, 1);
}

static void
test_not_its_own (void)
{
  AditNetworkFacts facts = { 0 }, nothing = { 0 };

  said = at_home;
  said.managed = FALSE;
  g_assert_false (adit_networkmanager_tell (bus, "wlan0", &facts));
  said.managed = TRUE;
  g_assert_false (adit_networkmanager_tell (bus, "eth7", &facts));
  g_assert_cmpmem (&facts, sizeof facts, &nothing, sizeof nothing);
}

int
main (int argc, char **argv)
{
  static const char *const paths[] = { ROOT, LINK, LINK, POINT, LEASE };
  static const BusStandIn stand_in = { NAME, interfaces, paths, { on_call, on_get, NULL, { 0 } } };
  int failed;

  g_test_init (&argc, &argv, NULL);
  said = at_home;
  bus = bus_stand_in_start (&stand_in);
  g_test_add_func ("/networkmanager-facts/wifi", test_wifi);
  g_test_add_func ("/networkmanager-facts/proof", test_proof);
  g_test_add_func ("/networkmanager-facts/no-name", test_no_name);
  g_test_add_func ("/networkmanager-facts/modem", test_modem);
  g_test_add_func ("/networkmanager-facts/cable", test_cable);
  g_test_add_func ("/networkmanager-facts/not-its-own", test_not_its_own);
  failed = g_test_run ();
  bus_stand_in_stop ();
  return failed;
}
