/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debug-path.c: where what was split off from a program for debuggers is, by its number and never by a name. */
#include "client/report/debug-path.h"

#define LEAST_ID_BYTES 2                             /* the first names the folder */
#define DEBUG_FOLDER   "/usr/lib/debug/.build-id"    /* "Separate Debug Files" in gdb's manual */

/**
 * adit_debug_path_dup:
 * @build_id: of a program or library
 * @build_id_size: its size in bytes
 *
 * Returns: (transfer full) (nullable): where distributions put what they split off from it; %NULL for an id that is too short
 */
char *
adit_debug_path_dup (const guint8 *build_id, gsize build_id_size)
{
  g_autoptr (GString) path = g_string_new (DEBUG_FOLDER "/");

  if (build_id_size < LEAST_ID_BYTES)
    return NULL;
  for (gsize i = 0; i < build_id_size; i++)
    g_string_append_printf (path, "%02x%s", build_id[i], i == 0 ? "/" : "");
  g_string_append (path, ".debug");
  return g_string_free (g_steal_pointer (&path), FALSE);
}
