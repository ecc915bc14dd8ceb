/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper.c: the order of a start: keep others out, read what was wanted, lock, undo, then the bus.  Nobody can ask for anything
 * before the computer is as safe as it was left. */
#define G_LOG_DOMAIN "adit-helper"

#include "config.h"
#include "client/helper/helper.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "client/api/errors.h"
#include "client/api/explain.h"
#include "client/api/names.h"
#include "client/base/error.h"
#include "client/base/fault.h"
#include "client/base/file.h"
#include "client/helper/crash-watch.h"
#include "client/helper/notifier.h"
#include "client/helper/openvpn-tunnel.h"
#include "client/helper/recover.h"
#include "client/helper/run-files.h"
#include "client/helper/service.h"
#include "client/helper/source.h"
#include "client/report/modules.h"
#include "platform/sleep.h"

typedef struct
{
  GMainLoop        *loop;
  AditNotifier     *notifier;
  int               lock;
  AditJournal      *journal;
  GDBusConnection  *bus;
  AditPlatform     *platform;
  AditStore        *store;
  AditVault        *vault;
  AditWorkerProxy  *proxy;
  AditSource       *source;
  AditSession      *session;
  AditSleepWatch   *sleep;
  AditAuthorizer   *authorizer;
  AditConfirm      *confirm, *pause;
  AditKept         *kept;
  AditProfiles     *profiles;
  AditImporter     *importer;
  AditNames        *names;
  AditRotation     *rotation;
  AditKnown        *known;
  AditPortal       *portal;
  AditReports      *reports;
  AditAnswers      *answers;
  AditBusService   *service;
  AditChoice        choice;     /* as it is set */
  AditAutoConnect   auto_connect;
  guint             name;
  int               exit_code;
} Helper;

static gboolean
is_inside (gpointer user_data)
{
  Helper *self = user_data;

  return self->session != NULL && adit_session_get_state (self->session) == ADIT_STATE_CONNECTED;
}

static gboolean
is_leaving (gpointer user_data)
{
  Helper *self = user_data;

  return self->session != NULL && adit_session_get_state (self->session) == ADIT_STATE_DISCONNECTING;
}

/* A hole is for our mark alone. */
static gboolean
set_api (Helper *self, GError **error)
{
  AditEndpoint api[ADIT_LOCK_MAX_API];
  guint n_api = adit_store_get_all_api (self->store, api, ADIT_LOCK_MAX_API);

  return adit_session_set_api (self->session, api, n_api, error);
}

/* Without the holes for them the service is where it was before. */
static void
on_api_told (gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!set_api (user_data, &error))
    g_warning ("where a service says that it is besides stays closed: %s", error->message);
}

/* In a profile's place, with whose names it is kept and never forgotten: it says no more than that Adit is here. */
#define API_NAMES "00000000-0000-4000-8000-000000000000"

typedef struct
{
  Helper            *self;
  const AditService *service;
} ApiSearch;

