/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rotation.c: one change of a key at a time.  By itself it asks only while there is either a tunnel or the wish for none, never
 * beside an attempt; whoever connects meanwhile waits for it.  A new key takes effect in the tunnel that is up the way a person's
 * "reconnect" does: locked all the way. */
#define G_LOG_DOMAIN "adit-rotation"

#include "client/helper/rotation-private.h"

#include "client/base/error.h"
#include "client/helper/account-loan.h"
#include "platform/keys.h"

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AditRotation, adit_rotation, G_TYPE_OBJECT)

static void look (AditRotation *self);

static void
key_free (AditRotationKey *key)
{
  g_clear_error (&key->error);
  g_free (key);
}

static void
adit_rotation_dispose (GObject *object)
{
  AditRotation *self = ADIT_ROTATION (object);

  g_clear_pointer (&self->alarm, adit_alarm_free);
  g_clear_handle_id (&self->reconnect_source, g_source_remove);
  g_clear_object (&self->proxy);
  G_OBJECT_CLASS (adit_rotation_parent_class)->dispose (object);
}

static void
adit_rotation_finalize (GObject *object)
{
  AditRotation *self = ADIT_ROTATION (object);

  g_hash_table_unref (self->keys);
  g_ptr_array_unref (self->waiting);
  g_clear_pointer (&self->new_key, adit_secret_unref);
  G_OBJECT_CLASS (adit_rotation_parent_class)->finalize (object);
}

static void
adit_rotation_class_init (AditRotationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_rotation_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_rotation_finalize;
  /* With the account's id: there is something new to say of it. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ADIT_TYPE_ROTATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_STRING);
}

static void
adit_rotation_init (AditRotation *self)
{
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) key_free);
  self->waiting = g_ptr_array_new ();
}

/* An account that is gone has a key here no longer than the helper runs: its id is a random number. */
AditRotationKey *
adit_rotation_find_key (AditRotation *self, AditAccount *account)
{
  AditRotationKey *key = g_hash_table_lookup (self->keys, account->id);

  if (key == NULL)
    {
      key = g_new0 (AditRotationKey, 1);
      key->made_at_s = -1;
      g_hash_table_insert (self->keys, g_strdup (account->id), key);
    }
  if (key->made_at_s != account->key_made_at_s)
    {
      adit_key_age_begin (&key->age, account->key_made_at_s, g_get_real_time () / G_USEC_PER_SEC, adit_alarm_get_now_us ());
      key->made_at_s = account->key_made_at_s;
    }
  return key;
}

/* A tunnel of WireGuard that is up, with this account's key. */
static gboolean
is_in_use (AditRotation *self, AditAccount *account)
{
  const AditTunnelSpec *spec = adit_session_get_spec (self->session);

  return adit_session_get_state (self->session) == ADIT_STATE_CONNECTED && spec != NULL && spec->kind == ADIT_TUNNEL_WIREGUARD &&
         g_str_equal (adit_session_get_wish (self->session)->account, account->id);
}

static gboolean
is_attempting (AditRotation *self)
{
  AditState state = adit_session_get_state (self->session);

  return state == ADIT_STATE_CONNECTING || state == ADIT_STATE_DISCONNECTING;
}

/* --- One change ------------------------------------------------------------------------------------------------------------- */

static gboolean
on_reconnect_due (gpointer user_data)
{
  AditRotation *self = user_data;
  AditWish wish = *adit_session_get_wish (self->session);
  g_autoptr (GError) error = NULL;

  self->reconnect_source = 0;
  /* Another connection than the one that had the old key has the new one. */
  if (adit_session_get_state (self->session) == ADIT_STATE_CONNECTED &&
      adit_session_get_since_s (self->session) == self->reconnect_since_s && !adit_session_connect (self->session, &wish, &error))
    g_warning ("the tunnel keeps the old key: %s", error->message);
  return G_SOURCE_REMOVE;
}

static void
follow_with_tunnel (AditRotation *self, AditAccount *account)
{
  if (!is_in_use (self, account))
    return;
  g_clear_handle_id (&self->reconnect_source, g_source_remove);
  self->reconnect_since_s = adit_session_get_since_s (self->session);
  self->reconnect_source = g_timeout_add_seconds (account->service->keys.spreads_s, on_reconnect_due, self);
}

static void
take_new_key (AditRotation *self, AditAccount *account, const AditWorkerAnswer *answer, GError **error)
{
  gboolean is_doubted = self->is_doubted;
  AditRotationKey *key;

  adit_account_take_key (account, self->new_key, answer);
  key = adit_rotation_find_key (self, account);
  g_clear_error (&key->error);
  key->age.n_failures = 0;
  key->was_dead = key->is_unproved = is_doubted;
  g_message ("%s knows this computer by a new key", account->service->name);
  /* What is not on disk is good all the same until this process ends; the old one is dead. */
  (void) adit_vault_save (self->vault, account, error);
  follow_with_tunnel (self, account);
}

/* With no tunnel named the service has dropped the old key, if it has heard of it at all. */
static void
take_failure (AditRotation *self, AditAccount *account, const AditWorkerAnswer *words, const GError *error)
{
  AditRotationKey *key = adit_rotation_find_key (self, account);
  g_autoptr (GError) local = NULL;

  g_clear_error (&key->error);
  key->error = g_error_copy (error);
  key->age.n_failures = MIN (key->age.n_failures + 1, G_MAXUINT16);
  key->age.failed_us = adit_alarm_get_now_us ();
  g_message ("%s did not take a new key: %s", account->service->name, error->message);
  if (account->service->keys.drops_old && !self->is_connected && words != NULL && words->may_be_heard)
    {
      adit_account_wipe_key (account);
      if (!adit_vault_save (self->vault, account, &local))
        g_warning ("%s", local->message);
    }
  if (is_in_use (self, account) && (g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED) ||
                                    g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED)))
    adit_session_give_up (self->session, error);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditRotation) self = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);
  AditAccount *account = adit_vault_find (self->vault, self->account);
  const AditWorkerAnswer *words = adit_worker_proxy_peek_words (result), *answer;
  GError *error = NULL;

  self->waiting = g_ptr_array_new ();
  answer = adit_worker_proxy_ask_finish (ADIT_WORKER_PROXY (source), result, &error);
  adit_account_keep_words (self->vault, account, words);
  if (account == NULL)
    {
      g_clear_error (&error);
      g_set_error_literal (&error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile");
    }
  else if (answer != NULL)
    take_new_key (self, account, answer, &error);
  else
    take_failure (self, account, words, error);
  g_clear_pointer (&self->new_key, adit_secret_unref);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  if (account != NULL)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, account->id);
  for (guint i = 0; i < waiting->len; i++)
    adit_rotation_go_on (self, waiting->pdata[i]);
  look (self);
}

