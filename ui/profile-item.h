/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-item.h: an imported configuration among the places. */
#pragma once

#include "client/api/answer.h"

G_BEGIN_DECLS

#define ADIT_TYPE_PROFILE_ITEM (adit_profile_item_get_type ())
G_DECLARE_FINAL_TYPE (AditProfileItem, adit_profile_item, ADIT, PROFILE_ITEM, GObject)

AditProfileItem *adit_profile_item_new         (const AditProfileRow *row);
const char      *adit_profile_item_get_id      (AditProfileItem *self);
const char      *adit_profile_item_get_name    (AditProfileItem *self);
const char      *adit_profile_item_get_detail  (AditProfileItem *self);
gboolean         adit_profile_item_takes_login (AditProfileItem *self);
gboolean         adit_profile_item_matches     (AditProfileItem *self, const char *text);

G_END_DECLS
