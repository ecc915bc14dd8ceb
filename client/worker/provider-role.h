/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider-role.h: the parts of the role that asks adapters. */
#pragma once

#include "client/base/secret.h"
#include "client/provider/provider.h"
#include "client/worker/worker.h"

G_BEGIN_DECLS

#define ADIT_PROVIDER_NONCE_MAX_BYTES 37    /* a UUID and its end */

/* What the helper has lent, as an adapter takes it. */
typedef struct
{
  AditSecret         *credential, *token, *voucher, *captcha, *code;
  char                nonce[ADIT_PROVIDER_NONCE_MAX_BYTES];
  AditProviderRequest wanted;
} AditProviderLoan;

void     adit_provider_loan_take     (AditProviderLoan *loan, const AditWireRequest *request, AditProviderWant want);
void     adit_provider_loan_clear    (AditProviderLoan *loan);
guint64  adit_provider_draw          (gpointer user_data);

/* provider-task.c */
gboolean adit_provider_run           (AditWorker *worker, const AditProviderOps *ops, const AditProviderRequest *wanted,
                                      AditProviderTask **done, GError **error);

/* provider-account.c */
gboolean adit_provider_serve_account (AditWorker *worker, const AditProviderOps *ops, AditProviderWant want, AditWireOp last,
                                      GError **error);

/* provider-servers.c */
gboolean adit_provider_serve_list    (AditWorker *worker, const AditProviderOps *ops, GError **error);
gboolean adit_provider_serve_choose  (AditWorker *worker, const AditProviderOps *ops, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditProviderLoan, adit_provider_loan_clear)

G_END_DECLS
