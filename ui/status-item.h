/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status-item.h: the state beside the clock, on desktops that have a place for it. */
#pragma once

#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_STATUS_ITEM (adit_status_item_get_type ())
G_DECLARE_FINAL_TYPE (AditStatusItem, adit_status_item, ADIT, STATUS_ITEM, GObject)

AditStatusItem *adit_status_item_new (GApplication *application, AditMirror *mirror);

G_END_DECLS
