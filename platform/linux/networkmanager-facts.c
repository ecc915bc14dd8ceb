/* SPDX-License-Identifier: GPL-2.0-or-later */
/* networkmanager-facts.c: of one link that leads out: its kind, whether it is metered, the Wi-Fi or mobile network that it has
 * joined, what its DHCP server says of itself.  Only these are asked for, each as bytes of a bounded length that nobody here
 * reads. */
#include "platform/linux/whereabouts.h"

#include <string.h>
#include "platform/linux/bus-call.h"
#include "platform/linux/networkmanager-client.h"

#define ROOT_PATH  "/org/freedesktop/NetworkManager"
#define DEVICE     ADIT_NETWORKMANAGER_NAME ".Device"
#define WIRELESS   DEVICE ".Wireless"
#define ACCESS     ADIT_NETWORKMANAGER_NAME ".AccessPoint"
#define MODEM      DEVICE ".Modem"
#define LEASE      ADIT_NETWORKMANAGER_NAME ".DHCP4Config"
/* NMDeviceType, NMDeviceState and NM80211ApSecurityFlags: NetworkManager's D-Bus documentation, "Types". */
#define TYPE_ETHERNET 1
#define TYPE_WIFI     2
#define TYPE_BLUETOOTH 5
#define TYPE_MODEM    8
#define TYPE_BOND     10
#define TYPE_VLAN     11
#define TYPE_BRIDGE   13
#define TYPE_VETH     20
#define STATE_ACTIVATED 100
/* NMMetered: said by a person or the network, or guessed from the kind of link. */
#define METERED_YES       1
#define METERED_NO        2
#define METERED_GUESS_YES 3
#define METERED_GUESS_NO  4
#define SECURITY_PROVES_KEY (0x100 | 0x200 | 0x400 | 0x2000)    /* PSK, 802.1X, SAE, EAP Suite B; not OWE, which knows nobody */

static AditBusPeer peer = { .name = ADIT_NETWORKMANAGER_NAME };

static GVariant *
call (GDBusConnection *bus, const char *path, const char *interface, const char *method, GVariant *arguments, const char *type)
{
  return adit_bus_call (bus, &peer, path, interface, method, arguments, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                        NULL);
}

static GVariant *
get (GDBusConnection *bus, const char *path, const char *interface, const char *name, const char *type)
{
  return adit_bus_get (bus, &peer, path, interface, name, type);
}

static guint32
get_number (GDBusConnection *bus, const char *path, const char *interface, const char *name)
{
  g_autoptr (GVariant) value = get (bus, path, interface, name, "u");

  return value != NULL ? g_variant_get_uint32 (value) : 0;
}

static AditLinkKind
judge (guint32 type)
{
  switch (type)
    {
    case TYPE_ETHERNET:
    case TYPE_BOND:
    case TYPE_VLAN:
    case TYPE_BRIDGE:
    case TYPE_VETH:
      return ADIT_LINK_KIND_WIRED;
    case TYPE_WIFI:
      return ADIT_LINK_KIND_WIFI;
    case TYPE_BLUETOOTH:
    case TYPE_MODEM:
      return ADIT_LINK_KIND_MOBILE;
    default:
      return ADIT_LINK_KIND_OTHER;
    }
}

static AditMetered
judge_metered (guint32 metered)
{
  switch (metered)
    {
    case METERED_YES:
    case METERED_GUESS_YES:
      return ADIT_METERED_YES;
    case METERED_NO:
    case METERED_GUESS_NO:
      return ADIT_METERED_NO;
    default:
      return ADIT_METERED_UNKNOWN;
    }
}

/* The profile that the link was brought up with, which is not the one on disk.  A link that is up with a key has proved it, and
 * so has the network.  A beacon alone proves nothing: whoever is joined without a key can name one in it afterwards. */
static gboolean
has_proved_key (GDBusConnection *bus, const char *device)
{
  /* Of those that nm-settings(5) has for key-mgmt. */
  static const char *const proofs[] = { "wpa-psk", "sae", "wpa-eap", "wpa-eap-suite-b-192", NULL };
  g_autoptr (GVariant) answer = call (bus, device, DEVICE, "GetAppliedConnection", g_variant_new ("(u)", 0), "(a{sa{sv}}t)");
  g_autoptr (GVariant) settings = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL, security = NULL;
  const char *way = "";

  if (settings == NULL ||
      (security = g_variant_lookup_value (settings, "802-11-wireless-security", G_VARIANT_TYPE_VARDICT)) == NULL)
    return FALSE;
  return g_variant_lookup (security, "key-mgmt", "&s", &way) && g_strv_contains (proofs, way);
}

static void
tell_wireless (GDBusConnection *bus, const char *device, AditNetworkFacts *facts)
{
  g_autoptr (GVariant) joined = get (bus, device, WIRELESS, "ActiveAccessPoint", "o"), name = NULL;
  const char *point = joined != NULL ? g_variant_get_string (joined, NULL) : "/";
  gsize bytes = 0;
  gconstpointer text;

  if (g_str_equal (point, "/") || (name = get (bus, point, ACCESS, "Ssid", "ay")) == NULL)
    return;
  text = g_variant_get_fixed_array (name, &bytes, 1);
  if (bytes == 0 || bytes > sizeof facts->name)
    return;
  memcpy (facts->name, text, bytes);
  facts->name_bytes = (guint) bytes;
  facts->is_protected = ((get_number (bus, point, ACCESS, "WpaFlags") | get_number (bus, point, ACCESS, "RsnFlags")) &
                         SECURITY_PROVES_KEY) != 0 && has_proved_key (bus, device);
}

