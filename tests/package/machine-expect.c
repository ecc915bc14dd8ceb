/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine-expect.c: what a test demands of a machine, whatever kind it is, and of Adit in it. */
#include "config.h"
#include "tests/package/machine.h"

#include <string.h>

#define SERVICE_TRIES 5
#define NO_PROGRAM    127    /* of env(1) */

/**
 * adit_machine_expect:
 * @self: the machine, running
 * @status: how it has to end
 * @format: program and arguments, quoted as in a shell
 *
 * Fails the test where it ends otherwise.
 *
 * Returns: (transfer full): what it said
 */
char *
adit_machine_expect (AditMachine *self, int status, const char *format, ...)
{
  g_autoptr (AditLabResult) result = NULL;
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  line = g_strdup_vprintf (format, list);
  va_end (list);
  result = adit_machine_run (self, line);
  if (result->status != status)
    {
      g_autoptr (AditLabResult) journal = adit_machine_run (self, "journalctl --no-pager --unit=aditd -n 40");

      g_error ("%s: ended with %d, not %d\n%s%s\n--- its journal, the end ---\n%s", line, result->status, status, result->out,
               result->err, journal->out);
    }
  return g_strdup (result->out);
}

/**
 * adit_machine_is_running:
 * @self: the machine, begun
 *
 * Fails the test where a part of it has failed.  Without systemd its process 1 says when it is up, by a file.
 *
 * Returns: whether all of it is up
 */
gboolean
adit_machine_is_running (AditMachine *self)
{
  g_autoptr (AditLabResult) result = adit_machine_run (self, "systemctl is-system-running");

  if (g_str_has_prefix (result->out, "degraded"))
    {
      g_autoptr (AditLabResult) units = adit_machine_run (self, "systemctl --no-pager --failed");

      g_error ("parts of the machine have failed:\n%s", units->out);
    }
  if (result->status == NO_PROGRAM)
    {
      g_autoptr (AditLabResult) up = adit_machine_run (self, "test -e /run/up");

      return up->status == 0;
    }
  return g_str_has_prefix (result->out, "running");
}

/**
 * adit_machine_wait_connected:
 * @self: the machine, running
 *
 * Fails the test where it does not happen.
 */
void
adit_machine_wait_connected (AditMachine *self)
{
  gint64 end_us = g_get_monotonic_time () + adit_machine_get_connect_ms (self) * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AditLabResult) result = adit_machine_run (self, "adit --json status");

      if (strstr (result->out, "\"state\":\"connected\"") != NULL)
        return;
      g_usleep (100000);
    }
  g_free (adit_machine_expect (self, -1, "adit status"));    /* fails, with the journal */
}

/**
 * adit_machine_install:
 * @self: the machine, running
 * @packages: a folder in it
 * @folder: one in that
 *
 * Installs all packages that are there.  Whatever they need is in the machine's cache: there is no network of apt's.
 */
void
adit_machine_install (AditMachine *self, const char *packages, const char *folder)
{
  g_free (adit_machine_expect (self, 0, "sh -c 'exec apt-get -q -y -o APT::Sandbox::User=root "
                               "--no-install-recommends install %s/%s/*.deb'", packages, folder));
}

/**
 * adit_machine_expect_of_service:
 * @self: the machine, running
 * @line: a call that needs the service
 *
 * On a computer with much else to do the service may take longer than the helper waits; any other error is the test's.
 */
void
adit_machine_expect_of_service (AditMachine *self, const char *line)
{
  for (guint i = 0; i < SERVICE_TRIES; i++)
    {
      g_autoptr (AditLabResult) result = adit_machine_run (self, line);

      if (result->status == 0)
        return;
      if (strstr (result->out, "\"ServiceUnreachable\"") == NULL)
        {
          g_autoptr (AditLabResult) journal = adit_machine_run (self, "journalctl --no-pager --unit=aditd -n 40");

          g_error ("%s: %s%s\n--- its journal, the end ---\n%s", line, result->out, result->err, journal->out);
        }
      g_test_message ("%s: %s", line, result->out);
    }
  g_error ("%s: the service cannot be reached", line);
}
