/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kept-names.h: where the computers were that people's files give by name, for when nobody can be asked. */
#pragma once

#include "client/base/error.h"
#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_KEPT_NAMES_MAX       64    /* hosts; the one that was asked for longest ago goes */
#define ADIT_KEPT_NAMES_MAX_WEEKS 13    /* after a quarter of a year an address is likely somebody else's */
#define ADIT_NAME_MAX_ADDRESSES   4     /* of one host, in one answer */
#define ADIT_KEPT_NAMES_MAX_USERS 8     /* profiles that have asked for one host; the one that came first goes */

typedef struct _AditKeptNames AditKeptNames;

AditKeptNames *adit_kept_names_open   (const char *path);
void           adit_kept_names_free   (AditKeptNames *self);
guint          adit_kept_names_find   (AditKeptNames *self, const char *host, AditFamily family, gint64 now_s,
                                       AditAddress *addresses);
gboolean       adit_kept_names_use    (AditKeptNames *self, const char *host, const char *profile, GError **error);
gboolean       adit_kept_names_put    (AditKeptNames *self, const char *host, const char *profile, AditFamily family,
                                       gint64 now_s, const AditAddress *addresses, guint n_addresses, GError **error);
gboolean       adit_kept_names_forget (AditKeptNames *self, const char *profile, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditKeptNames, adit_kept_names_free)

G_END_DECLS
