/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.c: every network device of this network namespace but loopback and our tunnel counts as a way out. */
#include "platform/linux/links.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/ruleset.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * adit_links_list:
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Lists also virtual devices: a veth, a bridge, a macvlan or a foreign tunnel is a way out for somebody, and a kind that we have
 * not heard of must not be an open door.  What is left out is loopback, which leaves nowhere, and our own device, whose carrier is
 * seen on the link below.
 *
 * Returns: (transfer full) (nullable): names in alphabetic order; %NULL if they cannot be listed or one cannot be written into a rule
 */
char **
adit_links_list (GError **error)
{
  struct if_nameindex *all = if_nameindex ();
  GPtrArray *names;

  if (all == NULL)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot list the network devices: %s", g_strerror (errno));
      return NULL;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; all[i].if_index != 0; i++)
    {
      if (g_str_equal (all[i].if_name, "lo") || g_str_equal (all[i].if_name, ADIT_TUNNEL_DEVICE))
        continue;
      if (!adit_ruleset_link_valid (all[i].if_name))
        {
          g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED,
                       "network device number %u has a name that no firewall rule can hold; rename it", all[i].if_index);
          g_ptr_array_unref (names);
          if_freenameindex (all);
          return NULL;
        }
      g_ptr_array_add (names, g_strdup (all[i].if_name));
    }
  if_freenameindex (all);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}
