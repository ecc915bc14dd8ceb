/* SPDX-License-Identifier: GPL-2.0-or-later */
/* private-world.h: namespaces, a /run and a user database of a test's own, so that nothing of the host is touched. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PRIVATE_WORLD_SKIP 77    /* what meson counts as skipped */

#define private_world_do(...) g_free (private_world_run (TRUE, __VA_ARGS__))

gboolean  private_world_enter      (void);
char     *private_world_run        (gboolean must_work, const char *format, ...) G_GNUC_PRINTF (2, 3);
char     *private_world_find_field (const char *text, const char *name);

G_END_DECLS
