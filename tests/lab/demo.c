/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo.c: the main job, once, for real: a credential goes in, protected traffic comes out, and a watcher on the cable
 * counts.
 * usage: demo [--headless] [--json] [--service NAME] [--tunnel KIND] [--config FILE] [--keys FOLDER]; without any, and with a
 * screen, it is the window's demo instead.  demo --crash PROGRAM [--not-ours] [--json] is a report's.
 *
 * Lockdown is on from before the connection until the end, so that there is no moment at which a packet may pass and every one
 * that the watcher sees outside is a leak. */
#include "config.h"
#include "tests/lab/world.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/lab/demo-crash.h"
#include "tests/lab/demo-exit.h"
#include "tests/lab/demo-keys.h"
#include "tests/lab/demo-window.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/senders.h"

#define USAGE_EXIT    2
#define UNUSABLE_EXIT 3    /* somebody's own file leads nowhere here; all else is as it should be */
#define CONNECT_S     "20"    /* a server that is silent is waited for 15 s */
#define ANSWER_MS     10000   /* who is connected has an answer */
#define PHASE_MS      1500    /* how long the senders try in a phase that has no end of its own */

static const char *const phases[] = { "connecting", "connected", "helper_killed", "reconnecting", "disconnecting" };

typedef struct
{
  gboolean       headless, json, not_ours;
  char          *service, *kind, *config, *keys, *crash;    /* as asked for */
  const DemoExit *way_out;
  char          *profile;    /* (nullable): what was imported */
  char         **remotes;    /* (nullable): where somebody's own file leads */
  char         **on_the_way; /* (nullable): the same while there is no tunnel */
  gboolean       unusable;   /* that file was refused, or nobody answers there */
  gboolean       entered[G_N_ELEMENTS (phases)];
  FILE          *words;    /* where a person reads; standard error with --json */
  AditWorld     *world;
  AditLeakwatch *watch;
  AditSenders   *senders;
  gboolean       ok;
  char          *tunnel, *direct, *seen, *dns_seen;
  gint64         connect_ms;
  guint          control;
} Demo;

static void G_GNUC_PRINTF (2, 3)
say (Demo *demo, const char *format, ...)
{
  va_list list;

  va_start (list, format);
  vfprintf (demo->words, format, list);
  va_end (list);
  fputc ('\n', demo->words);
  fflush (demo->words);
}

static void
fail (Demo *demo, const char *what)
{
  g_autofree char *log = demo->world != NULL ? adit_world_dup_log (demo->world) : g_strdup ("");
  gsize length = strlen (log);

  demo->ok = FALSE;
  say (demo, "  FAILED: %s", what);
  fprintf (stderr, "--- the end of the log ---\n%s\n", log + (length > 4000 ? length - 4000 : 0));
}

static gboolean
adit (Demo *demo, const char *input, const char *line)
{
  g_autoptr (AditLabResult) result = adit_world_adit (demo->world, 0, input, line);

  say (demo, "  $ adit %s", line);
  if (result->status == 0)
    return TRUE;
  fail (demo, result->err);
  return FALSE;
}

/* A file that is refused, or whose server is not in this small internet, is no fault: nothing of the computer's may leave then,
 * either. */
static void
say_unusable (Demo *demo, const char *why, const AditLabResult *result)
{
  g_autofree char *words = g_strconcat (result->out, result->err, NULL);

  demo->unusable = TRUE;
  say (demo, "%s", g_strchomp (words));
  say (demo, "  %s: %s.", demo->config, why);
}

static const char *const *
get_carrier (Demo *demo)
{
  return demo->remotes != NULL ? (const char *const *) demo->remotes : demo->way_out->carrier;
}

static const char *const *
get_connecting (Demo *demo)
{
  return demo->on_the_way != NULL ? (const char *const *) demo->on_the_way : demo->way_out->connecting;
}

static void
enter_phase (Demo *demo, const char *phase, const char *const *allowed)
{
  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    demo->entered[i] = demo->entered[i] || g_str_equal (phases[i], phase);
  adit_leakwatch_set_phase (demo->watch, phase, allowed);
  adit_senders_set_phase (demo->senders, phase);
}

