/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols.h: from a place in a file to the names that its developer gave it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char  *function;    /* NULL where nobody knows */
  char  *file;        /* as the compiler was told; NULL the same */
  guint  line;        /* 0 the same */
} AditSymbol;

typedef struct _AditSymbols AditSymbols;

gboolean     adit_symbols_init         (void);
AditSymbols *adit_symbols_open         (int module_fd, int debug_fd, const guint8 *build_id, gsize build_id_size, GError **error);
void         adit_symbols_free         (AditSymbols *self);
gboolean     adit_symbols_find         (AditSymbols *self, guint64 offset, AditSymbol *symbol);
void         adit_symbol_clear         (AditSymbol *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSymbols, adit_symbols_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditSymbol, adit_symbol_clear)

G_END_DECLS
