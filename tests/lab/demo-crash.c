/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-crash.c: a program dies of a fault of its own while connected; its report waits for a yes and arrives after it, by way of
 * the tunnel, at a server that takes nothing which is not exactly right, or at one that we did not write.  A watcher counts all
 * the time.
 *
 * The crash is in a function that only a build with -Dtest_faults=true has (client/base/fault-crash.c). */
#include "config.h"
#include "tests/lab/demo-crash.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/lab/canary.h"
#include "tests/lab/crash-deed.h"
#include "tests/lab/demo-exit.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/senders.h"
#include "tests/lab/sidecar.h"
#include "tests/lab/world-private.h"
#include "tests/simulator/known.h"
#include "tests/ui/display-private.h"

#define CANARY   "canary-of-memory-"    /* client/base/fault.h */
#define STATE    ADIT_WORLD_DIRECTORY "/state"
#define QUIET_MS 1500
#define SOON_S   60
#define SKIP     77

typedef struct _Crash Crash;

typedef struct
{
  const char *name;       /* as it is asked for */
  const char *program;    /* as its report says it */
  const char *wanted;     /* where it dies */
  void      (*die) (Crash *self);
} Program;

struct _Crash
{
  const Program  *program;
  const DemoExit *way_out;
  FILE           *words;
  gboolean        json, not_ours, ok;
  AditWorld      *world;
  AditDisplay    *display;
  AditLeakwatch  *watch;
  AditSenders    *senders;
  char           *id;
  json_t         *received;    /* the event, as the server has stored it */
  char           *peer;        /* from whom it came, as our own server says */
  char           *stored;      /* all that it has stored */
  gsize           stored_bytes;
  guint           before, after, canaries, outside, control;
};

static void G_GNUC_PRINTF (2, 3)
say (Crash *self, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  vfprintf (self->words, format, list);
  va_end (list);
  fputc ('\n', self->words);
  fflush (self->words);
}

/* Its own state folder: what the command line notes about itself must not land on the real computer's disk. */
static AditLabResult *
adit (Crash *self, const char *input, const char *line)
{
  static const char *const environment[] = { "XDG_STATE_HOME=" STATE, NULL };

  say (self, "  $ adit %s", line);
  return adit_world_adit_with (self->world, 0, environment, input, line);
}

static gboolean
adit_well (Crash *self, const char *input, const char *line)
{
  g_autoptr (AditLabResult) result = adit (self, input, line);

  if (result->status != 0)
    say (self, "  FAILED: %s", result->err);
  return result->status == 0;
}

static void
enter_phase (Crash *self, const char *phase, const char *const *allowed)
{
  adit_leakwatch_set_phase (self->watch, phase, allowed);
  adit_senders_set_phase (self->senders, phase);
}

/* --- How each dies ---------------------------------------------------------------------------------------------------------- */

static void
die_helper (Crash *self)
{
  say (self, "  aditd was ended by signal %d, and is started again", report_client_crash_helper (SIGUSR2));
  if (!adit_world_wait_state (self->world, "connected", SOON_S * 1000))
    say (self, "  FAILED: it does not come back");
}

static void
die_worker (Crash *self)
{
  g_autoptr (AditLabResult) result = adit (self, NULL, "account --refresh");

  say (self, "  exit %d: %s", result->status, g_strchomp (result->err));
}

static void
die_command (Crash *self)
{
  g_autoptr (AditLabResult) result = adit (self, NULL, "status"), handed_over = NULL;

  say (self, "  exit %d", result->status);
  handed_over = adit (self, NULL, "report list");
}

static gboolean
wait_window (Crash *self)
{
  const char *const argv[] = { "gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
                               "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.GetNameOwner", "org.aditvpn.Adit",
                               NULL };

  for (guint i = 0; i < SOON_S * 10; i++)
    {
      g_autoptr (AditLabResult) result = adit_display_run (self->display, argv);

      if (result->status == 0)
        return TRUE;
      g_usleep (100000);
    }
  return FALSE;
}

