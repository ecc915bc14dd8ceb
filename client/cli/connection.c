/* SPDX-License-Identifier: GPL-2.0-or-later */
/* connection.c: connect, disconnect, reconnect, status, watch, lockdown. */
#include "client/cli/cli.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "client/api/explain.h"

/* --- Waiting for a wish to come true ------------------------------------------------------------------------------------- */

typedef struct
{
  AditCli   *cli;
  GMainLoop *loop;
  gboolean   taken;        /* the helper has taken the wish; what it said before was about another one */
  gboolean   subscribed;
  GError    *error;
  int        exit_code;
} Wait;

static void
end_wait (Wait *wait, int exit_code)
{
  wait->exit_code = exit_code;
  g_main_loop_quit (wait->loop);
}

static void
judge (Wait *wait)
{
  const AditStatus *status = adit_client_get_status (wait->cli->client);

  if (!wait->taken || !wait->subscribed || status == NULL)
    return;
  switch (status->state)
    {
    case ADIT_STATE_CONNECTED:
      end_wait (wait, ADIT_CLI_OK);
      break;
    case ADIT_STATE_BLOCKED:
      /* The words of the error, and its exit code; the reason is the same thing, less exactly. */
      g_set_error (&wait->error, ADIT_ERROR, status->has_error ? (gint) status->error : ADIT_ERROR_FAILED, "%s", status->detail);
      end_wait (wait, ADIT_CLI_FAILED);
      break;
    case ADIT_STATE_DISCONNECTED:
    case ADIT_STATE_DISCONNECTING:
      g_set_error (&wait->error, ADIT_ERROR, ADIT_ERROR_FAILED, _("Somebody disconnected meanwhile"));
      end_wait (wait, ADIT_CLI_FAILED);
      break;
    default:
      break;
    }
}

static void
on_status (AditClient *client, AditStatus *status, gpointer user_data)
{
  judge (user_data);
}

static void
on_gone (AditClient *client, gpointer user_data)
{
  Wait *wait = user_data;

  if (!wait->subscribed)
    return;    /* it has not been there yet: the bus is starting it */
  g_clear_error (&wait->error);
  g_set_error (&wait->error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, _("The helper went away; the lock stays as it was"));
  end_wait (wait, ADIT_CLI_FAILED);
}

static void
on_subscribed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->subscribed = adit_client_subscribe_finish (ADIT_CLIENT (source), result, wait->error == NULL ? &wait->error : NULL);
  if (wait->subscribed)
    judge (wait);
  else
    end_wait (wait, ADIT_CLI_FAILED);
}

static void
on_wish_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  g_autoptr (GVariant) answer = adit_client_call_finish (ADIT_CLIENT (source), result, NULL,
                                                         wait->error == NULL ? &wait->error : NULL);

  wait->taken = answer != NULL;
  if (wait->taken)
    judge (wait);
  else
    end_wait (wait, ADIT_CLI_FAILED);
}

static gboolean
on_time_over (gpointer user_data)
{
  Wait *wait = user_data;

  g_set_error (&wait->error, ADIT_ERROR, ADIT_ERROR_TIMED_OUT, _("Not connected after %d seconds"), wait->cli->timeout_s);
  end_wait (wait, ADIT_CLI_FAILED);
  return G_SOURCE_REMOVE;
}

static gboolean
on_interrupt (gpointer user_data)
{
  Wait *wait = user_data;

  g_set_error (&wait->error, ADIT_ERROR, ADIT_ERROR_TIMED_OUT, _("Interrupted; the attempt goes on"));
  end_wait (wait, ADIT_CLI_FAILED);
  return G_SOURCE_REMOVE;
}

/* Subscribes and calls in one go: two questions, one trip to the helper. */
static gboolean
call_and_wait (AditCli *cli, const char *method, GVariant *arguments, GError **error)
{
  g_autoptr (GVariant) taken = g_variant_ref_sink (arguments);
  Wait wait = { .cli = cli };
  AditClient *client = adit_cli_get_client (cli, error);
  guint timeout, interrupt;

  if (client == NULL)
    return FALSE;
  wait.loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect (client, "status", G_CALLBACK (on_status), &wait);
  g_signal_connect (client, "gone", G_CALLBACK (on_gone), &wait);
  timeout = g_timeout_add_seconds ((guint) cli->timeout_s, on_time_over, &wait);
  interrupt = g_unix_signal_add (SIGINT, on_interrupt, &wait);
  adit_client_subscribe_async (client, NULL, on_subscribed, &wait);
  adit_client_call_async (client, method, taken, cli->answer_fds, NULL, on_wish_taken, &wait);
  g_main_loop_run (wait.loop);

  g_signal_handlers_disconnect_by_data (client, &wait);
  if (g_main_context_find_source_by_id (NULL, timeout) != NULL)
    g_source_remove (timeout);
  if (g_main_context_find_source_by_id (NULL, interrupt) != NULL)
    g_source_remove (interrupt);
  g_main_loop_unref (wait.loop);
  if (wait.error == NULL)
    return TRUE;
  g_propagate_error (error, wait.error);
  return FALSE;
}