/* Frames on their way are waited for, so that they count where they were sent. */
static void
tell_phase (Demo *demo, const char *phase)
{
  guint outside = adit_leakwatch_get_outside (demo->watch, phase);

  say (demo, "  %u packets tried, %u outside the tunnel", adit_senders_get_tried (demo->senders, phase), outside);
  if (outside > 0)
    {
      g_autofree char *keys = adit_leakwatch_dup_keys (demo->watch, phase);

      say (demo, "  outside: %s", keys);
    }
}

/* --- The steps ----------------------------------------------------------------------------------------------------------- */

static gboolean
step_before (Demo *demo)
{
  say (demo, "1. A computer without protection, and a helper that has nothing to do");
  demo->direct = adit_world_ask_web (demo->world, FALSE);
  say (demo, "  a web server sees this computer as %s", demo->direct);
  return g_str_equal (demo->direct, ADIT_LAB_ROUTER_ADDRESS);
}

/* What is not of OpenVPN is not tried: the keys of the lab's WireGuard are the services'. */
static gboolean
find_remotes (Demo *demo)
{
  g_autofree char *line = g_strdup_printf ("export %s", demo->profile);
  g_autoptr (AditLabResult) result = adit_world_adit (demo->world, 0, NULL, line);

  if (result->status != 0)
    {
      fail (demo, result->err);
      return FALSE;
    }
  if (!demo_exit_is_of_openvpn (result->out))
    {
      g_clear_pointer (&demo->profile, g_free);
      demo->unusable = TRUE;
      say (demo, "  %s: Adit takes it, but it is one of WireGuard; the demo connects by files of OpenVPN.", demo->config);
      return FALSE;
    }
  demo->remotes = demo_exit_dup_remotes (result->out, FALSE);
  demo->on_the_way = demo_exit_dup_remotes (result->out, TRUE);
  for (guint i = 0; demo->remotes[i] != NULL; i++)
    say (demo, "  it leads to %s", demo->remotes[i]);
  return TRUE;
}

/* The real command line reads the file; its answer names the profile. */
static gboolean
import (Demo *demo)
{
  g_autofree char *made = NULL, *quoted = NULL, *line = NULL;
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;
  json_t *object;

  made = demo_exit_dup_file (demo->way_out, demo->keys, &error);
  if (made == NULL)
    {
      fail (demo, error->message);
      return FALSE;
    }
  quoted = g_shell_quote (demo->config != NULL ? demo->config : made);
  line = g_strdup_printf ("import %s --json", quoted);
  say (demo, "  $ adit %s", line);
  result = adit_world_adit (demo->world, 0, NULL, line);
  object = json_loads (result->out, 0, NULL);
  demo->profile = g_strdup (json_string_value (json_object_get (json_array_get (json_object_get (object, "profiles"), 0), "id")));
  json_decref (object);
  if (demo->profile != NULL)
    return demo->config == NULL || find_remotes (demo);
  if (demo->config != NULL)
    {
      g_autofree char *again = g_strdup_printf ("import %s", quoted);
      g_autoptr (AditLabResult) refused = adit_world_adit (demo->world, 0, NULL, again);

      say_unusable (demo, "Adit does not take it", refused);    /* the same in words */
      return FALSE;
    }
  fail (demo, result->err[0] != '\0' ? result->err : result->out);
  return FALSE;
}

static gboolean
step_import (Demo *demo)
{
  say (demo, "2. Import a file, list what there is, lock the computer");
  return import (demo) && adit (demo, NULL, "profiles") && adit (demo, NULL, "lockdown on");
}

static gboolean
login_by_page (Demo *demo)
{
  g_autoptr (GError) error = NULL;

  say (demo, "  $ adit login %s", demo->way_out->service);
  say (demo, "  somebody opens the page that it names; it asks the service every ten seconds whether that has been done");
  if (adit_world_login_by_page (demo->world, demo->way_out->service, NULL, &error))
    return TRUE;
  fail (demo, error->message);
  return FALSE;
}