static void
start_window (Crash *self)
{
  static const char *const argv[] = { ADIT_BINDIR "/adit-gtk", NULL };

  adit_display_start_program (self->display, argv);
  say (self, "  adit-gtk %s", wait_window (self) ? "is up" : "DOES NOT COME UP");
}

static void
die_window (Crash *self)
{
  self->display = adit_display_new (self->world, 860, 720);
  adit_world_copy_file (adit_world_get_program ("ADIT_WINDOW"), ADIT_BINDIR "/adit-gtk", 0755);
  start_window (self);
  g_subprocess_send_signal (self->display->program, SIGUSR2);
  (void) adit_display_wait_ended (self->display, SOON_S * 1000);
  say (self, "  adit-gtk has crashed; the next time it opens it gives its note to the helper");
  start_window (self);
}

static const Program programs[] = {
  { "helper", "aditd", "aditd", die_helper },
  { "worker", "adit-worker", "provider", die_worker },
  { "window", "adit-gtk", "adit-gtk", die_window },
  { "cli", "adit", "adit", die_command },
};

static const Program *
find_program (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_strcmp0 (programs[i].name, name) == 0)
      return &programs[i];
  return NULL;
}

/**
 * demo_crash_is_known:
 * @program: (nullable): what was asked for
 *
 * Returns: whether that one can be made to crash
 */
gboolean
demo_crash_is_known (const char *program)
{
  return find_program (program) != NULL;
}

/* --- The steps -------------------------------------------------------------------------------------------------------------- */

static gboolean
step_connect (Crash *self)
{
  g_autofree char *line = g_strdup_printf ("connect %s --wait", self->way_out->place);

  say (self, "1. Connect, with lockdown on, while senders try everything to get out");
  if (!adit_well (self, self->way_out->credential, "login mullvad") || !adit_well (self, NULL, "lockdown on"))
    return FALSE;
  enter_phase (self, "connecting", self->way_out->connecting);
  return adit_well (self, NULL, line);
}

static gboolean
step_crash (Crash *self)
{
  say (self, "2. %s crashes in %s()", self->program->program, CRASH_FUNCTION);
  crash_want (self->program->wanted, "segv");
  self->program->die (self);
  crash_want_nothing ();
  self->id = report_client_wait_new (self->program->program);
  say (self, "  there is a report of it, %s", self->id);
  return TRUE;
}

/* What the server has now; @wrong is "" where it has found nothing wrong, and nothing came twice. */
static guint
count_arrived (Crash *self, char **wrong)
{
  guint arrivals, n;
  json_t *list;

  if (!self->not_ours)
    {
      n = adit_receiver_count (&arrivals);
      *wrong = arrivals == n ? adit_receiver_dup_refused () : g_strdup_printf ("%u arrivals", arrivals);
      return n;
    }
  list = adit_sidecar_list ();
  n = (guint) json_array_size (list);
  *wrong = g_strdup ("");
  json_decref (list);
  return n;
}

static void
load (Crash *self)
{
  json_t *all = self->not_ours ? adit_sidecar_list () : adit_receiver_load (self->id);

  if (self->not_ours)
    {
      self->received = json_incref (adit_sidecar_find_event (all, self->id));
      self->stored = json_dumps (all, JSON_COMPACT);
      self->stored_bytes = strlen (self->stored);
    }
  else if (all != NULL)
    {
      g_autofree char *path = adit_receiver_dup_path (self->id);

      self->received = json_incref (adit_receiver_get_event (all));
      self->peer = g_strdup (json_string_value (json_object_get (all, "peer")));
      g_assert_true (g_file_get_contents (path, &self->stored, &self->stored_bytes, NULL));
    }
  json_decref (all);
}

