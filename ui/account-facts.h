/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-facts.h: what is known of one account. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_ACCOUNT_FACTS (adit_account_facts_get_type ())
G_DECLARE_FINAL_TYPE (AditAccountFacts, adit_account_facts, ADIT, ACCOUNT_FACTS, AdwPreferencesGroup)

/* Signal "again": the person wants the service to be asked. */

void adit_account_facts_show     (AditAccountFacts *self, AditMirror *mirror, const AditAccountRow *account, gint64 now_s);
void adit_account_facts_set_busy (AditAccountFacts *self, gboolean busy);

G_END_DECLS
