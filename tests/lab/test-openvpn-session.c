/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-openvpn-session.c: the real session, lock, routes, worker and openvpn against the lab's servers, with a source that offers
 * what a test says.  The promises are WireGuard's: nothing passes but the carrier, whoever is killed, and nothing opens by
 * itself. */
#include "config.h"

#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "client/core/session.h"
#include "client/helper/openvpn-tunnel.h"
#include "client/base/error.h"
#include "client/wire/wire.h"
#include "platform/openvpn.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/openvpn-exit.h"
#include "tests/lab/senders.h"
#include "tests/lab/world.h"

#define CARRIER_UID 61003    /* adit-openvpn's in the lab */
#define STATE_MS    20000
#define PORTS       "/proc/sys/net/ipv4/ip_local_port_range"
#define FORGET_MS   15000    /* 5 s and a timer of the server's; without a farewell it would be its own 2 minutes */
#define FAREWELL    " Delayed exit in 5 seconds"    /* what a server says that has heard one */
#define STUCK_US    (2 * G_USEC_PER_SEC)    /* a quarter of a second, and what a busy computer adds to it */
#define SILENCE_US  (15 * G_USEC_PER_SEC)    /* for so long a server may be silent: client/helper/openvpn-tunnel.c */
#define BUSY_S      7        /* as long as the lab's server wants to be left alone */
#define WEB         "http://" ADIT_LAB_WEB_ADDRESS "/"

/* --- A source that offers what it is told to ------------------------------------------------------------------------------- */

#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject       parent_instance;
  char         *profile;
  const char   *user, *password, *answer;
  AditEndpoint  peer;
  AditTransport transport;
  guint         n_asked;
  gint64        asked_us;    /* last */
  gboolean      foresees, foresees_other, lends;
};

static AditAnswers *answers;

static void test_source_iface_init (AditTunnelSourceInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource, test_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_TUNNEL_SOURCE, test_source_iface_init))

static AditTunnelKind
test_source_guess_kind (AditTunnelSource *source, const AditWish *wish)
{
  return ADIT_TUNNEL_OPENVPN;
}

static AditSecret *
secret_of (const char *text)
{
  return text != NULL ? adit_secret_new (text, strlen (text)) : NULL;
}

static void
fill (TestSource *self, AditTunnelSpec *spec, AditTunnelSecrets *secrets)
{
  *spec = (AditTunnelSpec) { .kind = ADIT_TUNNEL_OPENVPN, .peer = self->peer, .transport = self->transport,
                             .carrier_uid = CARRIER_UID };
  *secrets = (AditTunnelSecrets) { .profile = secret_of (self->profile), .username = secret_of (self->user),
                                   .password = secret_of (self->password), .answer = secret_of (self->answer) };
}

static gboolean
test_source_foresee (AditTunnelSource *source, const AditWish *wish, AditTunnelSpec *spec, AditTunnelSecrets *secrets)
{
  TestSource *self = TEST_SOURCE (source);

  fill (self, spec, secrets);
  spec->peer.port += self->foresees_other ? 1 : 0;
  return self->foresees;
}

static void
test_source_offer_async (AditTunnelSource *source, const AditWish *wish, const char *avoid, guint try_number,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  AditTunnelOffer *offer = g_new0 (AditTunnelOffer, 1);

  self->n_asked++;
  self->asked_us = g_get_monotonic_time ();
  fill (self, &offer->spec, &offer->secrets);
  if (self->lends)
    adit_answers_lend (answers, &offer->secrets);
  g_task_return_pointer (task, offer, (GDestroyNotify) adit_tunnel_offer_free);
}

