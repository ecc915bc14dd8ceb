/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures.c: one small JSON file a row, in $ADIT_LEAK_DIR; tests/lab/leak-table reads them. */
#include "config.h"
#include "tests/lab/figures.h"

#include <jansson.h>

/**
 * adit_figures_write:
 * @self: of a row that has passed: one that saw anything with the protection on has failed and writes nothing
 *
 * A row without a second half would prove nothing, and fails here.
 */
void
adit_figures_write (const AditFigures *self)
{
  const char *folder = g_getenv ("ADIT_LEAK_DIR");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.json", folder, self->row) : NULL;
  json_t *object;

  g_assert_cmpuint (self->tried, >, 0);
  g_assert_cmpuint (self->control, >, 0);
  g_test_message ("%s: %u %s tried, none got through, %u did without protection", self->row, self->tried, self->kind,
                  self->control);
  if (folder == NULL || g_mkdir_with_parents (folder, 0755) != 0)
    return;
  object = json_pack ("{s:s, s:s, s:s, s:i, s:i, s:i}", "row", self->row, "title", self->title, "kind", self->kind, "tried",
                      (int) self->tried, "seen", 0, "seen_without_protection", (int) self->control);
  if (json_dump_file (object, path, JSON_COMPACT) != 0)
    g_error ("cannot write %s", path);
  json_decref (object);
}
