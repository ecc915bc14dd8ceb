/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-out-dialog.h: an account leaves this computer, if the person says so. */
#pragma once

#include "ui/mirror.h"

#include <adwaita.h>

G_BEGIN_DECLS

void adit_sign_out_ask (GtkWindow *parent, AditMirror *mirror, const AditAccountRow *account);

G_END_DECLS
