/* SPDX-License-Identifier: GPL-2.0-or-later */
/* describe.c: what can be typed, in JSON: completions and the manual page are made of it (data/manual). */
#include "config.h"
#include "client/cli/cli.h"

#include <glib/gi18n.h>

#include "client/model/service.h"

/* A name of one letter is optional. */
static json_t *
json_option (const GOptionEntry *option)
{
  const char letter[] = { option->short_name, '\0' };

  return json_pack ("{s:s, s:o, s:o, s:s}", "name", option->long_name, "short", adit_cli_json_text (letter), "argument",
                    adit_cli_json_text (option->arg_description != NULL ? _(option->arg_description) : NULL), "summary",
                    _(option->description));
}

static json_t *
json_command (const AditCommand *command, const GOptionEntry *options)
{
  json_t *taken = json_array ();

  for (const GOptionEntry *option = options; option->long_name != NULL; option++)
    if (option == options || adit_command_takes (command, option->long_name))
      json_array_append_new (taken, json_option (option));
  return json_pack ("{s:s, s:s, s:s, s:o, s:o}", "name", command->name, "usage", command->usage, "summary", _(command->summary),
                    "options", taken, "words", adit_cli_json_words (command));
}

/**
 * adit_cli_json_commands:
 * @options: those of all commands, the last row empty; the first one is everybody's
 *
 * Returns: (transfer full): every command, what it takes, and the services
 */
json_t *
adit_cli_json_commands (const GOptionEntry *options)
{
  json_t *object = adit_cli_new_json (), *rows = json_array (), *services = json_array ();
  gsize n_commands;
  const AditCommand *commands = adit_commands_get (&n_commands);

  for (gsize i = 0; i < n_commands; i++)
    json_array_append_new (rows, json_command (&commands[i], options));
  for (guint i = 0; adit_service_at (i) != NULL; i++)
    json_array_append_new (services, json_string (adit_service_at (i)->id));
  json_object_set_new (object, "commands", rows);
  json_object_set_new (object, "services", services);
  return object;
}
