/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shot.h: what is on the screen at one moment. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditShot AditShot;

AditShot *adit_shot_take          (const char *memory, guint width, guint height);
void      adit_shot_free          (AditShot *self);
gboolean  adit_shot_equal         (const AditShot *one, const AditShot *other);
gboolean  adit_shot_equal_in      (const AditShot *one, const AditShot *other, guint x, guint y, guint width, guint height);
void      adit_shot_feed          (const AditShot *self, guint x, guint y, guint width, guint height, GChecksum *checksum);
guint     adit_shot_count_colours (const AditShot *self);
void      adit_shot_save          (const AditShot *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditShot, adit_shot_free)

G_END_DECLS
