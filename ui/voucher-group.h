/* SPDX-License-Identifier: GPL-2.0-or-later */
/* voucher-group.h: a voucher for an account, and what the service said to it. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_VOUCHER_GROUP (adit_voucher_group_get_type ())
G_DECLARE_FINAL_TYPE (AditVoucherGroup, adit_voucher_group, ADIT, VOUCHER_GROUP, AdwPreferencesGroup)

/* Signal "added": the account has more time. */

void adit_voucher_group_set_account (AditVoucherGroup *self, AditMirror *mirror, const AditAccountRow *account);

G_END_DECLS
