/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-words.h: what is known of an account and its devices, as a person reads it. */
#pragma once

#include "client/api/account-answer.h"
#include "client/api/answer.h"
#include "client/model/service.h"

G_BEGIN_DECLS

gboolean adit_account_words_is_over    (const AditAccountRow *account, gint64 now_s);
char    *adit_account_words_dup_day    (gint64 time_s);
char    *adit_account_words_dup_time   (const AditAccountRow *account, gint64 now_s);
char    *adit_account_words_dup_until  (const AditAccountRow *account, gint64 now_s);
char    *adit_account_words_dup_key    (const AditAccountRow *account);
char    *adit_account_words_dup_key_problem (const AditAccountRow *account);
char    *adit_account_words_dup_number (const AditService *service, const char *number);
char    *adit_account_words_dup_device (const AditDeviceRow *device);
char    *adit_account_words_dup_count  (guint n_devices, guint limit, gboolean is_full);
char    *adit_account_words_dup_problem (const AditService *service, const GError *error);
char    *adit_account_words_dup_voucher_problem (const GError *error);

G_END_DECLS