static gboolean
step_login (Demo *demo)
{
  const DemoExit *way_out = demo->way_out;
  g_autofree char *line = g_strdup_printf ("login %s", way_out->service);

  if (demo_exit_is_file (way_out))
    return step_import (demo);
  say (demo, "2. Sign in with %s, list the places, lock the computer", way_out->signed_in_with);
  return (way_out->credential != NULL ? adit (demo, way_out->credential, line) : login_by_page (demo)) &&
         adit (demo, NULL, "locations") && adit (demo, NULL, "lockdown on");
}

/* Somebody's own file: whether anybody answers is to be found out. */
static gboolean
connect_own (Demo *demo, const char *line)
{
  g_autofree char *limited = g_strdup_printf ("%s --timeout " CONNECT_S, line), *seen = NULL;
  g_autoptr (AditLabResult) result = NULL;

  say (demo, "  $ adit %s", limited);
  result = adit_world_adit (demo->world, 0, NULL, limited);
  if (result->status == 0 && adit_world_ping (demo->world, demo->way_out->resolver, ANSWER_MS))
    return TRUE;
  if (!demo_exit_blames_file (result->status))
    {
      g_autofree char *ended = g_strdup_printf ("adit connect ended with %d: %s", result->status, result->err);

      fail (demo, result->status != 0 ? ended : "nothing answers from inside the tunnel");
      return FALSE;
    }
  seen = adit_world_ask_web (demo->world, FALSE);
  say_unusable (demo, "no tunnel comes up by it; only the demo's own servers are in this small internet", result);
  say (demo, "  the web server sees %s", seen[0] != '\0' ? seen : "nothing: the lock stays");
  tell_phase (demo, "connecting");
  if (seen[0] != '\0')
    fail (demo, "the lock is open");
  return FALSE;
}

/* The first answer may come before the command has ended. */
static gboolean
connect_known (Demo *demo, const char *line, gint64 *answered_us)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gboolean answered;

  say (demo, "  $ adit %s", line);
  process = adit_world_start_adit (demo->world, line, &error);
  answered = process != NULL && adit_world_ping (demo->world, demo->way_out->resolver, 60000);
  *answered_us = g_get_monotonic_time ();
  if (answered && g_subprocess_wait_check (process, NULL, &error))
    return TRUE;
  fail (demo, error != NULL ? error->message : "nothing answers from inside the tunnel");
  return FALSE;
}

static gboolean
step_connect (Demo *demo)
{
  const char *by = demo_exit_is_openvpn (demo->way_out) ? " --tunnel " : "";
  g_autofree char *line = demo->profile != NULL ? g_strdup_printf ("connect --profile %s --wait", demo->profile)
                          : g_strdup_printf ("connect %s%s%s --wait", demo->way_out->place, by,
                                             by[0] != '\0' ? demo->way_out->tunnel : "");
  gint64 from_us, answered_us;

  say (demo, "3. Connect%s%s while senders try everything to get out", demo->profile != NULL ? "" : " to ",
       demo->profile != NULL ? "" : demo->way_out->city);
  enter_phase (demo, "connecting", get_connecting (demo));
  from_us = g_get_monotonic_time ();
  if (demo->config != NULL)
    {
      if (!connect_own (demo, line))
        return demo->ok && demo->unusable;
      answered_us = g_get_monotonic_time ();
    }
  else if (!connect_known (demo, line, &answered_us))
    return FALSE;
  demo->connect_ms = (answered_us - from_us) / 1000;
  say (demo, "  first answer from inside the tunnel after %" G_GINT64_FORMAT " ms", demo->connect_ms);
  enter_phase (demo, "connected", get_carrier (demo));
  tell_phase (demo, "connecting");
  return TRUE;
}

static char *
ask_tunnel_kind (Demo *demo)
{
  g_autoptr (AditLabResult) result = adit_world_adit (demo->world, 0, NULL, "status --json");
  json_t *object = json_loads (result->out, 0, NULL);
  const char *tunnel = json_string_value (json_object_get (object, "tunnel"));
  char *copy = g_strdup (tunnel != NULL ? tunnel : "");

  json_decref (object);
  return copy;
}

