/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c: what --help says, of all commands and of the words that one takes. */
#include "config.h"
#include "client/cli/cli.h"

#include <glib/gi18n.h>
#include <string.h>

#define WIDTH 24    /* of what is typed, before its words; what is longer has them on the next line */

/* What is typed is never translated.  Rows of one command stand together. */
static const struct { const char *command, *typed, *text; } rows[] = {
  { "account", "list, show", N_("Who is signed in, and the time left; so it is without a word") },
  { "account", "create SERVICE", N_("Make a new account there") },
  { "account", "voucher", N_("Add time by a voucher, which is asked for") },
  { "account", "devices", N_("The computers that the service knows of the account") },
  { "account", "remove DEVICE", N_("Let the service forget one of them") },
  { "account", "rotate-key", N_("Let this computer have a new key") },
  { "account", "use ACCOUNT", N_("Connect by this account from now on") },
  { "account", "reveal", N_("Show what one signs in with; asks for your password") },
  { "device", "list", N_("The computers that the service knows of the account") },
  { "device", "remove DEVICE", N_("Let the service forget one of them") },
  { "favourite", "list", N_("Show them; so it is without a word") },
  { "favourite", "add PLACE", N_("Have this place among them") },
  { "favourite", "remove PLACE", N_("Have it among them no longer") },
  { "profiles", "login PROFILE", N_("Say the user name and password that its server asks for") },
  { "profiles", "rename PROFILE NAME", N_("Give it another name") },
  { "profiles", "remove PROFILE", N_("Remove it from this computer") },
  { "connect", "se", N_("A place is a country,") },
  { "connect", "se got", N_("a country and a city,") },
  { "connect", "se-got-wg-001", N_("or a server; adit locations shows them") },
  { "lockdown", "on", N_("From now on nothing leaves while disconnected") },
  { "lockdown", "off", N_("It may again; asks for your password") },
  { "settings", "list", N_("Show all that can be set; so it is without a word") },
  { "settings", "get NAME", N_("Show one of them") },
  { "settings", "set NAME VALUE...", N_("Change one of them, which are:") },
  { "settings", "lockdown on|off", N_("Keep the lock also while disconnected") },
  { "settings", "lan off|subnet|RANGE...", N_("What of the local network may be reached") },
  { "settings", "multicast on|off", N_("Whether devices nearby may be looked for") },
  { "settings", "guests none|DEVICE...", N_("Virtual machines and containers, by their network device, that stay reachable") },
  { "settings", "dns service|ADDRESS...", N_("Who is asked for names") },
  { "settings", "block none|SERVICE/NAME...", N_("What the service’s resolvers leave out") },
  { "settings", "key-days service|DAYS", N_("How long a key is used") },
  { "settings", "auto-connect off|boot|login", N_("When to connect by itself, to where it was last") },
  { "settings", "pick service|nearest|random", N_("Which one of the servers that fit is taken") },
  { "settings", "ownership any|owned|rented", N_("Only the service's own servers, or only rented ones") },
  { "settings", "hosting any|COMPANY...", N_("Only servers in the houses of these companies") },
  { "settings", "with-ipv6 on|off", N_("Only servers that IPv6 goes through") },
  { "settings", "port any|PORT", N_("By this port of the server") },
  { "settings", "ip-outside any|ipv4|ipv6", N_("By which version of IP the server is reached") },
  { "settings", "ip-inside any|ipv4", N_("Which versions of IP go through the tunnel") },
  { "settings", "mtu auto|BYTES", N_("The longest packet in the tunnel, from 1280 to 9000 bytes") },
  { "settings", "near time-zone|NORTH,EAST", N_("Where this computer is, for what is nearest") },
  { "settings", "favourites SERVICE/PLACE...", N_("Your favourites; adit favourite does it place by place") },
  { "dns", "ADDRESS...", N_("Ask these resolvers") },
  { "dns", "service", N_("Ask those of the service") },
  { "dns", "block", N_("Show what the service’s resolvers can leave out") },
  { "dns", "block none|NAME...", N_("Let them leave out nothing, or this") },
  { "networks", "list", N_("Show those that are here or have a rule; so it is without a word") },
  { "networks", "trust NETWORK ACTION", N_("Trust a network, and say what is done in it") },
  { "networks", "distrust NETWORK ACTION", N_("Do not trust it, and say what is done in it") },
  { "networks", "set wired|wifi|mobile ACTION", N_("Say what is done in new networks of that kind") },
  { "networks", "forget NETWORK", N_("Have no rule for it any more") },
  { "report", "list", N_("Show them, and where they would go; so it is without a word") },
  { "report", "new", N_("Say what is wrong, in words of your own, from a prompt or from standard input") },
  { "report", "show ID", N_("Show the text, exactly as it is sent") },
  { "report", "send ID", N_("Say yes to it; it goes when it may") },
  { "report", "delete ID", N_("Delete it, also when it waits to be sent") },
  { "report", "save ID FILE", N_("Write the text to a new file") },
  { "report", "server", N_("Show where your reports go") },
  { "report", "server DSN [PIN]", N_("Have them go to this server, with this pin of its certificate") },
  { "report", "server none", N_("Have them go nowhere") },
  { "report", "server default", N_("Have them go where the administrator says") },
  { "report", "consent ask", N_("Nothing is sent without a yes of yours to its text") },
  { "report", "consent always", N_("Reports of crashes are sent as they come, to this server alone") },
  { "report", "consent never", N_("No reports are made of crashes") },
  { "portal", "close", N_("End it before its time") },
  { "portal", "-- BROWSER ARGUMENT...", N_("In this browser") },
};