/* Who the server says that it is, and in which domain; not the address that it gave, which changes. */
static void
tell_lease (GDBusConnection *bus, const char *device, AditNetworkFacts *facts)
{
  static const char *const options[] = { "dhcp_server_identifier", "domain_name" };
  g_autoptr (GVariant) config = get (bus, device, DEVICE, "Dhcp4Config", "o"), all = NULL;
  const char *path = config != NULL ? g_variant_get_string (config, NULL) : "/";
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = sizeof facts->lease;

  if (g_str_equal (path, "/") || (all = get (bus, path, LEASE, "Options", "a{sv}")) == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *text = "";

      g_variant_lookup (all, options[i], "&s", &text);
      g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
    }
  g_checksum_get_digest (sum, facts->lease, &length);
}

/* ModemManager's name for the modem is the one by which NetworkManager knows the hardware. */
static void
tell_mobile (GDBusConnection *bus, const char *device, AditNetworkFacts *facts)
{
  g_autoptr (GVariant) modem = get (bus, device, DEVICE, "Udi", "s"), point = get (bus, device, MODEM, "Apn", "s");

  if (modem != NULL && point != NULL)
    adit_modem_tell (bus, g_variant_get_string (modem, NULL), g_variant_get_string (point, NULL), facts);
}

/* A modem's port that looks like a cable's is a device of its own for NetworkManager, and is found first by its name. */
static char *
dup_modem (GDBusConnection *bus, const char *link)
{
  g_autoptr (GVariant) all = get (bus, ROOT_PATH, ADIT_NETWORKMANAGER_NAME, "Devices", "ao");

  for (gsize i = 0; all != NULL && i < g_variant_n_children (all); i++)
    {
      g_autoptr (GVariant) name = NULL;
      const char *device;

      g_variant_get_child (all, i, "&o", &device);
      if (judge (get_number (bus, device, DEVICE, "DeviceType")) == ADIT_LINK_KIND_MOBILE &&
          (name = get (bus, device, DEVICE, "IpInterface", "s")) != NULL && g_str_equal (g_variant_get_string (name, NULL), link))
        return g_strdup (device);
    }
  return NULL;
}

static char *
dup_device (GDBusConnection *bus, const char *link)
{
  g_autoptr (GVariant) answer = call (bus, ROOT_PATH, ADIT_NETWORKMANAGER_NAME, "GetDeviceByIpIface", g_variant_new ("(s)", link),
                                      "(o)");
  char *device = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(o)", &device);
  return device;
}

/**
 * adit_networkmanager_list_resolvers:
 * @bus: the system bus
 * @link: the name of a network device
 * @resolvers: (out caller-allocates) (array length=max): those that its DHCP server names
 * @max: how many fit
 *
 * Returns: how many there are
 */
guint
adit_networkmanager_list_resolvers (GDBusConnection *bus, const char *link, AditAddress *resolvers, guint max)
{
  g_autofree char *device = adit_networkmanager_is_there (bus) ? dup_device (bus, link) : NULL;
  g_autoptr (GVariant) config = device != NULL ? get (bus, device, DEVICE, "Dhcp4Config", "o") : NULL, all = NULL;
  const char *path = config != NULL ? g_variant_get_string (config, NULL) : "/", *text = "";
  g_auto (GStrv) words = NULL;
  guint n = 0;

  if (g_str_equal (path, "/") || (all = get (bus, path, LEASE, "Options", "a{sv}")) == NULL)
    return 0;
  g_variant_lookup (all, "domain_name_servers", "&s", &text);
  words = g_strsplit (text, " ", (gint) max + 1);
  for (guint i = 0; words[i] != NULL && n < max; i++)
    if (adit_address_parse (words[i], &resolvers[n]))
      n++;
  return n;
}

/**
 * adit_networkmanager_tell:
 * @bus: the system bus
 * @link: the name of a network device
 * @facts: (inout): what is seen of its network; the rest is filled in
 *
 * Returns: whether NetworkManager runs and has that link in its hands; otherwise nothing is filled in
 */
gboolean
adit_networkmanager_tell (GDBusConnection *bus, const char *link, AditNetworkFacts *facts)
{
  g_autofree char *device = adit_networkmanager_is_there (bus) ? dup_device (bus, link) : NULL, *modem = NULL;
  g_autoptr (GVariant) managed = NULL;

  /* Each question is waited for, and a desktop has many devices; without ModemManager none of them is a modem's. */
  if (device != NULL && adit_modem_has_manager (bus) &&
      judge (get_number (bus, device, DEVICE, "DeviceType")) == ADIT_LINK_KIND_WIRED && (modem = dup_modem (bus, link)) != NULL)
    {
      g_free (device);
      device = g_steal_pointer (&modem);
    }
  managed = device != NULL ? get (bus, device, DEVICE, "Managed", "b") : NULL;
  if (managed == NULL || !g_variant_get_boolean (managed))
    return FALSE;
  facts->kind = judge (get_number (bus, device, DEVICE, "DeviceType"));
  facts->is_settled = get_number (bus, device, DEVICE, "State") == STATE_ACTIVATED;
  facts->metered = judge_metered (get_number (bus, device, DEVICE, "Metered"));
  if (facts->kind == ADIT_LINK_KIND_WIFI)
    tell_wireless (bus, device, facts);
  if (facts->kind == ADIT_LINK_KIND_MOBILE)
    tell_mobile (bus, device, facts);
  else
    tell_lease (bus, device, facts);
  return TRUE;
}
