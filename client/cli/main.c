/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c: adit, the command line: finds the command, reads its options, runs it. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>
#include <sys/prctl.h>

#include "build-id.h"
#include "client/base/fault.h"
#include "client/base/log.h"
#include "client/cli/cli.h"
#include "client/report/crash-place.h"

#define DEFAULT_TIMEOUT_S 60

static const AditCommand *
find_command (const char *name)
{
  gsize n_commands;
  const AditCommand *commands = adit_commands_get (&n_commands);

  for (gsize i = 0; i < n_commands; i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

static int
complain (const char *text)
{
  g_printerr ("adit: %s\n", text);
  return ADIT_CLI_USAGE;
}

/* Leaves of all options those that the command takes; --json is everybody's. */
static void
add_options (GOptionContext *context, const AditCommand *command, AditCli *cli)
{
  const GOptionEntry all[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("Answer in JSON, one object a line"), NULL },
    { "wait", 'w', 0, G_OPTION_ARG_NONE, &cli->wait, N_("Wait until it is connected, or cannot be"), NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &cli->timeout_s, N_("With --wait: how long at the most"), N_("SECONDS") },
    { "confirm-within", 0, 0, G_OPTION_ARG_INT, &cli->confirm_within_s,
      N_("It is as before again by itself, unless you say \"adit confirm\" in time (10 to 3600)"), N_("SECONDS") },
    { "keep-session", 0, 0, G_OPTION_ARG_NONE, &cli->keep_session,
      N_("Over ssh: exactly this connection stays, outside of the tunnel"), NULL },
    { "profile", 'p', 0, G_OPTION_ARG_STRING, &cli->profile, N_("By what was imported under this name"), N_("NAME") },
    { "tunnel", 0, 0, G_OPTION_ARG_STRING, &cli->tunnel, N_("By wireguard, openvpn-udp or openvpn-tcp"), N_("NAME") },
    { "entry", 0, 0, G_OPTION_ARG_STRING, &cli->entry, N_("Go in at one place, and out at the other"), N_("PLACE") },
    { "answer", 0, 0, G_OPTION_ARG_NONE, &cli->answer,
      N_("Ask here, or read from standard input, what the server wants beside the password"), NULL },
    { "account", 0, 0, G_OPTION_ARG_STRING, &cli->account, N_("Of several accounts: the one at this service, or of this id"),
      N_("ACCOUNT") },
    { "search", 's', 0, G_OPTION_ARG_STRING, &cli->search, N_("Only what matches"), N_("TEXT") },
    { "refresh", 0, 0, G_OPTION_ARG_NONE, &cli->refresh, N_("Ask the service now"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &cli->force, N_("Out: although the service does not answer; in: others go out"), NULL },
    { "disconnect", 0, 0, G_OPTION_ARG_NONE, &cli->disconnect, N_("Disconnect first where it is in use"), NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &cli->name, N_("What it is to be called"), N_("NAME") },
    { "pick", 0, 0, G_OPTION_ARG_STRING, &cli->pick, N_("Of those that fit: as the service has it, nearest, random or fastest"),
      N_("service|nearest|random|fastest") },
    { "ownership", 0, 0, G_OPTION_ARG_STRING, &cli->ownership, N_("Only the service's own servers, or only rented ones"),
      N_("any|owned|rented") },
    { "hosting", 0, 0, G_OPTION_ARG_STRING_ARRAY, &cli->hosting, N_("Only servers in this company's house (several: again)"),
      N_("COMPANY") },
    { "with-ipv6", 0, 0, G_OPTION_ARG_NONE, &cli->with_ipv6, N_("Only servers that IPv6 goes through"), NULL },
    { "port", 0, 0, G_OPTION_ARG_STRING, &cli->port, N_("By this port of the server"), N_("PORT") },
    { "favourites", 0, 0, G_OPTION_ARG_NONE, &cli->favourites, N_("Only your favourites"), NULL },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &cli->sort, N_("By name, distance, load or latency"),
      N_("name|distance|load|latency") },
    { "contact", 0, 0, G_OPTION_ARG_STRING, &cli->contact, N_("With \"new\": how you can be answered; it is sent as you type it"),
      N_("TEXT") },
    { "at-login", 0, 0, G_OPTION_ARG_NONE, &cli->at_login, N_("To where it was last, if auto-connect says \"login\""), NULL },
    { "open", 0, 0, G_OPTION_ARG_NONE, &cli->open, N_("Remove the lock too"), NULL },
    { "log", 0, 0, G_OPTION_ARG_NONE, &cli->log, N_("Show what the helper has logged"), NULL },
  };
  g_auto (GStrv) taken = g_strsplit (command->options, " ", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      const GOptionEntry entries[] = { all[i], { NULL } };

      if (i == 0 || g_strv_contains ((const char *const *) taken, all[i].long_name))
        g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    }
}

static int
run (const AditCommand *command, AditCli *cli, char ***argv)
{
  g_autofree char *usage = g_strconcat (command->usage, "\n\n  ", _(command->summary), NULL);
  g_autofree char *program = g_strconcat ("adit ", command->name, NULL), *words = adit_cli_dup_words (command);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;
  guint n_words;

  add_options (context, command, cli);
  g_option_context_set_description (context, words);
  g_free ((*argv)[0]);
  (*argv)[0] = g_steal_pointer (&program);
  if (!g_option_context_parse_strv (context, argv, &error))
    return complain (error->message);
  n_words = g_strv_length (*argv) - 1;
  if (n_words < command->min_words || n_words > command->max_words || cli->timeout_s < 1)
    {
      g_autofree char *text = g_strdup_printf (_("usage: adit %s %s"), command->name, command->usage);

      return complain (text);
    }
  cli->words = *argv + 1;
  ADIT_CRASH_POINT ("adit");
  return command->run (cli);
}

/* What is typed goes through here.  Where there is no handler, a crash is as one of any other program, and says nothing more. */
static void
prepare_for_crash (void)
{
  (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  adit_crash_place_forbid_cores ();
  (void) adit_crash_place_install ("adit", ADIT_BUILD_ID, NULL);
}

int
main (int argc, char **argv)
{
  AditCli cli = { .timeout_s = DEFAULT_TIMEOUT_S };
  g_auto (GStrv) rest = NULL;
  const AditCommand *command;
  int first = 1, exit_code;

  prepare_for_crash ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ADIT_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  adit_log_init ("adit");
  adit_cli_guard_output ();

  while (first < argc && g_str_equal (argv[first], "--json"))
    {
      cli.json = TRUE;
      first++;
    }
  if (first >= argc || g_str_equal (argv[first], "--help") || g_str_equal (argv[first], "-h") ||
      g_str_equal (argv[first], "help"))
    {
      adit_cli_print_commands ();
      return first >= argc ? ADIT_CLI_USAGE : ADIT_CLI_OK;
    }
  if (g_str_equal (argv[first], "--version"))
    {
      g_print ("adit %s\n", ADIT_VERSION);
      return ADIT_CLI_OK;
    }
  command = find_command (argv[first]);
  if (command == NULL)
    {
      g_autofree char *text = g_strdup_printf (_("there is no command \"%s\"; see adit --help"), argv[first]);

      return complain (text);
    }
  rest = g_strdupv (argv + first);
  exit_code = run (command, &cli, &rest);
  g_clear_object (&cli.client);
  g_clear_object (&cli.answer_fds);
  g_free (cli.search);
  g_free (cli.profile);
  g_free (cli.tunnel);
  g_free (cli.entry);
  g_free (cli.account);
  g_free (cli.name);
  g_free (cli.pick);
  g_free (cli.ownership);
  g_free (cli.port);
  g_free (cli.sort);
  g_free (cli.contact);
  g_strfreev (cli.hosting);
  return exit_code;
}
