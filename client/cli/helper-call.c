/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper-call.c: a command is one thing after the other, so it waits for each answer in its own small loop. */
#include "config.h"
#include "client/cli/cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "build-id.h"
#include "client/base/error.h"

#define CREDENTIAL_MAX_BYTES 4096    /* what the helper reads of one */

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * adit_cli_get_client:
 * @cli: this run
 * @error: return location; %ADIT_ERROR_HELPER_UNREACHABLE without a system bus
 *
 * Returns: (transfer none) (nullable): the way to the helper
 */
AditClient *
adit_cli_get_client (AditCli *cli, GError **error)
{
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) local = NULL;

  if (cli->client != NULL)
    return cli->client;
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &local);
  if (bus == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_HELPER_UNREACHABLE, _("There is no system bus: %s"), local->message);
      return NULL;
    }
  cli->client = adit_client_new (bus);
  return cli->client;
}

static void
warn_of_other_build (AditCli *cli)
{
  static gboolean warned;
  const char *build_id = adit_client_get_build_id (cli->client);

  if (warned || build_id == NULL || g_str_equal (build_id, ADIT_BUILD_ID))
    return;
  warned = TRUE;
  g_printerr (_("adit: the helper is of another build (%s) than this program (%s); restart it: systemctl restart aditd\n"),
              build_id, ADIT_BUILD_ID);
}

/**
 * adit_cli_call:
 * @cli: this run
 * @method: a method of the helper
 * @arguments: (transfer floating): its arguments
 * @fds: (nullable): descriptors that go with them
 * @out_fds: (out) (optional): descriptors that come back
 * @error: return location; %ADIT_ERROR
 *
 * Returns: (transfer full) (nullable): the answer's tuple
 */
GVariant *
adit_cli_call (AditCli *cli, const char *method, GVariant *arguments, GUnixFDList *fds, GUnixFDList **out_fds, GError **error)
{
  g_autoptr (GVariant) taken = g_variant_ref_sink (arguments);
  AditClient *client = adit_cli_get_client (cli, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (client == NULL)
    return NULL;
  adit_client_call_async (client, method, taken, fds, NULL, on_answer, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  warn_of_other_build (cli);
  return adit_client_call_finish (client, result, out_fds, error);
}

/**
 * adit_cli_options:
 * @cli: this run
 * @name: (nullable): an option of the method
 * @value: its value
 *
 * Returns: (transfer floating): an a{sv} with that one option, or none
 */
GVariant *
adit_cli_options (AditCli *cli, const char *name, gboolean value)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (name != NULL && value)
    g_variant_builder_add (&options, "{sv}", name, g_variant_new_boolean (value));
  return g_variant_builder_end (&options);
}

/**
 * adit_cli_do:
 * @cli: this run
 * @method: a method that answers nothing
 * @arguments: (transfer floating): its arguments
 *
 * Returns: the exit code
 */
int
adit_cli_do (AditCli *cli, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = adit_cli_call (cli, method, arguments, NULL, NULL, &error);

  return answer != NULL ? ADIT_CLI_OK : adit_cli_fail (cli, error);
}

/**
 * adit_cli_read_credential:
 * @prompt: what to ask a person
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Reads one from standard input; from a terminal without showing it.
 *
 * Returns: (transfer full) (nullable): the credential as it was typed, without the end of its line
 */
AditSecret *
adit_cli_read_credential (const char *prompt, GError **error)
{
  char bytes[CREDENTIAL_MAX_BYTES + 1];
  struct termios shown, hidden;
  gboolean terminal = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &shown) == 0;
  AditSecret *secret = NULL;
  gsize length = 0;
  gssize got = 1;

  if (terminal)
    {
      /* Hidden before it is asked for: the change drops what was typed before it, and an answer must not be among that. */
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
      g_printerr ("%s: ", prompt);
    }
  while (length < sizeof bytes && got > 0)
    {
      got = read (STDIN_FILENO, bytes + length, sizeof bytes - length);
      if (got < 0 && errno == EINTR)
        got = 1;
      else if (got > 0)
        length += (gsize) got;
      if (terminal && memchr (bytes, '\n', length) != NULL)
        break;
    }
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
      g_printerr ("\n");
    }
  while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
    length--;
  if (length == 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, _("Nothing was entered"));
  else if (length > CREDENTIAL_MAX_BYTES)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED, _("That is too long"));
  else
    secret = adit_secret_new (bytes, length);
  adit_wipe (bytes, sizeof bytes);
  return secret;
}
