/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profiles.c: profiles, export: what was imported. */
#include "client/cli/cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "client/api/answer.h"
#include "client/api/explain.h"
#include "client/model/import-report.h"

#define LOGIN_MAX_BYTES 1024    /* five lines; the helper takes less */

/* The lines of a login, in their order. */
static const struct { const char *word, *prompt; } login_lines[] = {
  { "username", N_("User name (not shown)") },
  { "password", N_("Password") },
  { "passphrase", N_("Passphrase of the key") },
  { "proxy-username", N_("User name at the proxy (not shown)") },
  { "proxy-password", N_("Password at the proxy") },
};

/**
 * adit_cli_json_profiles:
 * @profiles: (element-type AditProfileRow): profiles
 *
 * Returns: (transfer full): them as an array
 */
json_t *
adit_cli_json_profiles (const GPtrArray *profiles)
{
  json_t *list = json_array ();

  for (guint i = 0; i < profiles->len; i++)
    {
      const AditProfileRow *row = profiles->pdata[i];
      json_t *asks = json_array ();

      for (char **word = row->asks; *word != NULL; word++)
        json_array_append_new (asks, json_string (*word));
      json_array_append_new (list, json_pack ("{s:s, s:s, s:o, s:i, s:o, s:b, s:b, s:o}", "id", row->id, "name", row->name,
                                              "kind", adit_cli_json_text (adit_profile_kind_get_name (row->kind)),
                                              "servers", (int) row->n_servers, "asks", asks, "needs_names", row->needs_names,
                                              "whole", row->is_whole, "imported_at",
                                              adit_cli_json_time (row->imported_at_s)));
    }
  return list;
}

/**
 * adit_cli_print_profile:
 * @row: a profile
 *
 * Says in a line or two what it is.
 */
void
adit_cli_print_profile (const AditProfileRow *row)
{
  g_autofree char *name = adit_cli_dup_line (row->name);
  g_autoptr (GString) asks = g_string_new (NULL);

  g_print (ngettext ("%s (%s, %u server)\n", "%s (%s, %u servers)\n", row->n_servers), name,
           row->kind == ADIT_PROFILE_WIREGUARD ? "WireGuard" : "OpenVPN", row->n_servers);
  for (char **word = row->asks; *word != NULL; word++)
    g_string_append_printf (asks, "%s%s", asks->len > 0 ? ", " : "", adit_explain_question (*word));
  if (asks->len > 0)
    g_print (_("  The server asks for: %s (adit profiles login)\n"), asks->str);
  if (!row->is_whole)
    g_print (_("  Only the networks that the file names are reached through it\n"));
}

static GPtrArray *
get_profiles (AditCli *cli, GError **error)
{
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetProfiles", g_variant_new ("(@a{sv})", options), NULL, NULL, error);

  return answer != NULL ? adit_answer_read_profiles (answer, error) : NULL;
}

static const AditProfileRow *
find_row (const GPtrArray *profiles, const char *word, GError **error)
{
  const AditProfileRow *found = NULL;
  guint n = 0;

  for (guint i = 0; i < profiles->len; i++)
    {
      const AditProfileRow *row = profiles->pdata[i];

      if (g_str_equal (row->id, word))
        return row;
      if (!g_str_equal (row->name, word))
        continue;
      found = row;
      n++;
    }
  if (n == 1)
    return found;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT,
               n == 0 ? _("There is no profile \"%s\"") : _("There are several profiles \"%s\"; name it by its id"), word);
  return NULL;
}

/**
 * adit_cli_find_profile:
 * @cli: this run
 * @word: an id or a name, which is one's own: root sees those of all, and may have to say which
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT where there is none, or there are several
 *
 * Returns: (transfer full) (nullable): its id
 */
char *
adit_cli_find_profile (AditCli *cli, const char *word, GError **error)
{
  g_autoptr (GPtrArray) profiles = get_profiles (cli, error);
  const AditProfileRow *row = profiles != NULL ? find_row (profiles, word, error) : NULL;

  return row != NULL ? g_strdup (row->id) : NULL;
}

