/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import.c: import.  This program opens the files, with the rights of the person who runs it, and looks at nothing in them. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "client/api/answer.h"
#include "client/base/file.h"
#include "client/model/import-files.h"
#include "client/model/import-lines.h"

typedef struct
{
  GPtrArray *names, *contents;    /* of char and of GBytes */
} Files;

static void
files_clear (Files *files)
{
  g_ptr_array_unref (files->names);
  g_ptr_array_unref (files->contents);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Files, files_clear)

static gboolean
has_file (const Files *files, const char *name)
{
  return g_ptr_array_find_with_equal_func (files->names, name, g_str_equal, NULL);
}

/* Opens @path and packs it as @name. */
static gboolean
add_file (Files *files, const char *path, const char *name, GError **error)
{
  g_autofree char *real = realpath (path, NULL), *shown = g_filename_display_name (path);
  gsize max_bytes = files->names->len == 0 ? ADIT_IMPORT_ARCHIVE_MAX_BYTES : ADIT_IMPORT_FILE_MAX_BYTES, length;
  char *bytes = real != NULL ? adit_file_read (real, max_bytes, &length, error) : NULL;

  if (bytes == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("There is no file \"%s\""), shown);
      return FALSE;
    }
  g_ptr_array_add (files->names, g_strdup (name));
  g_ptr_array_add (files->contents, g_bytes_new_take (bytes, length));
  return TRUE;
}

static GUnixFDList *
pack (const Files *files, GError **error)
{
  AditImportFile packed[ADIT_IMPORT_MAX_FILES];
  g_autoptr (GBytes) piece = NULL;
  guint n = MIN (files->names->len, ADIT_IMPORT_MAX_FILES);

  for (guint i = 0; i < n; i++)
    {
      packed[i].name = files->names->pdata[i];
      packed[i].bytes = g_bytes_get_data (files->contents->pdata[i], &packed[i].length);
    }
  piece = adit_import_files_pack (packed, n, error);
  return piece != NULL ? adit_client_wrap_files (piece, error) : NULL;
}

static gboolean
ask (AditCli *cli, const Files *files, GPtrArray **profiles, GPtrArray **outcomes, GError **error)
{
  g_autoptr (GUnixFDList) fds = pack (files, error), back = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GBytes) lines = NULL;
  gsize length;
  const char *text;

  if (fds == NULL)
    return FALSE;
  answer = adit_cli_call (cli, "Import", g_variant_new ("(h@a{sv})", 0, adit_cli_options (cli, NULL, FALSE)), fds, &back, error);
  if (answer == NULL || (*profiles = adit_answer_read_profiles (answer, error)) == NULL)
    return FALSE;
  lines = adit_answer_read_file (answer, 1, back, ADIT_IMPORT_LINES_MAX_BYTES, error);
  if (lines == NULL)
    return FALSE;
  text = g_bytes_get_data (lines, &length);
  *outcomes = adit_import_lines_read (text, length, error);
  return *outcomes != NULL;
}

/* Certificates and keys lie beside the file that names them.  A file of passwords is not opened because a stranger's file says
 * so: whoever wants it taken names it; else Adit asks for what would be in it. */
static gboolean
add_wanted (Files *files, const char *path, const GPtrArray *outcomes)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean added = FALSE;

  for (guint i = 0; outcomes->len == 1 && i < ((const AditImportOutcome *) outcomes->pdata[0])->report->wanted->len; i++)
    {
      const GArray *all = ((const AditImportOutcome *) outcomes->pdata[0])->report->wanted;
      const AditImportWanted *wanted = &g_array_index (all, AditImportWanted, i);
      g_autofree char *beside = g_build_filename (folder, wanted->name, NULL);

      if (wanted->required && !has_file (files, wanted->name))
        added |= add_file (files, beside, wanted->name, NULL);
    }
  return added;
}