/* Takes the task. */
static void
begin (AditRotation *self, AditAccount *account, gboolean is_doubted, GTask *task)
{
  AditWireRequest request = { 0 };

  g_strlcpy (self->account, account->id, sizeof self->account);
  self->task = task;
  self->new_key = adit_keys_generate ();
  self->is_connected = is_in_use (self, account);
  self->is_doubted = is_doubted;
  adit_account_lend_for_key (account, &request, self->new_key, self->is_connected);
  adit_worker_proxy_ask_async (self->proxy, account->service, &request, NULL, on_answered, g_object_ref (self));
}

static void
on_done_by_itself (GObject *source, GAsyncResult *result, gpointer user_data)
{
  (void) g_task_propagate_boolean (G_TASK (result), NULL);    /* it is told and written down already */
}

/* Nobody waits for it who would be told. */
void
adit_rotation_begin_by_itself (AditRotation *self, AditAccount *account, gboolean is_doubted)
{
  begin (self, account, is_doubted, g_task_new (self, NULL, on_done_by_itself, NULL));
}

/* --- By time ---------------------------------------------------------------------------------------------------------------- */

/* By itself nobody asks for an account that has ended or is about to go, nor while it is not known what is wanted. */
static gboolean
may_change_now (AditRotation *self, AditAccount *account)
{
  AditState state = adit_session_get_state (self->session);
  gboolean is_over = account->is_inactive ||
                     (account->expires_at_s != 0 && account->expires_at_s <= g_get_real_time () / G_USEC_PER_SEC);

  return (state == ADIT_STATE_CONNECTED || state == ADIT_STATE_DISCONNECTED) && !is_over && !account->is_leaving &&
         !(account->service->keys.is_only_idle && is_in_use (self, account));
}

static void
on_alarm (gpointer user_data)
{
  AditRotation *self = user_data;
  GPtrArray *accounts = adit_vault_get_accounts (self->vault);
  gint64 now_us = adit_alarm_get_now_us ();

  g_clear_pointer (&self->alarm, adit_alarm_free);
  for (guint i = 0; self->task == NULL && i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];
      AditRotationKey *key = adit_rotation_find_key (self, account);
      gint64 next_us = adit_key_age_get_next_us (&key->age, &account->service->keys, self->days, now_us);

      if (next_us <= now_us && may_change_now (self, account))
        adit_rotation_begin_by_itself (self, account, FALSE);
    }
  look (self);
}

/* Arms the alarm for the first key that is due and may be changed as things are; another change of them looks again. */
static void
look (AditRotation *self)
{
  GPtrArray *accounts = adit_vault_get_accounts (self->vault);
  gint64 now_us = adit_alarm_get_now_us (), first_us = G_MAXINT64;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->alarm, adit_alarm_free);
  if (self->task != NULL || self->proxy == NULL)
    return;
  for (guint i = 0; i < accounts->len; i++)
    {
      AditAccount *account = accounts->pdata[i];
      const AditKeyRules *rules = &account->service->keys;
      gint64 next_us = adit_key_age_get_next_us (&adit_rotation_find_key (self, account)->age, rules, self->days, now_us);

      if (next_us != ADIT_KEY_AGE_NEVER && may_change_now (self, account))
        first_us = MIN (first_us, MAX (next_us, now_us + rules->first_s * (gint64) G_USEC_PER_SEC));
    }
  if (first_us == G_MAXINT64)
    return;
  self->alarm = adit_alarm_new (first_us, on_alarm, self, &error);
  if (self->alarm == NULL)
    g_warning ("no key is changed by itself: %s", error->message);
}

