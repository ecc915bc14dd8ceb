/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture.h: how well a text in a picture stands out from what is behind it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditPicture AditPicture;

AditPicture *adit_picture_read (const char *path);
void         adit_picture_free (AditPicture *self);
double       adit_picture_measure_contrast (AditPicture *self, int x, int y, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditPicture, adit_picture_free)

G_END_DECLS
