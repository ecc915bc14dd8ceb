/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak.c: the states are entered through the command line, as a person would, and the watcher sits on the client's cable. */
#include "config.h"
#include "tests/lab/leak.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/lab/figures.h"
#include "tests/lab/senders.h"

#define DEAD_PLACE "us-nyc"    /* its one relay is at an address where nobody answers */
#define STATE_MS   30000
#define ATTEMPT_MS 10000
#define SEEN_MS    1000        /* a packet that nothing forbids, on a busy computer */
#define TCP_MS     5           /* a SYN is on the wire long before */

struct _AditLeak
{
  AditWorld         *world;
  AditLeakwatch     *watches[2];    /* the client's cable, and a second one that some rows use */
  const AditLeakRow *row;
  guint              n_phases;
  char              *phase;
  const char *const *keys;          /* of the state at hand */
  const char *const *also;          /* (nullable): what a setting lets pass in every state */
  guint              tried, control;
  gboolean           skipped;
  AditSenders       *senders;       /* (nullable): while a row wants everything to be tried all the time */
  guint16            from_port;
};

static const char *const state_names[ADIT_LEAK_N_STATES] = { "lockdown", "connecting", "connected", "orphaned" };

/* What SECURITY.md lets through in each, beside the forms of a link. */
static const char *const allowed_shut[] = { "tcp:" ADIT_LAB_API_ADDRESS ":443", NULL };
static const char *const allowed_connecting[] = { "tcp:" ADIT_LAB_API_ADDRESS ":443", ADIT_LAB_SILENT_RELAY, NULL };
static const char *const allowed_connected[] = { ADIT_LAB_EXIT_RELAY, NULL };
static const char *const *const allowed[ADIT_LEAK_N_STATES] = { allowed_shut, allowed_connecting, allowed_connected,
                                                                allowed_connected };

static void
fail (AditLeak *self, const char *what, const char *detail)
{
  adit_world_print_log (self->world);
  g_error ("%s, %s, %s: %s", self->row->id, self->phase, what, detail);
}

/* Each look at the watcher is at a phase of its own, since phases add up. */
static void
begin_phase (AditLeak *self, const char *name, const char *const *keys)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (; keys != NULL && *keys != NULL; keys++)
    g_ptr_array_add (all, (gpointer) *keys);
  for (const char *const *key = self->also; key != NULL && *key != NULL; key++)
    g_ptr_array_add (all, (gpointer) *key);
  g_ptr_array_add (all, NULL);
  g_free (self->phase);
  self->phase = g_strdup_printf ("%s-%u", name, self->n_phases++);
  for (guint i = 0; i < G_N_ELEMENTS (self->watches); i++)
    adit_leakwatch_set_phase (self->watches[i], self->phase, (const char *const *) all->pdata);
  if (self->senders != NULL)
    adit_senders_set_phase (self->senders, self->phase);
}

/* The senders' own count of what they tried in a phase is ready when it is over. */
static void
count_senders (AditLeak *self, const char *phase)
{
  if (self->senders != NULL)
    self->tried += adit_senders_get_tried (self->senders, phase);
}

static guint
count_outside (AditLeak *self, const char *phase)
{
  return adit_leakwatch_get_outside (self->watches[0], phase) + adit_leakwatch_get_outside (self->watches[1], phase);
}

/**
 * adit_leak_get_world:
 * @self: a row
 *
 * Returns: (transfer none): where it is tried
 */
AditWorld *
adit_leak_get_world (AditLeak *self)
{
  return self->world;
}

/**
 * adit_leak_run:
 * @self: a row
 * @space: a namespace of the lab
 * @line: a command, which must succeed
 */
void
adit_leak_run (AditLeak *self, const char *space, const char *line)
{
  g_autoptr (GError) error = NULL;

  if (!adit_lab_run_line (space, line, &error))
    fail (self, line, error->message);
}