static AditTunnelOffer *
test_source_offer_finish (AditTunnelSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_source_iface_init (AditTunnelSourceInterface *iface)
{
  iface->guess_kind = test_source_guess_kind;
  iface->foresee = test_source_foresee;
  iface->offer_async = test_source_offer_async;
  iface->offer_finish = test_source_offer_finish;
}

static void
test_source_finalize (GObject *object)
{
  g_free (TEST_SOURCE (object)->profile);
  G_OBJECT_CLASS (test_source_parent_class)->finalize (object);
}

static void
test_source_class_init (TestSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_source_finalize;
}

static void
test_source_init (TestSource *self)
{
}

/* --- The computer ---------------------------------------------------------------------------------------------------------- */

static const AditLabOvpnServer udp_server, tcp_server = { .transport = ADIT_LAB_OVPN_TCP };
static const AditLabOvpnServer *const kinds[] = { &udp_server, &tcp_server };
static AditLabOvpn *servers[G_N_ELEMENTS (kinds)];    /* one of each */
/* These change keys all the time; a token lasts for two hand-windows at the least. */
static const AditLabOvpnServer hasty_server = { .lines = "reneg-sec 2\n" };
static const AditLabOvpnServer hasty_token_server = { .lines = "reneg-sec 2\nauth-gen-token 3600 120\n" };
static const AditLabOvpnServer short_token_server = { .lines = "reneg-sec 2\nauth-gen-token 5 120\n" };
static AditJournal *journal;
static AditPlatform *platform;
static TestSource *source;
static AditSession *session;
static AditLeakwatch *watcher;
static AditSenders *senders;

static const char *const holes[] = {
  "udp:" ADIT_LAB_OVPN_ADDRESS ":1194", "tcp:" ADIT_LAB_OVPN_ADDRESS ":443", NULL
};

static void
offer (const AditLabOvpnServer *server, const char *password, const char *lines)
{
  g_autoptr (GError) error = NULL;

  g_free (source->profile);
  source->profile = adit_lab_ovpn_dup_client (server, lines, &error);
  g_assert_no_error (error);
  source->user = ADIT_LAB_OVPN_USER;
  source->password = password;
  source->answer = NULL;
  g_assert_true (adit_address_parse (ADIT_LAB_OVPN_ADDRESS, &source->peer.address));
  source->peer.port = adit_lab_ovpn_get_port (server);
  source->transport = server->transport == ADIT_LAB_OVPN_TCP ? ADIT_TRANSPORT_TCP : ADIT_TRANSPORT_UDP;
}

static gboolean
on_too_late (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_for (AditState state)
{
  gboolean late = FALSE;
  guint limit = g_timeout_add (STATE_MS, on_too_late, &late);

  while (adit_session_get_state (session) != state && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  if (late)
    {
      const GError *error = adit_session_get_error (session);

      for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
        {
          g_autofree char *log = adit_lab_ovpn_dup_log (servers[i]);

          g_printerr ("--- server %u\n%s\n", i, log);
        }
      g_error ("it did not become %s, it is %s: %s", adit_state_get_nick (state),
               adit_state_get_nick (adit_session_get_state (session)), error != NULL ? error->message : "");
    }
}

static void
connect_to (const AditLabOvpnServer *server)
{
  const AditWish wish = { .connected = TRUE };
  g_autoptr (GError) error = NULL;

  offer (server, ADIT_LAB_OVPN_PASSWORD, NULL);
  adit_session_connect (session, &wish, &error);
  g_assert_no_error (error);
}

static void
disconnect (void)
{
  adit_session_disconnect (session);
  wait_for (ADIT_STATE_DISCONNECTED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_no_error (adit_session_get_error (session));
}

static void
expect_web (const char *address)
{
  const char *const argv[] = { "curl", "-s", "--max-time", "5", WEB, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 8000, argv, NULL);

  g_assert_nonnull (result);
  g_assert_cmpstr (g_strstrip (result->out), ==, address);
}

static void
begin_watch (const char *phase)
{
  adit_leakwatch_set_phase (watcher, phase, holes);
  adit_senders_set_phase (senders, phase);
}

static void
end_watch (const char *phase)
{
  g_autofree char *keys = NULL;

  adit_senders_set_phase (senders, "");
  adit_leakwatch_set_phase (watcher, "end", NULL);
  keys = adit_leakwatch_dup_keys (watcher, phase);
  g_test_message ("%s: %u tried, %u outside %s", phase, adit_senders_get_tried (senders, phase),
                  adit_leakwatch_get_outside (watcher, phase), keys);
}

static void
expect_shut (const char *phase)
{
  end_watch (phase);
  g_assert_cmpuint (adit_senders_get_tried (senders, phase), >, 10);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, phase), ==, 0);
}

static void
expect_open (const char *phase)
{
  begin_watch (phase);
  for (gint64 end = g_get_monotonic_time () + 600000; g_get_monotonic_time () < end; g_usleep (5000))
    g_main_context_iteration (NULL, FALSE);
  end_watch (phase);
  g_assert_cmpuint (adit_leakwatch_get_outside (watcher, phase), >, 10);
}

static void
work_for_ms (guint ms)
{
  for (gint64 end = g_get_monotonic_time () + ms * 1000; g_get_monotonic_time () < end; g_usleep (2000))
    g_main_context_iteration (NULL, FALSE);
}

/* Goes on with the main loop for a moment; when @until_us has come, fails the test with what it waited for. */
static void
work_until (gint64 until_us, const char *what)
{
  if (g_get_monotonic_time () > until_us)
    g_error ("%s", what);
  work_for_ms (2);
}

static gint64
get_until_us (void)
{
  return g_get_monotonic_time () + STATE_MS * G_TIME_SPAN_MILLISECOND;
}

static GPid
look_for_child (const char *program)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%s/cmdline", name), *status = NULL, *line = NULL, *uid = NULL;
      gsize length = 0;

      if (!g_ascii_isdigit (name[0]) || !g_file_get_contents (path, &line, &length, NULL) || length == 0 ||
          !g_str_equal (line, program))
        continue;
      g_free (path);
      path = g_strdup_printf ("/proc/%s/status", name);
      uid = g_strdup_printf ("\nUid:\t%d\t", CARRIER_UID);
      if (g_file_get_contents (path, &status, NULL, NULL) && strstr (status, uid) != NULL)
        return atoi (name);
    }
  return 0;
}

