/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authority.h: may this bus caller do that?  Polkit on Linux. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_TYPE_AUTHORITY (adit_authority_get_type ())
G_DECLARE_INTERFACE (AditAuthority, adit_authority, ADIT, AUTHORITY, GObject)

struct _AditAuthorityInterface
{
  GTypeInterface parent;

  /* @sender is the caller's unique bus name, @uid its user as the bus told us.  Without an answer, and without polkit for
   * anyone but root: ADIT_ERROR_NOT_ALLOWED. */
  void     (*check_async)  (AditAuthority *self, const char *sender, guint32 uid, const char *action, gboolean may_ask,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*check_finish) (AditAuthority *self, GAsyncResult *result, GError **error);
};

void     adit_authority_check_async  (AditAuthority *self, const char *sender, guint32 uid, const char *action, gboolean may_ask,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_authority_check_finish (AditAuthority *self, GAsyncResult *result, GError **error);

G_END_DECLS
