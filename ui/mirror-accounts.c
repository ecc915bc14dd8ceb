/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror-accounts.c: whose accounts are here, and what the person at the window does with them. */
#include "config.h"
#include "ui/mirror-private.h"

/* --- What is known --------------------------------------------------------------------------------------------------------- */

/**
 * adit_mirror_get_accounts:
 * @self: a mirror
 *
 * Returns: (transfer none) (nullable) (element-type AditAccountRow): all that the helper tells about; %NULL while it is not known
 */
const GPtrArray *
adit_mirror_get_accounts (AditMirror *self)
{
  return self->accounts;
}

/**
 * adit_mirror_find_account:
 * @self: a mirror
 * @id: perhaps an account's
 *
 * Returns: (transfer none) (nullable): this person's account
 */
const AditAccountRow *
adit_mirror_find_account (AditMirror *self, const char *id)
{
  for (guint i = 0; self->accounts != NULL && i < self->accounts->len; i++)
    {
      const AditAccountRow *row = self->accounts->pdata[i];

      if (row->mine && g_str_equal (row->id, id))
        return row;
    }
  return NULL;
}

/**
 * adit_mirror_count_accounts:
 * @self: a mirror
 *
 * Returns: how many accounts are this person's
 */
guint
adit_mirror_count_accounts (AditMirror *self)
{
  guint n = 0;

  for (guint i = 0; self->accounts != NULL && i < self->accounts->len; i++)
    n += ((const AditAccountRow *) self->accounts->pdata[i])->mine ? 1 : 0;
  return n;
}

/* --- Choosing -------------------------------------------------------------------------------------------------------------- */

/* Where an account is connected with, the other one takes its place; the lock stays closed meanwhile. */
static void
go_over (AditMirror *self, const char *id)
{
  const AditStatus *status = adit_mirror_get_status (self);
  GVariantBuilder place;

  if (status == NULL || status->account[0] == '\0' || g_str_equal (status->account, id) || status->profile[0] != '\0' ||
      status->state == ADIT_STATE_DISCONNECTED || status->state == ADIT_STATE_DISCONNECTING)
    return;
  g_variant_builder_init (&place, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&place, "{sv}", "account", g_variant_new_string (id));
  adit_mirror_wish (self, "Connect", g_variant_new ("(a{sv}@a{sv})", &place, adit_mirror_no_options ()));
}

static void
on_used (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *id = user_data;
  GError *error = NULL;

  if (adit_mirror_account_finish (ADIT_MIRROR (source), result, &error))
    go_over (ADIT_MIRROR (source), id);
  else
    adit_mirror_set_failure (ADIT_MIRROR (source), error);
}

/**
 * adit_mirror_use_account:
 * @self: a mirror
 * @id: an account of this person's: the current one from now on
 *
 * A connection with another account of theirs goes over to it.  What cannot be done is told as a failure.
 */
void
adit_mirror_use_account (AditMirror *self, const char *id)
{
  adit_mirror_dismiss_failure (self);
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_use_account, on_used, g_strdup (id)), "UseAccount",
                   g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/* --- At the service -------------------------------------------------------------------------------------------------------- */

/**
 * adit_mirror_refresh_account:
 * @self: a mirror
 *
 * Asks the service how much time the current account has.  What cannot be done is told as a failure.
 */
void
adit_mirror_refresh_account (AditMirror *self)
{
  adit_mirror_wish (self, "RefreshAccount", g_variant_new ("(s@a{sv})", "", adit_mirror_no_options ()));
}

/**
 * adit_mirror_refresh_account_async:
 * @self: a mirror
 * @id: an account of this person's
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 *
 * Asks the service how much time there is; the answer is told by "changed" as well.
 */
void
adit_mirror_refresh_account_async (AditMirror *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_refresh_account_async, callback, user_data), "RefreshAccount",
                   g_variant_new ("(s@a{sv})", id, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/**
 * adit_mirror_log_out_async:
 * @self: a mirror
 * @id: an account of this person's
 * @force: whether it is forgotten here although the service does not answer
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 *
 * Signs out, and disconnects where the account is in use.
 */
void
adit_mirror_log_out_async (AditMirror *self, const char *id, gboolean force, GAsyncReadyCallback callback, gpointer user_data)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "disconnect", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&options, "{sv}", "force", g_variant_new_boolean (force));
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_log_out_async, callback, user_data), "LogOut",
                   g_variant_new ("(sa{sv})", id, &options), NULL, NULL, NULL);
}

/**
 * adit_mirror_remove_device_async:
 * @self: a mirror
 * @account: as for adit_mirror_get_devices_async()
 * @device: one of its devices that is not this computer
 * @callback: ends it by adit_mirror_account_finish()
 * @user_data: for @callback
 */
void
adit_mirror_remove_device_async (AditMirror *self, const char *account, const char *device, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_remove_device_async, callback, user_data), "RemoveDevice",
                   g_variant_new ("(ss@a{sv})", account, device, adit_mirror_no_options ()), NULL, NULL, NULL);
}

/**
 * adit_mirror_account_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether it is done
 */
gboolean
adit_mirror_account_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
read_devices (GVariant *answer, GUnixFDList *fds, GError **error)
{
  return adit_answer_read_devices (answer, error);
}

/**
 * adit_mirror_get_devices_async:
 * @self: a mirror
 * @account: an account's id; "" is also the one that has too many devices to be signed in to
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_get_devices_async (AditMirror *self, const char *account, GAsyncReadyCallback callback, gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_get_devices_async, callback, user_data), "GetDevices",
                   g_variant_new ("(s@a{sv})", account, adit_mirror_no_options ()), NULL, read_devices,
                   (GDestroyNotify) g_ptr_array_unref);
}

/**
 * adit_mirror_get_devices_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable) (element-type AditDeviceRow): where the account is used
 */
GPtrArray *
adit_mirror_get_devices_finish (AditMirror *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_expiry (GVariant *answer, GUnixFDList *fds, GError **error)
{
  gint64 *expires_at_s = g_new0 (gint64, 1);

  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(x)")))
    g_variant_get (answer, "(x)", expires_at_s);
  return expires_at_s;
}

/**
 * adit_mirror_add_voucher_async:
 * @self: a mirror
 * @account: an account's id
 * @voucher: as it was typed
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
adit_mirror_add_voucher_async (AditMirror *self, const char *account, AditSecret *voucher, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  adit_mirror_ask (self, adit_mirror_task_new (self, adit_mirror_add_voucher_async, callback, user_data), "AddVoucher",
                   g_variant_new ("(sh@a{sv})", account, 0, adit_mirror_no_options ()), voucher, read_expiry, g_free);
}

/**
 * adit_mirror_add_voucher_finish:
 * @self: a mirror
 * @result: what the callback was given
 * @expires_at_s: (out): until when the account goes now, UTC; 0: not told
 * @error: return location; %ADIT_ERROR
 *
 * Returns: whether the voucher was taken
 */
gboolean
adit_mirror_add_voucher_finish (AditMirror *self, GAsyncResult *result, gint64 *expires_at_s, GError **error)
{
  g_autofree gint64 *answer = g_task_propagate_pointer (G_TASK (result), error);

  *expires_at_s = answer != NULL ? *answer : 0;
  return answer != NULL;
}