/* One that was started ahead is not waited for, and is no program yet in its first moment. */
static GPid
find_child (const char *program)
{
  gint64 until = g_get_monotonic_time () + STATE_MS * 1000;
  GPid pid;

  while ((pid = look_for_child (program)) == 0)
    {
      if (g_get_monotonic_time () > until)
        g_error ("there is no %s", program);
      g_usleep (1000);
    }
  return pid;
}

/* Nothing of ours reaches it that could make it load or read anything. */
static void
expect_environment (GPid pid)
{
  static const char wanted[] = "OPENSSL_CONF=\0LC_ALL=C.UTF-8";    /* and the zero byte of its own */
  g_autofree char *path = g_strdup_printf ("/proc/%d/environ", (int) pid), *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (text, length, wanted, sizeof wanted);
}

/* --- Tests ----------------------------------------------------------------------------------------------------------------- */

static void
test_through (gconstpointer data)
{
  const AditLabOvpnServer *server = data;
  g_autofree char *phase = g_strdup_printf ("through-%d", server->transport), *opened = g_strconcat (phase, "-open", NULL);
  AditTunnelProgress progress;
  const AditTunnelSpec *spec;
  gint64 start_us;

  expect_web (ADIT_LAB_ROUTER_ADDRESS);
  start_us = g_get_monotonic_time ();
  connect_to (server);
  begin_watch (phase);    /* locked from here on */
  wait_for (ADIT_STATE_CONNECTED);
  g_test_message ("connected after %d ms", (int) ((g_get_monotonic_time () - start_us) / 1000));
  spec = adit_session_get_spec (session);
  g_assert_cmpuint (spec->n_addresses, ==, 2);
  g_assert_cmpuint (spec->n_dns, >=, 1);
  expect_environment (find_child ("openvpn"));
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  work_for_ms (300);
  g_assert_true (adit_tunnel_read_progress (adit_session_get_tunnel (session), &progress, NULL));
  expect_shut (phase);
  disconnect ();
  expect_web (ADIT_LAB_ROUTER_ADDRESS);
  expect_open (opened);
}

/* A server that asks for a pause is left alone for as long: nothing is sent to it, nothing passes, and then it lets in. */
static void
test_busy (void)
{
  const AditWish wish = { .connected = TRUE };
  guint n_asked = source->n_asked;
  gint64 until_us = get_until_us (), begin_us;

  offer (&udp_server, ADIT_LAB_OVPN_PASSWORD, NULL);
  source->user = ADIT_LAB_OVPN_BUSY;
  g_assert_true (adit_session_connect (session, &wish, NULL));
  begin_watch ("busy");
  while (source->n_asked == n_asked)
    work_until (until_us, "nobody asked for a server");
  begin_us = source->asked_us;
  source->user = ADIT_LAB_OVPN_USER;    /* what it is offered next */
  wait_for (ADIT_STATE_CONNECTED);
  g_test_message ("asked again after %d ms", (int) ((source->asked_us - begin_us) / 1000));
  g_assert_cmpuint (source->n_asked, ==, n_asked + 2);
  g_assert_cmpint (source->asked_us - begin_us, >=, BUSY_S * G_USEC_PER_SEC);
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  expect_shut ("busy");
  disconnect ();
}

static guint
count_lines (const char *log, const char *words)
{
  guint n = 0;

  for (const char *at = log; (at = strstr (at, words)) != NULL; at++)
    n++;
  return n;
}

static void
on_changed (AditSession *changed, guint *n_left)
{
  *n_left += adit_session_get_state (changed) != ADIT_STATE_CONNECTED;
}

/* With each change of keys openvpn wants the name and the password once more, since it keeps none; or it says the token that the
 * server gave it.  Nobody notices: it is the same connection, traffic goes on, and nothing passes beside it. */
