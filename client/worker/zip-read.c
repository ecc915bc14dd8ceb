/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zip-read.c: reads the plain form of ZIP that every tool writes (PKWARE's APPNOTE 6.3: stored or deflated, one disk, no 64 bit
 * sizes) out of memory into memory, and refuses what could be read in two ways.
 *
 * A library for archives would bring readers of a dozen other forms, and one for XML, into every worker; deflate is zlib's. */
#include "config.h"
#include "client/worker/zip-read.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "client/base/secret.h"
#include "client/model/import-files.h"

#define END_BYTES     22     /* APPNOTE, 4.3.16 */
#define CENTRAL_BYTES 46     /* 4.3.12 */
#define LOCAL_BYTES   30     /* 4.3.7 */
#define END_MAGIC     0x06054b50u
#define CENTRAL_MAGIC 0x02014b50u
#define LOCAL_MAGIC   0x04034b50u
#define IS_ENCRYPTED  (1u | 1u << 6 | 1u << 13)    /* 4.4.4 */
#define STORED        0      /* 4.4.5 */
#define DEFLATED      8
#define MADE_ON_UNIX  3      /* 4.4.2 */
#define UNKNOWN_LETTER 0xfffd    /* Unicode: REPLACEMENT CHARACTER */
#define NAME_BYTES     (ADIT_IMPORT_NAME_MAX_BYTES / 3 - 1)    /* each may become that letter, which has three in UTF-8 */

#define SPOILT   N_("The archive is spoilt, or of a form that can be read in two ways.")
#define LOCKED   N_("The archive is encrypted; unpack it first.")
#define TOO_MUCH N_("The archive holds more than Adit takes at once; unpack it and choose.")

typedef struct
{
  guint         method;
  guint32       crc, packed_bytes, bytes;
  const guint8 *name;
  guint         name_bytes;
  guint32       offset;    /* of its local header */
} Central;

typedef struct
{
  const guint8 *bytes;
  gsize         length, directory;    /* where the central directory begins: nothing of a file lies behind */
  gsize         total;
  GHashTable   *paths;
  GPtrArray    *entries;
} Reader;

static guint
get_16 (const guint8 *at)
{
  return (guint) at[0] | (guint) at[1] << 8;
}

static guint32
get_32 (const guint8 *at)
{
  return (guint32) get_16 (at) | (guint32) get_16 (at + 2) << 16;
}

static void
entry_free (gpointer data)
{
  AditZipEntry *entry = data;

  adit_wipe (entry->bytes, entry->length);
  g_free (entry->bytes);
  g_free (entry->folder);
  g_free (entry->name);
  g_free (entry);
}

/* ISO 3309, as ZIP uses it: bit by bit is fast enough for what is let through. */
static guint32
get_crc (const guint8 *bytes, gsize length)
{
  guint32 crc = ~0u;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
  return ~crc;
}

/* Exactly @out_bytes come out of exactly @in_bytes, or it is not what it says.  There is room for one more in @out, which shows
 * what is longer, and lets the end of the stream be read.  Both are far below what zlib's 32 bits can count. */
