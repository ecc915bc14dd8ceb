/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-expect.c: what tests demand of the world; each failure brings the log of all programs, which is gone afterwards. */
#include "config.h"
#include "tests/lab/world.h"

#include <string.h>

#define LOG_END_BYTES 12000

/**
 * adit_world_print_log:
 * @self: the world
 *
 * Prints the end of what helper, workers and servers have said.
 */
void
adit_world_print_log (AditWorld *self)
{
  g_autofree char *log = adit_world_dup_log (self);
  gsize length = strlen (log), from = length > LOG_END_BYTES ? length - LOG_END_BYTES : 0;

  g_printerr ("--- the lab's log, its end ---\n%s\n---\n", log + from);
}

/**
 * adit_world_expect:
 * @self: the world
 * @uid: who types it
 * @input: (nullable): its standard input
 * @line: what is typed behind "adit"
 * @status: the exit status
 *
 * Fails the test where the command line ends otherwise.
 */
void
adit_world_expect (AditWorld *self, guint uid, const char *input, const char *line, int status)
{
  g_autoptr (AditLabResult) result = adit_world_adit (self, uid, input, line);

  if (result->status == status)
    return;
  adit_world_print_log (self);
  g_error ("adit %s as %u: exit %d, not %d\n%s%s", line, uid, result->status, status, result->out, result->err);
}

/**
 * adit_world_expect_web:
 * @self: the world
 * @address: the address that the web server has to see; "" for nobody who reaches it
 */
void
adit_world_expect_web (AditWorld *self, const char *address)
{
  g_autofree char *seen = adit_world_ask_web (self, FALSE);

  if (g_str_equal (seen, address))
    return;
  adit_world_print_log (self);
  g_error ("the web server saw \"%s\", not \"%s\"", seen, address);
}

/**
 * adit_world_expect_helper:
 * @self: the world, without a running helper
 *
 * Starts the helper, and fails the test where it does not come up.
 */
void
adit_world_expect_helper (AditWorld *self)
{
  g_autoptr (GError) error = NULL;

  if (adit_world_start_helper (self, &error))
    return;
  adit_world_print_log (self);
  g_error ("%s", error->message);
}

/**
 * adit_world_pause:
 * @self: the world
 * @seconds: how long; the command line's are whole minutes
 */
void
adit_world_pause (AditWorld *self, guint seconds)
{
  g_autofree char *line = g_strdup_printf ("gdbus call --address unix:path=/run/dbus/system_bus_socket --dest org.aditvpn.Adit1 "
                                           "--object-path /org/aditvpn/Adit1 --method org.aditvpn.Adit1.Pause %u '{}'", seconds);
  g_autoptr (GError) error = NULL;

  if (adit_lab_run_line (NULL, line, &error))
    return;
  adit_world_print_log (self);
  g_error ("%s: %s", line, error->message);
}
