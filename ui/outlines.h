/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outlines.h: where land is on the globe and where its countries are, as data/map/make-map has written it. */
#pragma once

#include <glib.h>
#include "client/model/distance.h"

G_BEGIN_DECLS

/* Of the width of a map of the whole world: x from the 180th meridian to the east, y to the south, where 0.5 is the equator. */
typedef struct { double x, y; } AditMapPoint;

typedef struct
{
  guint        first, n_points;    /* of the points; the last one leads back to the first */
  AditMapPoint least, most;        /* the box around them; it may lie partly beyond 1, where the map begins again */
} AditOutline;

typedef struct _AditOutlines AditOutlines;

AditOutlines *adit_outlines_new  (GBytes *bytes, GError **error);
void          adit_outlines_free (AditOutlines *self);

const AditOutline  *adit_outlines_get        (AditOutlines *self, guint *n_outlines);
const AditMapPoint *adit_outlines_get_points (AditOutlines *self);
gboolean adit_outlines_find_country (AditOutlines *self, const char *code, AditPosition *position);

AditMapPoint adit_map_project (const AditPosition *position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditOutlines, adit_outlines_free)

G_END_DECLS
