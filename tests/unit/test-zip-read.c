/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-zip-read.c: archives as tools write them, and archives that two readers would read in two ways. */
#include "client/worker/zip-read.h"

#include <string.h>
#include <sys/stat.h>

#include "client/model/import-files.h"
#include "client/model/import-report.h"
#include "tests/unit/zip-sample.h"

#define LINES "a line of a file that can be packed\na line of a file that can be packed\n"

static GPtrArray *
read_array (const GByteArray *archive)
{
  const char *sentence;
  g_autofree guint8 *copy = g_memdup2 (archive->data, archive->len);    /* so that a read beyond it is seen */
  GPtrArray *entries = adit_zip_read (copy, archive->len, &sentence);

  if (entries == NULL)
    {
      g_test_message ("%s", sentence);
      g_assert_cmpstr (sentence, !=, NULL);
    }
  return entries;
}

static const ZipSampleFile good[] = {
  { "stored.conf", LINES, FALSE, 0, 0 }, { "se/packed.conf", LINES, TRUE, 0, S_IFREG | 0644 },
  { "no/packed.conf", "x", TRUE, 0, S_IFREG | 0644 }, { "se/", "", FALSE, 0, S_IFDIR | 0755 },
  { "link.conf", "/etc/passwd", FALSE, 0, S_IFLNK | 0777 }, { "../up.conf", LINES, TRUE, 0, 0 },
  { "/root.conf", LINES, TRUE, 0, 0 },
  { "empty.conf", "", FALSE, 0, 0 }, { "a\nb.conf", "x", FALSE, 0, 0 }, { "a\\b.conf", "x", FALSE, 0, 0 },
  { "with/\xff.conf", "x", FALSE, 0, 0 }, { "utf8/\xc3\xa4.conf", "x", FALSE, 1 << 11, 0 },
};

static void
test_good (void)
{
  static const struct { const char *folder, *name, *text; } expected[] = {
    { "", "stored.conf", LINES }, { "se", "packed.conf", LINES }, { "no", "packed.conf", "x" }, { "", "link.conf", NULL },
    { "..", "up.conf", LINES },
    { "", "root.conf", LINES }, { "", "empty.conf", NULL }, { "", "a\xef\xbf\xbd" "b.conf", "x" },
    { "a", "b.conf", "x" }, { "with", "\xef\xbf\xbd.conf", "x" }, { "utf8", "\xc3\xa4.conf", "x" },
  };
  g_autoptr (GByteArray) archive = zip_sample_make (good, G_N_ELEMENTS (good));
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_true (adit_zip_is_one (archive->data, archive->len));
  entries = read_array (archive);
  g_assert_nonnull (entries);
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < entries->len; i++)
    {
      const AditZipEntry *entry = entries->pdata[i];

      g_assert_cmpstr (entry->folder, ==, expected[i].folder);
      g_assert_cmpstr (entry->name, ==, expected[i].name);
      if (expected[i].text == NULL)
        g_assert_null (entry->bytes);
      else
        g_assert_cmpmem (entry->bytes, entry->length, expected[i].text, strlen (expected[i].text));
    }
}

/* Cut anywhere, it is none; with any byte changed it is none, or the files are as they were. */
static void
test_spoilt (void)
{
  g_autoptr (GByteArray) archive = zip_sample_make (good, 3);
  guint n_read = 0;

  for (guint length = 0; length < archive->len; length++)
    {
      GByteArray cut = { archive->data, length };

      g_assert_null (read_array (&cut));
    }
  for (guint i = 0; i < archive->len; i++)
    for (guint change = 1; change < 256; change += 7)
      {
        g_autoptr (GPtrArray) entries = NULL;

        archive->data[i] ^= change;
        entries = read_array (archive);
        archive->data[i] ^= change;
        for (guint j = 0; entries != NULL && j < entries->len; j++)
          {
            const AditZipEntry *entry = entries->pdata[j];

            g_assert_true (entry->bytes == NULL ||
                           (entry->length == strlen (LINES) && memcmp (entry->bytes, LINES, entry->length) == 0) ||
                           (entry->length == 1 && entry->bytes[0] == 'x'));
          }
        n_read += entries != NULL;
      }
  g_assert_cmpuint (n_read, >, 0);    /* times, and what no reader looks at */
}

static void
assert_refused (const ZipSampleFile *files, guint n_files, const char *word)
{
  g_autoptr (GByteArray) archive = zip_sample_make (files, n_files);
  const char *sentence = "";

  g_assert_null (adit_zip_read (archive->data, archive->len, &sentence));
  if (strstr (sentence, word) == NULL)
    g_error ("\"%s\" has no \"%s\"", sentence, word);
}

