/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror.c: keeps what the helper told, also while the helper is away, and asks again when there is one. */
#include "config.h"
#include "ui/mirror-private.h"

#include "build-id.h"

G_DEFINE_FINAL_TYPE (AditMirror, adit_mirror, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, SIGNAL_LIST_CHANGED, SIGNAL_PROFILES_CHANGED, SIGNAL_REPORTS_CHANGED, SIGNAL_CHOICE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
adit_mirror_dispose (GObject *object)
{
  AditMirror *self = ADIT_MIRROR (object);

  g_cancellable_cancel (self->cancellable);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  if (self->network != NULL)
    g_signal_handlers_disconnect_by_data (self->network, self);
  if (self->traces != NULL)
    g_signal_handlers_disconnect_by_data (self->traces, self);
  g_clear_object (&self->traces);
  g_clear_pointer (&self->last_lock, g_free);
  g_clear_object (&self->client);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->wished, g_free);
  g_clear_pointer (&self->list, adit_server_list_unref);
  g_clear_error (&self->list_error);
  g_clear_pointer (&self->latencies, adit_latencies_unref);
  g_clear_pointer (&self->settings, g_variant_unref);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_clear_pointer (&self->report_server, adit_report_server_answer_free);
  g_clear_error (&self->reports_error);
  g_clear_error (&self->absence);
  g_clear_error (&self->failure);
  G_OBJECT_CLASS (adit_mirror_parent_class)->dispose (object);
}

static void
adit_mirror_finalize (GObject *object)
{
  AditMirror *self = ADIT_MIRROR (object);

  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (adit_mirror_parent_class)->finalize (object);
}

static void
adit_mirror_class_init (AditMirrorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = adit_mirror_dispose;
  object_class->finalize = adit_mirror_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ADIT_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LIST_CHANGED] = g_signal_new ("list-changed", ADIT_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 0);
  signals[SIGNAL_PROFILES_CHANGED] = g_signal_new ("profiles-changed", ADIT_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                   G_TYPE_NONE, 0);
  signals[SIGNAL_REPORTS_CHANGED] = g_signal_new ("reports-changed", ADIT_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                  G_TYPE_NONE, 0);
  signals[SIGNAL_CHOICE_CHANGED] = g_signal_new ("choice-changed", ADIT_TYPE_MIRROR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 0);
}

static void
adit_mirror_init (AditMirror *self)
{
  self->cancellable = g_cancellable_new ();
  adit_mirror_remember (self);
}

/**
 * adit_mirror_new:
 *
 * Returns: (transfer full): a mirror that has not yet looked
 */
AditMirror *
adit_mirror_new (void)
{
  return g_object_new (ADIT_TYPE_MIRROR, NULL);
}

/**
 * adit_mirror_tell:
 * @self: a mirror
 *
 * Emits "changed".
 */
void
adit_mirror_tell (AditMirror *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * adit_mirror_tell_choice:
 * @self: a mirror
 *
 * Emits "choice-changed".
 */
void
adit_mirror_tell_choice (AditMirror *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOICE_CHANGED], 0);
}

/**
 * adit_mirror_tell_reports:
 * @self: a mirror
 *
 * Emits "reports-changed".
 */
void
adit_mirror_tell_reports (AditMirror *self)
{
  g_signal_emit (self, signals[SIGNAL_REPORTS_CHANGED], 0);
}

/**
 * adit_mirror_take_list:
 * @self: a mirror
 * @list: (transfer full) (nullable): the servers of the current account's service
 * @error: (transfer full) (nullable): why there is none; else it is on its way
 */
void
adit_mirror_take_list (AditMirror *self, AditServerList *list, GError *error)
{
  g_clear_pointer (&self->list, adit_server_list_unref);
  g_clear_pointer (&self->latencies, adit_latencies_unref);    /* positions in the other one */
  g_clear_error (&self->list_error);
  self->list = list;
  self->list_error = error;
  g_signal_emit (self, signals[SIGNAL_LIST_CHANGED], 0);
}

/**
 * adit_mirror_take_profiles:
 * @self: a mirror
 * @profiles: (transfer full) (element-type AditProfileRow): what this person has imported
 */
