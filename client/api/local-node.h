/* SPDX-License-Identifier: GPL-2.0-or-later */
/* local-node.h: whether a node of the Mysterium network runs on this computer.  It is only named: nothing is asked of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ADIT_PROC "/proc"

char *adit_local_node_describe (const char *proc);

G_END_DECLS
