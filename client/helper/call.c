/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call.c: authorise first, work afterwards; every way out answers the caller exactly once. */
#define G_LOG_DOMAIN "adit-service"

#include "client/helper/call.h"

#include <gio/gunixfdlist.h>

#include <unistd.h>

#include "client/base/error.h"
#include "client/helper/credential.h"
#include "client/helper/guard.h"

#define MAX_CALLS_PER_CALLER 32    /* a person's programs have one or two at a time */
#define MAX_LOG_INS          16    /* each with a pipe; far below the limit of descriptors */

static guint
count_of (AditCall *self)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->service->calls, self->sender));
}

static void
count_call (AditCall *self, int by)
{
  guint now = count_of (self) + (guint) by;

  if (now == 0)
    g_hash_table_remove (self->service->calls, self->sender);
  else
    g_hash_table_replace (self->service->calls, g_strdup (self->sender), GUINT_TO_POINTER (now));
  if (self->takes_descriptor && by < 0)
    self->service->n_log_ins--;
}

/* Calls wait for the bus and for polkit, and hold memory and descriptors meanwhile: nobody gets to keep many of them waiting. */
static gboolean
has_room (AditCall *self, GError **error)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (self->invocation);
  gboolean wants_descriptor = self->fd >= 0;
  gint n_fds = g_dbus_message_get_num_unix_fds (message);

  if (n_fds > (wants_descriptor ? 1 : 0))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "More descriptors came with the call than it takes");
      return FALSE;
    }
  if (count_of (self) > MAX_CALLS_PER_CALLER || (wants_descriptor && self->service->n_log_ins >= MAX_LOG_INS))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "Too many calls are waiting for their answers");
      return FALSE;
    }
  self->takes_descriptor = wants_descriptor;
  self->service->n_log_ins += wants_descriptor;
  return TRUE;
}

/**
 * adit_call_new:
 * @service: the service
 * @invocation: (transfer full): what is to be answered
 * @options: the method's options
 * @work: what to do once the caller is authorised
 *
 * Returns: (transfer full): the call
 */
AditCall *
adit_call_new (AditBusService *service, GDBusMethodInvocation *invocation, GVariant *options, AditCallWork work)
{
  AditCall *self = g_new0 (AditCall, 1);

  self->sender = g_strdup (g_dbus_method_invocation_get_sender (invocation));
  self->service = service;
  self->invocation = invocation;
  self->options = g_variant_ref (options);
  self->work = work;
  self->uid = ADIT_NO_OWNER;
  self->fd = -1;
  count_call (self, 1);
  return self;
}

/**
 * adit_call_free:
 * @self: (nullable): a call that has been answered
 */
void
adit_call_free (AditCall *self)
{
  if (self == NULL)
    return;
  adit_guard_forget (self);
  g_clear_pointer (&self->credential, adit_secret_unref);
  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->value, g_variant_unref);
  g_free (self->text);
  if (self->fd >= 0)
    close (self->fd);
  count_call (self, -1);
  g_free (self->sender);
  g_free (self);
}

/**
 * adit_call_fail:
 * @self: (transfer full): a call
 * @error: (transfer full): why; goes to the caller by its bus name
 */
void
adit_call_fail (AditCall *self, GError *error)
{
  g_dbus_method_invocation_take_error (self->invocation, error);
  adit_call_free (self);
}

static void authorise (AditCall *self);

static guint32
get_owner (AditCall *self)
{
  return self->owner != NULL ? self->owner (self) : ADIT_NO_OWNER;
}

static void
on_authorised (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *self = user_data;
  GError *error = NULL;

  if (!adit_authorizer_check_finish (self->service->parts.authorizer, result, &self->uid, &error))
    {
      adit_worker_proxy_dismiss (self->service->parts.proxy);
      adit_importer_dismiss (self->service->parts.importer);
      adit_call_fail (self, error);
    }
  else if (get_owner (self) != self->owner_uid)
    authorise (self);    /* somebody else connected while a password was typed: that yes was not about them */
  else
    self->work (self);
}

static void
authorise (AditCall *self)
{
  gboolean may_ask = TRUE;

  self->owner_uid = get_owner (self);
  g_variant_lookup (self->options, "interactive", "b", &may_ask);
  adit_authorizer_check_async (self->service->parts.authorizer,
                               g_dbus_method_invocation_get_sender (self->invocation), self->name, self->owner_uid,
                               may_ask, on_authorised, self);
}

/**
 * adit_call_authorise:
 * @self: (transfer full): a call
 * @name: its row in the authorizer's table
 * @owner: (nullable): whose account it touches; asked again when the answer is there, which can take a person's time
 *
 * Goes on with the call's work, or answers that it is not allowed.
 */
void
adit_call_authorise (AditCall *self, const char *name, AditCallOwner owner)
{
  GError *error = NULL;

  self->name = name;
  self->owner = owner;
  if (has_room (self, &error))
    adit_guard_call (self, authorise);
  else
    adit_call_fail (self, error);
}

/**
 * adit_call_resume:
 * @self: (transfer full): an authorised call that has waited for its caller, and has nothing to wait for any more
 *
 * Does its work.  Who may, is asked again where it touches somebody else by now: a caller can wait for that.
 */
