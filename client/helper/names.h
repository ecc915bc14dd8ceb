/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.h: the address of a computer that somebody's file gives by name; never asked of the system's own resolver. */
#pragma once

#include "client/helper/kept-names.h"
#include "client/helper/worker-proxy.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NAMES (adit_names_get_type ())
G_DECLARE_FINAL_TYPE (AditNames, adit_names, ADIT, NAMES, GObject)

typedef struct
{
  AditAddress addresses[ADIT_NAME_MAX_ADDRESSES];    /* public; IPv4 first */
  guint       n_addresses;                           /* at least one */
  gboolean    is_kept;                               /* from an earlier time, since nobody can be asked */
} AditNamesAnswer;

AditNames *adit_names_new         (const char *path, AditStore *store, AditWorkerProxy *proxy);
void       adit_names_find_async  (AditNames *self, const char *host, const char *profile, AditFamily family,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   adit_names_find_finish (AditNames *self, GAsyncResult *result, AditNamesAnswer *answer, GError **error);
gboolean   adit_names_forget      (AditNames *self, const char *profile, GError **error);

G_END_DECLS
