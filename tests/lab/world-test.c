/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-test.c: how a program of tests begins and ends whose cases share a world. */
#include "config.h"
#include "tests/lab/world.h"

/**
 * adit_world_begin_test:
 * @argc: of main()
 * @argv: of main()
 * @flags: what the world has
 *
 * Enters the namespaces, makes the world in them, and starts the helper; where that fails the program ends.
 *
 * Returns: (transfer full): the world; end it with adit_world_end_test()
 */
AditWorld *
adit_world_begin_test (int *argc, char ***argv, AditWorldFlags flags)
{
  g_autoptr (GError) error = NULL;
  AditWorld *self;

  adit_world_enter ();
  g_test_init (argc, argv, NULL);
  self = adit_world_new (flags & ~ADIT_WORLD_SERVICES, &error);
  if (self == NULL || ((flags & ADIT_WORLD_SERVICES) != 0 && !adit_world_add_services (self, &error)))
    g_error ("%s", error->message);
  adit_world_expect_helper (self);
  return self;
}

/**
 * adit_world_end_test:
 * @self: (transfer full): the world
 *
 * Runs the cases that were added; where one fails the log of all programs follows.
 *
 * Returns: what main() returns
 */
int
adit_world_end_test (AditWorld *self)
{
  int failed = g_test_run ();

  if (failed != 0)
    adit_world_print_log (self);
  adit_world_free (self);
  return failed;
}
