/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-server-dialog.h: asks where this person's reports go. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

void adit_report_server_ask (GtkWindow *parent, AditMirror *mirror);

G_END_DECLS
