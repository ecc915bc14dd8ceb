/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rotation.h: the keys that services know this computer by, changed by time, on demand, and where one is dead. */
#pragma once

#include "client/core/session.h"
#include "client/helper/vault.h"
#include "client/helper/worker-proxy.h"

G_BEGIN_DECLS

/* What the owner is told of an account's key. */
typedef struct
{
  gint64        age_s;          /* -1: not known */
  gint64        next_s;         /* until the next change; -1: never */
  const GError *error;          /* (nullable): why the last change failed */
  gboolean      was_dead;       /* no server answered to the one before, and one has to this */
} AditRotationFacts;

#define ADIT_TYPE_ROTATION (adit_rotation_get_type ())
G_DECLARE_FINAL_TYPE (AditRotation, adit_rotation, ADIT, ROTATION, GObject)

AditRotation *adit_rotation_new      (AditVault *vault, AditWorkerProxy *proxy, AditSession *session);
void          adit_rotation_set_days (AditRotation *self, guint days);
guint         adit_rotation_get_days (AditRotation *self);
void          adit_rotation_follow   (AditRotation *self);
void          adit_rotation_describe (AditRotation *self, AditAccount *account, AditRotationFacts *facts);
gboolean      adit_rotation_is_changing (AditRotation *self, const char *account);

/* On demand. */
void          adit_rotation_run_async  (AditRotation *self, AditAccount *account, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean      adit_rotation_run_finish (AditRotation *self, GAsyncResult *result, GError **error);

/* Before a connection. */
void          adit_rotation_prepare_async  (AditRotation *self, AditAccount *account, gboolean is_doubted,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean      adit_rotation_prepare_finish (AditRotation *self, GAsyncResult *result, GError **error);

G_END_DECLS
