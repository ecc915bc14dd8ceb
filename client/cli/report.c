/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.c: reports of crashes and problems: what there is, and a yes or a no to each. */
#include "client/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/api/crash-leftover.h"
#include "client/base/error.h"
#include "client/report/report.h"

#define WORDS_MAX_BYTES    16384    /* what the helper takes */
#define ID_SHOWN_BYTES     8        /* as many as tell twenty of them apart */
#define ID_LEAST_BYTES     4

static void
on_given (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What this person's programs have left when they crashed becomes a report now. */
static gboolean
give_leftover (AditCli *cli, GError **error)
{
  AditClient *client = adit_cli_get_client (cli, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (client == NULL)
    return FALSE;
  adit_crash_leftover_give_async (client, NULL, on_given, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return adit_crash_leftover_give_finish (client, result, error);
}

static GPtrArray *
get_reports (AditCli *cli, GError **error)
{
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetReports", g_variant_new ("(@a{sv})", options), NULL, NULL, error);

  return answer != NULL ? adit_answer_read_reports (answer, error) : NULL;
}

static char *
dup_day (gint64 day_s)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_utc (day_s);

  return day != NULL ? g_date_time_format (day, "%x") : g_strdup ("?");
}

static json_t *
json_report (const AditReportRow *row)
{
  return json_pack ("{s:s, s:s, s:o, s:o, s:s, s:o, s:o}", "id", row->id, "kind", row->is_problem ? "problem" : "crash",
                    "program", adit_cli_json_text (row->program), "day", adit_cli_json_time (row->day_s),
                    "state", adit_report_state_get_nick (row->state), "reason", adit_cli_json_text (row->reason),
                    "next_try", adit_cli_json_time (row->next_try_s));
}

static void
print_report (const AditReportRow *row)
{
  g_autofree char *day = dup_day (row->day_s);

  g_print ("%.*s  %s  %s\n", ID_SHOWN_BYTES, row->id, day, adit_report_row_get_title (row));
  g_print ("  %s\n", adit_report_row_explain (row));
  if (row->next_try_s > 0)
    {
      g_autofree char *at = adit_cli_dup_local_time (row->next_try_s);

      g_print (_("  It is tried again at: %s\n"), at);
    }
}

static void
print_list (const GPtrArray *reports, const AditReportServerAnswer *server)
{
  gboolean waits = FALSE;

  if (reports->len == 0)
    g_print (_("There are no reports. To describe a problem: adit report new\n"));
  for (guint i = 0; i < reports->len; i++)
    {
      const AditReportRow *row = reports->pdata[i];

      print_report (row);
      waits = waits || row->state == ADIT_REPORT_STATE_WAITING;
    }
  g_print ("\n");
  adit_cli_print_report_server (server);
  if (waits)
    g_print (_("To read one as it would be sent: adit report show ID\n"
               "Then: adit report send ID, adit report delete ID, or adit report save ID FILE\n"));
}

static int
list (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports = get_reports (cli, &error);
  g_autoptr (AditReportServerAnswer) server = reports != NULL ? adit_cli_get_report_server (cli, &error) : NULL;
  json_t *object, *rows;

  if (server == NULL)
    return adit_cli_fail (cli, error);
  if (!cli->json)
    {
      print_list (reports, server);
      return ADIT_CLI_OK;
    }
  object = adit_cli_new_json ();
  rows = json_array ();
  for (guint i = 0; i < reports->len; i++)
    json_array_append_new (rows, json_report (reports->pdata[i]));
  json_object_set_new (object, "reports", rows);
  json_object_set_new (object, "server", adit_cli_json_report_server (server));
  json_object_set_new (object, "consent", json_string (adit_report_consent_get_nick (server->consent)));
  adit_cli_print_json (object);
  return ADIT_CLI_OK;
}

/* The first letters of an id do where no other begins with them. */
static char *
find_id (AditCli *cli, const char *word, GError **error)
{
  g_autoptr (GPtrArray) reports = get_reports (cli, error);
  const char *found = NULL;
  guint n = 0;

  if (reports == NULL)
    return NULL;
  for (guint i = 0; i < reports->len && strlen (word) >= ID_LEAST_BYTES; i++)
    if (g_str_has_prefix (((const AditReportRow *) reports->pdata[i])->id, word))
      {
        found = ((const AditReportRow *) reports->pdata[i])->id;
        n++;
      }
  if (n == 1)
    return g_strdup (found);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_NO_REPORT, n == 0 ? _("There is no report \"%s\"")
                                                               : _("Several reports begin with \"%s\"; type more of it"), word);
  return NULL;
}

static GBytes *
get_text (AditCli *cli, const char *id, GError **error)
{
  g_autoptr (GUnixFDList) fds = NULL;
  GVariant *options = adit_cli_options (cli, NULL, FALSE);
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetReport", g_variant_new ("(s@a{sv})", id, options), NULL, &fds, error);

  if (answer == NULL)
    return NULL;
  return adit_report_check_text (adit_answer_read_file (answer, 0, fds, ADIT_REPORT_TEXT_MAX_BYTES, error), error);
}

static gboolean
show (AditCli *cli, const char *id, GError **error)
{
  g_autoptr (GBytes) text = get_text (cli, id, error);
  g_autoptr (AditReportServerAnswer) server = text != NULL ? adit_cli_get_report_server (cli, error) : NULL;
  g_autofree char *shown = NULL;

  if (server == NULL)
    return FALSE;
  shown = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "id", json_string (id));
      json_object_set_new (object, "text", json_string (shown));
      json_object_set_new (object, "server", adit_cli_json_report_server (server));
      adit_cli_print_json (object);
      return TRUE;
    }
  g_print ("%s\n", shown);
  g_printerr (_("This is all of it. A word in brackets, such as [address], stands for what was taken out.\n"));
  if (server->host[0] != '\0')
    g_printerr (_("It would go to %s. To send it: adit report send %.*s\n"), server->host, ID_SHOWN_BYTES, id);
  else
    g_printerr (_("It would go nowhere, since no server is set. To keep it: adit report save %.*s FILE\n"), ID_SHOWN_BYTES, id);
  return TRUE;
}

