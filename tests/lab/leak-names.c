/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-names.c: a row of the catalogue about names that mean something to whoever reads them: devices on their way to nftables
 * and netlink, words from the bus, values of services.conf. */
#include "config.h"
#include "tests/lab/attack.h"

#include <string.h>
#include <sys/stat.h>

#define NAME      "org.aditvpn.Adit1"
#define OBJECT    "/org/aditvpn/Adit1"
#define SETTLE_MS 3000
#define SERVICES  "/etc/adit/services.conf"

/* The kernel takes any bytes but blanks, "/", ":" and most of what follows "%". */
static const char *const devices[] = {
  "a\"b", "a\\b", "*", "a*", "\"accept;#", ";accept;#", "{accept}", "$(reboot)", "`reboot`", "-h", "--help", "'x'",
  "\x1b[2J\x07x", "\xff\xfe\xfd", "\xe2\x80\xaex", "accept", "inet", "@tunnel", "adit0x", "AAAAAAAAAAAAAAA",
};

static const char *const words[] = {
  "../../../etc/shadow", "/etc/shadow", "%s%n%n", "\x1b[2J\x07", "se\nus", "se;us", "<b>se</b>", "se\xe2\x80\xae", "' or 1", "-1",
  "SE", "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11",
};

static const char *const values[] = {
  "0.0.0.0/0:443", "192.0.2.10:443 } ; flush ruleset ; {", "192.0.2.10:443;0.0.0.0:443;255.255.255.255:443", "$(reboot):443",
  "\"",
  "[::]:443", "[::ffff:192.0.2.10]:443", "192.0.2.10:99999", "192.0.2.10:-1", "\x1b[2J", "",
};

static char *
dup_output (const char *const *argv)
{
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);

  return g_strdup (result->out);
}

static char *
dup_table (const char *family)
{
  const char *const argv[] = { "nft", "-s", "list", "table", family, "adit", NULL };

  return dup_output (argv);
}

/* Under its chain, or off. */
static gboolean
is_held (const char *device)
{
  const char *const argv[] = { "ip", "-o", "link", "show", "dev", device, NULL };
  g_autofree char *link = dup_output (argv), *table = dup_table ("netdev"), *quoted = g_strdup_printf ("\"%s\"", device);

  return strstr (table, quoted) != NULL || (link[0] != '\0' && strstr (link, ",UP") == NULL && strstr (link, "<UP") == NULL);
}

/* A rule whose text the name is pasted into: it cannot be read, or speaks of more than this device. */
static gboolean
breaks_text (const char *device)
{
  g_autofree char *text = g_strdup_printf ("add table inet pasted; add chain inet pasted out; "
                                           "add rule inet pasted out oifname \"%s\" drop", device);
  const char *const argv[] = { "nft", "-c", "--", text, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, argv, NULL);

  return result->status != 0 || strchr (device, '*') != NULL;
}

static void
try_device (AditAttack *attack, const char *device, int helper, const char *before)
{
  const char *const add[] = { "ip", "link", "add", "name", device, "type", "veth", "peer", "name", "far0", "netns",
                              "router", NULL };
  const char *const up[] = { "ip", "link", "set", "dev", device, "up", NULL };
  const char *const delete[] = { "ip", "link", "delete", "dev", device, NULL };
  g_autoptr (AditLabResult) added = adit_lab_run ("client", 0, 10000, add, NULL);
  g_autofree char *shown = g_strescape (device, NULL), *after = NULL, *state = NULL;
  gboolean held = FALSE;

  if (added->status != 0)
    g_error ("there is no device \"%s\": %s", shown, added->err);
  g_free (dup_output (up));
  for (guint i = 0; i < SETTLE_MS / 20 && !held; i++)
    {
      held = is_held (device);
      g_usleep (20000);
    }
  after = dup_table ("inet");
  state = adit_world_get_state (adit_attack_get_world (attack));
  adit_attack_expect_refused (attack, held, "a device called \"%s\" has no chain and is not off", shown);
  adit_attack_expect_refused (attack, g_str_equal (after, before) && g_str_equal (state, "connected") &&
                              adit_attack_find_helper () == helper, "a device called \"%s\": %s\n%s", shown, state, after);
  if (breaks_text (device))
    adit_attack_expect_obeyed (attack, TRUE, "counted");
  g_free (dup_output (delete));
}

static void
try_word (AditAttack *attack, GDBusConnection *bus, const char *method, GVariant *arguments, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = g_strescape (word, NULL);
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (bus, NAME, OBJECT, NAME, method, arguments, NULL,
                                                             G_DBUS_CALL_FLAGS_NONE, 20000, NULL, &error);

  adit_attack_expect_refused (attack, answer == NULL && g_dbus_error_is_remote_error (error), "%s (\"%s\")", method, shown);
}

static void
try_words (AditAttack *attack)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_sync (
    "unix:path=/run/dbus/system_bus_socket",
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_autofree char *before = adit_attack_dup_picture (attack), *after = NULL, *much = g_strnfill (100000, 'a');
  static const char *const parts[] = { "country", "city", "server", "account" };

  g_assert_no_error (error);
  for (guint i = 0; i <= G_N_ELEMENTS (words); i++)
    {
      const char *word = i < G_N_ELEMENTS (words) ? words[i] : much;

      /* A UUID is a good name of a relay, and there is none of that name; that is told later. */
      for (guint j = 0; j < G_N_ELEMENTS (parts) && !g_uuid_string_is_valid (word); j++)
        if (!(g_str_equal (parts[j], "server") && g_str_equal (word, "-1")))
          try_word (attack, bus, "Connect", g_variant_new_parsed ("({%s: <%s>}, @a{sv} {})", parts[j], word), word);
      try_word (attack, bus, "LogOut", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "UseAccount", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "RevealAccount", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "RefreshAccount", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "RemoveProfile", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "ExportProfile", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
      try_word (attack, bus, "GetLocations", g_variant_new_parsed ("(%s, @a{sv} {})", word), word);
    }
  after = adit_attack_dup_picture (attack);
  g_assert_cmpstr (after, ==, before);
}

/* Whatever stands there, the helper starts, and what it lets out is an address or nothing. */
static void
try_services (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *before = NULL;

  g_assert_true (g_file_get_contents (SERVICES, &before, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = g_strdup_printf ("[mullvad]\napi-endpoints=%s\ntrust=%s\n", values[i], values[i]), *rules = NULL;
      g_autofree char *shown = g_strescape (values[i], NULL);

      adit_world_kill_helper (world);
      g_assert_true (g_file_set_contents (SERVICES, text, -1, NULL));
      g_assert_cmpint (chmod (SERVICES, 0644), ==, 0);
      adit_world_expect_helper (world);
      rules = dup_table ("inet");
      adit_attack_expect_refused (attack, strstr (rules, "chain output") != NULL && strstr (rules, "0.0.0.0") == NULL &&
                                  strstr (rules, "255.255.255.255 . 443") == NULL, "services.conf with \"%s\":\n%s", shown,
                                  rules);
    }
  adit_world_kill_helper (world);
  g_assert_true (g_file_set_contents (SERVICES, before, -1, NULL));
  g_assert_cmpint (chmod (SERVICES, 0644), ==, 0);
}

static void
row_p23_names (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *before = NULL;
  int helper;

  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  g_usleep (G_USEC_PER_SEC);
  before = dup_table ("inet");
  helper = adit_attack_find_helper ();
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    try_device (attack, devices[i], helper, before);
  try_words (attack);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  try_services (attack);
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P23-names", "names of devices, places, accounts and addresses that mean something to nftables or a path", row_p23_names },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
