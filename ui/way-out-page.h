/* SPDX-License-Identifier: GPL-2.0-or-later */
/* way-out-page.h: the lock is on and the helper is dead: why nothing leaves this computer, and how it does again. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_WAY_OUT_PAGE (adit_way_out_page_get_type ())
G_DECLARE_FINAL_TYPE (AditWayOutPage, adit_way_out_page, ADIT, WAY_OUT_PAGE, AdwBin)

void adit_way_out_page_show       (AditWayOutPage *self, AditLockTrace trace, const GError *absence);
void adit_way_out_page_take_focus (AditWayOutPage *self);

G_END_DECLS
