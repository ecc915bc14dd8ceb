/* SPDX-License-Identifier: GPL-2.0-or-later */
/* told-api.c: where a service has said that its API can be reached besides: one address with its port a line, each checked again
 * when it is read. */
#define G_LOG_DOMAIN "adit-store"

#include "client/helper/told-api.h"

#include <string.h>

#include "client/base/file.h"

#define FILE_MAX_BYTES 1024    /* ADIT_SERVICE_MAX_API lines of at most 48 characters */

/**
 * adit_told_api_load:
 * @path: the file
 * @api: (out caller-allocates) (array length=max_api): what it names
 * @max_api: how many fit
 *
 * What is no line of ours, or names nothing that a service may name, is left out.
 *
 * Returns: how many there are; 0 also where there is no file
 */
guint
adit_told_api_load (const char *path, AditEndpoint *api, guint max_api)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *text = adit_file_read (path, FILE_MAX_BYTES, &length, &error);
  g_auto (GStrv) lines = NULL;
  guint n_api = 0;

  if (error != NULL)
    g_warning ("%s is as if it were not there: %s", path, error->message);
  if (text == NULL || strlen (text) != length)
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL && n_api < max_api; line++)
    if (adit_endpoint_parse (*line, &api[n_api]) && adit_service_may_tell_api (&api[n_api]))
      n_api++;
  return n_api;
}

/**
 * adit_told_api_save:
 * @path: the file
 * @api: (array length=n_api): what it is to name
 * @n_api: how many there are
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
adit_told_api_save (const char *path, const AditEndpoint *api, guint n_api, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_api; i++)
    {
      g_autofree char *line = adit_endpoint_dup_text (&api[i]);

      g_string_append_printf (text, "%s\n", line);
    }
  return adit_file_write (path, text->str, text->len, 0644, error);
}