static gboolean
step_ask (Crash *self)
{
  g_autofree char *line = g_strdup_printf ("report show %s", self->id), *state = NULL, *wrong = NULL;
  g_autoptr (AditLabResult) shown = NULL;

  say (self, "3. Nobody has said yes: it stays");
  shown = adit (self, NULL, line);
  say (self, "%s", shown->out);
  g_usleep (QUIET_MS * 1000);
  self->before = count_arrived (self, &wrong);
  state = report_client_dup_state (self->id, NULL);
  say (self, "  the server has %u reports; this one is %s", self->before, state);
  return shown->status == 0 && self->before == 0 && g_str_has_prefix (state, "waiting");
}

static gboolean
step_send (Crash *self)
{
  g_autofree char *line = g_strdup_printf ("report send %s", self->id), *wrong = NULL;

  say (self, "4. A yes: it goes through the tunnel");
  if (!adit_well (self, NULL, line))
    return FALSE;
  report_client_expect (self->id, "sent", "");
  g_usleep (QUIET_MS * 1000);
  self->after = count_arrived (self, &wrong);
  load (self);
  say (self, "  the server has %u reports, each came once, and it has found nothing wrong%s", self->after,
       wrong[0] != '\0' ? ", BUT: " : "");
  say (self, "%s", wrong);
  return self->after == 1 && wrong[0] == '\0' && self->received != NULL;
}

/* Words that were in the memory of who crashed, the credential, and what the computer and its owner are called. */
static guint
count_canaries (Crash *self)
{
  AditCanaries *canaries = adit_canaries_new ();
  guint n = 0;

  adit_canaries_add_text (canaries, "a word in memory", CANARY);
  adit_canaries_add_text (canaries, "the account", KNOWN_MULLVAD_ACCOUNT);
  adit_canaries_add_text (canaries, "the exit", ADIT_LAB_EXIT_ADDRESS);
  if (strlen (g_get_host_name ()) >= 7)
    adit_canaries_add_text (canaries, "the computer's name", g_get_host_name ());
  for (guint i = 0; i < adit_canaries_count (canaries); i++)
    {
      gconstpointer spelling;
      gsize size;
      const char *name = adit_canaries_get (canaries, i, &spelling, &size);

      if (memmem (self->stored, self->stored_bytes, spelling, size) == NULL)
        continue;
      say (self, "  FOUND: %s", name);
      n++;
    }
  say (self, "  %u spellings looked for, %u found", adit_canaries_count (canaries), n);
  adit_canaries_free (canaries);
  return n;
}

static gboolean
step_look (Crash *self)
{
  const char *function = adit_receiver_find_function (self->received);

  say (self, "5. What arrived");
  self->canaries = count_canaries (self);
  say (self, "  it names %s(); it came from %s", function, self->peer != NULL ? self->peer : "where this server does not say");
  return self->canaries == 0 && g_str_equal (function, CRASH_FUNCTION) &&
         (self->not_ours || g_strcmp0 (self->peer, self->way_out->exit_address) == 0);
}

/* The same watcher and senders without the protection: if it saw nothing here, it would prove nothing above. */
static gboolean
step_control (Crash *self)
{
  static const char *const phases[] = { "connecting", "crashed" };
  g_autoptr (GError) error = NULL;
  gboolean tried = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      guint outside = adit_leakwatch_get_outside (self->watch, phases[i]);
      g_autofree char *keys = outside > 0 ? adit_leakwatch_dup_keys (self->watch, phases[i]) : g_strdup ("");

      self->outside += outside;
      tried = tried && adit_senders_get_tried (self->senders, phases[i]) > 0;
      say (self, "  %s: %u packets tried, %u outside %s", phases[i], adit_senders_get_tried (self->senders, phases[i]), outside,
           keys);
    }
  say (self, "6. The control: the lock is taken away on purpose, with no helper to put it back");
  enter_phase (self, "control", self->way_out->blocked);
  adit_world_kill_helper (self->world);
  if (!adit_lab_run_line ("client", "nft delete table inet adit", &error) ||
      !adit_lab_run_line ("client", "nft delete table netdev adit", &error))
    say (self, "  FAILED: %s", error->message);
  g_usleep (QUIET_MS * 1000);
  self->control = adit_leakwatch_get_outside (self->watch, "control");
  say (self, "  %u packets outside", self->control);
  return tried && self->outside == 0 && self->control > 0;
}

