/* SPDX-License-Identifier: GPL-2.0-or-later */
/* new-number.h: an account that has just been made, which is its number and nothing else. */
#pragma once

#include <adwaita.h>
#include "client/base/secret.h"
#include "client/model/service.h"

G_BEGIN_DECLS

#define ADIT_TYPE_NEW_NUMBER (adit_new_number_get_type ())
G_DECLARE_FINAL_TYPE (AditNewNumber, adit_new_number, ADIT, NEW_NUMBER, AdwBin)

/* Signal "use": the person wants to sign in with it.
 * Signal "cancel": they do not. */

void        adit_new_number_tell  (AditNewNumber *self, const AditService *service, AditSecret *number);
const char *adit_new_number_get   (AditNewNumber *self);
void        adit_new_number_clear (AditNewNumber *self);

G_END_DECLS
