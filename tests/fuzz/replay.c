/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay.c: stands in for libFuzzer where it is not built in:
 * gives every file of the folders on the command line to the target. */
#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GDir) directory = g_dir_open (argv[i], 0, NULL);
      const char *name;

      while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
        {
          g_autofree char *path = g_build_filename (argv[i], name, NULL), *data = NULL;
          g_autoptr (GError) error = NULL;
          gsize size;

          if (!g_file_get_contents (path, &data, &size, &error))
            g_error ("%s", error->message);
          LLVMFuzzerTestOneInput ((const guint8 *) data, size);
          n++;
        }
    }
  g_print ("%u seeds replayed\n", n);
  return n > 0 ? 0 : 1;
}