static gboolean
inflate_exactly (const guint8 *in, gsize in_bytes, guint8 *out, gsize out_bytes)
{
  z_stream stream = { .next_in = (z_const Bytef *) in, .avail_in = (uInt) in_bytes, .next_out = out,
                      .avail_out = (uInt) out_bytes + 1 };
  gboolean is_whole;

  if (inflateInit2 (&stream, -MAX_WBITS) != Z_OK)    /* negative: deflate without zlib's own header */
    return FALSE;
  is_whole = inflate (&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 1;
  inflateEnd (&stream);
  return is_whole;
}

/* Where its bytes lie; the header in front of them must say the same as the directory. */
static const guint8 *
find_data (Reader *self, const Central *central)
{
  const guint8 *local;
  gsize start;

  if (central->offset > self->directory || self->directory - central->offset < LOCAL_BYTES)
    return NULL;
  local = self->bytes + central->offset;
  start = (gsize) central->offset + LOCAL_BYTES + get_16 (local + 26) + get_16 (local + 28);
  if (get_32 (local) != LOCAL_MAGIC || get_16 (local + 8) != central->method || get_16 (local + 26) != central->name_bytes ||
      start > self->directory || self->directory - start < central->packed_bytes ||
      memcmp (local + LOCAL_BYTES, central->name, central->name_bytes) != 0)
    return NULL;
  return self->bytes + start;
}

static guint8 *
unpack (Reader *self, const Central *central)
{
  const guint8 *data = find_data (self, central);
  guint8 *out = data != NULL ? g_malloc0 ((gsize) central->bytes + 1) : NULL;
  gboolean good = FALSE;

  if (data != NULL && central->method == STORED && central->packed_bytes == central->bytes)
    {
      memcpy (out, data, central->bytes);
      good = TRUE;
    }
  else if (data != NULL && central->method == DEFLATED)
    good = inflate_exactly (data, central->packed_bytes, out, central->bytes);
  if (good && get_crc (out, central->bytes) == central->crc)
    return out;
  g_free (out);
  return NULL;
}

/* Names of old tools are in whatever their computer wrote, and nobody knows which: what is no UTF-8, or would not be shown as it
 * is, cannot be seen, and a configuration can be read all the same.  Of a long one there is the end, which says of what kind it
 * is. */
static char *
dup_shown (const char *name)
{
  gsize length = strlen (name), cut = length > NAME_BYTES ? length - NAME_BYTES : 0;
  g_autofree char *valid = g_utf8_make_valid (name + cut, -1);
  GString *shown = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean is_good = g_unichar_isprint (letter) && g_unichar_type (letter) != G_UNICODE_FORMAT;

      g_string_append_unichar (shown, is_good ? letter : UNKNOWN_LETTER);
    }
  return g_string_free (shown, FALSE);
}

/* Takes the bytes. */
static void
add_entry (Reader *self, const char *path, guint8 *bytes, gsize length)
{
  const char *slash = strrchr (path, '/'), *name = slash != NULL ? slash + 1 : path;
  AditZipEntry *entry = g_new0 (AditZipEntry, 1);

  entry->folder = slash != NULL ? g_strndup (path, (gsize) (slash - path)) : g_strdup ("");
  entry->is_renamed = !adit_import_name_is_valid (name);
  entry->name = entry->is_renamed ? dup_shown (name) : g_strdup (name);
  entry->bytes = bytes;
  entry->length = length;
  g_ptr_array_add (self->entries, entry);
}

static gboolean
take_file (Reader *self, const Central *central, const char *path, const char **sentence)
{
  guint8 *bytes;

  *sentence = TOO_MUCH;
  self->total += central->bytes;
  if (self->total > ADIT_ZIP_MAX_TOTAL_BYTES)
    return FALSE;
  *sentence = SPOILT;
  if (!g_hash_table_add (self->paths, g_strdup (path)))
    return FALSE;
  bytes = unpack (self, central);
  if (bytes == NULL)
    return FALSE;
  add_entry (self, path, bytes, central->bytes);
  return TRUE;
}

static gboolean
is_folder (const guint8 *header, const char *path)
{
  return g_str_has_suffix (path, "/") || (get_16 (header + 4) >> 8 == MADE_ON_UNIX && S_ISDIR (get_32 (header + 38) >> 16));
}

/* Folders are stepped over.  What is no configuration and none of its files is left out: links, films, programs. */
static gboolean
is_wanted (const guint8 *header, const Central *central)
{
  guint mode = get_32 (header + 38) >> 16;

  if (get_16 (header + 4) >> 8 == MADE_ON_UNIX && (mode & S_IFMT) != 0 && !S_ISREG (mode))
    return FALSE;
  return central->bytes > 0 && central->bytes <= ADIT_IMPORT_FILE_MAX_BYTES;
}