void
adit_call_resume (AditCall *self)
{
  if (get_owner (self) != self->owner_uid)
    authorise (self);
  else
    self->work (self);
}

/**
 * adit_call_has_option:
 * @self: a call
 * @option: a boolean option's name
 *
 * Returns: whether the caller has set it
 */
gboolean
adit_call_has_option (AditCall *self, const char *option)
{
  gboolean value = FALSE;

  return g_variant_lookup (self->options, option, "b", &value) && value;
}

/**
 * adit_service_find_account:
 * @service: the service
 * @id: an account's id, or "" for the one of @uid
 * @uid: the caller's user
 *
 * Somebody else's account is found by its id alone, which only its owner and root are told.
 *
 * Returns: (transfer none) (nullable): the account
 */
AditAccount *
adit_service_find_account (AditBusService *service, const char *id, guint32 uid)
{
  AditVault *vault = service->parts.vault;
  GPtrArray *accounts = adit_vault_get_accounts (vault);
  AditAccount *own;

  if (id[0] != '\0')
    return adit_vault_find (vault, id);
  own = adit_vault_find_for_owner (vault, uid);
  /* Root acts for the computer: where there is one account, that is the one that is meant. */
  return own == NULL && uid == 0 && accounts->len == 1 ? accounts->pdata[0] : own;
}

/**
 * adit_service_find_owner:
 * @service: the service
 * @id: perhaps the id of an account, or of a profile
 *
 * Returns: whose it is, or ADIT_NO_OWNER where there is none
 */
guint32
adit_service_find_owner (AditBusService *service, const char *id)
{
  AditAccount *account = adit_vault_find (service->parts.vault, id);
  AditProfile *profile = adit_profiles_find (service->parts.profiles, id);

  return account != NULL ? account->owner_uid : profile != NULL ? profile->owner_uid : ADIT_NO_OWNER;
}

/**
 * adit_call_get_status_owner:
 * @self: a call
 *
 * For what is the computer's as long as nobody is connected, and the connected person's business from then on: another user gets
 * the state in a word and nothing else.
 *
 * Returns: whose connection there is, or ADIT_NO_OWNER
 */
guint32
adit_call_get_status_owner (AditCall *self)
{
  return self->service->status_owner_uid;
}

/**
 * adit_call_find_account:
 * @self: an authorised call with an account's id as its text
 * @error: return location; %ADIT_ERROR_NO_ACCOUNT
 *
 * Returns: (transfer none) (nullable): the account that the call is about
 */
AditAccount *
adit_call_find_account (AditCall *self, GError **error)
{
  AditAccount *account = adit_service_find_account (self->service, self->text, self->uid);

  if (account == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT,
                 self->text[0] != '\0' ? "There is no such account" : "Nobody is signed in");
  return account;
}

/**
 * adit_call_take_fd:
 * @self: (transfer full) where it answers %FALSE: a call
 * @fds: (nullable): the descriptors that came with it
 * @handle: which of them it is about
 *
 * Answers the call where that did not come.
 *
 * Returns: whether it goes on
 */
gboolean
adit_call_take_fd (AditCall *self, GUnixFDList *fds, GVariant *handle)
{
  gint32 position = g_variant_get_handle (handle);

  /* The handle is the caller's word; the list of what really came is the bus daemon's. */
  if (fds != NULL && position >= 0 && position < g_unix_fd_list_get_length (fds))
    self->fd = g_unix_fd_list_get (fds, position, NULL);
  if (self->fd < 0)
    adit_call_fail (self, g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "What it is about did not come with the call"));
  return self->fd >= 0;
}

/**
 * adit_call_take_answer_fd:
 * @self: a call
 *
 * What a person answers to a server comes as a credential does: through a descriptor, never as text on the bus.
 */
void
adit_call_take_answer_fd (AditCall *self)
{
  GUnixFDList *fds = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (self->invocation));
  gint32 handle = -1;

  if (fds != NULL && g_variant_lookup (self->options, "answer", "h", &handle) && handle >= 0 &&
      handle < g_unix_fd_list_get_length (fds))
    self->fd = g_unix_fd_list_get (fds, handle, NULL);
}

static void
on_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AditCall *call = user_data;
  GError *error = NULL;

  call->credential = adit_credential_read_finish (result, &error);
  if (call->credential != NULL)
    adit_call_resume (call);
  else
    adit_call_fail (call, error);
}

/**
 * adit_call_wait_for_secret:
 * @self: an authorised call, at the beginning of its work
 *
 * Returns: whether it came with a descriptor that has to be read first; the work is done again when that is, with the credential
 */
gboolean
adit_call_wait_for_secret (AditCall *self)
{
  int fd = self->fd;

  if (fd < 0)
    return FALSE;
  self->fd = -1;
  adit_credential_read_async (fd, on_secret, self);
  return TRUE;
}

/**
 * adit_call_get_account_owner:
 * @self: a call that names an account, or ""
 *
 * Returns: whose that is, or ADIT_NO_OWNER
 */
guint32
adit_call_get_account_owner (AditCall *self)
{
  AditAccount *account = self->text[0] != '\0' ? adit_vault_find (self->service->parts.vault, self->text) : NULL;

  return account != NULL ? account->owner_uid : ADIT_NO_OWNER;
}