static void
on_api_name (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ApiSearch *search = g_task_get_task_data (task);
  AditNamesAnswer answer;
  GError *error = NULL;

  if (!adit_names_find_finish (ADIT_NAMES (source), result, &answer, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  adit_store_set_found_api (search->self->store, search->service, answer.addresses, answer.n_addresses);
  if (set_api (search->self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* A service may move: what is found is asked for anew by each helper, and kept only for when nobody can be asked. */
static void
find_api (const AditService *service, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data,
          gpointer user_data)
{
  Helper *self = user_data;
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);
  ApiSearch *search = g_new0 (ApiSearch, 1);

  search->self = self;
  search->service = service;
  g_task_set_task_data (task, search, g_free);
  adit_names_find_async (self->names, service->api_host, API_NAMES, ADIT_FAMILY_NONE, cancellable, on_api_name, task);
}

static gboolean
find_api_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The time to confirm a wish ran out while no helper heard it: the wish before is the one that counts.  Where what was wanted is
 * lost, nobody knows what before was, and it stays blocked. */
static gboolean
take_back (Helper *self, gboolean lost, AditSettings *settings, AditWish *wish, GError **error)
{
  AditBefore before;

  if (!adit_confirm_load (self->confirm, &before))
    return TRUE;
  if (!lost)
    {
      settings->lockdown = before.lockdown;
      *wish = before.wish;
      if (!adit_store_save_settings (self->store, settings, error) || !adit_store_save_wish (self->store, wish, error))
        return FALSE;
      g_message ("nobody has confirmed it in time; it is as before again");
    }
  adit_confirm_end (self->confirm);
  return TRUE;
}

/* Once after each start of the computer, of which /run knows nothing: to where it was last, as if somebody had said so now. */
static gboolean
connect_at_boot (Helper *self, AditAutoConnect when, AditWish *wish, GError **error)
{
  AditWish last;

  if (adit_file_exists (ADIT_STARTED_FILE))
    return TRUE;
  if (!adit_file_write (ADIT_STARTED_FILE, "", 0, 0600, error))
    return FALSE;
  if (when != ADIT_AUTO_CONNECT_BOOT || wish->connected || !adit_store_load_last (self->store, &last) ||
      (adit_vault_find (self->vault, last.account) == NULL && adit_profiles_find (self->profiles, last.account) == NULL))
    return TRUE;
  g_message ("connecting, as is set for a start of the computer");
  *wish = last;
  return adit_store_save_wish (self->store, wish, error);
}

/* Returns: whether an earlier helper was asked for a pause that is not over; what is lost makes an end of it. */
static gboolean
is_paused (Helper *self, gboolean lost)
{
  AditBefore before;

  if (adit_confirm_load (self->pause, &before) || (lost && adit_confirm_get_left_s (self->pause) > 0))
    adit_confirm_end (self->pause);
  return adit_confirm_get_left_s (self->pause) > 0;
}

static gboolean
start_session (Helper *self, GError **error)
{
  AditSettings settings;
  AditWish wish;
  gboolean settings_lost, wish_lost, fresh;
  static const AditWish nothing;
  g_autoptr (GError) local = NULL;

  if (!adit_store_load_settings (self->store, &settings, &settings_lost, error) ||
      !adit_store_load_wish (self->store, &wish, &wish_lost, error))
    return FALSE;
  /* Settings that are gone while our rules stand were there once: nobody tells us whether lockdown was on, so it was. */
  fresh = !adit_store_has_settings (self->store);
  settings_lost = settings_lost || (fresh && (wish.connected || adit_firewall_is_present (self->platform->firewall)));
  settings.lockdown = settings.lockdown || settings_lost;
  if (!take_back (self, settings_lost || wish_lost, &settings, &wish, error) ||
      (!settings_lost && !wish_lost && !connect_at_boot (self, settings.auto_connect, &wish, error)))
    return FALSE;
  if (!adit_session_set_reach (self->session, &settings.reach, &local))
    g_warning ("nothing is let through beside the tunnel: %s", local->message);
  self->choice = settings.choice;
  self->auto_connect = settings.auto_connect;
  adit_rotation_set_days (self->rotation, settings.key_days);
  adit_kept_resume (self->kept);
  if (is_paused (self, settings_lost || wish_lost))
    adit_session_start_paused (self->session, &wish, settings.lockdown);
  else
    adit_session_start (self->session, settings_lost || wish_lost ? ADIT_REASON_SETTINGS_LOST : ADIT_REASON_STARTING, &wish,
                        settings.lockdown);
  /* Written at the very first start, so that a later absence means a loss. */
  if (!settings_lost && !wish_lost && !adit_store_has_wish (self->store) &&
      !adit_store_save_wish (self->store, &nothing, error))
    return FALSE;
  return settings_lost || !fresh || adit_store_save_settings (self->store, &settings, error);
}

static void
on_sleep (gboolean is_going, gpointer user_data)
{
  Helper *self = user_data;

  if (is_going)
    adit_session_sleep (self->session);
  else
    adit_session_wake (self->session);
}

static gboolean
build (Helper *self, GError **error)
{
  g_autofree char *vault = g_build_filename (ADIT_STATE_DIRECTORY, "vault", NULL);
  g_autofree char *profiles = g_build_filename (ADIT_STATE_DIRECTORY, "profiles", NULL);
  AditProfileOffers offers;
  AditServiceParts parts;

  self->lock = adit_run_files_take_lock (error);
  if (self->lock < 0)
    return FALSE;
  adit_crash_watch_begin ();
  if ((self->journal = adit_run_files_open_journal (error)) == NULL ||
      (self->store = adit_run_files_open_store (error)) == NULL || (self->vault = adit_vault_open (vault, error)) == NULL ||
      (self->profiles = adit_profiles_open (profiles, error)) == NULL)
    return FALSE;
  self->bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, error);
  if (self->bus == NULL)
    return FALSE;
  g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  self->platform = adit_platform_new (self->journal, self->bus);
  self->answers = adit_answers_new ();
  self->platform->tunnels[self->platform->n_tunnels++] = adit_openvpn_tunnel_new (ADIT_LIBEXECDIR "/adit-worker", self->answers);
  self->proxy = adit_worker_proxy_new (ADIT_LIBEXECDIR "/adit-worker", self->store, is_inside, is_leaving, self);
  self->importer = adit_importer_new (ADIT_LIBEXECDIR "/adit-worker");
  self->names = adit_names_new (ADIT_NAMES_FILE, self->store, self->proxy);
  offers = (AditProfileOffers) { self->profiles, self->importer, self->names, self->answers };
  self->source = adit_source_new (self->vault, self->proxy, &offers, &self->choice);
  self->session = adit_session_new (self->platform, ADIT_TUNNEL_SOURCE (self->source));
  self->rotation = adit_rotation_new (self->vault, self->proxy, self->session);
  adit_source_set_rotation (self->source, self->rotation);
  self->authorizer = adit_authorizer_new (self->bus, self->platform->authority);
  self->confirm = adit_confirm_new (ADIT_CONFIRM_FILE, ADIT_CONFIRM_MAX_S);
  self->pause = adit_confirm_new (ADIT_PAUSE_FILE, ADIT_PAUSE_MAX_S);
  self->kept = adit_kept_new (ADIT_KEPT_FILE, self->session);
  self->known = adit_known_new (ADIT_NETWORKS_FILE, ADIT_HERE_FILE, self->platform->network);
  self->portal = adit_portal_new (self->bus, self->platform, self->session);
  self->reports = adit_reports_new (&(AditReportsParts) { ADIT_REPORTS_DIRECTORY, ADIT_REPORT_CONFIGURATION_FILE,
                                                          ADIT_REPORT_LIMITS_FILE, self->session, self->platform->network,
                                                          self->vault, self->profiles, self->names,
                                                          ADIT_LIBEXECDIR "/adit-worker" });
  if (!set_api (self, error))
    return FALSE;
  adit_worker_proxy_set_find_api (self->proxy, find_api, find_api_finish, self);
  adit_worker_proxy_set_api_told (self->proxy, on_api_told, self);
  parts = (AditServiceParts) { self->bus, self->platform, self->store, self->vault, self->proxy, self->session,
                               self->authorizer, self->confirm, self->pause, self->kept, self->profiles, self->importer,
                               self->answers, self->names, self->rotation, &self->choice, self->source, self->known,
                               &self->auto_connect, self->portal, self->reports };
  self->service = adit_bus_service_new (&parts, error);
  if (self->service == NULL || !start_session (self, error))
    return FALSE;
  self->sleep = adit_sleep_watch_new (self->bus, on_sleep, self);
  adit_reports_start (self->reports, adit_bus_service_gather, self->service);
  return TRUE;
}

/* A helper that cannot start cannot be asked for a connection either, but it can still keep the promise of the last one.
 * What cannot be read counts as locked; another helper's computer is left alone. */
static void
keep_locked (Helper *self)
{
  g_autoptr (GError) error = NULL;
  gboolean locked;

  if (self->store == NULL)
    self->store = adit_run_files_open_store (NULL);
  /* The lock is no journal item; where the journal is the trouble, one that does not exist serves as well. */
  if (self->journal == NULL)
    self->journal = adit_journal_open (ADIT_STATE_DIRECTORY "/no-journal", NULL);
  if (self->platform == NULL)
    self->platform = adit_platform_new (self->journal, NULL);
  if (!adit_recover_lock (self->platform, self->store, &locked, &error))
    g_printerr ("aditd: %s\n", error->message);
  else if (locked)
    g_printerr ("aditd: The lock is in force. To open it: adit recover --open\n");
}

static void
take_apart (Helper *self)
{
  if (self->name != 0)
    g_bus_unown_name (self->name);
  g_clear_pointer (&self->sleep, adit_sleep_watch_free);
  if (self->reports != NULL)
    g_object_run_dispose (G_OBJECT (self->reports));    /* one that is made or sent holds it, and must not outlive the service */
  g_clear_pointer (&self->service, adit_bus_service_free);
  g_clear_object (&self->reports);
  g_clear_pointer (&self->portal, adit_portal_free);
  g_clear_pointer (&self->known, adit_known_free);
  g_clear_pointer (&self->kept, adit_kept_free);
  if (self->rotation != NULL)
    g_object_run_dispose (G_OBJECT (self->rotation));    /* a change under way holds it, and must not outlive the session */
  g_clear_object (&self->rotation);
  g_clear_object (&self->session);
  g_clear_object (&self->source);
  g_clear_object (&self->proxy);
  g_clear_pointer (&self->pause, adit_confirm_free);
  g_clear_pointer (&self->confirm, adit_confirm_free);
  g_clear_pointer (&self->authorizer, adit_authorizer_free);
  g_clear_pointer (&self->platform, adit_platform_free);
  g_clear_pointer (&self->answers, adit_answers_free);
  g_clear_object (&self->names);
  g_clear_object (&self->importer);
  g_clear_pointer (&self->profiles, adit_profiles_close);
  g_clear_pointer (&self->vault, adit_vault_close);
  g_clear_pointer (&self->store, adit_store_close);
  g_clear_pointer (&self->journal, adit_journal_free);
  g_clear_object (&self->bus);
  if (self->lock >= 0)
    {
      adit_crash_watch_end ();
      close (self->lock);
    }
}

static void
stop (Helper *self, int exit_code)
{
  self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

static void
on_name_acquired (GDBusConnection *bus G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, gpointer user_data)
{
  Helper *self = user_data;

  adit_notifier_ready (self->notifier);
}

static void
on_name_lost (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Helper *self = user_data;

  if (bus == NULL || g_dbus_connection_is_closed (bus))
    {
      g_warning ("the system bus is gone; the lock stays, and the service manager starts the helper again");
      stop (self, 1);
      return;
    }
  g_printerr ("aditd: another program owns %s on the system bus\n", name);
  stop (self, adit_explain_exit_code_for (ADIT_ERROR_OTHER_HELPER));
}

static void
on_bus_closed (GDBusConnection *bus, gboolean remote_peer_vanished, GError *error, gpointer user_data)
{
  on_name_lost (bus, ADIT_DBUS_NAME, user_data);
}

/* Stopping is not disconnecting: the lock, and what is wanted, stay for the next helper.  The tunnel ends with this process. */
static gboolean
on_terminate (gpointer user_data)
{
  stop (user_data, 0);
  return G_SOURCE_CONTINUE;
}

/**
 * adit_helper_run:
 *
 * Runs the helper until it is told to stop.
 *
 * Returns: the exit code of the program
 */
int
adit_helper_run (void)
{
  Helper self = { .lock = -1 };
  g_autoptr (GError) error = NULL;

  adit_errors_register ();
  signal (SIGPIPE, SIG_IGN);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.notifier = adit_notifier_new ();
  if (build (&self, &error))
    {
      g_signal_connect (self.bus, "closed", G_CALLBACK (on_bus_closed), &self);
      g_unix_signal_add (SIGTERM, on_terminate, &self);
      g_unix_signal_add (SIGINT, on_terminate, &self);
      ADIT_CRASH_ON_SIGNAL (ADIT_CRASH_HELPER);
      adit_modules_refresh ();    /* what the bus, names of users and the firewall have loaded */
      /* Last: another thread asks for it at once, and who sees the name may send a signal. */
      self.name = g_bus_own_name_on_connection (self.bus, ADIT_DBUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                                on_name_acquired, on_name_lost, &self, NULL);
      g_main_loop_run (self.loop);
    }
  else
    {
      g_printerr ("aditd: %s\n", error->message);
      self.exit_code = adit_explain_exit_code (error);
      if (!g_error_matches (error, ADIT_ERROR, ADIT_ERROR_OTHER_HELPER))
        keep_locked (&self);
    }
  adit_notifier_free (self.notifier);
  take_apart (&self);
  g_main_loop_unref (self.loop);
  return self.exit_code;
}
