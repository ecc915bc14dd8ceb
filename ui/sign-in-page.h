/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-page.h: which service, which account. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SIGN_IN_PAGE (adit_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (AditSignInPage, adit_sign_in_page, ADIT, SIGN_IN_PAGE, AdwBin)

void adit_sign_in_page_set_mirror (AditSignInPage *self, AditMirror *mirror);

G_END_DECLS
