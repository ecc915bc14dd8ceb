/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c: the table of what can be typed; usage, help and completions come from here. */
#include "client/cli/cli.h"

#include <glib/gi18n.h>

static const AditCommand commands[] = {
  { "login", "SERVICE", N_("Sign in; the credential comes from a prompt or from standard input"), "force", 1, 1, adit_cli_login },
  { "logout", "", N_("Sign out, and remove this computer at the service"), "force disconnect account", 0, 0,
    adit_cli_logout },
  { "account", "[list|show|create SERVICE|voucher|devices|remove DEVICE|rotate-key|use ACCOUNT|reveal]",
    N_("Show the accounts and their time, or change them"), "refresh account", 0, 2, adit_cli_account },
  { "device", "[list|remove DEVICE]", N_("Show the computers that the service knows of an account, or remove one"), "account",
    0, 2, adit_cli_device },
  { "locations", "[SERVICE]", N_("List the places one can leave from"), "search refresh ownership hosting "
    "with-ipv6 sort favourites", 0, 1, adit_cli_locations },
  { "latency", "[SERVICE]", N_("Measure how quickly the places answer, one server of each city"), "", 0, 1, adit_cli_latency },
  { "favourite", "[list|add PLACE|remove PLACE]", N_("Keep places of your own, for connect --favourites"), "account", 0, 8,
    adit_cli_favourite },
  { "import", "FILE [OTHER...]", N_("Take over a WireGuard or OpenVPN configuration, or an archive of some"), "name", 1, 32,
    adit_cli_import },
  { "profiles", "[login|remove PROFILE|rename PROFILE NAME]",
    N_("List what was imported, say what it asks for, rename or remove it"), "", 0, 3, adit_cli_profiles },
  { "export", "PROFILE", N_("Write what was imported, with its keys, to standard output"), "", 1, 1, adit_cli_export },
  { "connect", "[PLACE]", N_("Connect, or go over to another place"), "wait timeout confirm-within keep-session profile answer "
    "tunnel entry account pick ownership hosting with-ipv6 port favourites at-login", 0, 8, adit_cli_connect },
  { "disconnect", "", N_("Disconnect, and open the lock unless lockdown is on"), "", 0, 0, adit_cli_disconnect },
  { "pause", "[MINUTES]", N_("Disconnect and open the lock for a time, 5 minutes unless you say it"), "", 0, 1, adit_cli_pause },
  { "resume", "", N_("End a pause"), "", 0, 0, adit_cli_resume },
  { "reconnect", "", N_("Connect to the same place anew"), "wait timeout answer", 0, 0, adit_cli_reconnect },
  { "confirm", "", N_("Let stay what would go back by itself"), "", 0, 0, adit_cli_confirm },
  { "status", "", N_("Show the state"), "", 0, 0, adit_cli_status },
  { "watch", "", N_("Show each change of the state until interrupted"), "log", 0, 0, adit_cli_watch },
  { "lockdown", "on|off", N_("Keep the lock also while disconnected"), "confirm-within keep-session", 1, 1, adit_cli_lockdown },
  { "settings", "[list|get NAME|set NAME VALUE...]",
    N_("Show or change what may be reached beside the tunnel, which server is taken, and how long keys are used"), "", 0, 20,
    adit_cli_settings },
  { "dns", "[ADDRESS...|service|block [NAME...|none]]", N_("Show or choose who is asked for names, and what is left out"),
    "account", 0, 12, adit_cli_dns },
  { "networks", "[list|trust|distrust|set|forget] [NETWORK] [ACTION]",
    N_("Show or say what is done in which network: connect, disconnect, ask, lockdown"), "", 0, 3, adit_cli_networks },
  { "portal", "[close|-- BROWSER [ARGUMENT...]]", N_("Show the page of a network that asks for it, in one browser alone"), "",
    0, 16, adit_cli_portal },
  { "diagnose", "", N_("Say what is wrong, who else rules the network, and what Adit uses"), "log", 0, 0,
    adit_cli_diagnose },
  { "report", "[list|new|show ID|send ID|delete ID|save ID FILE|server [DSN [PIN]]|consent [ask|always|never]]",
    N_("Show the reports of crashes and problems, write one, and say whether it is sent"), "contact", 0, 3, adit_cli_report },
  { "recover", "", N_("Restore the computer without a running helper"), "open", 0, 0, adit_cli_recover },
};

/**
 * adit_commands_get:
 * @n_commands: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_commands): the commands, as they are listed
 */
const AditCommand *
adit_commands_get (gsize *n_commands)
{
  *n_commands = G_N_ELEMENTS (commands);
  return commands;
}
