/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-modem-facts.c: what is read of a mobile network from ModemManager, in every form that it can have: a stand-in on a bus of
 * its own has the objects and types of its D-Bus documentation.  The real NetworkManager is in tests/lab/test-mobile.c. */
#include "platform/linux/whereabouts.h"

#include <string.h>

#include "tests/unit/bus-stand-in.h"

#define NAME  "org.freedesktop.ModemManager1"
#define ROOT  "/org/freedesktop/ModemManager1"
#define MODEM ROOT "/Modem/3"
#define CARD  ROOT "/SIM/5"
#define POINT "internet.example"

static const char interfaces[] =
  "<node>"
  "<interface name='" NAME ".Modem'><property name='Sim' type='o' access='read'/>"
  "<property name='AccessTechnologies' type='u' access='read'/></interface>"
  "<interface name='" NAME ".Modem.Modem3gpp'><property name='OperatorCode' type='s' access='read'/></interface>"
  "<interface name='" NAME ".Sim'><property name='SimIdentifier' type='s' access='read'/></interface>"
  "</node>";

/* MMModemAccessTechnology. */
enum { GSM = 1 << 1, EDGE = 1 << 4, UMTS = 1 << 5, HSPA = 1 << 8 };
enum { LTE = 1 << 14, NR = 1 << 15, CAT_M = 1 << 16, NB_IOT = 1 << 17 };

typedef struct { const char *path, *card, *network; guint32 technology; } Said;

static const Said at_home = { CARD, "8949000000000000001", "26299", LTE };
static Said said;
static GDBusConnection *bus;

static GVariant *
on_get (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *name,
        GError **error, gpointer user_data)
{
  if (g_str_equal (name, "Sim"))
    return g_variant_new_object_path (said.path);
  if (g_str_equal (name, "AccessTechnologies"))
    return g_variant_new_uint32 (said.technology);
  return g_variant_new_string (g_str_equal (name, "SimIdentifier") ? said.card : said.network);
}

static AditNetworkFacts
tell (const char *modem, const char *point)
{
  AditNetworkFacts facts = { .kind = ADIT_LINK_KIND_MOBILE, .is_settled = TRUE };

  adit_modem_tell (bus, modem, point, &facts);
  return facts;
}

static void
test_whole (void)
{
  AditNetworkFacts facts;

  said = at_home;
  facts = tell (MODEM, POINT);
  g_assert_true (facts.has_card && facts.is_protected && adit_network_facts_are_whole (&facts));
  g_assert_cmpmem (facts.name, facts.name_bytes, POINT, strlen (POINT));
}

/* Each thing makes it another network, and what is cut elsewhere does too. */
static void
test_others (void)
{
  const Said others[] = { { CARD, "8949000000000000002", "26299", LTE }, { CARD, "8949000000000000001", "26201", LTE },
                          { CARD, "894900000000000000", "126299", LTE } };
  AditNetworkFacts own, facts;

  said = at_home;
  own = tell (MODEM, POINT);
  facts = tell (MODEM, POINT);
  g_assert_cmpmem (facts.lease, sizeof facts.lease, own.lease, sizeof own.lease);
  facts = tell (MODEM, "company.example");
  g_assert_cmpint (memcmp (facts.lease, own.lease, sizeof own.lease), !=, 0);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      said = others[i];
      facts = tell (MODEM, POINT);
      g_assert_true (facts.has_card);
      g_assert_cmpint (memcmp (facts.lease, own.lease, sizeof own.lease), !=, 0);
    }
}

static void
test_proof (void)
{
  static const struct { guint32 technology; gboolean proves; } rows[] = {
    { LTE, TRUE }, { NR, TRUE }, { LTE | NR, TRUE }, { CAT_M, TRUE }, { NB_IOT, TRUE },
    { 0, FALSE }, { GSM, FALSE }, { EDGE, FALSE }, { UMTS, FALSE }, { HSPA, FALSE }, { EDGE | LTE, FALSE },
    { G_MAXUINT32, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      said = at_home;
      said.technology = rows[i].technology;
      g_test_message ("%#x", rows[i].technology);
      g_assert_true (tell (MODEM, POINT).is_protected == rows[i].proves);
      g_assert_true (tell (MODEM, POINT).has_card);
    }
}

static void
test_nothing (void)
{
  static const char *const modems[] = { "", "/", ROOT "/Modem/", ROOT "/Modem/4", "/sys/devices/pci0000:00", "cdc-wdm0" };
  const Said spoilt[] = { { "/", "8949000000000000001", "26299", LTE }, { CARD, "", "26299", LTE },
                          { CARD, "8949000000000000001", "", LTE } };
  const AditNetworkFacts nothing = { .kind = ADIT_LINK_KIND_MOBILE, .is_settled = TRUE };

  said = at_home;
  for (guint i = 0; i < G_N_ELEMENTS (modems); i++)
    {
      AditNetworkFacts facts = tell (modems[i], POINT);

      g_assert_cmpmem (&facts, sizeof facts, &nothing, sizeof nothing);
    }
  for (guint i = 0; i < G_N_ELEMENTS (spoilt); i++)
    {
      AditNetworkFacts facts;

      said = spoilt[i];
      facts = tell (MODEM, POINT);
      g_assert_cmpmem (&facts, sizeof facts, &nothing, sizeof nothing);
    }
}

/* The operator's usual network has no name here, and one that is too long to show is told from others all the same. */
static void
test_names (void)
{
  said = at_home;
  g_assert_cmpuint (tell (MODEM, "").name_bytes, ==, 0);
  g_assert_true (tell (MODEM, "").has_card);
  g_assert_cmpuint (tell (MODEM, "123456789 123456789 123456789 123").name_bytes, ==, 0);
  g_assert_true (tell (MODEM, "123456789 123456789 123456789 123").has_card);
  g_assert_cmpuint (tell (MODEM, "123456789 123456789 123456789 12").name_bytes, ==, ADIT_NETWORK_NAME_MAX_BYTES);
}

int
main (int argc, char **argv)
{
  static const char *const paths[] = { MODEM, MODEM, CARD };
  static const BusStandIn stand_in = { NAME, interfaces, paths, { NULL, on_get, NULL, { 0 } } };
  int failed;

  g_test_init (&argc, &argv, NULL);
  said = at_home;
  bus = bus_stand_in_start (&stand_in);
  g_test_add_func ("/modem-facts/whole", test_whole);
  g_test_add_func ("/modem-facts/others", test_others);
  g_test_add_func ("/modem-facts/proof", test_proof);
  g_test_add_func ("/modem-facts/nothing", test_nothing);
  g_test_add_func ("/modem-facts/names", test_names);
  failed = g_test_run ();
  bus_stand_in_stop ();
  return failed;
}
