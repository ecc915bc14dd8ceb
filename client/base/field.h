/* SPDX-License-Identifier: GPL-2.0-or-later */
/* field.h: fields of fixed size in forms that others fill in, where nothing may hide in what is not used. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean adit_field_is_zero       (const void *field, gsize size_bytes);
gboolean adit_field_is_terminated (const char *field, gsize size_bytes);

G_END_DECLS