/**
 * adit_leak_skip:
 * @self: a row
 * @why: what is not there
 *
 * The row cannot be tried here; it leaves no figures, and the caller returns.
 */
void
adit_leak_skip (AditLeak *self, const char *why)
{
  self->skipped = TRUE;
  g_test_skip (why);
}

/**
 * adit_leak_dup_tunnel_address:
 * @self: a row, connected
 * @ipv6: of which family
 *
 * Returns: (transfer full): the address inside the tunnel, without a prefix
 */
char *
adit_leak_dup_tunnel_address (AditLeak *self, gboolean ipv6)
{
  const char *const argv[] = { "ip", ipv6 ? "-6" : "-4", "-o", "addr", "show", "dev", "adit0", "scope", "global", NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, ATTEMPT_MS, argv, NULL);
  const char *word = strstr (result->out, ipv6 ? "inet6 " : "inet ");

  if (word == NULL)
    fail (self, "the tunnel has no address", result->err);
  word = strchr (word, ' ') + 1;
  return g_strndup (word, strcspn (word, "/ "));
}

/**
 * adit_leak_attempt:
 * @self: a row
 * @uid: as whom
 * @line: a program that sends @n_packets, and fails where it is refused
 * @n_packets: how many
 *
 * Runs it on the client.
 */
void
adit_leak_attempt (AditLeak *self, guint uid, const char *line, guint n_packets)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (AditLabResult) result = adit_lab_run ("client", uid, ATTEMPT_MS, (const char *const *) argv, NULL);

  self->tried += n_packets;
}

static void
settle (AditLeak *self)
{
  adit_world_expect_helper (self->world);
  adit_world_expect (self->world, 0, NULL, "disconnect", 0);
}

/**
 * adit_leak_enter:
 * @self: a row
 * @state: where the protection is to be tried
 *
 * Brings the computer there, from wherever it is, and lets the watcher begin.
 */
void
adit_leak_enter (AditLeak *self, AditLeakState state)
{
  begin_phase (self, "between", NULL);
  adit_world_kill_helper (self->world);
  settle (self);
  adit_world_expect (self->world, 0, NULL, "lockdown on", 0);
  if (state == ADIT_LEAK_CONNECTING)
    {
      adit_world_expect (self->world, 0, NULL, "connect " DEAD_PLACE, 0);
      g_assert_true (adit_world_wait_state (self->world, "connecting", STATE_MS));
    }
  else if (state != ADIT_LEAK_LOCKDOWN)
    adit_world_expect (self->world, 0, NULL, "connect se-got --wait", 0);
  if (state == ADIT_LEAK_ORPHANED)
    adit_world_kill_helper (self->world);
  self->keys = allowed[state];
  begin_phase (self, state_names[state], self->keys);
}

/**
 * adit_leak_expose:
 * @self: a row
 *
 * Takes the protection away on purpose: from now on everything may leave.
 */
void
adit_leak_expose (AditLeak *self)
{
  begin_phase (self, "between", NULL);
  adit_world_kill_helper (self->world);
  settle (self);
  adit_world_expect (self->world, 0, NULL, "lockdown off", 0);
  begin_phase (self, "control", allowed_shut);
}

/**
 * adit_leak_count:
 * @self: a row
 * @n_tried: packets that were sent in another way than by adit_leak_send()
 */
void
adit_leak_count (AditLeak *self, guint n_tried)
{
  self->tried += n_tried;
}

/**
 * adit_leak_count_seen:
 * @self: a row, without its protection
 * @n_seen: packets that were seen elsewhere than on the client's cables
 */
void
adit_leak_count_seen (AditLeak *self, guint n_seen)
{
  self->control += n_seen;
}

/**
 * adit_leak_send:
 * @self: a row
 * @packet: what and whence
 *
 * Tries to send it once; whether it left, the watcher tells.  It bears the senders' sign, so it is known where it goes to the
 * same address and port as the tunnel's own.
 */
