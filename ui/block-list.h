/* SPDX-License-Identifier: GPL-2.0-or-later */
/* block-list.h: a group with what the service's resolvers can leave out of their answers. */
#pragma once

#include <adwaita.h>
#include "ui/mirror.h"

G_BEGIN_DECLS

#define ADIT_TYPE_BLOCK_LIST (adit_block_list_get_type ())
G_DECLARE_FINAL_TYPE (AditBlockList, adit_block_list, ADIT, BLOCK_LIST, AdwPreferencesGroup)

void adit_block_list_set_mirror (AditBlockList *self, AditMirror *mirror);

G_END_DECLS
