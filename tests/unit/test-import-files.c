/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import-files.c: files in one piece, and pieces that are spoilt. */
#include "client/model/import-files.h"

#include <string.h>

#include "client/base/error.h"

static const AditImportFile files[] = {
  { "office.ovpn", (const guint8 *) "client\n", 7 }, { "ca.crt", (const guint8 *) "a\0b", 3 },
  { "B\xc3\xbcro.key", (const guint8 *) "x", 1 },
};

static guint
unpack (const guint8 *bytes, gsize length, AditImportFile *unpacked)
{
  g_autoptr (GBytes) piece = g_bytes_new (bytes, length);
  g_autoptr (GError) error = NULL;
  guint n = adit_import_files_unpack (piece, unpacked, &error);

  if (n == 0)
    g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
  else
    g_assert_no_error (error);
  return n;
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = adit_import_files_pack (files, 3, &error);
  AditImportFile unpacked[ADIT_IMPORT_MAX_FILES];

  g_assert_no_error (error);
  g_assert_cmpuint (adit_import_files_unpack (piece, unpacked, &error), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (unpacked[i].name, ==, files[i].name);
      g_assert_cmpmem (unpacked[i].bytes, unpacked[i].length, files[i].bytes, files[i].length);
    }
}

static void
test_spoilt (void)
{
  g_autoptr (GBytes) piece = adit_import_files_pack (files, 3, NULL);
  AditImportFile unpacked[ADIT_IMPORT_MAX_FILES];
  gsize length;
  g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));

  length = g_bytes_get_size (piece);
  for (gsize cut = 0; cut < length; cut++)
    g_assert_cmpuint (unpack (bytes, cut, unpacked), ==, 0);
  /* Whatever is in it, what comes out lies inside and has names. */
  for (gsize i = 0; i < length; i++)
    for (guint change = 1; change < 256; change++)
      {
        g_autoptr (GBytes) other = NULL;
        const guint8 *start;
        guint n;

        bytes[i] ^= change;
        other = g_bytes_new (bytes, length);
        bytes[i] ^= change;
        start = g_bytes_get_data (other, NULL);
        n = adit_import_files_unpack (other, unpacked, NULL);
        for (guint j = 0; j < n; j++)
          {
            g_assert_true (unpacked[j].bytes >= start && unpacked[j].bytes + unpacked[j].length <= start + length);
            g_assert_true (adit_import_name_is_valid (unpacked[j].name));
          }
      }
}

static void
test_names (void)
{
  static const char *const bad[] = { "", ".", "..", "a/b", "/etc/passwd", "a\\b", "a\nb", "\xff", "a\x1b[2J", "\xe2\x80\xae" };
  static const char *const fine[] = { "a", "a b.ovpn", "...", "\xc3\xa4", "-rf", "$(id)" };
  g_autofree char *longest = g_strnfill (ADIT_IMPORT_NAME_MAX_BYTES - 1, 'a');
  g_autofree char *longer = g_strnfill (ADIT_IMPORT_NAME_MAX_BYTES, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (adit_import_name_is_valid (bad[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_true (adit_import_name_is_valid (fine[i]));
  g_assert_true (adit_import_name_is_valid (longest));
  g_assert_false (adit_import_name_is_valid (longer));
}

static void
assert_refused (const AditImportFile *some, guint n)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (adit_import_files_pack (some, n, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
}

static void
test_bounds (void)
{
  g_autofree guint8 *much = g_malloc0 (ADIT_IMPORT_ARCHIVE_MAX_BYTES + 1);
  AditImportFile some[ADIT_IMPORT_MAX_FILES + 1];
  char names[ADIT_IMPORT_MAX_FILES + 1][8];
  g_autoptr (GBytes) most = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_snprintf (names[i], sizeof names[i], "%u", i);
      some[i] = (AditImportFile) { names[i], much, i == 0 ? ADIT_IMPORT_ARCHIVE_MAX_BYTES : 1 };
    }
  most = adit_import_files_pack (some, ADIT_IMPORT_MAX_FILES, NULL);
  g_assert_nonnull (most);
  assert_refused (some, 0);
  assert_refused (some, ADIT_IMPORT_MAX_FILES + 1);
  some[0].length++;
  assert_refused (some, 1);
  some[0].length = 1;
  some[1].length = ADIT_IMPORT_FILE_MAX_BYTES + 1;
  assert_refused (some, 2);
  some[1].length = 0;
  assert_refused (some, 2);
  some[1].length = 1;
  some[1].name = "0";
  assert_refused (some, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-files/good", test_good);
  g_test_add_func ("/import-files/spoilt", test_spoilt);
  g_test_add_func ("/import-files/names", test_names);
  g_test_add_func ("/import-files/bounds", test_bounds);
  return g_test_run ();
}
