/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-dump.h: all that the kernel holds of a table, to be compared with what it held before. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditNftDump AditNftDump;

AditNftDump *adit_nft_dump_new  (void);
void         adit_nft_dump_free (AditNftDump *self);
GBytes      *adit_nft_dump_read (AditNftDump *self, const char *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditNftDump, adit_nft_dump_free)

G_END_DECLS
