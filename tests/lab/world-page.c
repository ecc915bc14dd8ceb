/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world-page.c: a person whom a service sends to a page of its own to sign in. */
#include "config.h"
#include "tests/lab/world.h"

#define CERTIFICATE "/etc/adit/lab-ca.pem"

/* The command line says what to do in one line, and in the next one where. */
static char *
read_url (GDataInputStream *said, GError **error)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (said, NULL, NULL, error);

      if (line == NULL)
        break;
      if (g_str_has_prefix (line, "https://"))
        return g_steal_pointer (&line);
      g_string_append_printf (words, "%s\n", line);
    }
  if (error != NULL && *error == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no page to sign in at: %s", words->str);
  return NULL;
}

/**
 * adit_world_login_by_page:
 * @self: the world
 * @service: a service that shows a page
 * @url: (out) (optional) (transfer full): where the page is
 * @error: return location
 *
 * Root types "adit login", and opens the page that it names: whoever sits there is known to the service already.
 *
 * Returns: whether the command line says that this has been enough
 */
gboolean
adit_world_login_by_page (AditWorld *self, const char *service, char **url, GError **error)
{
  const char *curl[] = { "curl", "-sSf", "--cacert", CERTIFICATE, "--max-time", "5", NULL, NULL };
  const char *const argv[] = { "timeout", "90", g_getenv ("ADIT_PROGRAM"), "login", service, NULL };
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) login = adit_world_spawn (self, 0, launcher, argv, error);
  g_autoptr (GDataInputStream) said = NULL;    /* open to the end: the command line may have more to say */
  g_autoptr (AditLabResult) page = NULL;
  g_autofree char *found = NULL;

  if (login == NULL)
    return FALSE;
  said = g_data_input_stream_new (g_subprocess_get_stderr_pipe (login));
  found = read_url (said, error);
  if (found == NULL)
    {
      g_subprocess_force_exit (login);
      return FALSE;
    }
  curl[G_N_ELEMENTS (curl) - 2] = found;
  page = adit_world_run (self, 0, curl);
  if (page->status != 0)
    {
      g_subprocess_force_exit (login);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s is not shown: %s", found, page->err);
      return FALSE;
    }
  if (url != NULL)
    *url = g_steal_pointer (&found);
  return g_subprocess_wait_check (login, NULL, error);
}
