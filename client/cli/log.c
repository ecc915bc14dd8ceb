/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log.c: what the helper has logged, once or until interrupted.  It is asked for again and again while somebody looks, and by
 * nobody else. */
#include "client/cli/cli.h"

#include <glib-unix.h>
#include <signal.h>

#include "client/api/log-answer.h"

#define EACH_MS 1000    /* a person sees it come; and the helper answers in less than a thousandth of that */

typedef struct
{
  AditCli   *cli;
  GMainLoop *loop;
  guint64    last;    /* the number of the last line that was shown */
  int        exit_code;
} Log;

static void
print_line (AditCli *cli, const AditLogLine *line)
{
  g_autofree char *text = NULL;
  json_t *object;

  if (!cli->json)
    {
      text = adit_log_answer_dup_line (line);
      g_print ("%s\n", text);
      return;
    }
  object = adit_cli_new_json ();
  json_object_set_new (object, "time", adit_cli_json_time (line->time_us / G_USEC_PER_SEC));
  json_object_set_new (object, "level", json_string (adit_log_level_get_nick (line->level)));
  json_object_set_new (object, "topic", json_string (line->topic));
  json_object_set_new (object, "message", json_string (line->text));
  adit_cli_print_json (object);
}

static int
print_new (Log *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "after", g_variant_new_uint64 (self->last));
  g_variant_builder_add (&options, "{sv}", "interactive", g_variant_new_boolean (FALSE));    /* nobody is asked each second */
  answer = adit_cli_call (self->cli, "GetLog", g_variant_new ("(a{sv})", &options), NULL, NULL, &error);
  lines = answer != NULL ? adit_log_answer_read (answer, &error) : NULL;
  if (lines == NULL)
    return adit_cli_fail (self->cli, error);
  for (guint i = 0; i < lines->len; i++)
    {
      const AditLogLine *line = lines->pdata[i];

      print_line (self->cli, line);
      self->last = line->number;
    }
  return ADIT_CLI_OK;
}

/**
 * adit_cli_log:
 * @cli: this run
 *
 * Shows what there is.
 *
 * Returns: the exit code
 */
int
adit_cli_log (AditCli *cli)
{
  Log self = { .cli = cli };

  return print_new (&self);
}

static gboolean
on_interrupt (gpointer user_data)
{
  g_main_loop_quit (((Log *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_due (gpointer user_data)
{
  Log *self = user_data;

  self->exit_code = print_new (self);
  if (self->exit_code != ADIT_CLI_OK)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/**
 * adit_cli_watch_log:
 * @cli: this run
 *
 * Shows what there is, and then each line as it comes.
 *
 * Returns: the exit code; an interrupt is the ordinary end
 */
int
adit_cli_watch_log (AditCli *cli)
{
  Log self = { .cli = cli };

  self.exit_code = print_new (&self);
  if (self.exit_code != ADIT_CLI_OK)
    return self.exit_code;
  self.loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, on_interrupt, &self);
  g_unix_signal_add (SIGTERM, on_interrupt, &self);
  g_timeout_add (EACH_MS, on_due, &self);
  g_main_loop_run (self.loop);
  g_main_loop_unref (self.loop);
  return self.exit_code;
}