void
adit_leak_send (AditLeak *self, const AditLeakPacket *packet)
{
  ProbeWay way = packet->way;
  guint8 bytes[8 + sizeof ADIT_SENDERS_MAGIC] = { 0 };

  memcpy (bytes + 8, ADIT_SENDERS_MAGIC, sizeof ADIT_SENDERS_MAGIC);
  if (way.space == NULL)
    way.space = "client";
  self->tried++;
  if (packet->type == SOCK_STREAM)
    {
      if (way.from_port == 0)
        way.from_port = ADIT_SENDERS_TCP_FIRST + self->from_port++ % (ADIT_SENDERS_TCP_LAST - ADIT_SENDERS_TCP_FIRST + 1);
      (void) probe_connect (&way, packet->to, packet->port, TCP_MS);
      return;
    }
  if (packet->type == SOCK_RAW && packet->protocol == IPPROTO_ICMP)
    bytes[0] = 8;
  else if (packet->type == SOCK_RAW && packet->protocol == IPPROTO_ICMPV6)
    bytes[0] = 128;
  (void) probe_send (&way, packet->type, packet->protocol, packet->to, packet->port, bytes, sizeof bytes);
}

/**
 * adit_leak_expect_shut:
 * @self: a row, in a state
 * @what: what was tried, for the report
 *
 * Nothing has left since the state was entered.
 */
void
adit_leak_expect_shut (AditLeak *self, const char *what)
{
  g_autofree char *phase = g_strdup (self->phase);

  begin_phase (self, "between", NULL);
  count_senders (self, phase);
  if (count_outside (self, phase) > 0)
    {
      g_autofree char *first = adit_leakwatch_dup_keys (self->watches[0], phase);
      g_autofree char *second = adit_leakwatch_dup_keys (self->watches[1], phase);
      g_autofree char *keys = g_strdup_printf ("%s; on the second cable: %s", first, second);

      fail (self, what, keys);
    }
}

/**
 * adit_leak_allow_also:
 * @self: a row
 * @keys: (nullable): what the watcher lets pass from the next phase on, whatever the state; %NULL: nothing more
 */
void
adit_leak_allow_also (AditLeak *self, const char *const *keys)
{
  self->also = keys;
}

/**
 * adit_leak_expect_passed:
 * @self: a row, in a state
 * @packets: what has to leave although the computer is locked
 * @n_packets: how many
 *
 * Sends each of them, and fails where the watcher does not see it.  What else was tried in this state is judged first.
 */
void
adit_leak_expect_passed (AditLeak *self, const AditLeakPacket *packets, gsize n_packets)
{
  adit_leak_expect_shut (self, "what is not allowed");
  for (gsize i = 0; i < n_packets; i++)
    {
      g_autofree char *phase = NULL;

      begin_phase (self, "allowed", self->keys);
      phase = g_strdup (self->phase);
      adit_leak_send (self, &packets[i]);
      self->tried--;    /* of what must not leave */
      begin_phase (self, "between", NULL);
      if (count_outside (self, phase) == 0)
        fail (self, packets[i].name, "is allowed, and did not leave");
    }
  begin_phase (self, "again", self->keys);
}

/**
 * adit_leak_expect_open:
 * @self: a row, exposed
 * @what: what was tried, for the report
 *
 * The watcher sees it, in its own time: the kernel hands on later what comes from a guest, when a processor has time for it.  It
 * looks anew from here.
 */
void
adit_leak_expect_open (AditLeak *self, const char *what)
{
  g_autofree char *phase = g_strdup (self->phase);
  gint64 end_us = g_get_monotonic_time () + SEEN_MS * G_TIME_SPAN_MILLISECOND;
  guint seen;

  while (count_outside (self, phase) == 0 && g_get_monotonic_time () < end_us)
    g_usleep (1000);
  begin_phase (self, "control", allowed_shut);
  seen = count_outside (self, phase);
  self->control += seen;
  if (seen == 0)
    fail (self, what, "not seen although nothing forbids it");
}