static void
test_refused (void)
{
  static const ZipSampleFile locked[] = { { "a.conf", "x", FALSE, 1, 0 } };
  static const ZipSampleFile strong[] = { { "a.conf", "x", FALSE, 1 << 6, 0 } };
  static const ZipSampleFile twice[] = { { "a.conf", "x", FALSE, 0, 0 }, { "a.conf", "y", FALSE, 0, 0 } };
  g_autofree ZipSampleFile *many = g_new0 (ZipSampleFile, ADIT_ZIP_MAX_ENTRIES + 1);
  g_autoptr (GByteArray) prefixed = g_byte_array_new (), archive = zip_sample_make (good, 2);

  assert_refused (locked, 1, "encrypted");
  assert_refused (strong, 1, "encrypted");
  assert_refused (twice, 2, "two ways");
  for (guint i = 0; i <= ADIT_ZIP_MAX_ENTRIES; i++)
    many[i] = (ZipSampleFile) { "", "", FALSE, 0, 0 };
  assert_refused (many, ADIT_ZIP_MAX_ENTRIES + 1, "more than");
  /* With something in front, or between directory and end, where others look for a second archive. */
  g_byte_array_append (prefixed, (const guint8 *) "#!/bin/sh\n", 10);
  g_byte_array_append (prefixed, archive->data, archive->len);
  g_assert_null (read_array (prefixed));
  g_assert_false (adit_zip_is_one (prefixed->data, prefixed->len));
  g_byte_array_append (archive, (const guint8 *) "x", 1);
  g_assert_null (read_array (archive));
}

/* A bomb: many names for much of the same. */
static void
test_bomb (void)
{
  g_autofree char *text = g_strnfill (ADIT_IMPORT_FILE_MAX_BYTES, 'x');
  g_autofree char *longer = g_strnfill (ADIT_IMPORT_FILE_MAX_BYTES + 1, 'x');
  ZipSampleFile files[65];
  char paths[65][8];
  const ZipSampleFile too_long[] = { { "a.conf", longer, TRUE, 0, 0 }, { "b.conf", "x", FALSE, 0, 0 } };
  g_autoptr (GByteArray) archive = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_snprintf (paths[i], sizeof paths[i], "%u", i);
      files[i] = (ZipSampleFile) { paths[i], text, TRUE, 0, 0 };
    }
  assert_refused (files, 65, "more than");
  archive = zip_sample_make (too_long, 2);
  entries = read_array (archive);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_null (((const AditZipEntry *) entries->pdata[0])->bytes);
  g_assert_nonnull (((const AditZipEntry *) entries->pdata[1])->bytes);
}

/* A folder of old tools is one; a long name has its end; and what is not shown whole is nobody's file beside it. */
static void
test_names (void)
{
  g_autofree char *name = g_strnfill (60000, '\xe9'), *path = g_strconcat ("dir\\", name, ".ovpn", NULL);
  g_autofree char *fits = g_strnfill (250, 'x'), *other = g_strconcat ("dir/", fits, ".crt", NULL);
  const ZipSampleFile files[] = { { path, "x", TRUE, 0, 0 }, { other, "y", TRUE, 0, 0 } };
  const ZipSampleFile same[] = { { "a\\b.conf", "x", FALSE, 0, 0 }, { "a/b.conf", "y", FALSE, 0, 0 } };
  g_autoptr (GByteArray) archive = zip_sample_make (files, 2);
  g_autoptr (GPtrArray) entries = read_array (archive);
  const AditZipEntry *entry;

  g_assert_cmpuint (entries->len, ==, 2);
  entry = entries->pdata[0];
  g_assert_cmpstr (entry->folder, ==, "dir");
  g_assert_true (entry->is_renamed && g_str_has_suffix (entry->name, ".ovpn") && adit_import_name_is_valid (entry->name));
  entry = entries->pdata[1];
  g_assert_true (!entry->is_renamed && g_str_has_prefix (entry->name, fits));
  assert_refused (same, 2, "two ways");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip-read/good", test_good);
  g_test_add_func ("/zip-read/spoilt", test_spoilt);
  g_test_add_func ("/zip-read/refused", test_refused);
  g_test_add_func ("/zip-read/bomb", test_bomb);
  g_test_add_func ("/zip-read/names", test_names);
  return g_test_run ();
}
