/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rotation-prepare.c: a connection that has to have a good key first, and waits for the change of it. */
#include "client/helper/rotation-private.h"

#include "client/base/error.h"
#include "client/helper/account-loan.h"

#define DOUBT_EVERY_US (5 * 60 * (gint64) G_USEC_PER_SEC)    /* a service may refuse whoever comes more often */

typedef struct
{
  char      account[ADIT_ACCOUNT_ID_MAX_BYTES];
  gboolean  is_doubted, has_tried;
  gulong    cancelled_id;
} Wait;

static gboolean
needs_change (AditRotation *self, AditAccount *account, gboolean is_doubted)
{
  const AditKeyRules *rules = &account->service->keys;
  gint64 now_us = adit_alarm_get_now_us ();
  AditRotationKey *key = adit_rotation_find_key (self, account);

  if (account->is_leaving)
    return FALSE;
  if (is_doubted)
    return !key->is_unproved && (key->age.n_failures == 0 || now_us - key->age.failed_us >= DOUBT_EVERY_US);
  return adit_account_needs_key (account) || (rules->is_first && adit_key_age_is_due (&key->age, rules, self->days, now_us));
}

/* What is the account's, and not the key's, is told as what it is. */
static gboolean
is_about_account (const GError *error)
{
  return g_error_matches (error, ADIT_ERROR, ADIT_ERROR_DEVICE_REVOKED) ||
         g_error_matches (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_REFUSED) ||
         g_error_matches (error, ADIT_ERROR, ADIT_ERROR_ACCOUNT_EXPIRED) ||
         g_error_matches (error, ADIT_ERROR, ADIT_ERROR_TOO_MANY_DEVICES);
}

/* Why nobody connects with the key that there is, or nothing. */
static GError *
find_trouble (AditRotation *self, AditAccount *account, const Wait *wait)
{
  const AditKeyRules *rules = &account->service->keys;
  AditRotationKey *key = adit_rotation_find_key (self, account);

  if (wait->has_tried && key->error != NULL && is_about_account (key->error))
    return g_error_copy (key->error);
  if (!adit_account_needs_key (account) && !(wait->has_tried && wait->is_doubted && key->error != NULL) &&
      !(wait->has_tried && adit_key_age_is_over (&key->age, rules, self->days, adit_alarm_get_now_us ())))
    return NULL;
  return g_error_new (ADIT_ERROR, ADIT_ERROR_KEY_LOST, "%s has not taken a new key: %s", account->service->name,
                      key->error != NULL ? key->error->message : "it was not asked");
}

static void
end_wait (GTask *task, GError *error)
{
  Wait *wait = g_task_get_task_data (task);

  if (wait->cancelled_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), wait->cancelled_id);
  wait->cancelled_id = 0;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* Takes the task: waits for the change that is under way, begins the one that is needed, or says how it is now. */
void
adit_rotation_go_on (AditRotation *self, GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  AditAccount *account = adit_vault_find (self->vault, wait->account);

  if (account == NULL)
    {
      end_wait (task, g_error_new_literal (ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT, "The account was removed meanwhile"));
      return;
    }
  if (self->task == NULL && !wait->has_tried && needs_change (self, account, wait->is_doubted))
    {
      wait->has_tried = TRUE;
      adit_rotation_begin_by_itself (self, account, wait->is_doubted);
    }
  if (self->task != NULL && (g_str_equal (self->account, wait->account) || needs_change (self, account, wait->is_doubted)))
    g_ptr_array_add (self->waiting, task);
  else
    end_wait (task, find_trouble (self, account, wait));
}

/* Whoever disconnects does not wait; the change goes on, and is kept. */
static gboolean
on_cancelled_idle (gpointer user_data)
{
  GTask *task = user_data;
  AditRotation *self = g_task_get_source_object (task);

  if (g_ptr_array_remove (self->waiting, task))
    end_wait (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

/* A handler must not disconnect itself from a cancellable while that emits: it would wait for itself. */
static void
on_cancelled (GCancellable *cancellable, GTask *task)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_cancelled_idle, g_object_ref (task), g_object_unref);
}

/**
 * adit_rotation_prepare_async:
 * @self: a rotation
 * @account: one of the vault's, that is going to be connected with its key
 * @is_doubted: no server has answered, and the service cannot say, or denies, that it knows the key
 * @cancellable: (nullable): ends the waiting, not the change
 * @callback: called when the key can be used
 * @user_data: for @callback
 *
 * Waits for a change that is under way.  Changes the key where there is none that is registered, where it is due and the service
 * has that done before a connection, and once where it is in doubt: a key that came of a doubt is not changed for one again
 * before a server has answered to it.
 */
void
adit_rotation_prepare_async (AditRotation *self, AditAccount *account, gboolean is_doubted, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Wait *wait = g_new0 (Wait, 1);

  g_task_set_source_tag (task, adit_rotation_prepare_async);
  g_strlcpy (wait->account, account->id, sizeof wait->account);
  wait->is_doubted = is_doubted;
  g_task_set_task_data (task, wait, g_free);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (cancellable != NULL)
    wait->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), task);
  adit_rotation_go_on (self, task);
}

/**
 * adit_rotation_prepare_finish:
 * @self: a rotation
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_KEY_LOST, what the service said of the account, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the account's key may be used
 */
gboolean
adit_rotation_prepare_finish (AditRotation *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
