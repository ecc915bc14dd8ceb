/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.c: a connected computer whose two relays in Sweden have an address each. */
#include "tests/lab/links.h"

#include <jansson.h>
#include <string.h>

/**
 * links_run:
 * @space: (nullable): a namespace
 * @line: a program and its words; failing ends the test
 */
void
links_run (const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    g_error ("%s: %s", line, error->message);
}

/**
 * links_fail:
 * @world: whose log is shown
 * @what: what went wrong
 *
 * Ends the test.
 */
void
links_fail (AditWorld *world, const char *what)
{
  adit_world_print_log (world);
  g_error ("%s", what);
}

/**
 * links_new_world:
 * @flags: what it has
 *
 * Returns: (transfer full): a world with a helper that is connected to a relay in Sweden
 */
AditWorld *
links_new_world (AditWorldFlags flags)
{
  g_autoptr (GError) error = NULL;
  AditWorld *world = adit_world_new (flags, &error);

  if (world == NULL)
    g_error ("%s", error->message);
  links_run (NULL, "ip -n exit addr add " LINKS_EXIT_APART "/24 dev eth0");
  links_run (NULL, "ip -n exit addr add " LINKS_EXIT_APART6 "/64 dev eth0 nodad");
  adit_world_set_fault (world, "apart");
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "connect se --wait", 0);
  return world;
}

/**
 * links_dup_member:
 * @world: a world
 * @name: a member of what `adit status --json` prints, or of its place
 *
 * Returns: (transfer full): its text, "" where it is none
 */
char *
links_dup_member (AditWorld *world, const char *name)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, "status --json");
  json_t *root = json_loads (result->out, 0, NULL);
  const char *text = json_string_value (json_object_get (root, name));
  char *copy;

  if (text == NULL)
    text = json_string_value (json_object_get (json_object_get (root, "place"), name));
  copy = g_strdup (text != NULL ? text : "");
  json_decref (root);
  return copy;
}

/**
 * links_dup_since:
 * @world: a world
 *
 * Returns: (transfer full): since when it is connected; another text is another tunnel
 */
char *
links_dup_since (AditWorld *world)
{
  return links_dup_member (world, "since");
}

/**
 * links_dup_server:
 * @world: a world
 *
 * Returns: (transfer full): to which relay it is connected
 */
char *
links_dup_server (AditWorld *world)
{
  return links_dup_member (world, "server");
}

/**
 * links_expect_state:
 * @world: a world
 * @state: what it must say
 * @reason: (nullable): and why
 */
void
links_expect_state (AditWorld *world, const char *state, const char *reason)
{
  g_autofree char *now = links_dup_member (world, "state"), *why = links_dup_member (world, "reason");

  if (g_str_equal (now, state) && (reason == NULL || g_str_equal (why, reason)))
    return;
  g_printerr ("%s, because of %s\n", now, why);
  links_fail (world, "another state is expected");
}

/**
 * links_expect_connected:
 * @world: a world
 *
 * It says so, and what it sends comes from the exit.
 */
void
links_expect_connected (AditWorld *world)
{
  if (!adit_world_wait_state (world, "connected", 5000))
    links_fail (world, "not connected");
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

/**
 * links_keep_busy:
 * @world: a connected world
 *
 * Somebody uses the tunnel for three seconds.
 */
void
links_keep_busy (AditWorld *world)
{
  for (guint i = 0; i < 30; i++, g_usleep (100000))
    if (!adit_world_ping (world, ADIT_LAB_GATEWAY, 5000))
      links_fail (world, "nothing comes back");
}

/**
 * links_silence:
 * @world: a connected world
 *
 * Packets to its relay vanish, everybody's, and not even a refusal comes back.
 */
void
links_silence (AditWorld *world)
{
  g_autofree char *server = links_dup_server (world), *rule = NULL;
  gboolean is_first = g_str_equal (server, "se-got-wg-001");

  rule = g_strdup_printf ("nft 'table inet silent { chain f { type filter hook forward priority 0; "
                          "ip daddr %s udp dport 51820 drop; ip6 daddr %s udp dport 51820 drop; }; }'",
                          is_first ? ADIT_LAB_EXIT_ADDRESS : LINKS_EXIT_APART, is_first ? LINKS_EXIT6 : LINKS_EXIT_APART6);
  links_run ("router", rule);
}

/**
 * links_end_silence:
 *
 * It is there again.
 */
void
links_end_silence (void)
{
  links_run ("router", "nft delete table inet silent");
}
