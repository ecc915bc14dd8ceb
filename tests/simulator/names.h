/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.h: where the lab's names lead. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct { const char *name, *alias, *address4, *address6; } KnownName;    /* without an alias: its addresses, or NULL */

const KnownName *names_find (const char *name);

G_END_DECLS