void
adit_mirror_take_profiles (AditMirror *self, GPtrArray *profiles)
{
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  self->profiles = profiles;
  if (self->profile != NULL && adit_mirror_find_profile (self, self->profile) == NULL)
    g_clear_pointer (&self->profile, g_free);
  adit_mirror_follow_wish (self);
  g_signal_emit (self, signals[SIGNAL_PROFILES_CHANGED], 0);
  adit_mirror_tell (self);
}

/* Somebody may open the lock at a terminal. */
static void
watch_traces (AditMirror *self)
{
  g_autoptr (GFile) folder = g_file_new_for_path (ADIT_CONFIGURATION_DIRECTORY);

  if (self->traces == NULL)
    self->traces = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->traces == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->traces, self);
  g_signal_connect_swapped (self->traces, "changed", G_CALLBACK (adit_mirror_tell), self);
}

static void
set_away (AditMirror *self, GError *error)
{
  watch_traces (self);
  g_clear_error (&self->absence);
  self->absence = error;
  self->presence = ADIT_PRESENCE_AWAY;
  adit_mirror_tell (self);
}

/* --- Looking for the helper ------------------------------------------------------------------------------------------------ */

static void
on_subscribed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  GError *error = NULL;

  self->asking = FALSE;
  if (adit_client_subscribe_finish (ADIT_CLIENT (source), result, &error))
    {
      g_clear_error (&self->absence);
      self->presence = ADIT_PRESENCE_HERE;
      adit_mirror_ask_accounts (self);
      adit_mirror_ask_settings (self);
      adit_mirror_give_leftovers (self);
      adit_mirror_tell (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error_free (error);
  else
    set_away (self, error);
}

static void
subscribe (AditMirror *self)
{
  if (self->asking)
    return;
  self->asking = TRUE;
  adit_client_subscribe_async (self->client, self->cancellable, on_subscribed, g_object_ref (self));
}

static void
on_status (AditClient *client, AditStatus *status, AditMirror *self)
{
  /* Which account is the current one is also where the connection goes by. */
  if (self->presence == ADIT_PRESENCE_HERE && g_strcmp0 (status->account, self->wished) != 0)
    {
      g_free (self->wished);
      self->wished = g_strdup (status->account);
      adit_mirror_ask_accounts (self);
    }
  g_free (self->last_lock);
  self->last_lock = g_strdup (status->lock);
  adit_mirror_follow_wish (self);
  adit_mirror_ask_settings (self);
  adit_mirror_tell (self);
}

static void
on_gone (AditClient *client, AditMirror *self)
{
  /* While it is being asked, the bus is starting it, and the answer will tell. */
  if (!self->asking)
    set_away (self, g_error_new (ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "It has left the system bus"));
}

static void
on_found (AditClient *client, AditMirror *self)
{
  if (self->presence == ADIT_PRESENCE_AWAY)
    subscribe (self);
}

static void
on_network_changed (GNetworkMonitor *network, gboolean available, AditMirror *self)
{
  adit_mirror_tell (self);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditMirror) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  self->asking = FALSE;
  if (bus == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_away (self, g_error_new (ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, "There is no system bus: %s", error->message));
      return;
    }
  /* Lost with the bus is only what stands on it. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->client = adit_client_new (bus);
  g_signal_connect (self->client, "status", G_CALLBACK (on_status), self);
  g_signal_connect_swapped (self->client, "accounts", G_CALLBACK (adit_mirror_ask_accounts), self);
  g_signal_connect_swapped (self->client, "reports", G_CALLBACK (adit_mirror_ask_reports), self);
  g_signal_connect (self->client, "gone", G_CALLBACK (on_gone), self);
  g_signal_connect (self->client, "found", G_CALLBACK (on_found), self);
  subscribe (self);
}

/**
 * adit_mirror_look:
 * @self: a mirror
 *
 * Looks for the helper, which the bus starts where it is installed and not running.  Again after it was away, as often as wanted.
 */
void
adit_mirror_look (AditMirror *self)
{
  if (self->asking || self->presence == ADIT_PRESENCE_HERE)
    return;
  self->presence = ADIT_PRESENCE_LOOKING;
  adit_mirror_tell (self);
  if (self->client != NULL)
    {
      subscribe (self);
      return;
    }
  self->asking = TRUE;
  self->network = g_network_monitor_get_default ();
  g_signal_handlers_disconnect_by_func (self->network, on_network_changed, self);
  g_signal_connect (self->network, "network-changed", G_CALLBACK (on_network_changed), self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, g_object_ref (self));
}

/* --- What is known --------------------------------------------------------------------------------------------------------- */

/**
 * adit_mirror_get_presence:
 * @self: a mirror
 *
 * Returns: whether there is a helper
 */
AditPresence
adit_mirror_get_presence (AditMirror *self)
{
  return self->presence;
}

/**
 * adit_mirror_get_absence:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): why there is no helper, while it is away
 */
const GError *
adit_mirror_get_absence (AditMirror *self)
{
  return self->presence == ADIT_PRESENCE_AWAY ? self->absence : NULL;
}

/**
 * adit_mirror_get_lock_trace:
 * @self: a mirror
 *
 * Returns: while no helper can be reached, how much speaks for it that it has left a lock
 */
AditLockTrace
adit_mirror_get_lock_trace (AditMirror *self)
{
  if (!g_error_matches (adit_mirror_get_absence (self), ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE))
    return ADIT_LOCK_TRACE_NONE;
  return adit_lock_trace_find (ADIT_CONFIGURATION_DIRECTORY, self->last_lock);
}

/**
 * adit_mirror_get_status:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): the newest status, and none while the helper is away, because it may have changed since
 */
const AditStatus *
adit_mirror_get_status (AditMirror *self)
{
  return self->presence == ADIT_PRESENCE_HERE ? adit_client_get_status (self->client) : NULL;
}

/**
 * adit_mirror_has_accounts:
 * @self: a mirror
 *
 * Returns: whether it is known who is signed in and what is imported, be it nobody and nothing
 */
gboolean
adit_mirror_has_accounts (AditMirror *self)
{
  return self->accounts != NULL && self->profiles != NULL;
}

/**
 * adit_mirror_get_account:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): this person's current account
 */
const AditAccountRow *
adit_mirror_get_account (AditMirror *self)
{
  AditAccountRow *found = NULL;

  for (guint i = 0; self->accounts != NULL && i < self->accounts->len; i++)
    {
      AditAccountRow *row = self->accounts->pdata[i];

      if (row->mine && (found == NULL || row->current))
        found = row;
    }
  return found;
}

/**
 * adit_mirror_get_list:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): the servers of the current account's service, also while the helper is away
 */
AditServerList *
adit_mirror_get_list (AditMirror *self)
{
  return self->list;
}

/**
 * adit_mirror_get_list_error:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): why there is no list although there is an account; %NULL while it is on its way
 */
const GError *
adit_mirror_get_list_error (AditMirror *self)
{
  return self->list_error;
}

/**
 * adit_mirror_get_failure:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable): why the last wish was refused, until the next one or until dismissed
 */
const GError *
adit_mirror_get_failure (AditMirror *self)
{
  return self->failure;
}

/**
 * adit_mirror_is_online:
 * @self: a mirror
 *
 * The kernel's routes alone are looked at; nothing is sent.
 *
 * Returns: whether this computer has a network at all
 */
gboolean
adit_mirror_is_online (AditMirror *self)
{
  return self->network == NULL || g_network_monitor_get_network_available (self->network);
}

/**
 * adit_mirror_is_other_build:
 * @self: a mirror
 *
 * Returns: whether the helper and this program are of different builds
 */
gboolean
adit_mirror_is_other_build (AditMirror *self)
{
  const char *build_id = self->client != NULL ? adit_client_get_build_id (self->client) : NULL;

  return build_id != NULL && !g_str_equal (build_id, ADIT_BUILD_ID);
}

/**
 * adit_mirror_get_place:
 * @self: a mirror
 *
 * Returns: (transfer none): where the next connection goes; kept in memory alone
 */
const AditPlace *
adit_mirror_get_place (AditMirror *self)
{
  return &self->place;
}

/**
 * adit_mirror_set_place:
 * @self: a mirror
 * @place: where the next connection goes
 */
void
adit_mirror_set_place (AditMirror *self, const AditPlace *place)
{
  self->place = *place;
  g_clear_pointer (&self->profile, g_free);
  adit_mirror_tell (self);
}
