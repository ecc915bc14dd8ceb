/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-loan.h: what an account of the vault lends to a worker, and what is taken over from its answer. */
#pragma once

#include "client/core/tunnel-source.h"
#include "client/helper/vault.h"
#include "client/helper/worker-answer.h"

G_BEGIN_DECLS

void     adit_account_lend         (AditAccount *account, AditWireRequest *request, AditWireWant want);
void     adit_account_lend_for_key (AditAccount *account, AditWireRequest *request, AditSecret *new_key, gboolean is_connected);
void     adit_account_lend_to_list (AditAccount *account, AditWireRequest *request);
void     adit_account_take_key     (AditAccount *account, AditSecret *new_key, const AditWorkerAnswer *answer);
void     adit_account_wipe_key     (AditAccount *account);
gboolean adit_account_needs_key    (const AditAccount *account);
gboolean adit_account_take_answer  (AditAccount *account, const AditWorkerAnswer *answer);
gboolean adit_account_store_answer (AditVault *vault, AditAccount *account, const AditWorkerAnswer *answer, GError **error);
void     adit_account_keep_words   (AditVault *vault, AditAccount *account, const AditWorkerAnswer *words);

void             adit_account_fill_resolvers (AditResolvers *resolvers, const AditWireTunnel *tunnel);
AditTunnelOffer *adit_account_make_offer (AditAccount *account, const AditWorkerAnswer *answer, GError **error);

G_END_DECLS