static void
test_keys_change (gconstpointer data)
{
  const AditLabOvpnServer *server = data;
  const char *what = server == &hasty_token_server ? "auth-token" : "Password";
  g_autofree char *proof = g_strdup_printf ("TLS: Username/%s authentication succeeded", what);
  g_autofree char *phase = g_strdup_printf ("keys-%s", what);
  gint64 until_us = g_get_monotonic_time () + STATE_MS * 1000;
  g_autoptr (GError) error = NULL;
  guint n_left = 0, n_asked, n_proofs = 0;
  gulong handler;
  GPid openvpn, worker;

  adit_lab_ovpn_change (servers[0], server, &error);
  g_assert_no_error (error);
  connect_to (server);
  begin_watch (phase);
  wait_for (ADIT_STATE_CONNECTED);
  handler = g_signal_connect (session, "changed", G_CALLBACK (on_changed), &n_left);
  n_asked = source->n_asked;
  openvpn = find_child ("openvpn");
  worker = find_child ("adit-worker");
  while (n_proofs < 4)    /* the first may be that of the beginning */
    {
      g_autofree char *log = NULL;

      expect_web (ADIT_LAB_OVPN_ADDRESS);
      work_for_ms (200);
      log = adit_lab_ovpn_dup_log (servers[0]);
      n_proofs = count_lines (log, proof);
      if (g_get_monotonic_time () > until_us)
        g_error ("the keys do not change:\n%s", log);
    }
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  g_signal_handler_disconnect (session, handler);
  g_assert_cmpuint (n_left, ==, 0);
  g_assert_cmpuint (source->n_asked, ==, n_asked);
  g_assert_cmpint (find_child ("openvpn"), ==, openvpn);
  g_assert_cmpint (find_child ("adit-worker"), ==, worker);
  expect_shut (phase);
  disconnect ();
  adit_lab_ovpn_change (servers[0], &udp_server, &error);
  g_assert_no_error (error);
}

/* A token that runs out while connected: the next try signs in with the password, and nothing passes until it has. */
static void
test_token_runs_out (void)
{
  static const char with_token[] = "TLS: Username/auth-token authentication succeeded";
  static const char with_any[] = "TLS: Username/Password authentication succeeded";    /* said for a token as well, behind that */
  gint64 until_us = g_get_monotonic_time () + STATE_MS * 1000;
  g_autoptr (GError) error = NULL;
  guint n_any = 0, n_tokens = 0, n_left = 0;
  gulong handler;

  adit_lab_ovpn_change (servers[0], &short_token_server, &error);
  g_assert_no_error (error);
  source->lends = TRUE;
  connect_to (&short_token_server);
  begin_watch ("token");
  wait_for (ADIT_STATE_CONNECTED);
  handler = g_signal_connect (session, "changed", G_CALLBACK (on_changed), &n_left);
  while (n_any < n_tokens + 2)    /* it begins with one */
    {
      g_autofree char *log = NULL;

      work_for_ms (50);
      log = adit_lab_ovpn_dup_log (servers[0]);
      n_any = count_lines (log, with_any);
      n_tokens = count_lines (log, with_token);
      if (g_get_monotonic_time () > until_us)
        g_error ("the token does not run out:\n%s", log);
    }
  wait_for (ADIT_STATE_CONNECTED);
  g_signal_handler_disconnect (session, handler);
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  g_assert_cmpuint (n_tokens, >, 0);
  g_assert_cmpuint (n_left, >, 0);    /* it was not the same connection */
  expect_shut ("token");
  disconnect ();
  source->lends = FALSE;
  adit_lab_ovpn_change (servers[0], &udp_server, &error);
  g_assert_no_error (error);
}

/* Whoever is killed: the lock stays, nothing leaves, and the tunnel comes back by itself. */
static void
test_killed (gconstpointer data)
{
  const char *program = data;

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *phase = g_strdup_printf ("killed-%s-%u", program, i);
      guint n_asked;

      connect_to (kinds[i]);
      wait_for (ADIT_STATE_CONNECTED);
      n_asked = source->n_asked;
      begin_watch (phase);
      work_for_ms (100);
      kill (find_child (program), SIGKILL);
      wait_for (ADIT_STATE_CONNECTING);
      wait_for (ADIT_STATE_CONNECTED);
      g_assert_cmpuint (source->n_asked, >, n_asked);
      work_for_ms (100);
      expect_shut (phase);
      expect_web (ADIT_LAB_OVPN_ADDRESS);
      disconnect ();
    }
}

