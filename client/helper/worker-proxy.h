/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-proxy.h: one worker for one request: starts it, opens its connections, checks its words, and ends it. */
#pragma once

#include <gio/gio.h>
#include "client/helper/store.h"
#include "client/helper/worker-answer.h"

G_BEGIN_DECLS

#define ADIT_TYPE_WORKER_PROXY (adit_worker_proxy_get_type ())
G_DECLARE_FINAL_TYPE (AditWorkerProxy, adit_worker_proxy, ADIT, WORKER_PROXY, GObject)

/* Whether connections go outside under our mark (FALSE) or through the tunnel that is up (TRUE). */
typedef gboolean (*AditWorkerIsInside) (gpointer user_data);
typedef gboolean (*AditWorkerIsLeaving) (gpointer user_data);

AditWorkerProxy  *adit_worker_proxy_new (const char *program, AditStore *store, AditWorkerIsInside is_inside,
                                         AditWorkerIsLeaving is_leaving, gpointer user_data);

/* How the addresses of a service are found that is known by its name alone; afterwards the store has them. */
typedef void     (*AditWorkerFindApi)       (const AditService *service, GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer callback_data, gpointer user_data);
typedef gboolean (*AditWorkerFindApiFinish) (GAsyncResult *result, GError **error);

void              adit_worker_proxy_set_find_api (AditWorkerProxy *self, AditWorkerFindApi find, AditWorkerFindApiFinish finish,
                                                  gpointer user_data);

/* What a service says of where it is besides is with the store then. */
typedef void      (*AditWorkerApiTold)      (gpointer user_data);
void              adit_worker_proxy_set_api_told (AditWorkerProxy *self, AditWorkerApiTold told, gpointer user_data);

/* One worker started ahead, while it is asked whether the caller may have what it is for. */
void              adit_worker_proxy_prepare (AditWorkerProxy *self);
void              adit_worker_proxy_dismiss (AditWorkerProxy *self);

/* Fills header, build id, service, API addresses, a resolver's name, list and trust of @request itself; the caller fills the
 * rest, and for %ADIT_WIRE_WANT_EXIT also the one address: the resolver's.  @request is wiped. */
void              adit_worker_proxy_ask_async  (AditWorkerProxy *self, const AditService *service, AditWireRequest *request,
                                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
const AditWorkerAnswer *adit_worker_proxy_ask_finish (AditWorkerProxy *self, GAsyncResult *result, GError **error);
AditWorkerAnswer *adit_worker_proxy_peek_words (GAsyncResult *result);
void              adit_worker_proxy_way_changed (AditWorkerProxy *self);

G_END_DECLS
