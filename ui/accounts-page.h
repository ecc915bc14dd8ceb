/* SPDX-License-Identifier: GPL-2.0-or-later */
/* accounts-page.h: this person's accounts, and all about the current one. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_ACCOUNTS_PAGE (adit_accounts_page_get_type ())
G_DECLARE_FINAL_TYPE (AditAccountsPage, adit_accounts_page, ADIT, ACCOUNTS_PAGE, AdwBin)

void adit_accounts_page_set_mirror (AditAccountsPage *self, AditMirror *mirror);

G_END_DECLS
