/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.h: the helper's files that hold no secret: settings, the last wish, the server lists, the administrator's overrides. */
#pragma once

#include <gio/gio.h>
#include "client/model/service.h"
#include "client/model/settings.h"

G_BEGIN_DECLS

typedef struct _AditStore AditStore;

/* Directories; each exists already, or is made. */
typedef struct
{
  const char *state;            /* "/var/lib/adit" */
  const char *cache;            /* "/var/cache/adit" */
  const char *configuration;    /* "/etc/adit" */
} AditStorePaths;

AditStore *adit_store_open  (const AditStorePaths *paths, GError **error);
void       adit_store_close (AditStore *self);

gboolean adit_store_has_settings  (AditStore *self);
gboolean adit_store_load_settings (AditStore *self, AditSettings *settings, gboolean *lost, GError **error);
gboolean adit_store_save_settings (AditStore *self, const AditSettings *settings, GError **error);
gboolean adit_store_has_wish      (AditStore *self);
gboolean adit_store_load_wish     (AditStore *self, AditWish *wish, gboolean *lost, GError **error);
gboolean adit_store_load_last     (AditStore *self, AditWish *wish);
void     adit_store_forget_last   (AditStore *self, const char *account, const AditWish *wish);
gboolean adit_store_save_wish     (AditStore *self, const AditWish *wish, GError **error);
gboolean adit_store_save_trial    (AditStore *self, const AditWish *wish, GError **error);

int      adit_store_open_list (AditStore *self, const AditService *service);
gboolean adit_store_save_list (AditStore *self, const AditService *service, int fd, gsize size_bytes, GError **error);

guint    adit_store_get_api   (AditStore *self, const AditService *service, AditEndpoint *api, guint max_api);
void     adit_store_set_found_api (AditStore *self, const AditService *service, const AditAddress *addresses, guint n_addresses);
gboolean adit_store_set_told_api (AditStore *self, const AditService *service, const AditEndpoint *api, guint n_api);
void     adit_store_prefer_api (AditStore *self, const AditService *service, const AditEndpoint *endpoint);
gboolean adit_store_has_own_api (AditStore *self, const AditService *service);
int      adit_store_open_trust (AditStore *self, const AditService *service, gboolean *is_replaced, GError **error);
int      adit_store_open_openvpn_trust (AditStore *self, const AditService *service, GError **error);
gboolean adit_store_is_overridden (AditStore *self, const AditService *service);

const AditService *adit_store_get_resolver     (AditStore *self, guint position);
char              *adit_store_dup_api_host     (AditStore *self, const AditService *service);
guint              adit_store_get_all_api      (AditStore *self, AditEndpoint *api, guint max_api);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditStore, adit_store_close)

G_END_DECLS