/* The same while the server lets openvpn wait for its first word: there is no other try, and all is shut until a person wants
 * one. */
static void
test_killed_connecting (gconstpointer data)
{
  const char *program = data;

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autofree char *phase = g_strdup_printf ("killed-%s-connecting-%u", program, i);
      gint64 until_us = get_until_us ();
      guint n_asked = source->n_asked;

      kill (adit_lab_ovpn_get_pid (servers[i]), SIGSTOP);
      connect_to (kinds[i]);
      begin_watch (phase);
      while (if_nametoindex (adit_openvpn_get_device ()) == 0)    /* openvpn has been let go */
        work_until (until_us, "there is no device of openvpn's");
      work_for_ms (100);
      g_assert_cmpuint (source->n_asked, ==, n_asked + 1);
      kill (find_child (program), SIGKILL);
      until_us = get_until_us ();
      while (adit_session_get_state (session) == ADIT_STATE_CONNECTING)
        {
          work_until (until_us, "nobody noticed that it was killed");
          g_assert_cmpint (adit_session_get_lock (session), !=, ADIT_LOCK_OFF);
        }
      work_for_ms (100);
      kill (adit_lab_ovpn_get_pid (servers[i]), SIGCONT);
      g_assert_cmpint (adit_session_get_state (session), ==, ADIT_STATE_BLOCKED);
      g_assert_cmpint (adit_session_get_lock (session), ==, ADIT_LOCK_ALL);
      g_assert_cmpuint (source->n_asked, ==, n_asked + 1);
      connect_to (kinds[i]);
      wait_for (ADIT_STATE_CONNECTED);
      work_for_ms (100);
      expect_shut (phase);
      expect_web (ADIT_LAB_OVPN_ADDRESS);
      disconnect ();
    }
}

static void
on_lost (AditOpenvpn *openvpn, const GError *reason, gpointer user_data)
{
  g_error ("nobody had started it: %s", reason->message);
}

static void
await_end (GPid pid)
{
  gint64 until_us = get_until_us ();

  while (kill (pid, 0) == 0)    /* until the main loop has reaped it */
    work_until (until_us, "a process does not end");
}

/* One that was started ahead has no device and no way to one, and goes without a word. */
static void
test_waiting (void)
{
  g_autoptr (AditOpenvpn) openvpn = adit_openvpn_new ();
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_signal_connect (openvpn, "lost", G_CALLBACK (on_lost), NULL);
  for (guint i = 0; i < 2; i++)
    {
      adit_openvpn_prepare (openvpn, &error);
      g_assert_no_error (error);
      pid = find_child ("openvpn");
      work_for_ms (50);
      g_assert_cmpint (find_child ("openvpn"), ==, pid);
      g_assert_cmpuint (if_nametoindex (adit_openvpn_get_device ()), ==, 0);
      if (i == 0)
        kill (pid, SIGKILL);
      else
        g_assert_true (adit_openvpn_stop (openvpn, NULL));
      await_end (pid);
    }
}

/* What is begun before the lock is what the tunnel comes up with, told of its server or not; it has no device, and openvpn waits
 * without a word on the cable, however long the lock takes. */
static void
test_begun (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *phase = g_strdup_printf ("begun-%u", i);
      GPid openvpn, worker;

      source->foresees = i == 1;
      connect_to (&udp_server);    /* up to the lock, the main loop has not gone on */
      openvpn = find_child ("openvpn");
      worker = find_child ("adit-worker");
      begin_watch (phase);
      g_usleep (100 * 1000);
      g_assert_cmpuint (if_nametoindex (adit_openvpn_get_device ()), ==, 0);
      g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, phase), ==, 0);
      wait_for (ADIT_STATE_CONNECTED);
      g_assert_cmpint (find_child ("openvpn"), ==, openvpn);
      g_assert_cmpint (find_child ("adit-worker"), ==, worker);
      expect_shut (phase);
      expect_web (ADIT_LAB_OVPN_ADDRESS);
      disconnect ();
    }
  source->foresees = FALSE;
}

