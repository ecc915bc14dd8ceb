/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-list.h: this person's accounts side by side, one of which is the current one. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_ACCOUNT_LIST (adit_account_list_get_type ())
G_DECLARE_FINAL_TYPE (AditAccountList, adit_account_list, ADIT, ACCOUNT_LIST, AdwPreferencesGroup)

void adit_account_list_set_mirror (AditAccountList *self, AditMirror *mirror);

G_END_DECLS
