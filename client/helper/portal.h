/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal.h: the hole by which one program shows itself to the network, for as long as that program and its time last. */
#pragma once

#include <gio/gio.h>
#include "client/core/session.h"

G_BEGIN_DECLS

typedef struct _AditPortal AditPortal;

typedef void (*AditPortalChanged) (gpointer user_data);

AditPortal *adit_portal_new    (GDBusConnection *bus, AditPlatform *platform, AditSession *session);
void        adit_portal_free   (AditPortal *self);
void        adit_portal_watch  (AditPortal *self, AditPortalChanged changed, gpointer user_data);
gboolean    adit_portal_open   (AditPortal *self, int pidfd, guint32 uid, AditAddress *gateway, guint *seconds, GError **error);
void        adit_portal_close  (AditPortal *self);
gboolean    adit_portal_is_open (AditPortal *self);
void        adit_portal_follow (AditPortal *self);
gboolean    adit_portal_is_likely (AditPortal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditPortal, adit_portal_free)

G_END_DECLS
