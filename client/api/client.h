/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.h: a client's end of the bus: calls, errors in our own domain, and the status as it changes. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include "client/api/status.h"
#include "client/base/secret.h"

G_BEGIN_DECLS

#define ADIT_TYPE_CLIENT (adit_client_get_type ())
G_DECLARE_FINAL_TYPE (AditClient, adit_client, ADIT, CLIENT, GObject)

/* Signal "status" (AditStatus *status): after adit_client_subscribe_async(), at once and at each change.
 * Signal "accounts": somebody of this user's has signed in or out, or more is known of an account.
 * Signal "reports": there is another report of a crash or a problem, or more is known of one, or of where they go.
 * Signal "gone": the helper is not on the bus, or has left it.
 * Signal "found": a helper has come to the bus; it knows of no subscription yet. */

AditClient *adit_client_new (GDBusConnection *bus);

/* @arguments is a floating or owned tuple of the method in org.aditvpn.Adit1.xml. */
void      adit_client_call_async  (AditClient *self, const char *method, GVariant *arguments, GUnixFDList *fds,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GVariant *adit_client_call_finish (AditClient *self, GAsyncResult *result, GUnixFDList **fds, GError **error);

void      adit_client_subscribe_async  (AditClient *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean  adit_client_subscribe_finish (AditClient *self, GAsyncResult *result, GError **error);

const AditStatus *adit_client_get_status   (AditClient *self);    /* (nullable): the newest one */
const char       *adit_client_get_build_id (AditClient *self);    /* (nullable): the helper's, once a call has been answered */
GUnixFDList      *adit_client_wrap_secret  (AditSecret *secret, GError **error);
GUnixFDList      *adit_client_wrap_files   (GBytes *files, GError **error);

G_END_DECLS
