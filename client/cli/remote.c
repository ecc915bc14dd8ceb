/* SPDX-License-Identifier: GPL-2.0-or-later */
/* remote.c: whether this program was typed at another computer, by what ssh leaves in the environment.  The helper takes it as a
 * hint that makes it careful, and looks for itself. */
#include "client/cli/cli.h"

#include <string.h>
#include <unistd.h>

#include "client/api/remote.h"

#define VARIABLE      "SSH_CONNECTION"    /* "client-address client-port server-address server-port": ssh(1) */
#define MAX_ANCESTORS 16

/* sudo takes the variable away, and whoever asked it is an ancestor who still has it. */
static char *
dup_of_ancestor (void)
{
  GPid pid = getppid ();

  for (guint i = 0; i < MAX_ANCESTORS && pid > 1; i++)
    {
      g_autofree char *environ_path = g_strdup_printf ("/proc/%d/environ", pid);
      g_autofree char *stat_path = g_strdup_printf ("/proc/%d/stat", pid), *bytes = NULL, *stat = NULL;
      const char *end;
      gsize length;

      if (!g_file_get_contents (environ_path, &bytes, &length, NULL) || !g_file_get_contents (stat_path, &stat, NULL, NULL))
        return NULL;
      for (const char *at = bytes; at < bytes + length; at += strlen (at) + 1)
        if (g_str_has_prefix (at, VARIABLE "="))
          return g_strdup (at + strlen (VARIABLE "="));
      end = strrchr (stat, ')');
      pid = end != NULL && strlen (end) > 4 ? (GPid) g_ascii_strtoll (end + 4, NULL, 10) : 0;    /* proc_pid_stat(5) */
    }
  return NULL;
}

static gboolean
read_end (const char *address, const char *port, AditEndpoint *end)
{
  g_autofree char *plain = g_strndup (address, strcspn (address, "%"));    /* a link-local one bears its link */
  guint64 number = 0;

  if (!adit_address_parse (plain, &end->address) || !g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
    return FALSE;
  end->port = (guint16) number;
  return TRUE;
}

/* FALSE where nothing says so; a connection that cannot be read is none, and the person has come by it all the same. */
static gboolean
find_remote (AditFlow *flow)
{
  g_autofree char *text = g_strdup (g_getenv (VARIABLE));
  g_auto (GStrv) words = NULL;

  if (text == NULL && (g_getenv ("SUDO_UID") != NULL || g_getenv ("PKEXEC_UID") != NULL || g_getenv ("DOAS_USER") != NULL))
    text = dup_of_ancestor ();
  *flow = (AditFlow) { 0 };
  if (text == NULL)
    return FALSE;
  words = g_strsplit (text, " ", -1);
  if (g_strv_length (words) != 4 || !read_end (words[0], words[1], &flow->remote) ||
      !read_end (words[2], words[3], &flow->local))
    *flow = (AditFlow) { 0 };
  return TRUE;
}

/**
 * adit_cli_way_options:
 * @cli: this run
 *
 * Returns: (transfer floating): the options of a method that may close the lock: how the person has come, how they stay in, and
 * what they have answered, whose descriptor is the first that goes with the call
 */
GVariant *
adit_cli_way_options (AditCli *cli)
{
  GVariantBuilder options;
  AditFlow flow;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (find_remote (&flow))
    g_variant_builder_add (&options, "{sv}", "remote", adit_remote_to_variant (&flow));
  if (cli->confirm_within_s != 0)
    g_variant_builder_add (&options, "{sv}", "confirm_within", g_variant_new_uint32 ((guint32) cli->confirm_within_s));
  if (cli->keep_session)
    g_variant_builder_add (&options, "{sv}", "keep_session", g_variant_new_boolean (TRUE));
  if (cli->answer_fds != NULL)
    g_variant_builder_add (&options, "{sv}", "answer", g_variant_new_handle (0));
  return g_variant_builder_end (&options);
}