/* Only what the profile takes; the helper reads the lines in this order.  An empty one leaves what the file holds. */
static AditSecret *
ask_login (const AditProfileRow *row)
{
  g_autoptr (GString) lines = g_string_sized_new (LOGIN_MAX_BYTES);
  AditSecret *login;

  for (gsize i = 0; i < G_N_ELEMENTS (login_lines); i++)
    {
      gboolean taken = g_strv_contains ((const char *const *) row->takes, login_lines[i].word);
      g_autoptr (AditSecret) line = taken ? adit_cli_read_credential (_(login_lines[i].prompt), NULL) : NULL;
      gsize length = 0;
      const guint8 *bytes = line != NULL ? adit_secret_peek (line, &length) : NULL;

      if (lines->len + length + 1 < LOGIN_MAX_BYTES)
        g_string_append_len (lines, (const char *) bytes, (gssize) length);
      g_string_append_c (lines, '\n');
    }
  login = adit_secret_new (lines->str, lines->len);
  adit_wipe (lines->str, lines->allocated_len);
  return login;
}

/* From a terminal one line after the other; from a pipe all of them as they are. */
static int
set_login (AditCli *cli, const AditProfileRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) login = isatty (STDIN_FILENO) ? ask_login (row) : adit_cli_read_credential ("", &error);
  g_autoptr (GUnixFDList) fds = login != NULL ? adit_client_wrap_secret (login, &error) : NULL;
  g_autoptr (GVariant) answer = NULL;

  if (fds != NULL)
    answer = adit_cli_call (cli, "SetProfileLogin", g_variant_new ("(sh@a{sv})", row->id, 0, adit_cli_options (cli, NULL, FALSE)),
                            fds, NULL, &error);
  return answer != NULL ? ADIT_CLI_OK : adit_cli_fail (cli, error);
}

/**
 * adit_cli_profiles:
 * @cli: this run; its words are none, or "login" or "remove" and a profile, or "rename", a profile and a name
 *
 * Returns: the exit code
 */
int
adit_cli_profiles (AditCli *cli)
{
  g_autoptr (GPtrArray) profiles = NULL;
  g_autoptr (GError) error = NULL;

  if (cli->words[0] != NULL)
    {
      const AditProfileRow *row;
      gboolean login = g_str_equal (cli->words[0], "login"), rename = g_str_equal (cli->words[0], "rename");

      if ((!login && !rename && !g_str_equal (cli->words[0], "remove")) || cli->words[1] == NULL ||
          (cli->words[2] != NULL) != rename || (rename && !g_utf8_validate (cli->words[2], -1, NULL)))
        {
          g_printerr (_("adit: usage: adit profiles [login PROFILE | rename PROFILE NAME | remove PROFILE]\n"));
          return ADIT_CLI_USAGE;
        }
      profiles = get_profiles (cli, &error);
      row = profiles != NULL ? find_row (profiles, cli->words[1], &error) : NULL;
      if (row == NULL)
        return adit_cli_fail (cli, error);
      if (login)
        return set_login (cli, row);
      if (rename)
        return adit_cli_do (cli, "RenameProfile", g_variant_new ("(ss@a{sv})", row->id, cli->words[2],
                                                                 adit_cli_options (cli, NULL, FALSE)));
      return adit_cli_do (cli, "RemoveProfile", g_variant_new ("(s@a{sv})", row->id, adit_cli_options (cli, NULL, FALSE)));
    }
  profiles = get_profiles (cli, &error);
  if (profiles == NULL)
    return adit_cli_fail (cli, error);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "profiles", adit_cli_json_profiles (profiles));
      adit_cli_print_json (object);
    }
  else if (profiles->len == 0)
    g_print (_("Nothing is imported. Import a file with: adit import FILE\n"));
  for (guint i = 0; !cli->json && i < profiles->len; i++)
    adit_cli_print_profile (profiles->pdata[i]);
  return ADIT_CLI_OK;
}

/* Past what guards a terminal: byte for byte what is kept, for a file or another program. */
static gboolean
put (const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize written = write (STDOUT_FILENO, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, _("It could not be written: %s"), g_strerror (errno));
          return FALSE;
        }
      bytes += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/**
 * adit_cli_export:
 * @cli: this run; its word is a profile
 *
 * Returns: the exit code
 */
int
adit_cli_export (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = adit_cli_find_profile (cli, cli->words[0], &error);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GBytes) text = NULL;
  const guint8 *bytes;
  gsize length;

  if (id != NULL)
    answer = adit_cli_call (cli, "ExportProfile", g_variant_new ("(s@a{sv})", id, adit_cli_options (cli, NULL, FALSE)), NULL,
                            &fds, &error);
  if (answer != NULL)
    text = adit_answer_read_file (answer, 0, fds, ADIT_IMPORT_FILE_MAX_BYTES, &error);
  if (text == NULL)
    return adit_cli_fail (cli, error);
  bytes = g_bytes_get_data (text, &length);
  return put (bytes, length, &error) ? ADIT_CLI_OK : adit_cli_fail (cli, error);
}
