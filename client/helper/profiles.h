/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profiles.h: what people have imported: of each a text that is stored and lent unread, and the facts that are told of it. */
#pragma once

#include <gio/gio.h>
#include "client/model/profile-facts.h"
#include "client/model/settings.h"

G_BEGIN_DECLS

#define ADIT_MAX_PROFILES     512    /* of all people; an archive has 128 */
#define ADIT_MAX_PROFILES_OWN 256    /* of one of them, so that the others have room */

typedef struct
{
  char             id[ADIT_ACCOUNT_ID_MAX_BYTES];    /* a random UUID of this computer; says nothing outside it */
  guint32          owner_uid;
  gint64           imported_at_s;    /* UTC */
  gsize            text_bytes;
  AditProfileFacts facts;
} AditProfile;

typedef struct _AditProfiles AditProfiles;

AditProfiles *adit_profiles_open   (const char *directory, GError **error);
void          adit_profiles_close  (AditProfiles *self);
GPtrArray    *adit_profiles_get_all (AditProfiles *self);    /* of AditProfile, borrowed */
AditProfile  *adit_profiles_find   (AditProfiles *self, const char *id);
AditProfile  *adit_profiles_find_named (AditProfiles *self, guint32 uid, const char *name);
AditProfile  *adit_profiles_add    (AditProfiles *self, guint32 owner_uid, const AditProfileFacts *facts, const void *text,
                                    gsize length, GError **error);
gboolean      adit_profiles_rename (AditProfiles *self, AditProfile *profile, const char *name, GError **error);
gboolean      adit_profiles_remove (AditProfiles *self, AditProfile *profile, GError **error);
char         *adit_profiles_dup_login_path (AditProfiles *self, const AditProfile *profile);
int           adit_profiles_lend   (AditProfiles *self, const AditProfile *profile, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditProfiles, adit_profiles_close)

G_END_DECLS