/**
 * adit_rotation_follow:
 * @self: a rotation
 *
 * The session or the accounts have changed.
 */
void
adit_rotation_follow (AditRotation *self)
{
  AditAccount *account = adit_vault_find (self->vault, adit_session_get_wish (self->session)->account);
  AditRotationKey *key = account != NULL ? adit_rotation_find_key (self, account) : NULL, *each;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->keys);
  while (adit_session_get_state (self->session) == ADIT_STATE_DISCONNECTED &&
         g_hash_table_iter_next (&iter, NULL, (gpointer *) &each))
    each->was_dead = FALSE;    /* it has been told */
  if (key != NULL && is_in_use (self, account))
    key->is_unproved = FALSE;
  /* Nobody could be reached; where there is a tunnel again, that is over. */
  if (key != NULL && key->error != NULL && adit_session_get_state (self->session) == ADIT_STATE_CONNECTED &&
      g_error_matches (key->error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE))
    key->age.n_failures = 0;
  look (self);
}

/**
 * adit_rotation_new:
 * @vault: outlives it
 * @proxy: asks the workers
 * @session: outlives it
 *
 * Returns: (transfer full): one that does nothing by itself before adit_rotation_follow()
 */
AditRotation *
adit_rotation_new (AditVault *vault, AditWorkerProxy *proxy, AditSession *session)
{
  AditRotation *self = g_object_new (ADIT_TYPE_ROTATION, NULL);

  self->vault = vault;
  self->session = session;
  self->proxy = g_object_ref (proxy);
  return self;
}

/**
 * adit_rotation_set_days:
 * @self: a rotation
 * @days: how long a key is used; 0: as each service has it
 */
void
adit_rotation_set_days (AditRotation *self, guint days)
{
  self->days = days;
  look (self);
}

/**
 * adit_rotation_get_days:
 * @self: a rotation
 *
 * Returns: what was set
 */
guint
adit_rotation_get_days (AditRotation *self)
{
  return self->days;
}

/**
 * adit_rotation_describe:
 * @self: a rotation
 * @account: one of the vault's
 * @facts: (out caller-allocates): what is known of its key; @error lives until the next change
 */
void
adit_rotation_describe (AditRotation *self, AditAccount *account, AditRotationFacts *facts)
{
  gint64 now_us = adit_alarm_get_now_us ();
  AditRotationKey *key = adit_rotation_find_key (self, account);
  gint64 next_us = adit_key_age_get_next_us (&key->age, &account->service->keys, self->days, now_us);

  *facts = (AditRotationFacts) {
    .age_s = adit_account_needs_key (account) ? -1 : adit_key_age_get_s (&key->age, now_us),
    .next_s = next_us == ADIT_KEY_AGE_NEVER ? -1 : MAX (next_us - now_us, 0) / G_USEC_PER_SEC,
    .error = key->error, .was_dead = key->was_dead && !key->is_unproved,
  };
}

/**
 * adit_rotation_is_changing:
 * @self: a rotation
 * @account: an account's id
 *
 * Returns: whether its key is being changed: the service may know it by either
 */
gboolean
adit_rotation_is_changing (AditRotation *self, const char *account)
{
  return self->task != NULL && g_str_equal (self->account, account);
}

/* --- On demand -------------------------------------------------------------------------------------------------------------- */

static gboolean
may_begin (AditRotation *self, AditAccount *account, GError **error)
{
  if (account->service->keys.days == 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "%s registers no key: it is told of one with each connection",
                 account->service->name);
  else if (account->is_leaving)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_BUSY, "The account is being signed out");
  else if (self->task != NULL)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_BUSY, "A key is being changed already");
  else if (is_attempting (self))
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_BUSY, "A connection is being made or ended just now");
  else if (account->service->keys.is_only_idle && is_in_use (self, account))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "%s has a key changed only while it is not in use; disconnect first",
                 account->service->name);
  else
    return TRUE;
  return FALSE;
}

/**
 * adit_rotation_run_async:
 * @self: a rotation
 * @account: one of the vault's
 * @callback: called when the service has answered
 * @user_data: for @callback
 *
 * Changes its key now.
 */
void
adit_rotation_run_async (AditRotation *self, AditAccount *account, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, adit_rotation_run_async);
  if (may_begin (self, account, &error))
    begin (self, account, FALSE, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * adit_rotation_run_finish:
 * @self: a rotation
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_BUSY, %ADIT_ERROR_INVALID_ARGUMENT, or what the service said
 *
 * Returns: whether the service knows the new key, and it is kept
 */
gboolean
adit_rotation_run_finish (AditRotation *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