/* No lock, no tunnel: what was begun ends, the worker with what it was told. */
static void
test_begun_without_lock (void)
{
  AditTunnel *tunnel = platform->tunnels[platform->n_tunnels - 1];
  g_autoptr (GError) error = NULL;
  AditTunnelSecrets secrets;
  AditTunnelSpec spec;
  GPid openvpn, worker;

  offer (&udp_server, ADIT_LAB_OVPN_PASSWORD, NULL);
  fill (source, &spec, &secrets);
  g_assert_true (adit_tunnel_prepare (tunnel));
  adit_tunnel_brief (tunnel, &spec, &secrets);
  adit_tunnel_secrets_clear (&secrets);
  openvpn = find_child ("openvpn");
  worker = find_child ("adit-worker");
  work_for_ms (50);
  g_assert_cmpint (kill (openvpn, 0) | kill (worker, 0), ==, 0);
  g_assert_cmpuint (if_nametoindex (adit_openvpn_get_device ()), ==, 0);
  g_assert_true (adit_tunnel_stop (tunnel, &error));
  g_assert_no_error (error);
  await_end (openvpn);
  await_end (worker);
}

/* Told of one server and asked to start another, it begins anew within the same try: the lock is made for the other. */
static void
test_begun_for_another (void)
{
  guint n_asked = source->n_asked;

  source->foresees = source->foresees_other = TRUE;
  connect_to (&udp_server);
  wait_for (ADIT_STATE_CONNECTED);
  g_assert_cmpuint (source->n_asked, ==, n_asked + 1);
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  disconnect ();
  source->foresees = source->foresees_other = FALSE;
}

/* The server restarts, or sends everybody away: openvpn would begin anew, and the session does instead. */
static void
test_server_restarts (void)
{
  g_autoptr (GError) error = NULL;

  connect_to (&tcp_server);
  wait_for (ADIT_STATE_CONNECTED);
  begin_watch ("restart");
  work_for_ms (100);
  adit_lab_ovpn_stop (servers[1], SIGKILL);
  wait_for (ADIT_STATE_CONNECTING);
  work_for_ms (100);
  g_assert_true (adit_lab_ovpn_start (servers[1], &error));
  wait_for (ADIT_STATE_CONNECTED);
  work_for_ms (100);
  expect_shut ("restart");
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  disconnect ();
}

static void
test_refused (void)
{
  const AditWish wish = { .connected = TRUE };

  offer (&udp_server, "wrong", NULL);
  g_assert_true (adit_session_connect (session, &wish, NULL));
  begin_watch ("refused");
  wait_for (ADIT_STATE_BLOCKED);
  g_assert_cmpint (adit_session_get_reason (session), ==, ADIT_REASON_LOGIN_REFUSED);
  g_assert_cmpint (adit_session_get_lock (session), ==, ADIT_LOCK_ALL);
  work_for_ms (200);
  expect_shut ("refused");
  disconnect ();
}

/* From one server to another, and away while a try is under way: no moment is open. */
static void
test_switch (void)
{
  connect_to (&udp_server);
  wait_for (ADIT_STATE_CONNECTED);
  begin_watch ("switch");
  connect_to (&tcp_server);
  g_assert_cmpint (adit_session_get_state (session), ==, ADIT_STATE_CONNECTING);
  wait_for (ADIT_STATE_CONNECTED);
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  for (guint i = 0; i < 5; i++)
    {
      connect_to (i % 2 == 0 ? &udp_server : &tcp_server);
      work_for_ms (5 * i);
    }
  wait_for (ADIT_STATE_CONNECTED);
  expect_shut ("switch");
  disconnect ();
  for (guint i = 0; i < 4; i++)
    {
      connect_to (&udp_server);
      work_for_ms (8 * i);
      disconnect ();
    }
  expect_web (ADIT_LAB_ROUTER_ADDRESS);
}