static gboolean
run_steps (Crash *self)
{
  if (!step_connect (self))
    return FALSE;
  enter_phase (self, "crashed", self->program->die == die_helper ? self->way_out->connecting : self->way_out->carrier);
  return step_crash (self) && step_ask (self) && step_send (self) && step_look (self) && step_control (self);
}

static void
print_json (Crash *self)
{
  json_t *object = json_pack ("{s:b, s:s, s:b, s:i, s:i, s:O?, s:s, s:i, s:i, s:i}",
                              "ok", self->ok,
                              "program", self->program->program,
                              "captured", self->id != NULL,
                              "sent_without_consent", (int) self->before,
                              "sent_after_consent", (int) (self->after - self->before),
                              "received", self->received,
                              "top_frame", adit_receiver_find_function (self->received),
                              "canaries_found", (int) self->canaries,
                              "packets_outside", (int) self->outside,
                              "packets_outside_control", (int) self->control);
  char *text = json_dumps (object, JSON_COMPACT);

  printf ("%s\n", text);
  fflush (stdout);
  free (text);
  json_decref (object);
}

static gboolean
set_up (Crash *self, GError **error)
{
  self->world = adit_world_new (self->program->die == die_window ? ADIT_WORLD_POLKIT : ADIT_WORLD_PLAIN, error);
  if (self->world == NULL || !adit_receiver_make (error) || !adit_receiver_start (ADIT_RECEIVER_TRUSTED, error))
    return FALSE;
  if (self->not_ours && !adit_sidecar_start (error))
    return FALSE;
  adit_receiver_announce (self->not_ours ? ADIT_SIDECAR_DSN : ADIT_RECEIVER_DSN, NULL);
  g_assert_cmpint (g_mkdir_with_parents (STATE, 0700), ==, 0);
  if (!adit_world_start_helper (self->world, error))
    return FALSE;
  report_client_open (self->world);
  self->watch = adit_leakwatch_start ("router", "to-client", error);
  if (self->watch == NULL)
    return FALSE;
  adit_leakwatch_set_phase (self->watch, "before", NULL);
  self->senders = adit_senders_start ("client", error);
  return self->senders != NULL;
}

/**
 * demo_crash_run:
 * @program: a known one
 * @not_ours: whether its report goes to a server that we did not write, if that could be had
 * @json: whether standard output gets one line of JSON and nothing else
 *
 * Call it in a world that has been entered, of programs with points at which they crash.
 *
 * Returns: what main() returns
 */
int
demo_crash_run (const char *program, gboolean not_ours, gboolean json)
{
  Crash self = { .program = find_program (program), .words = json ? stderr : stdout, .json = json, .not_ours = not_ours };
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;

  if (not_ours && adit_sidecar_find () == NULL)
    {
      say (&self, "A server that we did not write could not be had from npm (tests/rig/fetch-sentry)");
      return SKIP;
    }
  self.way_out = demo_exit_find (NULL, NULL, NULL, &why);
  say (&self, "0. A small internet with a server for reports; nothing of it touches this computer's network");
  if (!set_up (&self, &error))
    say (&self, "  FAILED: %s", error->message);
  else
    self.ok = run_steps (&self);
  say (&self, self.ok ? "All of it is as it should be." : "Something is not as it should be; see above.");
  if (json)
    print_json (&self);
  g_clear_pointer (&self.senders, adit_senders_stop);
  g_clear_pointer (&self.watch, adit_leakwatch_stop);
  g_clear_pointer (&self.display, adit_display_free);
  g_clear_pointer (&self.received, json_decref);
  report_client_close ();
  adit_world_free (self.world);
  g_free (self.id);
  g_free (self.peer);
  g_free (self.stored);
  return self.ok ? 0 : 1;
}
