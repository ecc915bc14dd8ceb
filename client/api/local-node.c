/* SPDX-License-Identifier: GPL-2.0-or-later */
/* local-node.c: a process called "myst", and a listener at the ports of its local API, as the kernel lists them; no packet is
 * sent.  Who asks is the person's own program: the helper has no business with it. */
#include "client/api/local-node.h"

#include <string.h>

#define NAME "myst"    /* the node's program */

/* Of tequilapi: a packaged node listens at the first, the service's older desktop program starts one at the second. */
static const guint16 api_ports[] = { 4050, 44050 };

static const char *
get_comma (const GString *text)
{
  return text->len > 0 ? ", " : "";
}

static void
add_processes (const char *proc, GString *text)
{
  g_autoptr (GDir) folder = g_dir_open (proc, 0, NULL);
  const char *entry;

  while (folder != NULL && (entry = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (proc, entry, "comm", NULL), *name = NULL;
      guint64 process;

      if (g_ascii_string_to_unsigned (entry, 10, 1, G_MAXUINT32, &process, NULL) &&
          g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (g_strchomp (name), NAME))
        g_string_append_printf (text, "%s" NAME " runs (process %u)", get_comma (text), (guint) process);
    }
}

/* "  1: 0100007F:0FD2 00000000:0000 0A ..." is somebody who listens at 127.0.0.1:4050: proc_net_tcp.rst of the kernel.  A node's
 * API is asked at no other address than this computer's own. */
static gboolean
has_listener (const char *table, guint16 port)
{
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  g_autofree char *loopback = g_strdup_printf ("0100007F:%04X", port), *any = g_strdup_printf ("00000000:%04X", port);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (g_strchug (*line), " ", 5);

      if (g_strv_length (words) == 5 && (g_str_equal (words[1], loopback) || g_str_equal (words[1], any)) &&
          g_str_equal (words[3], "0A"))
        return TRUE;
    }
  return FALSE;
}

/**
 * adit_local_node_describe:
 * @proc: where the kernel lists processes and sockets: ADIT_PROC
 *
 * Returns: (transfer full): for instance "myst runs (process 812), its API's port 4050 is open here"; "" where there is nothing
 * of it.  Of a computer that counts its addresses the other way round only the process is seen.
 */
char *
adit_local_node_describe (const char *proc)
{
  g_autofree char *path = g_build_filename (proc, "net", "tcp", NULL), *table = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  add_processes (proc, text);
  if (g_file_get_contents (path, &table, NULL, NULL))
    for (gsize i = 0; i < G_N_ELEMENTS (api_ports); i++)
      if (has_listener (table, api_ports[i]))
        g_string_append_printf (text, "%sits API's port %u is open here", get_comma (text), api_ports[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