/* One entry of the directory; returns what follows it, or NULL. */
static const guint8 *
take_entry (Reader *self, const guint8 *at, const guint8 *end, const char **sentence)
{
  Central central;
  gsize bytes;
  g_autofree char *path = NULL;

  *sentence = SPOILT;
  if (end - at < CENTRAL_BYTES || get_32 (at) != CENTRAL_MAGIC)
    return NULL;
  central = (Central) { get_16 (at + 10), get_32 (at + 16), get_32 (at + 20), get_32 (at + 24), at + CENTRAL_BYTES,
                        get_16 (at + 28), get_32 (at + 42) };
  bytes = (gsize) CENTRAL_BYTES + central.name_bytes + get_16 (at + 30) + get_16 (at + 32);
  if ((gsize) (end - at) < bytes || central.name_bytes == 0 || memchr (central.name, '\0', central.name_bytes) != NULL)
    return NULL;
  *sentence = LOCKED;
  if ((get_16 (at + 8) & IS_ENCRYPTED) != 0)
    return NULL;
  path = g_strndup ((const char *) central.name, central.name_bytes);
  g_strdelimit (path, "\\", '/');    /* as old tools of Windows write it */
  if (is_folder (at, path))
    return at + bytes;
  if (!is_wanted (at, &central))
    add_entry (self, path, NULL, 0);
  else if (!take_file (self, &central, path, sentence))
    return NULL;
  return at + bytes;
}

/* The end of the directory lies at the end, with a comment behind it of just the length that it says. */
static const guint8 *
find_end (const guint8 *bytes, gsize length)
{
  for (gsize comment = 0; comment <= G_MAXUINT16 && comment + END_BYTES <= length; comment++)
    {
      const guint8 *at = bytes + length - END_BYTES - comment;

      if (get_32 (at) == END_MAGIC && get_16 (at + 20) == comment)
        return at;
    }
  return NULL;
}

/**
 * adit_zip_is_one:
 * @bytes: a file
 * @length: of it
 *
 * Returns: whether it begins as such an archive does
 */
gboolean
adit_zip_is_one (const guint8 *bytes, gsize length)
{
  return length >= END_BYTES && (get_32 (bytes) == LOCAL_MAGIC || get_32 (bytes) == END_MAGIC);
}

/**
 * adit_zip_read:
 * @bytes: an archive, perhaps from a stranger
 * @length: of it
 * @sentence: (out): why, where it is refused
 *
 * Returns: (transfer full) (nullable) (element-type AditZipEntry): its files in the order of its directory, with the bytes of
 *   those that are small enough
 */
GPtrArray *
adit_zip_read (const guint8 *bytes, gsize length, const char **sentence)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  const guint8 *end = find_end (bytes, length), *at;
  Reader self = { .bytes = bytes, .length = length, .paths = paths, .entries = entries };
  guint n_entries;

  *sentence = SPOILT;
  if (end == NULL || get_16 (end + 4) != 0 || get_16 (end + 6) != 0 || get_16 (end + 8) != get_16 (end + 10))
    return NULL;
  n_entries = get_16 (end + 8);
  self.directory = get_32 (end + 16);
  /* Nothing between the directory and its end, where another reader might see a second directory. */
  if (self.directory > (gsize) (end - bytes) || (gsize) (end - bytes) - self.directory != get_32 (end + 12))
    return NULL;
  *sentence = TOO_MUCH;
  if (n_entries > ADIT_ZIP_MAX_ENTRIES)
    return NULL;
  at = bytes + self.directory;
  for (guint i = 0; i < n_entries; i++)
    {
      at = take_entry (&self, at, end, sentence);
      if (at == NULL)
        return NULL;
    }
  *sentence = SPOILT;
  return at == end ? g_steal_pointer (&entries) : NULL;
}
