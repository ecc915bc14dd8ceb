/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authorizer.h: who is calling, and may they?  Every bus method is in one table; one that is absent there is refused. */
#pragma once

#include <gio/gio.h>
#include "platform/authority.h"

G_BEGIN_DECLS

#define ADIT_NO_OWNER G_MAXUINT32    /* nobody's: uid -1 is no user (POSIX chown) */

/* What a call comes down to: the method, or the method with the direction that decides its effect. */
typedef struct
{
  const char *call;      /* "SetLockdown:off" */
  const char *action;    /* polkit's; %NULL: everybody may ask, and the answer depends on who asks */
} AditAuthorizerRow;

typedef struct _AditAuthorizer AditAuthorizer;

typedef void (*AditAuthorizerAsked) (const char *call, gpointer user_data);

AditAuthorizer *adit_authorizer_new       (GDBusConnection *bus, AditAuthority *authority);
void            adit_authorizer_free      (AditAuthorizer *self);
void            adit_authorizer_set_asked (AditAuthorizer *self, AditAuthorizerAsked asked, gpointer user_data);

/* @owner_uid is whose account the call touches, or ADIT_NO_OWNER; somebody else than the owner needs ADIT_ACTION_OTHERS. */
void     adit_authorizer_check_async  (AditAuthorizer *self, const char *sender, const char *call, guint32 owner_uid,
                                       gboolean may_ask, GAsyncReadyCallback callback, gpointer user_data);
gboolean adit_authorizer_check_finish (AditAuthorizer *self, GAsyncResult *result, guint32 *uid, GError **error);

void     adit_authorizer_identify_async  (AditAuthorizer *self, const char *sender, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean adit_authorizer_identify_finish (AditAuthorizer *self, GAsyncResult *result, guint32 *uid, GError **error);

const AditAuthorizerRow *adit_authorizer_find (const char *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditAuthorizer, adit_authorizer_free)

G_END_DECLS
