/* SPDX-License-Identifier: GPL-2.0-or-later */
/* distance.h: where on the globe something is, and how far it is from there to elsewhere. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Millionths of a degree, as a server list has them. */
typedef struct { gint32 latitude_e6, longitude_e6; } AditPosition;

gboolean adit_position_is_valid   (const AditPosition *self);
gboolean adit_position_parse      (const char *text, AditPosition *self);
gboolean adit_position_parse_zone (const char *text, AditPosition *self);
char    *adit_position_dup_text   (const AditPosition *self);
guint32  adit_position_measure_m  (const AditPosition *self, const AditPosition *other);

G_END_DECLS
