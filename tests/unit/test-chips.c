/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-chips.c: what is on or open has a word, what is as usual has none but for the lock, and what is open is marked so. */
#include "ui/chips.h"

/* The labels with a bar between them, an exclamation mark behind those of what is open. */
static char *
find (const char *status_text, const char *settings_text)
{
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed (status_text));
  g_autoptr (GVariant) settings = settings_text != NULL ? g_variant_ref_sink (g_variant_new_parsed (settings_text)) : NULL;
  g_autoptr (AditStatus) status = adit_status_new_from_variant (dict);
  g_autoptr (GString) text = g_string_new (NULL);
  AditChip chips[ADIT_CHIPS_MAX];
  guint n = adit_chips_find (status, settings, chips);

  for (guint i = 0; i < n; i++)
    {
      g_assert_nonnull (chips[i].icon_name);
      g_assert_nonnull (chips[i].setting);
      g_string_append_printf (text, "%s%s%s", i > 0 ? "|" : "", chips[i].label, chips[i].is_open ? "!" : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
expect (const char *status, const char *settings, const char *wanted)
{
  g_autofree char *found = find (status, settings);

  g_assert_cmpstr (found, ==, wanted);
}

#define USUAL "{'lan': <['off']>, 'multicast': <false>, 'guests': <@as []>, 'dns': <['service']>}"

static void
test_lock (void)
{
  expect ("{'state': <'disconnected'>, 'lock': <'off'>}", USUAL, "Lock: open!");
  expect ("{'state': <'connecting'>, 'lock': <'peer'>}", NULL, "Lock: only the tunnel");
  expect ("{'state': <'blocked'>, 'lock': <'all'>}", USUAL, "Lock: nothing leaves");
  expect ("@a{sv} {}", NULL, "Lock: nothing leaves");
  expect ("{'state': <'disconnected'>, 'lock': <'all'>, 'lockdown': <true>}", USUAL, "Lock: nothing leaves|Lockdown on");
  expect ("{'state': <'disconnected'>, 'lock': <'off'>, 'lockdown': <true>, 'pause_left': <uint32 9>}", USUAL,
          "Lock: open!|Lockdown paused!");
}

static void
test_names (void)
{
  expect ("{'state': <'connected'>, 'lock': <'tunnel'>, 'dns_servers': <['10.64.0.1']>}", USUAL,
          "Lock: only the tunnel|Names: in the tunnel");
  expect ("{'state': <'connected'>, 'lock': <'tunnel'>, 'dns_servers': <['10.64.0.1']>, 'dns_blocks': <['ads']>}", USUAL,
          "Lock: only the tunnel|Names: some left out");
  expect ("{'state': <'disconnected'>, 'lock': <'off'>}", "{'dns': <['9.9.9.9']>}", "Lock: open!|Names: own resolvers");
}

static void
test_beside (void)
{
  expect ("{'state': <'connected'>, 'lock': <'tunnel'>, 'entry_country': <'nl'>}",
          "{'lan': <['subnet']>, 'multicast': <true>, 'guests': <['virbr0']>, 'dns': <['service']>}",
          "Lock: only the tunnel|By two servers|Local network open!|Announcements open!|Virtual machines open!");
}

/* The most that there can be. */
static void
test_all (void)
{
  g_autofree char *found = find ("{'state': <'connected'>, 'lock': <'tunnel'>, 'lockdown': <true>, 'entry_server': <'nl-1'>}",
                                 "{'lan': <['10.0.0.0/8']>, 'multicast': <true>, 'guests': <['a']>, 'dns': <['::1']>}");

  g_assert_cmpstr (found, ==, "Lock: only the tunnel|Lockdown on|By two servers|Names: own resolvers|Local network open!|"
                              "Announcements open!|Virtual machines open!");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chips/lock", test_lock);
  g_test_add_func ("/chips/names", test_names);
  g_test_add_func ("/chips/beside", test_beside);
  g_test_add_func ("/chips/all", test_all);
  return g_test_run ();
}