/* A file that is there already is somebody's. */
static gboolean
save (AditCli *cli, const char *id, const char *path, GError **error)
{
  g_autoptr (GBytes) text = get_text (cli, id, error);
  g_autofree char *shown = g_filename_display_name (path);
  const char *bytes;
  gsize length, done = 0;
  int fd, saved;

  if (text == NULL)
    return FALSE;
  bytes = g_bytes_get_data (text, &length);
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (fd >= 0 && done < length)
    {
      gssize put = write (fd, bytes + done, length - done);

      if (put < 0 && errno != EINTR)
        break;
      done += put > 0 ? (gsize) put : 0;
    }
  saved = errno;
  if (fd >= 0 && close (fd) == 0 && done == length)
    return TRUE;
  if (fd >= 0)
    (void) unlink (path);    /* half of it is no report */
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_FAILED, _("\"%s\" could not be written: %s"), shown, g_strerror (saved));
  return FALSE;
}

/* All of standard input, up to what the helper takes. */
static char *
read_words (GError **error)
{
  g_autoptr (GString) words = g_string_new (NULL);
  char bytes[1024];
  gsize got;

  if (isatty (STDIN_FILENO))
    g_printerr (_("Say what you did, what happened, and what you had expected. End with Ctrl+D on a line of its own.\n"));
  while ((got = fread (bytes, 1, sizeof bytes, stdin)) > 0 && words->len <= WORDS_MAX_BYTES)
    g_string_append_len (words, bytes, (gssize) got);
  if (words->len > WORDS_MAX_BYTES)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("That is too long"));
  else if (!g_utf8_validate (words->str, (gssize) words->len, NULL))
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("That is no text in UTF-8"));
  else if (g_strstrip (words->str)[0] == '\0')
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, _("Nothing was entered"));
  else
    return g_strdup (words->str);
  return NULL;
}

static int
write_new (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = read_words (&error);
  g_autoptr (GVariant) answer = NULL;
  const char *id = "";

  if (words != NULL)
    answer = adit_cli_call (cli, "AddProblem", g_variant_new ("(ss@a{sv})", words, cli->contact != NULL ? cli->contact : "",
                                                              adit_cli_options (cli, NULL, FALSE)), NULL, NULL, &error);
  if (answer == NULL)
    return adit_cli_fail (cli, error);
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(&s)", &id);
  if (cli->json)
    {
      json_t *object = adit_cli_new_json ();

      json_object_set_new (object, "id", json_string (id));
      adit_cli_print_json (object);
    }
  else
    g_print (_("The report %.*s is written, and nothing of it was sent. To read it: adit report show %.*s\n"), ID_SHOWN_BYTES, id,
             ID_SHOWN_BYTES, id);
  return ADIT_CLI_OK;
}

static int
complain (void)
{
  g_printerr (_("adit: usage: adit report [list | new | show ID | send ID | delete ID | save ID FILE | server [DSN [PIN]] | "
                "consent [ask|always|never]]\n"));
  return ADIT_CLI_USAGE;
}

/* What is done with one of them. */
static int
work_on (AditCli *cli, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = find_id (cli, cli->words[1], &error);
  gboolean is_done;

  if (id == NULL)
    return adit_cli_fail (cli, error);
  if (g_str_equal (what, "send"))
    return adit_cli_report_yes (cli, "SendReport", id);
  if (g_str_equal (what, "delete"))
    return adit_cli_do (cli, "DeleteReport", g_variant_new ("(s@a{sv})", id, adit_cli_options (cli, NULL, FALSE)));
  is_done = g_str_equal (what, "show") ? show (cli, id, &error) : save (cli, id, cli->words[2], &error);
  return is_done ? ADIT_CLI_OK : adit_cli_fail (cli, error);
}

/**
 * adit_cli_report:
 * @cli: this run; its words are none, or what is done and with what
 *
 * Returns: the exit code
 */
int
adit_cli_report (AditCli *cli)
{
  static const struct { const char *word; guint least, most; } all[] = {
    { "list", 1, 1 }, { "new", 1, 1 }, { "show", 2, 2 }, { "send", 2, 2 }, { "delete", 2, 2 }, { "save", 3, 3 },
    { "server", 1, 3 }, { "consent", 1, 2 },
  };
  const char *what = cli->words[0] != NULL ? cli->words[0] : "list";
  guint n = MAX (g_strv_length (cli->words), 1), i = 0;
  g_autoptr (GError) error = NULL;

  while (i < G_N_ELEMENTS (all) && !g_str_equal (all[i].word, what))
    i++;
  if (i == G_N_ELEMENTS (all) || n < all[i].least || n > all[i].most || (cli->contact != NULL && !g_str_equal (what, "new")))
    return complain ();
  if (g_str_equal (what, "server"))
    return adit_cli_report_server (cli);
  if (g_str_equal (what, "consent"))
    return adit_cli_report_consent (cli);
  /* Whoever cannot hand it over is told so, and of the reports that there are all the same. */
  if (!give_leftover (cli, &error))
    g_printerr (_("adit: what a program of Adit's left as it crashed is no report yet: %s\n"), error->message);
  if (g_str_equal (what, "list"))
    return list (cli);
  if (g_str_equal (what, "new"))
    return write_new (cli);
  return work_on (cli, what);
}
