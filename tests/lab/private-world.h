/* SPDX-License-Identifier: GPL-2.0-or-later */
/* private-world.h: namespaces, a /run and a user database of a test's own, so that nothing of the host is touched. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PRIVATE_WORLD_SKIP 77    /* what meson counts as skipped */

gboolean  private_world_enter      (void);
char     *private_world_find_field (const char *text, const char *name);

G_END_DECLS
