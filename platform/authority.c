/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authority.c: the interface behind which the system's own authorisation service is asked. */
#include "platform/authority.h"

G_DEFINE_INTERFACE (AditAuthority, adit_authority, G_TYPE_OBJECT)

static void
adit_authority_default_init (AditAuthorityInterface *iface)
{
}

/**
 * adit_authority_check_async:
 * @self: an authority
 * @sender: the caller's unique bus name
 * @uid: the caller's user, as the bus told us and not as the caller says
 * @action: one of the ids in client/api/names.h
 * @may_ask: whether a dialog may be shown to the person; a caller that did not allow interaction gets no for an answer instead
 * @cancellable: (nullable): ends the waiting, and takes a dialog off the screen
 * @callback: called when the answer is known
 * @user_data: for @callback
 *
 * Asks whether this caller may have this effect.  Asynchronous because a person may have to type a password first.
 */
void
adit_authority_check_async (AditAuthority *self, const char *sender, guint32 uid, const char *action, gboolean may_ask,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (ADIT_IS_AUTHORITY (self));
  g_return_if_fail (sender != NULL && action != NULL);

  ADIT_AUTHORITY_GET_IFACE (self)->check_async (self, sender, uid, action, may_ask, cancellable, callback, user_data);
}

/**
 * adit_authority_check_finish:
 * @self: an authority
 * @result: what the callback was given
 * @error: return location; %ADIT_ERROR_NOT_ALLOWED with a sentence that says why, or %G_IO_ERROR_CANCELLED
 *
 * Returns: %TRUE only if the caller may; every doubt is a no
 */
gboolean
adit_authority_check_finish (AditAuthority *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (ADIT_IS_AUTHORITY (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);

  return ADIT_AUTHORITY_GET_IFACE (self)->check_finish (self, result, error);
}
