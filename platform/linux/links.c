/* SPDX-License-Identifier: GPL-2.0-or-later */
/* links.c: every network device of this network namespace but loopback and our tunnel counts as a way out. */
#define G_LOG_DOMAIN "adit-lock"
#include "platform/linux/links.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "client/base/error.h"
#include "platform/linux/marks.h"
#include "platform/linux/ruleset.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Loopback leaves nowhere; what enters our own device is seen again, as its carrier, on the link below. */
static gboolean
is_way_out (const char *name)
{
  return !g_str_equal (name, "lo") && !g_str_equal (name, ADIT_TUNNEL_DEVICE);
}

static struct if_nameindex *
list_all (GError **error)
{
  struct if_nameindex *all = if_nameindex ();

  if (all == NULL)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot list the network devices: %s", g_strerror (errno));
  return all;
}

/**
 * adit_links_list:
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * Lists also virtual devices: a veth, a bridge, a macvlan or a foreign tunnel is a way out for somebody, and a kind that we have
 * not heard of must not be an open door.  What is left out is loopback, our own device, and devices whose name cannot be written
 * into a rule; for these there is adit_links_silence_unwritable().
 *
 * Returns: (transfer full) (nullable): names in alphabetic order
 */
char **
adit_links_list (GError **error)
{
  struct if_nameindex *all = list_all (error);
  GPtrArray *names;

  if (all == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; all[i].if_index != 0; i++)
    if (is_way_out (all[i].if_name) && adit_ruleset_link_valid (all[i].if_name))
      g_ptr_array_add (names, g_strdup (all[i].if_name));
  if_freenameindex (all);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/**
 * adit_links_dup_stamp:
 *
 * Two equal stamps mean that the same devices were there under the same names at both times: the kernel gives a device that comes
 * back a new number.
 *
 * Returns: (transfer full) (nullable): the ways out with their numbers; %NULL where they cannot be listed
 */
char *
adit_links_dup_stamp (void)
{
  struct if_nameindex *all = list_all (NULL);
  GString *stamp;

  if (all == NULL)
    return NULL;
  stamp = g_string_new (NULL);
  for (guint i = 0; all[i].if_index != 0; i++)
    if (is_way_out (all[i].if_name))
      g_string_append_printf (stamp, "%u:%s/", all[i].if_index, all[i].if_name);
  if_freenameindex (all);
  return g_string_free (stamp, FALSE);
}

static gboolean
switch_off (int fd, const struct if_nameindex *link, GError **error)
{
  struct ifreq request = { 0 };

  g_strlcpy (request.ifr_name, link->if_name, sizeof request.ifr_name);
  if (ioctl (fd, SIOCGIFFLAGS, &request) == 0)
    {
      if ((request.ifr_flags & IFF_UP) == 0)
        return TRUE;
      request.ifr_flags = (short) (request.ifr_flags & ~IFF_UP);
      if (ioctl (fd, SIOCSIFFLAGS, &request) == 0)
        {
          g_warning ("network device number %u has a name that no firewall rule can hold; "
                     "it is switched off while the lock is on", link->if_index);
          return TRUE;
        }
    }
  if (errno == ENODEV)
    return TRUE;
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED,
               "network device number %u has a name that no firewall rule can hold and cannot be switched off (%s); rename it",
               link->if_index, g_strerror (errno));
  return FALSE;
}

/**
 * adit_links_silence_unwritable:
 * @error: return location; %ADIT_ERROR_LOCK_FAILED
 *
 * A device with a quote, a backslash or an asterisk in its name can have no egress chain.  So that whoever made it cannot keep
 * the lock from being set, it is switched off instead, and that is said.  It stays so until its owner renames it or the lock is
 * off.
 *
 * Returns: whether no such device is up
 */
gboolean
adit_links_silence_unwritable (GError **error)
{
  struct if_nameindex *all = list_all (error);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean done = all != NULL && fd >= 0;

  if (all != NULL && fd < 0)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_LOCK_FAILED, "cannot look at the network devices: %s", g_strerror (errno));
  for (guint i = 0; done && all[i].if_index != 0; i++)
    if (is_way_out (all[i].if_name) && !adit_ruleset_link_valid (all[i].if_name))
      done = switch_off (fd, &all[i], error);
  if (fd >= 0)
    close (fd);
  if (all != NULL)
    if_freenameindex (all);
  return done;
}
