/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-in-asker.h: what a service asks before it lets somebody in: a picture, a code, or a page in the browser. */
#pragma once

#include <adwaita.h>
#include "client/api/account-answer.h"
#include "client/base/secret.h"
#include "client/model/service.h"

G_BEGIN_DECLS

#define ADIT_TYPE_SIGN_IN_ASKER (adit_sign_in_asker_get_type ())
G_DECLARE_FINAL_TYPE (AditSignInAsker, adit_sign_in_asker, ADIT, SIGN_IN_ASKER, AdwBin)

/* Signal "answer": the person has typed one.
 * Signal "again": they want another picture.
 * Signal "cancel": they do not want to sign in any more. */

void        adit_sign_in_asker_ask          (AditSignInAsker *self, const AditSignInQuestion *question,
                                             const AditService *service);
void        adit_sign_in_asker_open         (AditSignInAsker *self);
AditSecret *adit_sign_in_asker_dup_answer   (AditSignInAsker *self);
void        adit_sign_in_asker_set_busy     (AditSignInAsker *self, gboolean busy);
void        adit_sign_in_asker_show_problem (AditSignInAsker *self, const char *text);

G_END_DECLS