static char *
swap_ports (const char *ports)
{
  char *before = NULL;

  g_assert_true (g_file_get_contents (PORTS, &before, NULL, NULL));
  g_assert_true (g_file_set_contents_full (PORTS, ports, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  return before;
}

/* Whether a socket of the client's has this port; openvpn's has it from its first packet on. */
static gboolean
is_port_bound (guint16 port)
{
  static const char *const tables[] = { "/proc/thread-self/net/udp", "/proc/thread-self/net/udp6" };
  g_autofree char *words = g_strdup_printf (":%04X ", port);    /* the local address comes before the other */

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *text = NULL;

      if (g_file_get_contents (tables[i], &text, NULL, NULL) && strstr (text, words) != NULL)
        return TRUE;
    }
  return FALSE;
}

static guint
count_said (const char *words)
{
  g_autofree char *log = adit_lab_ovpn_dup_log (servers[0]);

  return count_lines (log, words);
}

/* Until the server has said it so often. */
static void
await_said (const char *words, guint n)
{
  gint64 until_us = g_get_monotonic_time () + FORGET_MS * G_TIME_SPAN_MILLISECOND;

  while (count_said (words) < n)
    {
      g_autofree char *log = adit_lab_ovpn_dup_log (servers[0]);

      work_until (until_us, log);
    }
}

/* A server knows whom it has heard from by address and port, and does not answer to another who comes from there, until it has
 * heard a farewell: then it forgets after 5 s (openvpn's receive_exit_message()). */
static void
test_farewell (void)
{
  static const char forgotten[] = ":40001 SIGTERM[soft,delayed-exit] received, client-instance exiting";
  g_autofree char *ports = swap_ports ("40001 40001");
  guint n_asked = source->n_asked;

  for (guint i = 0; i < 2; i++)
    {
      connect_to (&udp_server);
      wait_for (ADIT_STATE_CONNECTED);
      expect_web (ADIT_LAB_OVPN_ADDRESS);
      disconnect ();
      await_said (forgotten, 1 + i);
    }
  g_assert_cmpuint (source->n_asked, ==, n_asked + 2);    /* each at its first try */
  g_free (swap_ports (ports));
}

/* It is said before the lock shuts what it goes through: who disconnects under lockdown, or goes to another server. */
static void
test_farewell_before_lock (void)
{
  guint n_farewells = count_said (FAREWELL);

  g_assert_true (adit_session_set_lockdown (session, TRUE, NULL));
  connect_to (&udp_server);
  wait_for (ADIT_STATE_CONNECTED);
  begin_watch ("farewell");
  disconnect ();
  await_said (FAREWELL, n_farewells + 1);
  connect_to (&udp_server);
  wait_for (ADIT_STATE_CONNECTED);
  connect_to (&tcp_server);
  wait_for (ADIT_STATE_CONNECTED);
  await_said (FAREWELL, n_farewells + 2);
  expect_shut ("farewell");
  g_assert_true (adit_session_set_lockdown (session, FALSE, NULL));
  disconnect ();
}

/* One of the two that does not do what it is asked holds nobody up for long, and is gone afterwards. */
static void
test_stuck (gconstpointer data)
{
  gint64 start_us;

  connect_to (&udp_server);
  wait_for (ADIT_STATE_CONNECTED);
  g_assert_cmpint (kill (find_child (data), SIGSTOP), ==, 0);
  start_us = g_get_monotonic_time ();
  disconnect ();
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, STUCK_US);
  g_assert_cmpint (look_for_child (data), ==, 0);
  expect_open ("stuck");
}

/* Whoever connects and disconnects all day is connected at the first try each time, and the server hears each of them go.  300
 * times with "-m slow". */
static void
test_many (void)
{
  const guint n = g_test_slow () ? 300 : 40;
  gint64 worst_us = 0, left_us = 0;
  guint n_asked = source->n_asked, n_farewells = count_said (FAREWELL);

  for (guint i = 0; i < n; i++)
    {
      gint64 start_us = g_get_monotonic_time ();

      connect_to (&udp_server);
      wait_for (ADIT_STATE_CONNECTED);
      worst_us = MAX (worst_us, g_get_monotonic_time () - start_us);
      start_us = g_get_monotonic_time ();
      disconnect ();
      left_us += g_get_monotonic_time () - start_us;
    }
  g_test_message ("%u connects, the slowest took %d ms, to leave %d", n, (int) (worst_us / 1000), (int) (left_us / 1000 / n));
  g_assert_cmpuint (source->n_asked, ==, n_asked + n);
  await_said (FAREWELL, n_farewells + n);
  /* Or nobody has heard openvpn say that it was done, and each was waited for to the end. */
  g_assert_cmpint (left_us / 1000 / n, <, ADIT_WIRE_FAREWELL_MS);
}

/* One that goes in the middle of a handshake has nothing to say it with.  Another port is tried long before the patience with a
 * server that is silent has run out. */
static void
test_mistaken (void)
{
  g_autofree char *ports = swap_ports ("40002 40002");
  const AditWish wish = { .connected = TRUE };
  g_autoptr (GString) profile = NULL;
  gint64 start_us, until_us;
  guint n_asked;

  offer (&udp_server, ADIT_LAB_OVPN_PASSWORD, NULL);
  profile = g_string_new (source->profile);
  g_assert_cmpuint (g_string_replace (profile, ADIT_LAB_OVPN_NAME, "another.lab.example", 0), ==, 1);
  g_free (source->profile);
  source->profile = g_strdup (profile->str);
  g_assert_true (adit_session_connect (session, &wish, NULL));
  wait_for (ADIT_STATE_BLOCKED);
  n_asked = source->n_asked;
  start_us = g_get_monotonic_time ();
  connect_to (&udp_server);
  until_us = get_until_us ();
  while (!is_port_bound (40002))
    work_until (until_us, "nothing was sent from the port");
  work_for_ms (1500);    /* from the same port, and not connected */
  g_assert_cmpint (adit_session_get_state (session), ==, ADIT_STATE_CONNECTING);
  g_assert_cmpuint (source->n_asked, ==, n_asked + 1);
  g_free (swap_ports (ports));
  wait_for (ADIT_STATE_CONNECTED);
  g_test_message ("connected from another port after %d ms", (int) ((g_get_monotonic_time () - start_us) / 1000));
  g_assert_cmpuint (source->n_asked, ==, n_asked + 2);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, SILENCE_US);
  expect_web (ADIT_LAB_OVPN_ADDRESS);
  disconnect ();
}

