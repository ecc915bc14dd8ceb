/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-dialogs.h: what is asked before something is done with an imported configuration. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

void adit_profile_ask_login   (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile, gboolean connects);
void adit_profile_ask_name    (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile);
void adit_profile_ask_removal (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile);
void adit_profile_ask_copy    (GtkWindow *parent, AditMirror *mirror, const AditProfileRow *profile);

G_END_DECLS
