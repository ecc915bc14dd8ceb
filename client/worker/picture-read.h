/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture-read.h: what the QR code in somebody's picture says. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_PICTURE_MODULE ADIT_LIBEXECDIR "/adit-picture.so"    /* apart, since nobody else needs its libraries */

char *adit_picture_read (const guint8 *bytes, gsize length);

typedef char *(*AditPictureRead) (const guint8 *bytes, gsize length);

G_END_DECLS