static void
set_up (void)
{
  const char *const web[] = { g_getenv ("ADIT_LAB_WEB_SERVER"), "80", NULL };
  const char *verify = g_getenv ("ADIT_LAB_OPENVPN_VERIFY");
  static const AditWish nothing;
  g_autoptr (GError) error = NULL;
  int back;

  g_assert_true (adit_lab_make_internet (&error) && adit_lab_make_ovpn (g_getenv ("ADIT_LAB_DNS_SERVER"), &error));
  adit_lab_spawn ("web", 0, web, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      servers[i] = adit_lab_ovpn_new (kinds[i], verify, &error);
      g_assert_no_error (error);
    }
  watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_assert_no_error (error);
  senders = adit_senders_start ("client", &error);
  g_assert_no_error (error);

  /* For good: whatever is opened or started from here on is the client's. */
  g_assert_true (adit_lab_switch ("client", &back, &error));
  close (back);
  journal = adit_journal_open ("/run/adit/journal", &error);
  g_assert_no_error (error);
  platform = adit_platform_new (journal, NULL);
  answers = adit_answers_new ();
  platform->tunnels[platform->n_tunnels++] = adit_openvpn_tunnel_new (ADIT_LIBEXECDIR "/adit-worker", answers);
  source = g_object_new (TEST_TYPE_SOURCE, NULL);
  session = adit_session_new (platform, ADIT_TUNNEL_SOURCE (source));
  adit_session_start (session, ADIT_REASON_STARTING, &nothing, FALSE);
  g_assert_cmpint (adit_session_get_state (session), ==, ADIT_STATE_DISCONNECTED);
}

int
main (int argc, char **argv)
{
  adit_world_enter ();
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (g_mkdir_with_parents ("/run/adit", 0755), ==, 0);
  set_up ();
  g_test_add_data_func ("/openvpn-session/udp", &udp_server, test_through);
  g_test_add_data_func ("/openvpn-session/tcp", &tcp_server, test_through);
  g_test_add_data_func ("/openvpn-session/killed-openvpn", "openvpn", test_killed);
  g_test_add_data_func ("/openvpn-session/killed-worker", "adit-worker", test_killed);
  g_test_add_data_func ("/openvpn-session/killed-openvpn-connecting", "openvpn", test_killed_connecting);
  g_test_add_data_func ("/openvpn-session/killed-worker-connecting", "adit-worker", test_killed_connecting);
  g_test_add_func ("/openvpn-session/waiting", test_waiting);
  g_test_add_func ("/openvpn-session/begun", test_begun);
  g_test_add_func ("/openvpn-session/begun-without-lock", test_begun_without_lock);
  g_test_add_func ("/openvpn-session/begun-for-another", test_begun_for_another);
  g_test_add_func ("/openvpn-session/farewell", test_farewell);
  g_test_add_func ("/openvpn-session/farewell-before-lock", test_farewell_before_lock);
  g_test_add_data_func ("/openvpn-session/stuck-openvpn", "openvpn", test_stuck);
  g_test_add_data_func ("/openvpn-session/stuck-worker", "adit-worker", test_stuck);
  g_test_add_func ("/openvpn-session/many", test_many);
  g_test_add_func ("/openvpn-session/mistaken", test_mistaken);
  g_test_add_func ("/openvpn-session/server-restarts", test_server_restarts);
  g_test_add_func ("/openvpn-session/refused", test_refused);
  g_test_add_func ("/openvpn-session/busy", test_busy);
  g_test_add_data_func ("/openvpn-session/keys-change/password", &hasty_server, test_keys_change);
  g_test_add_data_func ("/openvpn-session/keys-change/token", &hasty_token_server, test_keys_change);
  g_test_add_func ("/openvpn-session/token-runs-out", test_token_runs_out);
  g_test_add_func ("/openvpn-session/switch", test_switch);
  return g_test_run ();
}
