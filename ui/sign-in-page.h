/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-page.h: from a service and what it knows a person by to an account that is signed in. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define ADIT_TYPE_SIGN_IN_PAGE (adit_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (AditSignInPage, adit_sign_in_page, ADIT, SIGN_IN_PAGE, AdwBin)

/* Signal "done": the person is signed in. */

void adit_sign_in_page_set_mirror (AditSignInPage *self, AditMirror *mirror);
void adit_sign_in_page_choose     (AditSignInPage *self, const char *service);
void adit_sign_in_page_give_up    (AditSignInPage *self);

G_END_DECLS
