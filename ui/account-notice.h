/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-notice.h: what is wrong with an account, with its way out. */
#pragma once

#include "client/api/answer.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_ACCOUNT_NOTICE (adit_account_notice_get_type ())
G_DECLARE_FINAL_TYPE (AditAccountNotice, adit_account_notice, ADIT, ACCOUNT_NOTICE, AdwBin)

/* Signal "sign-in": the way out is to sign out and in again.
 * Signal "add-time": it is the service's site.
 * Signal "again": it is to ask the service again. */

void adit_account_notice_show (AditAccountNotice *self, const AditAccountRow *account, const GError *error, gint64 now_s);

G_END_DECLS
