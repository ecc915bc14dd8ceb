/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-symbols.c: a library whole, stripped, and stripped with what was split off beside it; and files that are not what they
 * are said to be. */
#include "client/report/debug-path.h"
#include "client/report/symbols.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/report/modules.h"

#define LINE_CALLED 14    /* of symbols-sample.c */

typedef struct { char *folder, *whole, *bare, *debug; guint8 id[20]; gsize id_size; guint64 called; } Fixture;

static void
run (const char *program, const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_strv_builder_add (builder, program);
  g_strv_builder_addv (builder, (const char **) arguments);
  all = g_strv_builder_end (builder);
  g_spawn_sync (NULL, all, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const AditModule *module;
  void *library;
  gsize address;

  f->folder = g_dir_make_tmp ("symbols-XXXXXX", NULL);
  f->whole = g_strdup (g_getenv ("ADIT_SYMBOLS_SAMPLE"));
  f->bare = g_build_filename (f->folder, "bare.so", NULL);
  f->debug = g_build_filename (f->folder, "sample.debug", NULL);
  run ("objcopy", (const char *const []) { "--only-keep-debug", f->whole, f->debug, NULL });
  run ("objcopy", (const char *const []) { "--strip-all", f->whole, f->bare, NULL });
  library = dlopen (f->whole, RTLD_NOW);
  g_assert_nonnull (library);
  address = (gsize) dlsym (library, "symbols_sample_called");
  adit_modules_refresh ();
  module = adit_modules_find (address);
  g_assert_nonnull (module);
  f->called = address - module->bias;
  f->id_size = module->as_noted.build_id_size;
  memcpy (f->id, module->as_noted.build_id, f->id_size);
  dlclose (library);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->bare);
  g_unlink (f->debug);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->whole);
  g_free (f->bare);
  g_free (f->debug);
}

static int
open_it (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* Which of the two functions it is at so many bytes from the first one's beginning, and the other wherever it lies. */
static void
ask (Fixture *f, const char *path, const char *debug, gboolean has_names, gboolean has_lines)
{
  int fd = open_it (path), debug_fd = debug != NULL ? open_it (debug) : -1;
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSymbols) symbols = adit_symbols_open (fd, debug_fd, f->id, f->id_size, &error);
  gboolean saw_hidden = FALSE;

  g_assert_no_error (error);
  for (guint64 offset = f->called - MIN (f->called, 64); offset < f->called + 64; offset++)
    {
      g_auto (AditSymbol) symbol = { NULL };

      if (!adit_symbols_find (symbols, offset, &symbol))
        continue;
      if (g_strcmp0 (symbol.function, "symbols_sample_hidden") == 0)
        saw_hidden = TRUE;
      if (offset != f->called)
        continue;
      g_assert_cmpstr (symbol.function, ==, "symbols_sample_called");
      g_assert_cmpint (symbol.file != NULL && g_str_has_suffix (symbol.file, "symbols-sample.c"), ==, has_lines);
      g_assert_cmpuint (symbol.line, ==, has_lines ? LINE_CALLED : 0);
    }
  g_assert_cmpint (saw_hidden, ==, has_names);
  {
    g_auto (AditSymbol) symbol = { NULL };

    g_assert_false (adit_symbols_find (symbols, G_MAXUINT64, &symbol));
    g_assert_false (adit_symbols_find (symbols, 0, &symbol));
  }
  g_clear_pointer (&symbols, adit_symbols_free);
  close (fd);
  if (debug_fd >= 0)
    close (debug_fd);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  ask (f, f->whole, NULL, TRUE, TRUE);
}

static void
test_bare (Fixture *f, gconstpointer data)
{
  ask (f, f->bare, NULL, FALSE, FALSE);
}

static void
test_split (Fixture *f, gconstpointer data)
{
  ask (f, f->bare, f->debug, TRUE, TRUE);
}

static void
refuse (Fixture *f, const char *path, const char *debug)
{
  int fd = open_it (path), debug_fd = debug != NULL ? open_it (debug) : -1;
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_symbols_open (fd, debug_fd, f->id, f->id_size, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  close (fd);
  if (debug_fd >= 0)
    close (debug_fd);
}

static void
test_others (Fixture *f, gconstpointer data)
{
  refuse (f, "/proc/self/exe", NULL);
  refuse (f, "/dev/null", NULL);
  refuse (f, "/proc/version", NULL);
  refuse (f, f->bare, "/proc/self/exe");
  f->id[3] ^= 1;
  refuse (f, f->whole, NULL);
}

/* Cut anywhere and changed anywhere: an answer or none, and nothing worse. */
static void
test_broken (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL, *path = g_build_filename (f->folder, "broken.so", NULL);
  gsize size;
  GRand *chance = g_rand_new_with_seed (7);

  g_assert_true (g_file_get_contents (f->whole, &bytes, &size, NULL));
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *broken = g_memdup2 (bytes, size);
      g_autoptr (AditSymbols) symbols = NULL;
      gssize left;
      int fd;

      for (guint j = 0; j < 8; j++)
        broken[g_rand_int_range (chance, 64, (gint32) size)] ^= (char) g_rand_int_range (chance, 1, 256);
      left = i % 4 == 0 ? g_rand_int_range (chance, 0, (gint32) size) : (gssize) size;
      g_assert_true (g_file_set_contents (path, broken, left, NULL));
      fd = open_it (path);
      symbols = adit_symbols_open (fd, -1, f->id, f->id_size, NULL);
      for (guint64 offset = f->called - 40; symbols != NULL && offset < f->called + 40; offset += 8)
        {
          g_auto (AditSymbol) symbol = { NULL };

          adit_symbols_find (symbols, offset, &symbol);
        }
      g_clear_pointer (&symbols, adit_symbols_free);
      close (fd);
    }
  g_rand_free (chance);
  g_unlink (path);
}

static void
test_path (void)
{
  static const guint8 id[] = { 0xab, 0x01, 0xff };
  g_autofree char *path = adit_debug_path_dup (id, sizeof id);

  g_assert_cmpstr (path, ==, "/usr/lib/debug/.build-id/ab/01ff.debug");
  g_assert_null (adit_debug_path_dup (id, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/symbols/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/symbols/bare", Fixture, NULL, set_up, test_bare, tear_down);
  g_test_add ("/symbols/split", Fixture, NULL, set_up, test_split, tear_down);
  g_test_add ("/symbols/others", Fixture, NULL, set_up, test_others, tear_down);
  g_test_add ("/symbols/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add_func ("/symbols/path", test_path);
  return g_test_run ();
}
