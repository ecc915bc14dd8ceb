/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-text.c: splits a file at LF or CR LF, and refuses every byte at which another reader might see an end or a blank. */
#include "config.h"
#include "client/worker/import-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/base/secret.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/**
 * adit_import_skip_blanks:
 * @text: text
 *
 * Returns: (transfer none): what follows the blanks at its beginning
 */
const char *
adit_import_skip_blanks (const char *text)
{
  return text + strspn (text, " \t");
}

static const char *
find_fault (const char *bytes, gsize length, guint *line)
{
  *line = 1;
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) bytes[i];

      if (byte == '\n')
        *line += 1;
      else if (byte == '\r' && (i + 1 == length || bytes[i + 1] != '\n'))
        return N_("There is a carriage return inside this line.");
      else if ((byte < ' ' && byte != '\t' && byte != '\r') || byte == 0x7f)
        return N_("There is a control character in this line.");
      else if (byte == 0xef && i > 0 && length - i >= 3 && memcmp (bytes + i, BYTE_ORDER_MARK, 3) == 0)
        return N_("There is a byte order mark inside the file.");
    }
  return NULL;
}

static guint
count_lines (const char *text, gsize length)
{
  guint n = 1;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\n';
  return n;
}

/**
 * adit_import_text_new:
 * @file: a file
 * @max_line_bytes: the longest line that is read, with its end
 * @bad_line: (out): which line is at fault; 0 for the whole file
 * @sentence: (out): why, where it is refused
 *
 * Control characters are no reader's friend: a form feed is a blank to OpenVPN, a zero byte an end, a carriage return alone an
 * end to some editors, so what a person sees is not what is read.  A byte order mark is one only at the start.
 *
 * Returns: (transfer full) (nullable): its lines
 */
AditImportText *
adit_import_text_new (const AditImportFile *file, gsize max_line_bytes, guint *bad_line, const char **sentence)
{
  g_autoptr (AditImportText) self = g_new0 (AditImportText, 1);
  char *at;

  *bad_line = 0;
  *sentence = N_("The file is too long to be a configuration.");
  if (file->length > ADIT_IMPORT_FILE_MAX_BYTES)
    return NULL;
  self->length = file->length;
  self->copy = g_malloc (file->length + 1);
  if (file->length > 0)
    memcpy (self->copy, file->bytes, file->length);
  self->copy[file->length] = '\0';
  at = self->copy;
  *sentence = find_fault (self->copy, self->length, bad_line);
  if (*sentence != NULL)
    return NULL;
  *sentence = N_("The file is not text in UTF-8.");
  *bad_line = 0;
  if (!g_utf8_validate (self->copy, (gssize) self->length, NULL))
    return NULL;

  self->lines = g_new0 (AditImportLine, count_lines (self->copy, self->length));
  if (g_str_has_prefix (at, BYTE_ORDER_MARK))
    at += strlen (BYTE_ORDER_MARK);
  while (*at != '\0')
    {
      char *end = strchr (at, '\n'), *next = end != NULL ? end + 1 : at + strlen (at);

      *bad_line = self->n_lines + 1;
      *sentence = N_("This line is too long to be read in one way.");
      if ((gsize) (next - at) >= max_line_bytes)
        return NULL;
      if (end != NULL)
        *(end > at && end[-1] == '\r' ? end - 1 : end) = '\0';
      self->lines[self->n_lines].text = at + strspn (at, " \t");
      self->lines[self->n_lines].indented = self->lines[self->n_lines].text != at;
      self->lines[self->n_lines].number = self->n_lines + 1;
      self->n_lines++;
      at = next;
    }
  return g_steal_pointer (&self);
}

/**
 * adit_import_text_free:
 * @self: lines; wiped, since there may be keys in them
 */
void
adit_import_text_free (AditImportText *self)
{
  adit_wipe (self->copy, self->length);
  g_free (self->copy);
  g_free (self->lines);
  g_free (self);
}
