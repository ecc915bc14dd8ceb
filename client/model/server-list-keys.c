/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server-list-keys.c: compares two lists of one service by the names of its servers. */
#include "client/model/server-list-keys.h"

#include <string.h>

static gboolean
has_key (const AditServerListServer *server)
{
  static const guint8 none[ADIT_WG_KEY_BYTES];

  return memcmp (server->key, none, sizeof none) != 0;
}

/**
 * adit_server_list_count_changed_keys:
 * @before: an earlier list of a service
 * @now: its list now
 * @first: (out caller-allocates): the name of one of the servers that are counted; "" where there is none
 *
 * A server that is new, gone, or takes no WireGuard in either has not changed its key.
 *
 * Returns: how many servers have another key than before
 */
guint
adit_server_list_count_changed_keys (AditServerList *before, AditServerList *now, char first[ADIT_SERVER_MAX_BYTES])
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  AditServerListServer server;
  guint n_changed = 0;

  first[0] = '\0';
  for (guint i = 0; i < adit_server_list_get_n_servers (before); i++)
    {
      adit_server_list_get_server (before, i, &server);
      if (has_key (&server))
        g_hash_table_insert (keys, (gpointer) server.name, g_memdup2 (server.key, sizeof server.key));
    }
  for (guint i = 0; i < adit_server_list_get_n_servers (now); i++)
    {
      const guint8 *key;

      adit_server_list_get_server (now, i, &server);
      key = has_key (&server) ? g_hash_table_lookup (keys, server.name) : NULL;
      if (key != NULL && memcmp (key, server.key, sizeof server.key) != 0 && n_changed++ == 0)
        g_strlcpy (first, server.name, ADIT_SERVER_MAX_BYTES);
    }
  return n_changed;
}
