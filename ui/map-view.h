/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-view.h: the world, and where the way through it enters and leaves; beside it there are words that say the same. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_MAP_VIEW (adit_map_view_get_type ())
G_DECLARE_FINAL_TYPE (AditMapView, adit_map_view, ADIT, MAP_VIEW, GtkWidget)

void adit_map_view_set_mirror (AditMapView *self, AditMirror *mirror);

G_END_DECLS
