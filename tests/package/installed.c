/* SPDX-License-Identifier: GPL-2.0-or-later */
/* installed.c: boots a fresh Debian on the lab's cable; what leaves it is counted at the router's end. */
#include "config.h"
#include "tests/package/installed.h"

#include <string.h>

/* What may leave while it is connected: the tunnel's carrier, and requests to the service. */
const char *const adit_installed_allowed[] = { ADIT_LAB_EXIT_RELAY, "tcp:" ADIT_LAB_API_ADDRESS ":443",
                                               "tcp:" ADIT_LAB_DOH_ADDRESS ":443", NULL };

/**
 * adit_installed_begin:
 * @self: (out caller-allocates): it
 * @tree: a Debian in a folder
 *
 * After adit_world_enter().  The machine is booted, and told where the lab's service is, as an administrator would say it.
 */
void
adit_installed_begin (AditInstalled *self, const char *tree)
{
  static const char *const files[] = { "/etc/adit/services.conf", "/etc/adit/lab-ca.pem" };
  g_autofree char *whole = g_canonicalize_filename (tree, NULL);
  g_autoptr (GError) error = NULL;

  self->world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  g_assert_no_error (error);
  self->machine = adit_machine_new (whole);
  adit_machine_write (self->machine, "/etc/resolv.conf", "nameserver " ADIT_LAB_DNS_ADDRESS "\n");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (files[i], &text, NULL, NULL));
      adit_machine_write (self->machine, files[i], text);
    }
  adit_machine_boot (self->machine);
  self->watch = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  adit_leakwatch_set_phase (self->watch, "before", NULL);
  self->senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);
}

/**
 * adit_installed_enter_phase:
 * @self: it
 * @phase: what is counted from now on is of this one
 * @may_leave: (nullable): %NULL-terminated keys of what is no leak in it
 */
void
adit_installed_enter_phase (AditInstalled *self, const char *phase, const char *const *may_leave)
{
  adit_leakwatch_set_phase (self->watch, phase, may_leave);
  adit_senders_set_phase (self->senders, phase);
}

/**
 * adit_installed_expect_tight:
 * @self: it
 * @phase: the one that it is in
 *
 * Fails the test where anything has left that may not, or where nobody tried.
 */
void
adit_installed_expect_tight (AditInstalled *self, const char *phase)
{
  g_autofree char *keys = NULL;

  g_usleep (ADIT_INSTALLED_PHASE_US);
  keys = adit_leakwatch_dup_keys (self->watch, phase);
  g_test_message ("%s: %u packets tried, %u outside", phase, adit_senders_get_tried (self->senders, phase),
                  adit_leakwatch_get_outside (self->watch, phase));
  if (adit_leakwatch_get_outside (self->watch, phase) > 0)
    g_error ("outside in \"%s\": %s", phase, keys);
  g_assert_cmpuint (adit_senders_get_tried (self->senders, phase), >, 0);
}
