/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import-request.c: a client opens the files, with the rights of the person who runs it, and looks at nothing in them; nor at
 * what was pasted. */
#include "config.h"
#include "client/api/import-request.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/base/file.h"
#include "client/model/import-files.h"

struct _AditImportRequest
{
  char     **paths;               /* none of what was pasted */
  char      *name;                /* (nullable): what the first is called instead */
  GPtrArray *names, *contents;    /* of char and of GBytes: what is open */
};

/**
 * adit_import_request_new:
 * @paths: a file, and others that it names
 * @name: (nullable): what the first is to be called
 *
 * Returns: (transfer full): a wish; nothing is opened yet
 */
AditImportRequest *
adit_import_request_new (const char *const *paths, const char *name)
{
  AditImportRequest *self = g_new0 (AditImportRequest, 1);

  g_assert (paths[0] != NULL);
  self->paths = g_strdupv ((char **) paths);
  self->name = g_strdup (name);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

/**
 * adit_import_request_new_for_text:
 * @text: a configuration that stands in no file
 * @name: what it is to be called
 *
 * Returns: (transfer full): a wish that is open
 */
AditImportRequest *
adit_import_request_new_for_text (const char *text, const char *name)
{
  AditImportRequest *self = adit_import_request_new ((const char *const[]) { name, NULL }, name);

  g_clear_pointer (&self->paths[0], g_free);
  g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_add (self->contents, g_bytes_new (text, strlen (text)));
  return self;
}

/**
 * adit_import_request_free:
 * @self: (transfer full): a wish
 */
void
adit_import_request_free (AditImportRequest *self)
{
  g_strfreev (self->paths);
  g_free (self->name);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->contents);
  g_free (self);
}

/**
 * adit_import_request_get_path:
 * @self: a wish
 *
 * Returns: (transfer none): the file that the others belong to, or what was pasted is called
 */
const char *
adit_import_request_get_path (AditImportRequest *self)
{
  return self->paths[0] != NULL ? self->paths[0] : self->name;
}

static gboolean
refuse (const char *path, const char *real, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (real == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("There is no file \"%s\""), shown);
  else if (access (real, R_OK) != 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, _("You are not allowed to read \"%s\""), shown);
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, _("\"%s\" is no plain file, or longer than a configuration can be"),
                 shown);
  return FALSE;
}

static gboolean
open_file (AditImportRequest *self, const char *path, const char *name, GError **error)
{
  g_autofree char *real = realpath (path, NULL);
  gsize max_bytes = self->names->len == 0 ? ADIT_IMPORT_ARCHIVE_MAX_BYTES : ADIT_IMPORT_FILE_MAX_BYTES, length;
  char *bytes = real != NULL ? adit_file_read (real, max_bytes, &length, NULL) : NULL;

  if (bytes == NULL)
    return refuse (path, real, error);
  g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_add (self->contents, g_bytes_new_take (bytes, length));
  return TRUE;
}

/**
 * adit_import_request_open:
 * @self: a wish that nothing is open of
 * @error: return location; what it says is for people
 *
 * Opens all that a person named; may be called in a thread, since their disk may be on a network.
 *
 * Returns: whether all of them are open
 */