/* The helper knows the names of what was imported, so that nothing has to be asked before; why one is of no use, the list
 * says. */
static int
fail_wish (AditCli *cli, const GError *error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *id = NULL;

  if (cli->profile != NULL && g_error_matches (error, ADIT_ERROR, ADIT_ERROR_NO_ACCOUNT))
    id = adit_cli_find_profile (cli, cli->profile, &reason);
  return adit_cli_fail (cli, reason != NULL ? reason : error);
}

/* As long as there is somebody who answers, the server's questions come here. */
static int
wish_and_wait (AditCli *cli, const char *method, GVariant *arguments)
{
  GError *error = NULL;
  int exit_code;

  while (!call_and_wait (cli, method, arguments, &error))
    {
      if (!adit_cli_can_answer (cli, error) || (g_clear_error (&error), !adit_cli_read_answer (cli, &error)))
        {
          exit_code = fail_wish (cli, error);
          g_error_free (error);
          return exit_code;
        }
      method = "Reconnect";
      arguments = g_variant_new ("(@a{sv})", adit_cli_way_options (cli));
    }
  adit_cli_print_status (cli, adit_client_get_status (cli->client));
  return ADIT_CLI_OK;
}

static void
tell_way_back (AditCli *cli)
{
  if (cli->confirm_within_s > 0 && !cli->json)
    g_print (_("In %d seconds it is as before again, unless you say: adit confirm\n"), cli->confirm_within_s);
}

static int
wish (AditCli *cli, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (cli->wait)
    return wish_and_wait (cli, method, arguments);
  answer = adit_cli_call (cli, method, arguments, cli->answer_fds, NULL, &error);
  if (answer == NULL)
    return fail_wish (cli, error);
  if (!cli->json)
    g_print (_("Connecting; see adit status, or use --wait.\n"));
  tell_way_back (cli);
  return ADIT_CLI_OK;
}

/* --- The commands -------------------------------------------------------------------------------------------------------- */

static void
add_place (GVariantBuilder *dict, const AditPlace *place)
{
  g_variant_builder_add (dict, "{sv}", "country", g_variant_new_string (place->country));
  g_variant_builder_add (dict, "{sv}", "city", g_variant_new_string (place->city));
  g_variant_builder_add (dict, "{sv}", "server", g_variant_new_string (place->server));
}

/**
 * adit_cli_connect:
 * @cli: this run; its words are the place, or there is a profile
 *
 * Returns: the exit code
 */
int
adit_cli_connect (AditCli *cli)
{
  g_autofree char *account = NULL;
  const char *service;
  g_autoptr (GError) error = NULL;
  AditPlace place = { 0 }, entry = { 0 };
  g_autofree AditChoice *choice = g_new0 (AditChoice, 1);
  AditProtocol protocol;
  GVariantBuilder dict;

  if (cli->at_login)
    return adit_cli_connect_at_login (cli);
  if (cli->profile != NULL && (cli->words[0] != NULL || cli->entry != NULL || cli->tunnel != NULL || cli->account != NULL))
    {
      g_printerr (_("adit: what was imported says by itself where it leads; leave out the place and the tunnel, or --profile\n"));
      return ADIT_CLI_USAGE;
    }
  account = adit_cli_find_account (cli, &service, &error);
  if (account == NULL)
    return adit_cli_fail (cli, error);
  if (cli->profile != NULL && cli->profile[0] == '\0')    /* which would be the current account */
    {
      g_autofree char *id = adit_cli_find_profile (cli, cli->profile, &error);

      return adit_cli_fail (cli, error);
    }
  if (cli->tunnel != NULL && !adit_protocol_from_name (cli->tunnel, &protocol))
    {
      g_printerr (_("adit: a tunnel is wireguard, openvpn-udp or openvpn-tcp\n"));
      return ADIT_CLI_USAGE;
    }
  if (!adit_cli_read_servers (cli, choice, &error))
    return adit_cli_fail (cli, error);
  if (cli->favourites && cli->words[0] != NULL)
    {
      g_printerr (_("adit: say a place, or --favourites\n"));
      return ADIT_CLI_USAGE;
    }
  if (cli->words[0] != NULL || cli->entry != NULL || adit_server_filter_get_parts (&choice->servers.filter) != 0 ||
      g_strcmp0 (cli->pick, "fastest") == 0)
    {
      g_autofree char *text = g_strjoinv (" ", cli->words);
      g_autoptr (AditServerList) list = adit_cli_get_list (cli, service, &error);

      if (list == NULL || (cli->words[0] != NULL && !adit_cli_resolve_place (list, text, &place, &error)) ||
          (cli->entry != NULL && !adit_cli_resolve_place (list, cli->entry, &entry, &error)) ||
          !adit_cli_check_servers (list, &place, &choice->servers.filter, &error))
        return adit_cli_fail (cli, error);
      if (g_strcmp0 (cli->pick, "fastest") == 0 && !cli->favourites && cli->entry == NULL)
        adit_cli_pick_fastest (cli, list, NULL, &choice->servers.filter, &place);
    }
  if (cli->answer && !adit_cli_read_answer (cli, &error))
    return adit_cli_fail (cli, error);
  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add_place (&dict, &place);
  if (cli->entry != NULL)
    {
      GVariantBuilder entry_dict;

      g_variant_builder_init (&entry_dict, G_VARIANT_TYPE_VARDICT);
      add_place (&entry_dict, &entry);
      g_variant_builder_add (&dict, "{sv}", "entry", g_variant_builder_end (&entry_dict));
    }
  if (cli->tunnel != NULL)
    g_variant_builder_add (&dict, "{sv}", "tunnel", g_variant_new_string (cli->tunnel));
  adit_cli_add_servers (cli, &dict);
  if (cli->profile != NULL || account[0] != '\0')
    g_variant_builder_add (&dict, "{sv}", "account", g_variant_new_string (cli->profile != NULL ? cli->profile : account));
  return wish (cli, "Connect", g_variant_new ("(a{sv}@a{sv})", &dict, adit_cli_way_options (cli)));
}

