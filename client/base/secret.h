/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secret.h: bytes that must not be printed, swapped out, dumped or left behind. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditSecret AditSecret;

AditSecret   *adit_secret_new      (const void *bytes, gsize length);
AditSecret   *adit_secret_ref      (AditSecret *self);
void          adit_secret_unref    (AditSecret *self);
const guint8 *adit_secret_peek     (AditSecret *self, gsize *length);
gsize         adit_secret_get_size (AditSecret *self);
gboolean      adit_secret_equal    (AditSecret *a, AditSecret *b);
void          adit_secret_copy_to  (AditSecret *self, void *field, gsize size_bytes);
const char   *adit_secret_describe (AditSecret *self);
void          adit_wipe            (void *bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSecret, adit_secret_unref)

G_END_DECLS
