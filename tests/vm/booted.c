/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booted.c: what the cases of test-booted demand of the machine, and of the packets that leave it. */
#include "config.h"
#include "tests/vm/booted.h"

#include <string.h>

#define WAIT_MS 180000    /* everything in the machine is emulated, on a computer with much else to do */

Booted booted;

const char *const booted_holes[] = { ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443", "tcp:" ADIT_LAB_DOH_ADDRESS ":443",
                                     NULL };

/**
 * booted_do:
 * @line: program and arguments, quoted as in a shell, which have to end well in the machine
 */
void
booted_do (const char *line)
{
  g_free (adit_machine_expect (booted.machine, 0, "%s", line));
}

/**
 * booted_expect_said:
 * @line: program and arguments
 * @part: what has to be in their words
 */
void
booted_expect_said (const char *line, const char *part)
{
  g_autofree char *said = adit_machine_expect (booted.machine, 0, "%s", line);

  if (strstr (said, part) == NULL)
    g_error ("%s: there is no \"%s\" in: %s", line, part, said);
}

/**
 * booted_wait_said:
 * @line: program and arguments
 * @part: what has to be in their words at some time
 */
void
booted_wait_said (const char *line, const char *part)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_MS * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < end_us)
    {
      g_autoptr (AditLabResult) result = adit_machine_run (booted.machine, line);

      if (strstr (result->out, part) != NULL)
        return;
      g_usleep (200000);
    }
  booted_expect_said (line, part);
}

/**
 * booted_expect_refused:
 * @status: how it has to end
 * @part: what has to be in its words, of either kind
 * @line: program and arguments
 */
void
booted_expect_refused (int status, const char *part, const char *line)
{
  g_autoptr (AditLabResult) result = adit_machine_run (booted.machine, line);

  g_test_message ("%s: %d %s%s", line, result->status, result->out, result->err);
  if (result->status != status || (strstr (result->out, part) == NULL && strstr (result->err, part) == NULL))
    g_error ("%s: not %d and \"%s\", but %d: %s%s", line, status, part, result->status, result->out, result->err);
}

/**
 * booted_add_user:
 * @name: of a person, who may be there already
 */
void
booted_add_user (const char *name)
{
  g_free (adit_machine_expect (booted.machine, 0, "sh -c 'id %s 2>/dev/null || "
                               "useradd --create-home --base-dir /srv %s'", name, name));
}

/**
 * booted_expect_web:
 * @address: what the web server has to see of the machine; "" where it must not be reached
 */
void
booted_expect_web (const char *address)
{
  g_autoptr (AditLabResult) result =
    adit_machine_run (booted.machine, "timeout 10 bash -c 'exec 3<>/dev/tcp/" ADIT_LAB_WEB_ADDRESS "/80 && "
                      "printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3 && tail -n 1 <&3'");

  g_assert_cmpstr (g_strstrip (result->out), ==, address);
}

/**
 * booted_expect_names:
 * @resolver: who has to be asked, inside of the tunnel, and nobody else
 *
 * D01: systemd-resolved asks for all names by the tunnel, and for none by the cable.
 */
void
booted_expect_names (const char *resolver)
{
  g_autofree char *log = NULL;

  booted_wait_said ("resolvectl domain adit0", "~.");
  booted_wait_said ("resolvectl default-route eth0", ": no");
  g_free (adit_world_dup_dns_log (booted.world));
  booted_expect_said ("resolvectl query --legend=no --cache=no web.example", ADIT_LAB_WEB_ADDRESS);
  log = adit_world_dup_dns_log (booted.world);
  g_assert_nonnull (strstr (log, resolver));
  g_assert_null (strstr (log, ADIT_LAB_DNS_ADDRESS));
}

/**
 * booted_count_tried:
 *
 * Returns: how many packets the machine's own program has tried to send since the boot
 */
guint64
booted_count_tried (void)
{
  g_autofree char *count = adit_machine_expect (booted.machine, 0, "cat /run/noise.count");

  return g_ascii_strtoull (count, NULL, 10);
}

/**
 * booted_enter:
 * @phase: a name
 * @may_leave: (nullable): what may leave from now on, besides what makes a cable work
 */
void
booted_enter (const char *phase, const char *const *may_leave)
{
  adit_leakwatch_set_phase (booted.watch, phase, may_leave);
}

/**
 * booted_expect_open:
 * @phase: one in which nothing is protected
 * @key: (nullable): a packet that has to have been seen
 *
 * The other half of booted_expect_tight(): what the watcher sees where there is no lock.
 */
void
booted_expect_open (const char *phase, const char *key)
{
  g_autofree char *keys = NULL;

  g_usleep (BOOTED_PHASE_US);
  g_assert_cmpuint (adit_leakwatch_get_outside (booted.watch, phase), >, 0);
  keys = adit_leakwatch_dup_keys (booted.watch, phase);
  g_test_message ("%s: %u outside: %s", phase, adit_leakwatch_get_outside (booted.watch, phase), keys);
  if (key != NULL && strstr (keys, key) == NULL)
    g_error ("%s: there was no %s: %s", phase, key, keys);
}

/**
 * booted_expect_tight:
 * @phase: the one that was entered
 *
 * Fails the test where anything has left that may not; somebody has to have tried.
 */
void
booted_expect_tight (const char *phase)
{
  g_autofree char *keys = NULL;
  guint64 before = booted_count_tried (), after;

  g_usleep (BOOTED_PHASE_US);
  after = booted_count_tried ();
  g_assert_cmpuint (after, >, before);
  keys = adit_leakwatch_dup_keys (booted.watch, phase);
  g_test_message ("%s: %" G_GUINT64_FORMAT " tried since the boot, %u allowed, %u outside", phase, after,
                  adit_leakwatch_get_allowed (booted.watch, phase), adit_leakwatch_get_outside (booted.watch, phase));
  if (adit_leakwatch_get_outside (booted.watch, phase) > 0)
    g_error ("outside in \"%s\": %s", phase, keys);
}

/**
 * booted_expect_back:
 * @phase: the one that was entered
 *
 * It becomes connected by itself, and nothing has left beside the tunnel.
 */
void
booted_expect_back (const char *phase)
{
  adit_machine_wait_connected (booted.machine);
  booted_expect_web (ADIT_LAB_EXIT_ADDRESS);
  booted_expect_names (ADIT_LAB_GATEWAY);
  booted_expect_tight (phase);
}

/**
 * booted_expect_undenied:
 *
 * No worker has done what AppArmor's profile does not have, since the boot.
 */
void
booted_expect_undenied (void)
{
  g_autofree char *log = adit_machine_expect (booted.machine, 0, "journalctl --quiet --no-pager --dmesg --output=cat");
  const char *denied = strstr (log, "apparmor=\"DENIED\"");

  booted_expect_said ("cat /sys/kernel/security/apparmor/profiles", "adit-worker (enforce)");
  g_assert_nonnull (strstr (log, "name=\"adit-worker\""));    /* or it would prove nothing */
  if (denied != NULL)
    g_error ("%s", denied);
}

/**
 * booted_get_start_s:
 * @unit: of systemd's
 *
 * Returns: seconds since the kernel began, when it was up
 */
double
booted_get_start_s (const char *unit)
{
  g_autofree char *said = adit_machine_expect (booted.machine, 0,
                                               "systemctl show --property=ActiveEnterTimestampMonotonic --value %s", unit);

  return (double) g_ascii_strtoull (said, NULL, 10) / G_USEC_PER_SEC;
}
