/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-frame.h: which part of the map is seen. */
#pragma once

#include "ui/outlines.h"

G_BEGIN_DECLS

typedef struct
{
  AditMapPoint centre;
  double       width;    /* of the world's, which is 1 */
} AditMapFrame;

AditMapFrame adit_map_frame_fit (const AditMapPoint *points, guint n_points, double aspect);
AditMapFrame adit_map_frame_mix (const AditMapFrame *from, const AditMapFrame *to, double share);
gboolean     adit_map_frame_equal (const AditMapFrame *a, const AditMapFrame *b);
AditMapPoint adit_map_frame_place (const AditMapFrame *self, const AditMapPoint *point, double width, double height);

G_END_DECLS
