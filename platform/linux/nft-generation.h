/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nft-generation.h: how often anyone has changed firewall rules in this network namespace. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AditNftGeneration AditNftGeneration;

AditNftGeneration *adit_nft_generation_new            (void);
void               adit_nft_generation_free           (AditNftGeneration *self);
guint32            adit_nft_generation_read           (AditNftGeneration *self);
gboolean           adit_nft_generation_lacks_nftables (AditNftGeneration *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditNftGeneration, adit_nft_generation_free)

G_END_DECLS
