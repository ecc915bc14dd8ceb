/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-files.c: packs and unpacks: a word, how many files, and of each two lengths, its name with a zero byte, and its bytes.
 * Numbers are the computer's own, since nobody keeps such a piece. */
#include "client/model/import-files.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/secret.h"

#define MAGIC "AditFil1"
#define MAGIC_BYTES 8

typedef struct { guint32 name_bytes, length; } Head;    /* the name's with its end */

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "These files cannot be imported: %s", what);
  return FALSE;
}

/**
 * adit_import_name_is_valid:
 * @name: perhaps a file's name
 *
 * Returns: whether it is one without folders, in UTF-8, that a terminal shows as it is
 */
gboolean
adit_import_name_is_valid (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length >= ADIT_IMPORT_NAME_MAX_BYTES || strcmp (name, ".") == 0 || strcmp (name, "..") == 0 ||
      !g_utf8_validate (name, (gssize) length, NULL))
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (letter == '/' || letter == '\\' || !g_unichar_isprint (letter) || g_unichar_type (letter) == G_UNICODE_FORMAT)
        return FALSE;
    }
  return TRUE;
}

/* Of what may be in one piece: names that are names and are not twice there, none empty or too long. */
static gboolean
files_are_valid (const AditImportFile *files, guint n_files, GError **error)
{
  gsize total = 0;

  if (n_files == 0 || n_files > ADIT_IMPORT_MAX_FILES)
    return refuse (error, "there are none, or too many");
  for (guint i = 0; i < n_files; i++)
    {
      /* The first may be an archive. */
      if (files[i].length == 0 || files[i].length > (i == 0 ? ADIT_IMPORT_ARCHIVE_MAX_BYTES : ADIT_IMPORT_FILE_MAX_BYTES))
        return refuse (error, "one is empty, or too long");
      if (!adit_import_name_is_valid (files[i].name))
        return refuse (error, "one has no good name");
      for (guint j = 0; j < i; j++)
        if (strcmp (files[i].name, files[j].name) == 0)
          return refuse (error, "two have one name");
      total += files[i].length;
    }
  return total <= ADIT_IMPORT_FILES_MAX_BYTES - 65536 || refuse (error, "they are too long");
}

static void
free_wiped (gpointer data)
{
  GByteArray *array = data;

  adit_wipe (array->data, array->len);
  g_byte_array_unref (array);
}

/**
 * adit_import_files_pack:
 * @files: (array length=n_files): the file that a person named, and those beside it that it names
 * @n_files: how many
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with what cannot be packed
 *
 * Returns: (transfer full) (nullable): all of them in one piece, wiped when it is freed
 */
GBytes *
adit_import_files_pack (const AditImportFile *files, guint n_files, GError **error)
{
  gsize total = MAGIC_BYTES + sizeof n_files;
  GByteArray *out;

  if (!files_are_valid (files, n_files, error))
    return NULL;
  for (guint i = 0; i < n_files; i++)
    total += sizeof (Head) + strlen (files[i].name) + 1 + files[i].length;
  out = g_byte_array_sized_new ((guint) total);
  g_byte_array_append (out, (const guint8 *) MAGIC, MAGIC_BYTES);
  g_byte_array_append (out, (const guint8 *) &n_files, sizeof n_files);
  for (guint i = 0; i < n_files; i++)
    {
      const Head head = { (guint32) strlen (files[i].name) + 1, (guint32) files[i].length };

      g_byte_array_append (out, (const guint8 *) &head, sizeof head);
      g_byte_array_append (out, (const guint8 *) files[i].name, head.name_bytes);
      g_byte_array_append (out, files[i].bytes, head.length);
    }
  return g_bytes_new_with_free_func (out->data, out->len, free_wiped, out);
}

static gboolean
take (const guint8 **at, gsize *left, void *to, gsize length)
{
  if (length > *left)
    return FALSE;
  memcpy (to, *at, length);
  *at += length;
  *left -= length;
  return TRUE;
}

static gboolean
take_file (const guint8 **at, gsize *left, AditImportFile *file)
{
  Head head;

  if (!take (at, left, &head, sizeof head) || head.name_bytes < 2 || head.name_bytes > ADIT_IMPORT_NAME_MAX_BYTES ||
      head.name_bytes > *left || head.length > *left - head.name_bytes ||
      memchr (*at, '\0', head.name_bytes) != *at + head.name_bytes - 1)
    return FALSE;
  file->name = (const char *) *at;
  file->bytes = *at + head.name_bytes;
  file->length = head.length;
  *at += head.name_bytes + head.length;
  *left -= head.name_bytes + head.length;
  return TRUE;
}

/**
 * adit_import_files_unpack:
 * @bytes: one piece, perhaps from a stranger
 * @files: (out caller-allocates): room for %ADIT_IMPORT_MAX_FILES; they point into @bytes
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT
 *
 * Returns: how many files it holds; 0 if it is none that adit_import_files_pack() made
 */
guint
adit_import_files_unpack (GBytes *bytes, AditImportFile *files, GError **error)
{
  gsize left;
  const guint8 *at = g_bytes_get_data (bytes, &left);
  char magic[MAGIC_BYTES];
  guint32 n_files;

  if (left > ADIT_IMPORT_FILES_MAX_BYTES || !take (&at, &left, magic, sizeof magic) || memcmp (magic, MAGIC, MAGIC_BYTES) != 0 ||
      !take (&at, &left, &n_files, sizeof n_files) || n_files == 0 || n_files > ADIT_IMPORT_MAX_FILES)
    {
      refuse (error, "they are not packed as they must be");
      return 0;
    }
  for (guint32 i = 0; i < n_files; i++)
    if (!take_file (&at, &left, &files[i]))
      {
        refuse (error, "they are not packed as they must be");
        return 0;
      }
  if (left > 0)
    {
      refuse (error, "they are not packed as they must be");
      return 0;
    }
  return files_are_valid (files, n_files, error) ? n_files : 0;
}
