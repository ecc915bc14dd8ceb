/* SPDX-License-Identifier: GPL-2.0-or-later */
/* here.c: one computer in one network at a time. */
#include "tests/lab/here.h"

#include <string.h>

#define STATE_MS 60000    /* for a busy machine, and an emulated one */
#define LOOK_US  100000
#define LOOKS    60

/**
 * here_find:
 * @world: a world
 *
 * Returns: (transfer full): the one network that this computer is in, once it can be recognised: what is said of it
 */
json_t *
here_find (AditWorld *world)
{
  for (guint i = 0; i < LOOKS; i++, g_usleep (LOOK_US))
    {
      g_autoptr (AditLabResult) result = NULL;
      json_t *root, *row;
      size_t at;

      (void) adit_world_ping (world, ADIT_LAB_ROUTER_ADDRESS, 500);
      result = adit_world_adit (world, 0, NULL, "networks --json");
      root = json_loads (result->out, 0, NULL);
      json_array_foreach (json_object_get (root, "networks"), at, row)
        if (json_is_true (json_object_get (row, "here")) && json_string_length (json_object_get (row, "id")) > 0)
          {
            json_incref (row);
            json_decref (root);
            return row;
          }
      json_decref (root);
    }
  adit_world_print_log (world);
  g_error ("no network is recognised");
}

/**
 * here_dup:
 * @world: a world
 * @member: of what is said of the network that it is in
 *
 * Returns: (transfer full): its text
 */
char *
here_dup (AditWorld *world, const char *member)
{
  json_t *row = here_find (world);
  char *text = g_strdup (json_string_value (json_object_get (row, member)));

  json_decref (row);
  return text;
}

/**
 * here_expect:
 * @world: a world
 * @member: of what is said of the network that it is in
 * @expected: what must be said
 */
void
here_expect (AditWorld *world, const char *member, const char *expected)
{
  g_autofree char *text = here_dup (world, member);

  g_assert_cmpstr (text, ==, expected);
}

/**
 * here_expect_unknown:
 * @world: a world in which new networks connect
 * @own: the id of a network that it has a rule for
 * @name: what that calls itself
 *
 * It is in another one, and protected.
 */
void
here_expect_unknown (AditWorld *world, const char *own, const char *name)
{
  json_t *row = here_find (world);

  g_assert_cmpstr (json_string_value (json_object_get (row, "id")), !=, own);
  g_assert_cmpstr (json_string_value (json_object_get (row, "name")), ==, name);
  g_assert_cmpstr (json_string_value (json_object_get (row, "trust")), ==, "unknown");
  json_decref (row);
  here_expect_stays (world, "connected");
}

/**
 * here_expect_state:
 * @world: a world
 * @state: what it must come to
 */
void
here_expect_state (AditWorld *world, const char *state)
{
  if (adit_world_wait_state (world, state, STATE_MS))
    return;
  adit_world_print_log (world);
  g_error ("not %s", state);
}

/**
 * here_expect_stays:
 * @world: a world
 * @state: what has to stay as it is, for longer than an arrival takes
 */
void
here_expect_stays (AditWorld *world, const char *state)
{
  for (guint i = 0; i < LOOKS / 10; i++)
    {
      g_autofree char *now = NULL;

      g_usleep (5 * LOOK_US);
      now = adit_world_get_state (world);
      g_assert_cmpstr (now, ==, state);
    }
}

/**
 * here_is_written:
 * @folder: of the computer's
 * @text: what is looked for
 *
 * Returns: whether a file there has it
 */
gboolean
here_is_written (const char *folder, const char *text)
{
  const char *const argv[] = { "grep", "-rqaF", text, folder, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, 10000, argv, NULL);

  return result->status == 0;
}

/**
 * here_expect_secret:
 * @text: what no file of Adit's may have
 */
void
here_expect_secret (const char *text)
{
  static const char *const folders[] = { "/var/lib/adit", "/var/cache/adit", "/run/adit", "/etc/adit" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_false (here_is_written (folders[i], text));
}