gboolean
adit_import_request_open (AditImportRequest *self, GError **error)
{
  for (guint i = 0; self->paths[i] != NULL; i++)
    {
      g_autofree char *base = g_path_get_basename (self->paths[i]);

      if (!open_file (self, self->paths[i], i == 0 && self->name != NULL ? self->name : base, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_import_request_open_wanted:
 * @self: a wish that is open
 * @answer: what became of it
 *
 * Certificates and keys lie beside the file that names them.  A file of passwords is not opened because a stranger's file says
 * so: whoever wants it taken names it; else Adit asks for what would be in it.
 *
 * Returns: whether there is more now, so that it is worth asking again
 */
gboolean
adit_import_request_open_wanted (AditImportRequest *self, const AditImportAnswer *answer)
{
  g_autofree char *folder = g_path_get_dirname (adit_import_request_get_path (self));
  gboolean added = FALSE;

  if (self->paths[0] == NULL)
    return FALSE;    /* beside it there is nothing */
  if (answer->profiles->len > 0 || answer->outcomes->len != 1)
    return FALSE;
  for (guint i = 0; i < ((const AditImportOutcome *) answer->outcomes->pdata[0])->report->wanted->len; i++)
    {
      const GArray *all = ((const AditImportOutcome *) answer->outcomes->pdata[0])->report->wanted;
      const AditImportWanted *wanted = &g_array_index (all, AditImportWanted, i);
      g_autofree char *beside = g_build_filename (folder, wanted->name, NULL);

      if (wanted->required && !g_ptr_array_find_with_equal_func (self->names, wanted->name, g_str_equal, NULL))
        added |= open_file (self, beside, wanted->name, NULL);
    }
  return added;
}

/**
 * adit_import_request_wrap:
 * @self: a wish that is open
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT; what it says of an empty one is for people
 *
 * Returns: (transfer full) (nullable): what goes along with the call Import
 */
GUnixFDList *
adit_import_request_wrap (AditImportRequest *self, GError **error)
{
  g_autofree AditImportFile *packed = g_new0 (AditImportFile, self->names->len);
  g_autoptr (GBytes) piece = NULL;

  for (guint i = 0; i < self->names->len; i++)
    {
      packed[i].name = self->names->pdata[i];
      packed[i].bytes = g_bytes_get_data (self->contents->pdata[i], &packed[i].length);
      if (packed[i].length == 0)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("There is nothing in \"%s\""), packed[i].name);
          return NULL;
        }
    }
  piece = adit_import_files_pack (packed, self->names->len, error);
  return piece != NULL ? adit_client_wrap_files (piece, error) : NULL;
}

/* --- Pictures -------------------------------------------------------------------------------------------------------------- */

/**
 * adit_import_request_is_picture:
 * @self: a wish
 *
 * Returns: whether the first of its files is a picture, by its name alone
 */
gboolean
adit_import_request_is_picture (AditImportRequest *self)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg" };
  g_autofree char *lower = g_ascii_strdown (adit_import_request_get_path (self), -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

/**
 * adit_import_request_wrap_picture:
 * @self: a wish that is open
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): what goes along with the call ReadPicture
 */
GUnixFDList *
adit_import_request_wrap_picture (AditImportRequest *self, GError **error)
{
  return adit_client_wrap_files (self->contents->pdata[0], error);
}

/**
 * adit_import_request_new_for_words:
 * @self: a wish that is a picture
 * @words: what its QR code says
 *
 * Returns: (transfer full): the wish for those, under the picture's name
 */
AditImportRequest *
adit_import_request_new_for_words (AditImportRequest *self, GBytes *words)
{
  g_autofree char *base = g_path_get_basename (adit_import_request_get_path (self)), *name = NULL, *text = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (words, &length);

  *strrchr (base, '.') = '\0';
  name = g_strconcat (base, ".conf", NULL);
  text = g_strndup (bytes, length);
  return adit_import_request_new_for_text (text, name);
}

/* --- What became of them --------------------------------------------------------------------------------------------------- */

/**
 * adit_import_answer_new:
 *
 * Returns: (transfer full): an answer without profiles and without files
 */
AditImportAnswer *
adit_import_answer_new (void)
{
  AditImportAnswer *self = g_new0 (AditImportAnswer, 1);

  self->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_profile_row_free);
  self->outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_import_outcome_free);
  return self;
}

/**
 * adit_import_answer_free:
 * @self: (transfer full): an answer
 */
void
adit_import_answer_free (AditImportAnswer *self)
{
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_pointer (&self->outcomes, g_ptr_array_unref);
  g_free (self);
}

/**
 * adit_import_answer_read:
 * @answer: what Import answered
 * @fds: (nullable): the descriptors that came with it
 * @error: return location; %ADIT_ERROR_OTHER_VERSION, %ADIT_ERROR_FAILED
 *
 * Returns: (transfer full) (nullable): what it says
 */
AditImportAnswer *
adit_import_answer_read (GVariant *answer, GUnixFDList *fds, GError **error)
{
  g_autoptr (AditImportAnswer) self = g_new0 (AditImportAnswer, 1);
  g_autoptr (GBytes) lines = NULL;
  const char *text;
  gsize length;

  self->profiles = adit_answer_read_profiles (answer, error);
  lines = self->profiles != NULL ? adit_answer_read_file (answer, 1, fds, ADIT_IMPORT_LINES_MAX_BYTES, error) : NULL;
  if (lines == NULL)
    return NULL;
  text = g_bytes_get_data (lines, &length);
  self->outcomes = adit_import_lines_read (text, length, error);
  return self->outcomes != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * adit_import_answer_append:
 * @self: an answer
 * @more: (transfer full): another one, about other files
 *
 * Makes one of both.
 */
void
adit_import_answer_append (AditImportAnswer *self, AditImportAnswer *more)
{
  g_autoptr (AditImportAnswer) rest = more;
  guint n = self->profiles->len;

  for (guint i = 0; i < more->outcomes->len; i++)
    {
      AditImportOutcome *outcome = more->outcomes->pdata[i];

      if (outcome->profile >= 0)
        outcome->profile += (int) n;
    }
  g_ptr_array_extend_and_steal (self->profiles, g_steal_pointer (&rest->profiles));
  g_ptr_array_extend_and_steal (self->outcomes, g_steal_pointer (&rest->outcomes));
}
