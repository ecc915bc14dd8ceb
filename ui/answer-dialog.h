/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answer-dialog.h: what a server asks beside the password, in its own words. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

void adit_answer_ask (GtkWindow *parent, AditMirror *mirror);

G_END_DECLS