/**
 * adit_cli_reconnect:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_reconnect (AditCli *cli)
{
  g_autoptr (GError) error = NULL;

  if (cli->answer && !adit_cli_read_answer (cli, &error))
    return adit_cli_fail (cli, error);
  return wish (cli, "Reconnect", g_variant_new ("(@a{sv})", adit_cli_way_options (cli)));
}

/**
 * adit_cli_disconnect:
 * @cli: this run
 *
 * Returns: the exit code; the helper answers when the network is as it was before
 */
int
adit_cli_disconnect (AditCli *cli)
{
  return adit_cli_do (cli, "Disconnect", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)));
}

/**
 * adit_cli_confirm:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_confirm (AditCli *cli)
{
  return adit_cli_do (cli, "Confirm", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)));
}

/**
 * adit_cli_status:
 * @cli: this run
 *
 * Returns: the exit code
 */
int
adit_cli_status (AditCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = adit_cli_call (cli, "GetStatus", g_variant_new ("(@a{sv})", adit_cli_options (cli, NULL, FALSE)),
                                               NULL, NULL, &error);
  g_autoptr (GVariant) dict = NULL;
  g_autoptr (AditStatus) status = NULL;

  if (answer == NULL)
    return adit_cli_fail (cli, error);
  dict = g_variant_get_child_value (answer, 0);
  status = adit_status_new_from_variant (dict);
  adit_cli_print_status (cli, status);
  return ADIT_CLI_OK;
}

static void
on_watched_status (AditClient *client, AditStatus *status, gpointer user_data)
{
  Wait *wait = user_data;

  adit_cli_print_status (wait->cli, status);
}

static gboolean
on_watch_interrupt (gpointer user_data)
{
  end_wait (user_data, ADIT_CLI_OK);
  return G_SOURCE_REMOVE;
}

/**
 * adit_cli_watch:
 * @cli: this run
 *
 * Returns: the exit code; an interrupt is the ordinary end
 */
int
adit_cli_watch (AditCli *cli)
{
  Wait wait = { .cli = cli };
  AditClient *client;

  if (cli->log)
    return adit_cli_watch_log (cli);
  client = adit_cli_get_client (cli, &wait.error);
  if (client != NULL)
    {
      wait.loop = g_main_loop_new (NULL, FALSE);
      g_signal_connect (client, "status", G_CALLBACK (on_watched_status), &wait);
      g_signal_connect (client, "gone", G_CALLBACK (on_gone), &wait);
      g_unix_signal_add (SIGINT, on_watch_interrupt, &wait);
      g_unix_signal_add (SIGTERM, on_watch_interrupt, &wait);
      adit_client_subscribe_async (client, NULL, on_subscribed, &wait);
      g_main_loop_run (wait.loop);
      g_signal_handlers_disconnect_by_data (client, &wait);
      g_main_loop_unref (wait.loop);
    }
  if (wait.error == NULL)
    return wait.exit_code;
  wait.exit_code = adit_cli_fail (cli, wait.error);
  g_error_free (wait.error);
  return wait.exit_code;
}

/**
 * adit_cli_lockdown:
 * @cli: this run; its word is "on" or "off"
 *
 * Returns: the exit code
 */
int
adit_cli_lockdown (AditCli *cli)
{
  gboolean on = g_str_equal (cli->words[0], "on");
  int exit_code;

  if (!on && !g_str_equal (cli->words[0], "off"))
    {
      g_printerr (_("adit: say \"adit lockdown on\" or \"adit lockdown off\"\n"));
      return ADIT_CLI_USAGE;
    }
  exit_code = adit_cli_do (cli, "SetLockdown", g_variant_new ("(b@a{sv})", on, adit_cli_way_options (cli)));
  if (exit_code == ADIT_CLI_OK && on)
    tell_way_back (cli);
  return exit_code;
}
