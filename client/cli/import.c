/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import.c: import, which says of each file what became of it, and of each line why it was not taken. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/api/answer.h"
#include "client/api/import-request.h"
#include "client/model/import-lines.h"

static AditImportAnswer *
ask (AditCli *cli, AditImportRequest *request, GError **error)
{
  g_autoptr (GUnixFDList) fds = adit_import_request_wrap (request, error), back = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (fds != NULL)
    answer = adit_cli_call (cli, "Import", g_variant_new ("(h@a{sv})", 0, adit_cli_options (cli, NULL, FALSE)), fds, &back,
                            error);
  return answer != NULL ? adit_import_answer_read (answer, back, error) : NULL;
}

/* In the place of a picture what its QR code says. */
static gboolean
read_picture (AditCli *cli, AditImportRequest **request, GError **error)
{
  g_autoptr (GUnixFDList) fds = adit_import_request_wrap_picture (*request, error), back = NULL;
  g_autoptr (AditImportRequest) picture = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GBytes) words = NULL;

  if (fds != NULL)
    answer = adit_cli_call (cli, "ReadPicture", g_variant_new ("(h@a{sv})", 0, adit_cli_options (cli, NULL, FALSE)), fds, &back,
                            error);
  if (answer != NULL)
    words = adit_answer_read_file (answer, 0, back, ADIT_IMPORT_LINES_MAX_BYTES, error);
  if (words == NULL)
    return FALSE;
  picture = *request;
  *request = adit_import_request_new_for_words (picture, words);
  return TRUE;
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
say (AditCli *cli, const AditImportAnswer *answer)
{
  const GPtrArray *profiles = answer->profiles, *outcomes = answer->outcomes;
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
  g_autoptr (AditImportRequest) request = adit_import_request_new ((const char *const *) cli->words, cli->name);
  g_autoptr (AditImportAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (!adit_import_request_open (request, &error) ||
      (adit_import_request_is_picture (request) && !read_picture (cli, &request, &error)) ||
      (answer = ask (cli, request, &error)) == NULL)
    return adit_cli_fail (cli, error);
  if (adit_import_request_open_wanted (request, answer))
    {
      g_clear_pointer (&answer, adit_import_answer_free);
      answer = ask (cli, request, &error);
      if (answer == NULL)
        return adit_cli_fail (cli, error);
    }
  return say (cli, answer);
}
