/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modem-facts.c: what tells a mobile network from another: by whose card it was joined, whose network it is, and to which of that
 * operator's networks it leads.  NetworkManager does not tell the card, so ModemManager is asked.  Numbers of cards go no further
 * than into a digest. */
#include "platform/linux/whereabouts.h"

#include <string.h>
#include "platform/linux/bus-call.h"

#define NAME  "org.freedesktop.ModemManager1"
#define ROOT  "/org/freedesktop/ModemManager1/"
#define MODEM NAME ".Modem"
/* MMModemAccessTechnology, ModemManager-enums.h: LTE, 5G and their relatives for machines.  With each of these, and with none
 * before them, the network has to prove to every card that it knows the card's key: 3GPP TS 33.401, 6.1; TS 33.501, 6.1. */
#define PROVES_KEY ((1u << 14) | (1u << 15) | (1u << 16) | (1u << 17))

typedef struct
{
  AditModemChanged changed;
  gpointer          user_data;
} Watch;

static GVariant *
get (GDBusConnection *bus, const char *path, const char *interface, const char *name, const char *type)
{
  static AditBusPeer peer = { .name = NAME };

  return adit_bus_get (bus, &peer, path, interface, name, type);
}

static GVariant *
get_card (GDBusConnection *bus, const char *modem)
{
  g_autoptr (GVariant) card = get (bus, modem, MODEM, "Sim", "o");

  return card != NULL ? get (bus, g_variant_get_string (card, NULL), NAME ".Sim", "SimIdentifier", "s") : NULL;
}

static void
add (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
}

/**
 * adit_modem_has_manager:
 * @bus: the system bus
 *
 * Returns: whether ModemManager runs
 */
gboolean
adit_modem_has_manager (GDBusConnection *bus)
{
  return adit_bus_has_name (bus, NAME, FALSE);
}

/**
 * adit_modem_tell:
 * @bus: the system bus
 * @modem: ModemManager's object, as NetworkManager names it
 * @access_point: the name by which the operator's network was asked for (APN); may be empty, for the operator's usual one
 * @facts: (inout): what is seen of the modem's network; the rest is filled in, and nothing where any of it is not known
 */
void
adit_modem_tell (GDBusConnection *bus, const char *modem, const char *access_point, AditNetworkFacts *facts)
{
  g_autoptr (GVariant) card = NULL, network = NULL, technology = NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = sizeof facts->lease, bytes = strlen (access_point);

  if (!g_str_has_prefix (modem, ROOT) || !g_variant_is_object_path (modem) || (card = get_card (bus, modem)) == NULL ||
      (network = get (bus, modem, MODEM ".Modem3gpp", "OperatorCode", "s")) == NULL ||
      (technology = get (bus, modem, MODEM, "AccessTechnologies", "u")) == NULL ||
      g_variant_get_string (card, NULL)[0] == '\0' || g_variant_get_string (network, NULL)[0] == '\0')
    return;
  add (sum, g_variant_get_string (card, NULL));
  add (sum, g_variant_get_string (network, NULL));
  add (sum, access_point);
  g_checksum_get_digest (sum, facts->lease, &length);
  facts->has_card = TRUE;
  facts->is_protected = (g_variant_get_uint32 (technology) & PROVES_KEY) != 0 &&
                        (g_variant_get_uint32 (technology) & ~PROVES_KEY) == 0;
  if (bytes <= sizeof facts->name)
    {
      memcpy (facts->name, access_point, bytes);
      facts->name_bytes = (guint) bytes;
    }
}

/* How strong its signal is is told in the same way, and is nothing to us. */
static void
on_properties (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
               GVariant *arguments, gpointer user_data)
{
  g_autoptr (GVariant) changed = NULL, technology = NULL;
  const Watch *watch = user_data;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (arguments, 1);
  technology = g_variant_lookup_value (changed, "AccessTechnologies", NULL);
  if (technology != NULL)
    watch->changed (watch->user_data);
}

/**
 * adit_modem_watch:
 * @bus: the system bus
 * @changed: called when a modem goes over to another kind of network, by which no link and no address need change
 * @user_data: for @changed
 *
 * Returns: what g_dbus_connection_signal_unsubscribe() ends
 */
guint
adit_modem_watch (GDBusConnection *bus, AditModemChanged changed, gpointer user_data)
{
  Watch *watch = g_new (Watch, 1);

  *watch = (Watch) { changed, user_data };
  return g_dbus_connection_signal_subscribe (bus, NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", NULL, MODEM,
                                             G_DBUS_SIGNAL_FLAGS_NONE, on_properties, watch, g_free);
}