static void
append (GString *text, const char *typed, const char *words)
{
  if (strlen (typed) <= WIDTH)
    g_string_append_printf (text, "  %-*s  %s\n", WIDTH, typed, words);
  else
    g_string_append_printf (text, "  %s\n  %*s  %s\n", typed, WIDTH, "", words);
}

/**
 * adit_cli_print_commands:
 *
 * Says which commands there are.
 */
void
adit_cli_print_commands (void)
{
  gsize n_commands;
  const AditCommand *commands = adit_commands_get (&n_commands);
  g_autoptr (GString) text = g_string_new (_("Usage: adit [--json] COMMAND\n\nCommands:\n"));

  for (gsize i = 0; i < n_commands; i++)
    {
      g_autofree char *head = g_strjoin (commands[i].usage[0] != '\0' ? " " : "", commands[i].name, commands[i].usage, NULL);

      append (text, head, _(commands[i].summary));
    }
  g_string_append (text, _("\nOptions:\n"));
  append (text, "--json", _("Answer in JSON, one object a line"));
  append (text, "--version", _("Show the version"));
  g_string_append (text, _("\nadit COMMAND --help says more.\n"));
  g_print ("%s", text->str);
}

/**
 * adit_cli_dup_words:
 * @command: one of them
 *
 * Returns: (transfer full) (nullable): what can be typed behind it, a line each; %NULL where its usage says all
 */
char *
adit_cli_dup_words (const AditCommand *command)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].command, command->name))
      append (text, rows[i].typed, _(rows[i].text));
  if (text->len == 0)
    return NULL;
  /* Translators: what can be typed behind a command */
  g_string_prepend (text, _("Words:\n"));
  g_string_truncate (text, text->len - 1);
  return g_strdup (text->str);
}

/**
 * adit_cli_json_words:
 * @command: one of them
 *
 * Returns: (transfer full): what can be typed behind it, as objects
 */
json_t *
adit_cli_json_words (const AditCommand *command)
{
  json_t *words = json_array ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].command, command->name))
      json_array_append_new (words, json_pack ("{s:s, s:s}", "typed", rows[i].typed, "summary", _(rows[i].text)));
  return words;
}
