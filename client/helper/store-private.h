/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store-private.h: what the files of the store share. */
#pragma once

#include "client/helper/store.h"

G_BEGIN_DECLS

#define ADIT_STORE_GROUP "adit"

struct _AditStore
{
  char     *settings_path, *wish_path, *lockdown_path, *boot_path, *cache, *overrides_path;
  AditAutoConnect auto_connect;    /* as it was loaded or saved last */
  GKeyFile *overrides;    /* (nullable) */
  GHashTable *found_api;  /* service's id to GArray of AditEndpoint: where its name leads */
  GHashTable *told_api;   /* service's id to GArray of AditEndpoint: where it says that it is besides; read when first asked */
  GHashTable *good_api;   /* service's id to AditEndpoint: where it was reached the last time */
};

GKeyFile *adit_store_load_file    (const char *path, gboolean *lost, GError **error);
gboolean  adit_store_save_file    (GKeyFile *file, const char *path, GError **error);
gboolean  adit_store_is_roots_own (const char *path);

G_END_DECLS