/* The servers that were asked for @name since the log was last read: one, or something is wrong. */
static char *
ask_dns (Demo *demo, const char *name)
{
  g_autofree char *log = NULL, *answer = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) servers = g_string_new (NULL);

  g_free (adit_world_dup_dns_log (demo->world));
  answer = adit_world_look_up (demo->world, name);
  log = adit_world_dup_dns_log (demo->world);
  lines = g_strsplit (log, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", -1);

      /* The senders' own questions never arrive; what does arrive was asked by the look-up. */
      if (g_strv_length (words) >= 3 && strstr (words[2], name) != NULL && strstr (servers->str, words[0]) == NULL)
        g_string_append_printf (servers, "%s%s", servers->len > 0 ? "," : "", words[0]);
    }
  return g_strdup (servers->str);
}

static gboolean
step_connected (Demo *demo)
{
  say (demo, "4. Connected: what the world sees now");
  demo->tunnel = ask_tunnel_kind (demo);
  demo->seen = adit_world_ask_web (demo->world, FALSE);
  demo->dns_seen = ask_dns (demo, "web.example");
  say (demo, "  the web server sees %s; names are asked at %s; the tunnel is %s", demo->seen, demo->dns_seen, demo->tunnel);
  g_usleep (PHASE_MS * 1000);
  tell_phase (demo, "connected");
  return g_str_equal (demo->seen, demo->way_out->exit_address) && g_str_equal (demo->dns_seen, demo->way_out->resolver);
}

static gboolean
step_killed (Demo *demo)
{
  g_autofree char *seen = NULL;

  say (demo, "5. Kill the helper (kill -9)");
  enter_phase (demo, "helper_killed", get_carrier (demo));
  adit_world_kill_helper (demo->world);
  seen = adit_world_ask_web (demo->world, FALSE);
  g_usleep (PHASE_MS * 1000);
  /* A device of the kernel's own outlives the helper like the lock does; one of wireguard-go goes with it. */
  say (demo, "  the web server sees %s", seen[0] != '\0' ? seen : "nothing: the lock outlives the helper");
  tell_phase (demo, "helper_killed");
  return seen[0] == '\0' || g_str_equal (seen, demo->way_out->exit_address);
}

static gboolean
step_reconnect (Demo *demo)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;

  say (demo, "6. Start it again: it comes back to what was wanted");
  enter_phase (demo, "reconnecting", get_connecting (demo));
  if (!adit_world_start_helper (demo->world, &error) || !adit_world_wait_state (demo->world, "connected", 30000))
    {
      fail (demo, error != NULL ? error->message : "it did not come back");
      return FALSE;
    }
  seen = adit_world_ask_web (demo->world, FALSE);
  say (demo, "  the web server sees %s", seen);
  tell_phase (demo, "reconnecting");
  return g_str_equal (seen, demo->way_out->exit_address);
}

static gboolean
step_disconnect (Demo *demo)
{
  g_autofree char *seen = NULL;
  gboolean done;

  say (demo, "7. Disconnect, with lockdown still on");
  enter_phase (demo, "disconnecting", get_connecting (demo));
  done = adit (demo, NULL, "disconnect");
  seen = adit_world_ask_web (demo->world, FALSE);
  g_usleep (PHASE_MS * 1000);
  tell_phase (demo, "disconnecting");
  return done && seen[0] == '\0';
}

/* The same watcher and senders without the protection: if it saw nothing here, it would prove nothing above. */
static gboolean
step_control (Demo *demo)
{
  g_autoptr (GError) error = NULL;

  say (demo, "8. The control: the lock is taken away on purpose, with no helper to put it back");
  enter_phase (demo, "control", demo->way_out->blocked);
  adit_world_kill_helper (demo->world);
  if (!adit_lab_run_line ("client", "nft delete table inet adit", &error) ||
      !adit_lab_run_line ("client", "nft delete table netdev adit", &error))
    {
      fail (demo, error->message);
      return FALSE;
    }
  g_usleep (PHASE_MS * 1000);
  tell_phase (demo, "control");
  demo->control = adit_leakwatch_get_outside (demo->watch, "control");
  return demo->control > 0;
}

