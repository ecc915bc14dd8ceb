/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-form.h: which service, and what it knows the person by. */
#pragma once

#include <adwaita.h>
#include "client/base/secret.h"
#include "client/model/service.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SIGN_IN_FORM (adit_sign_in_form_get_type ())
G_DECLARE_FINAL_TYPE (AditSignInForm, adit_sign_in_form, ADIT, SIGN_IN_FORM, AdwBin)

/* Signal "sign-in": the person wants it, and all that it takes is there.
 * Signal "create": they want a new account.
 * Signal "scan": they have a picture of its number. */

const AditService *adit_sign_in_form_get_service    (AditSignInForm *self);
void               adit_sign_in_form_choose         (AditSignInForm *self, const char *service);
void               adit_sign_in_form_fill           (AditSignInForm *self, const char *number);
AditSecret        *adit_sign_in_form_dup_credential (AditSignInForm *self);
void               adit_sign_in_form_set_state      (AditSignInForm *self, gboolean here, gboolean busy);
void               adit_sign_in_form_show_problem   (AditSignInForm *self, const GError *error);
void               adit_sign_in_form_clear          (AditSignInForm *self);

G_END_DECLS
