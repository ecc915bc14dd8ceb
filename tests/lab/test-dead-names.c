/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-dead-names.c: the resolver inside the tunnel stops answering, and the tunnel carries everything else: it is noticed and
 * told, the tunnel stays, nothing is asked elsewhere, and when it answers again that is noticed too. */
#include "config.h"

#include <string.h>
#include "tests/lab/links.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"

/* client/core/name-watch.c: asked every 30 s while the tunnel is used, and again after 5 s; an answer is waited for for 2.1 s
 * (platform/linux/path.c).  The tunnel is looked at every 6 s at most (pulse.c), so a time can be missed by that, twice. */
#define NOTICED_MS 53000
#define WELL_MS    15000
#define REST_US    (40 * G_USEC_PER_SEC)    /* longer than the 30 s */
#define SETTLE_US  (10 * G_USEC_PER_SEC)    /* what connecting itself has to say */
#define PIECE_US   250000
#define NOTICE     "\"names-unanswered\""

typedef struct
{
  const char *name, *connect, *space, *exit_address;
  const char *fate;          /* what becomes of a question there */
  const char *carrier[3];    /* all that leaves the computer, ended by NULL */
} Carrier;

static const Carrier carriers[] = {
  { "wireguard", "connect se-got --wait", "exit", ADIT_LAB_EXIT_ADDRESS, "drop", { ADIT_LAB_EXIT_RELAY } },
  { "openvpn", "connect --profile udp --wait", "ovpn", ADIT_LAB_OVPN_ADDRESS, "reject",
    { "udp:" ADIT_LAB_OVPN_ADDRESS ":1194" } },
};

static AditWorld *world;
static AditLeakwatch *watcher;
static AditSenders *senders;

static gboolean
says (const char *line, const char *words)
{
  g_autoptr (AditLabResult) result = adit_world_adit (world, 0, NULL, line);

  return strstr (result->out, words) != NULL;
}

static void
wait_notice (gboolean is_there, guint max_ms)
{
  gint64 began_us = g_get_monotonic_time ();

  while (says ("status --json", NOTICE) != is_there)
    {
      if (g_get_monotonic_time () - began_us > max_ms * G_GINT64_CONSTANT (1000))
        links_fail (world, is_there ? "nobody has noticed" : "it is still told");
      g_usleep (PIECE_US);
    }
  g_test_message ("%s after %" G_GINT64_FORMAT " ms", is_there ? "told" : "no longer told",
                  (g_get_monotonic_time () - began_us) / 1000);
}

static void
test_dies (gconstpointer data)
{
  const Carrier *carrier = data;
  g_autofree char *before = NULL, *after = NULL, *keys = NULL;
  g_autofree char *rule = g_strdup_printf ("nft 'table inet mute { chain i { type filter hook input priority 0; "
                                           "meta l4proto udp udp dport 53 %s; }; }'", carrier->fate);
  g_autoptr (GError) error = NULL;

  if (senders == NULL && (senders = adit_senders_start ("client", &error)) == NULL)
    g_error ("%s", error->message);
  adit_world_expect (world, 0, NULL, carrier->connect, 0);
  before = links_dup_since (world);
  adit_leakwatch_set_phase (watcher, carrier->name, carrier->carrier);
  adit_senders_set_phase (senders, carrier->name);
  g_assert_false (says ("status --json", NOTICE));
  links_run (carrier->space, rule);
  wait_notice (TRUE, NOTICED_MS);
  g_assert_true (says ("status", "whoever is to answer this computer's names does not"));
  g_assert_true (says ("diagnose --json", "\"cause\":\"dns-dead\""));
  links_expect_state (world, "connected", NULL);
  adit_world_expect_web (world, carrier->exit_address);
  links_run (carrier->space, "nft delete table inet mute");
  wait_notice (FALSE, WELL_MS);
  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "", NULL);
  after = links_dup_since (world);
  g_assert_cmpstr (before, ==, after);
  keys = adit_leakwatch_dup_keys (watcher, carrier->name);
  g_test_message ("%u tried, %u outside %s", adit_senders_get_tried (senders, carrier->name),
                  adit_leakwatch_get_outside (watcher, carrier->name), keys);
  g_assert_cmpuint (adit_senders_get_tried (senders, carrier->name), >, 1000);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, carrier->name), ==, 0);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

static guint
count_questions (void)
{
  const char *const argv[] = { "nft", "list", "table", "inet", "seen", NULL };
  g_autoptr (AditLabResult) table = adit_lab_run ("exit", 0, 5000, argv, NULL);
  const char *packets = strstr (table->out, "packets ");

  g_assert_nonnull (packets);
  return (guint) g_ascii_strtoull (packets + strlen ("packets "), NULL, 10);
}

/* Whoever does not use the tunnel has nobody asked for them. */
static void
test_rest (void)
{
  g_autofree char *answer = NULL;
  guint before;

  adit_world_expect (world, 0, NULL, "connect se-got --wait", 0);
  links_run ("exit", "nft 'table inet seen { chain i { type filter hook input priority 0; udp dport 53 counter; }; }'");
  g_usleep (SETTLE_US);
  before = count_questions ();
  g_usleep (REST_US);
  g_assert_cmpuint (count_questions (), ==, before);
  answer = adit_world_look_up (world, "web.example");
  g_assert_cmpuint (count_questions (), >, before);
  links_run ("exit", "nft delete table inet seen");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
}

int
main (int argc, char **argv)
{
  const AditLabOvpnServer server = { .transport = ADIT_LAB_OVPN_UDP };
  g_autoptr (AditLabOvpn) ovpn = NULL;
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  world = links_new_world (ADIT_WORLD_PLAIN);
  if (!adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error) ||
      (ovpn = adit_lab_ovpn_new (&server, g_getenv ("ADIT_LAB_OPENVPN_VERIFY"), &error)) == NULL ||
      !adit_lab_ovpn_write_client ("/run/lab/udp.ovpn", &server, "<auth-user-pass>\n" ADIT_LAB_OVPN_USER "\n"
                                   ADIT_LAB_OVPN_PASSWORD "\n</auth-user-pass>\n", &error) ||
      (watcher = adit_leakwatch_start ("router", "to-client", &error)) == NULL)
    g_error ("%s", error->message);
  adit_world_expect (world, 0, NULL, "import /run/lab/udp.ovpn", 0);
  g_test_add_func ("/dead-names/rest", test_rest);
  for (gsize i = 0; i < G_N_ELEMENTS (carriers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dead-names/%s", carriers[i].name);

      g_test_add_data_func (path, &carriers[i], test_dies);
    }
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  failed = g_test_run ();
  g_clear_pointer (&senders, adit_senders_stop);
  adit_leakwatch_stop (watcher);
  adit_world_free (world);
  return failed;
}
