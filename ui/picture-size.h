/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-size.h: how large a stranger's picture says to be, before anything decodes it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_picture_size_read    (const guint8 *bytes, gsize length, guint32 *width, guint32 *height);
gboolean adit_picture_size_is_fine (const guint8 *bytes, gsize length);

G_END_DECLS