static gboolean
step_after (Demo *demo)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;

  g_autofree char *leave = demo->profile != NULL ? g_strdup_printf ("profiles remove %s", demo->profile) : g_strdup ("logout");

  say (demo, "9. Open: lockdown off, %s", demo->profile != NULL ? "the profile removed" : "sign out");
  adit_senders_set_phase (demo->senders, "");
  adit_leakwatch_set_phase (demo->watch, "after", NULL);
  if (!adit_world_start_helper (demo->world, &error))
    {
      fail (demo, error->message);
      return FALSE;
    }
  if (!adit (demo, NULL, "lockdown off") || !adit (demo, NULL, leave))
    return FALSE;
  seen = adit_world_ask_web (demo->world, FALSE);
  say (demo, "  the web server sees %s", seen);
  return g_str_equal (seen, ADIT_LAB_ROUTER_ADDRESS);
}

static gboolean
run_steps (Demo *demo)
{
  static const struct { gboolean (*run) (Demo *demo); gboolean needs_tunnel; } steps[] = {
    { step_before }, { step_login }, { step_connect }, { step_connected, TRUE }, { step_killed, TRUE }, { step_reconnect, TRUE },
    { step_disconnect }, { step_control }, { step_after },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (!(steps[i].needs_tunnel && demo->unusable) && !steps[i].run (demo))
      {
        if (demo->unusable && demo->profile == NULL)    /* nothing was imported that could be connected to */
          return TRUE;
        if (demo->ok)
          fail (demo, "not as it should be");
        return FALSE;
      }
  return TRUE;
}

/* A file that could not be used leaves out what there is to be seen of a tunnel, and one that was not even imported all of it. */
static gboolean
judge (Demo *demo)
{
  gboolean good = demo->control > 0 || (demo->unusable && demo->profile == NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    good = good && (demo->entered[i] ? adit_senders_get_tried (demo->senders, phases[i]) > 0 : demo->unusable) &&
           adit_leakwatch_get_outside (demo->watch, phases[i]) == 0;
  return good;
}

static void
print_json (Demo *demo)
{
  json_t *tried = json_object (), *outside = json_object ();
  json_t *object;
  char *text;

  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      guint n_tried = demo->senders != NULL ? adit_senders_get_tried (demo->senders, phases[i]) : 0;
      guint n_outside = demo->watch != NULL ? adit_leakwatch_get_outside (demo->watch, phases[i]) : 0;

      json_object_set_new (tried, phases[i], json_integer (n_tried));
      json_object_set_new (outside, phases[i], json_integer (n_outside));
    }
  object = json_pack ("{s:b, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:i}",
                      "ok", demo->ok && !demo->unusable,
                      "service", demo->way_out->service,
                      "tunnel", demo->tunnel != NULL ? demo->tunnel : "",
                      "connect_ms", (json_int_t) demo->connect_ms,
                      "exit_address_expected", demo->way_out->exit_address,
                      "exit_address_seen", demo->seen != NULL ? demo->seen : "",
                      "exit_address_direct", demo->direct != NULL ? demo->direct : "",
                      "dns_server_expected", demo->way_out->resolver,
                      "dns_server_seen", demo->dns_seen != NULL ? demo->dns_seen : "",
                      "packets_tried", tried,
                      "packets_outside", outside,
                      "packets_outside_control", (int) demo->control);
  text = json_dumps (object, JSON_COMPACT);
  printf ("%s\n", text);
  fflush (stdout);
  free (text);
  json_decref (object);
}

static gboolean
parse (Demo *demo, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "headless", 0, 0, G_OPTION_ARG_NONE, &demo->headless, "Print the main job step by step, without a window", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &demo->json, "One JSON object on one line, and nothing else, on standard output", NULL },
    { "service", 0, 0, G_OPTION_ARG_STRING, &demo->service, "mullvad, ivpn, ovpn, mysterium, or file: one of OpenVPN", "NAME" },
    { "tunnel", 0, 0, G_OPTION_ARG_STRING, &demo->kind, "wireguard, openvpn-udp or openvpn-tcp", "KIND" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &demo->config, "With --service file: this one, not one of the lab's own", "FILE" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &demo->keys, "With --service file: where the lab's keys and its file stay", "FOLDER" },
    { "crash", 0, 0, G_OPTION_ARG_STRING, &demo->crash, "A report instead: helper, worker, window or cli crashes", "PROGRAM" },
    { "not-ours", 0, 0, G_OPTION_ARG_NONE, &demo->not_ours, "With --crash: to a server that we did not write", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- Adit's main job in a contained network");
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL, *given = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    fprintf (stderr, "demo: %s\n", error->message);
  else if (*argc > 1)
    fprintf (stderr, "demo: \"%s\" is not understood\n", (*argv)[1]);
  else if (demo->crash != NULL && (demo->service != NULL || demo->kind != NULL || demo->config != NULL ||
                                  demo->keys != NULL))
    fprintf (stderr, "demo: --crash goes with --json and --not-ours alone\n");
  else if (demo->crash != NULL && !demo_crash_is_known (demo->crash))
    fprintf (stderr, "demo: \"%s\" does not crash here; helper, worker, window and cli do\n", demo->crash);
  else if (demo->keys != NULL && g_strcmp0 (demo->service, "file") != 0)
    fprintf (stderr, "demo: --keys goes with --service file\n");
  else if (demo->keys != NULL && !demo_keys_check (demo->keys, &why))
    fprintf (stderr, "demo: %s\n", why);
  else if ((demo->way_out = demo_exit_find (demo->service, demo->kind, demo->config, &why)) == NULL)
    fprintf (stderr, "demo: %s\n", why);
  else
    {
      given = g_steal_pointer (&demo->config);    /* the commands run somewhere else */
      demo->config = given != NULL ? g_canonicalize_filename (given, NULL) : NULL;
      /* The window's demo is signed in at the usual service. */
      demo->headless = demo->headless || !demo_exit_is_usual (demo->way_out);
      return TRUE;
    }
  return FALSE;
}

/* All come when one of them is needed; what the usual one alone is enough for stays as small as it was. */
static gboolean
add_service (Demo *demo, GError **error)
{
  return demo_exit_is_usual (demo->way_out) || demo_exit_is_file (demo->way_out) ||
         (adit_world_add_services (demo->world, error) && demo_exit_start (demo->way_out, error));
}

int
main (int argc, char **argv)
{
  Demo demo = { .ok = TRUE };
  g_autoptr (GError) error = NULL;

  if (!parse (&demo, &argc, &argv))
    return USAGE_EXIT;
  demo.words = demo.json ? stderr : stdout;
  if (demo.crash != NULL)
    {
      adit_world_enter ();
      return demo_crash_run (demo.crash, demo.not_ours, demo.json);
    }
  if (!demo.headless && !demo.json)
    {
      g_autoptr (DemoScreen) screen = demo_screen_find ();

      if (screen != NULL)
        {
          adit_world_enter ();
          return demo_window_run (screen);
        }
      say (&demo, "There is no screen here for the window; this is what --headless does.");
    }
  adit_world_enter ();
  say (&demo, "0. A small internet: router, service, exit, DNS, web server, neighbour; "
              "nothing of it touches this computer's network");
  demo.world = adit_world_new (ADIT_WORLD_PLAIN, &error);
  if (demo.world != NULL && add_service (&demo, &error) && adit_world_start_helper (demo.world, &error) &&
      (demo.watch = adit_leakwatch_start ("router", "to-client", &error)) != NULL)
    {
      adit_leakwatch_set_phase (demo.watch, "before", NULL);
      demo.senders = adit_senders_start ("client", &error);
    }
  if (error != NULL)
    fail (&demo, error->message);
  else
    demo.ok = run_steps (&demo) && judge (&demo);
  say (&demo, !demo.ok ? "Something is not as it should be; see above."
              : demo.unusable ? "The file cannot be tried further here; see above." : "All of it is as it should be.");
  if (demo.json)
    print_json (&demo);
  g_clear_pointer (&demo.senders, adit_senders_stop);
  g_clear_pointer (&demo.watch, adit_leakwatch_stop);
  adit_world_free (demo.world);
  return !demo.ok ? 1 : demo.unusable ? UNUSABLE_EXIT : 0;
}
