/* SPDX-License-Identifier: GPL-2.0-or-later */
/* canary.h: secrets that are looked for in everything that was written, in every spelling in which they could have got there. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditCanaries AditCanaries;

AditCanaries *adit_canaries_new      (void);
void          adit_canaries_free     (AditCanaries *self);
void          adit_canaries_add_text (AditCanaries *self, const char *name, const char *text);
void          adit_canaries_add_key  (AditCanaries *self, const char *name, const guint8 *bytes, gsize length);
guint         adit_canaries_count    (AditCanaries *self);
const char   *adit_canaries_get      (AditCanaries *self, guint i, gconstpointer *bytes, gsize *length);
const char   *adit_canaries_find     (AditCanaries *self, const void *bytes, gsize length);

G_END_DECLS