/**
 * adit_leak_allow:
 * @self: a row
 * @name: what happens from here on
 *
 * The watcher looks anew, and lets pass what any state on the way may need: the service, the exit, the relay that is silent.
 */
void
adit_leak_allow (AditLeak *self, const char *name)
{
  static const char *const keys[] = { "tcp:" ADIT_LAB_API_ADDRESS ":443", ADIT_LAB_EXIT_RELAY, ADIT_LAB_SILENT_RELAY, NULL };

  begin_phase (self, name, keys);
}

/**
 * adit_leak_start_senders:
 * @self: a row
 *
 * From now on a program tries every way out, again and again.
 */
void
adit_leak_start_senders (AditLeak *self)
{
  g_autoptr (GError) error = NULL;

  self->senders = adit_senders_start ("client", &error);
  if (self->senders == NULL)
    fail (self, "senders", error->message);
}

/**
 * adit_leak_stop_senders:
 * @self: a row
 */
void
adit_leak_stop_senders (AditLeak *self)
{
  g_clear_pointer (&self->senders, adit_senders_stop);
}

/**
 * adit_leak_try_packets:
 * @self: a row
 * @packets: what must not leave
 * @n_packets: how many
 *
 * Tries each of them in each state, and each of them without protection.
 */
void
adit_leak_try_packets (AditLeak *self, const AditLeakPacket *packets, gsize n_packets)
{
  for (guint state = 0; state < ADIT_LEAK_N_STATES; state++)
    {
      adit_leak_enter (self, (AditLeakState) state);
      for (gsize i = 0; i < n_packets; i++)
        adit_leak_send (self, &packets[i]);
      adit_leak_expect_shut (self, state_names[state]);
    }
  adit_leak_expose (self);
  for (gsize i = 0; i < n_packets; i++)
    {
      adit_leak_send (self, &packets[i]);
      adit_leak_expect_open (self, packets[i].name);
    }
}

/* --- Rows as tests --------------------------------------------------------------------------------------------------------- */

static AditLeak leak;

static void
test_row (gconstpointer data)
{
  AditFigures figures;

  leak.row = data;
  leak.tried = leak.control = 0;
  leak.skipped = FALSE;
  leak.row->run (&leak);
  if (leak.skipped)
    return;
  figures = (AditFigures) { leak.row->id, leak.row->title, "packets", leak.tried, leak.control };
  adit_figures_write (&figures);
}

/**
 * adit_leak_main:
 * @argc: of main()
 * @argv: of main()
 * @flags: what kind of computer it is tried on
 * @rows: the rows
 * @n_rows: how many
 *
 * Makes the world, signs in, and runs each row as a test of its name.
 *
 * Returns: what the program exits with
 */
int
adit_leak_main (int argc, char **argv, AditWorldFlags flags, const AditLeakRow *rows, gsize n_rows)
{
  g_autoptr (GError) error = NULL;
  int failed;

  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  leak.world = adit_world_new (flags, &error);
  if (leak.world == NULL ||
      !adit_lab_run_line ("router", "ip link add to-second type veth peer name eth1 netns client", &error) ||
      !adit_lab_run_line ("router", "ip link set to-second up", &error) ||
      (leak.watches[0] = adit_leakwatch_start ("router", "to-client", &error)) == NULL ||
      (leak.watches[1] = adit_leakwatch_start ("router", "to-second", &error)) == NULL)
    g_error ("%s", error->message);
  adit_world_expect_helper (leak.world);
  adit_world_expect (leak.world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s", rows[i].id);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  failed = g_test_run ();
  adit_leakwatch_stop (leak.watches[0]);
  adit_leakwatch_stop (leak.watches[1]);
  adit_world_free (leak.world);
  g_free (leak.phase);
  return failed;
}
