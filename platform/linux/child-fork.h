/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child-fork.h: a child that takes along what it needs, and nothing of what its parent knows. */
#pragma once

#include "platform/linux/child.h"

G_BEGIN_DECLS

int  adit_child_fork           (const AditChild *child);
void adit_child_share_the_heap (gboolean         shared);

G_END_DECLS
