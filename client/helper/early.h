/* SPDX-License-Identifier: GPL-2.0-or-later */
/* early.h: the lock between the network's start and the helper's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int adit_early_run (void);

G_END_DECLS