static json_t *
json_outcome (const AditImportOutcome *outcome)
{
  const AditImportReport *report = outcome->report;
  json_t *notes = json_array (), *wanted = json_array ();

  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);

      json_array_append_new (notes, json_pack ("{s:i, s:o, s:s, s:b, s:s}", "line", (int) note->line, "option",
                                               adit_cli_json_text (note->option), "reason",
                                               adit_import_reason_get_name (note->reason), "fatal", note->fatal, "sentence",
                                               note->sentence));
    }
  for (guint i = 0; i < report->wanted->len; i++)
    {
      const AditImportWanted *one = &g_array_index (report->wanted, AditImportWanted, i);

      json_array_append_new (wanted, json_pack ("{s:o, s:s, s:b}", "option", adit_cli_json_text (one->option), "name", one->name,
                                                "required", one->required));
    }
  return json_pack ("{s:s, s:o, s:o, s:o, s:o, s:i}", "file", outcome->file, "kind",
                    adit_cli_json_text (adit_profile_kind_get_name (outcome->kind)), "profile",
                    outcome->profile >= 0 ? json_integer (outcome->profile) : json_null (), "notes", notes, "wanted", wanted,
                    "more", (int) report->n_more);
}

static void
print_outcome (const AditImportOutcome *outcome, const GPtrArray *profiles)
{
  const AditImportReport *report = outcome->report;

  if (outcome->profile >= 0 && (guint) outcome->profile < profiles->len)
    adit_cli_print_profile (profiles->pdata[outcome->profile]);
  else
    g_print (_("%s: cannot be imported\n"), outcome->file);
  for (guint i = 0; i < report->notes->len; i++)
    {
      const AditImportNote *note = &g_array_index (report->notes, AditImportNote, i);
      const char *kind = note->fatal ? _("refused") : _("left out or changed");
      g_autofree char *where = note->line > 0 ? g_strdup_printf (_("line %u"), note->line) : g_strdup (_("the file"));

      g_print ("  %s%s%s, %s (%s): %s\n", where, note->option[0] != '\0' ? ", " : "", note->option, kind,
               adit_import_reason_get_name (note->reason), _(note->sentence));
    }
  for (guint i = 0; i < report->wanted->len; i++)
    {
      const AditImportWanted *wanted = &g_array_index (report->wanted, AditImportWanted, i);

      if (wanted->required)
        g_print (_("  %s names a file that is not beside it: %s\n"), wanted->option, wanted->name);
      else
        g_print (_("  %s names a file that was not taken: %s. To take it, import it along: adit import %s %s\n"), wanted->option,
                 wanted->name, outcome->file, wanted->name);
    }
  if (report->n_more > 0)
    g_print (ngettext ("  and %u more\n", "  and %u more\n", report->n_more), report->n_more);
}

static int
say (AditCli *cli, const GPtrArray *profiles, const GPtrArray *outcomes)
{
  gboolean all = TRUE;

  for (guint i = 0; i < outcomes->len; i++)
    all = all && ((const AditImportOutcome *) outcomes->pdata[i])->profile >= 0;
  if (cli->json)
    {
      json_t *object = adit_cli_new_json (), *files = json_array ();

      for (guint i = 0; i < outcomes->len; i++)
        json_array_append_new (files, json_outcome (outcomes->pdata[i]));
      json_object_set_new (object, "profiles", adit_cli_json_profiles (profiles));
      json_object_set_new (object, "files", files);
      adit_cli_print_json (object);
    }
  else
    for (guint i = 0; i < outcomes->len; i++)
      print_outcome (outcomes->pdata[i], profiles);
  return all ? ADIT_CLI_OK : ADIT_CLI_FAILED;
}

/**
 * adit_cli_import:
 * @cli: this run; its words are a file, and others that it names
 *
 * Returns: the exit code; 1 also where something of an archive was imported, but not all
 */
int
adit_cli_import (AditCli *cli)
{
  g_auto (Files) files = { g_ptr_array_new_with_free_func (g_free),
                           g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  g_autoptr (GPtrArray) profiles = NULL, outcomes = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; cli->words[i] != NULL; i++)
    {
      g_autofree char *base = g_path_get_basename (cli->words[i]);

      if (!add_file (&files, cli->words[i], i == 0 && cli->name != NULL ? cli->name : base, &error))
        return adit_cli_fail (cli, error);
    }
  if (!ask (cli, &files, &profiles, &outcomes, &error))
    return adit_cli_fail (cli, error);
  if (profiles->len == 0 && add_wanted (&files, cli->words[0], outcomes))
    {
      g_clear_pointer (&profiles, g_ptr_array_unref);
      g_clear_pointer (&outcomes, g_ptr_array_unref);
      if (!ask (cli, &files, &profiles, &outcomes, &error))
        return adit_cli_fail (cli, error);
    }
  return say (cli, profiles, outcomes);
}
