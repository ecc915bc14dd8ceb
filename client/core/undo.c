/* SPDX-License-Identifier: GPL-2.0-or-later */
/* undo.c: backwards through the order of a connection.  The same function after a disconnect, between two tries, after a crash
 * and in `adit recover`, so it does not ask what was done: every back end looks for what is its own.  One alone may be spared,
 * the one that has begun with the next tunnel. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/undo.h"

/* Every step is tried, whatever became of the one before; the first error is the one that is told. */
static void
keep_first (GError **first, GError *next)
{
  if (next == NULL)
    return;
  g_warning ("%s", next->message);
  if (*first == NULL)
    *first = next;
  else
    g_error_free (next);
}

static gboolean
tell (GError *first, GError **error)
{
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}

/**
 * adit_undo_network:
 * @platform: the back ends
 * @error: return location; the first of what could not be undone
 *
 * Puts resolver, routes and kernel settings back to what they were before Adit.  Of the tunnel a shell is left: a device that is
 * down and has neither address nor route.
 *
 * Returns: whether everything is as it was, but for that
 */
gboolean
adit_undo_network (AditPlatform *platform, GError **error)
{
  GError *first = NULL, *local = NULL;

  for (guint i = 0; i < platform->n_dns; i++)
    {
      (void) adit_dns_revert (platform->dns[i], &local);
      keep_first (&first, g_steal_pointer (&local));
    }
  (void) adit_route_revert (platform->route, &local);
  keep_first (&first, local);
  return tell (first, error);
}

/* For a device the kernel needs tens of milliseconds.  The last back end is the first: it is the one with a process, which would
 * ask a device that another one takes away for packets until it is ended. */
static gboolean
stop_tunnels (AditPlatform *platform, const AditTunnel *spared, GError **error)
{
  GError *first = NULL, *local = NULL;

  for (guint i = platform->n_tunnels; i-- > 0;)
    if (platform->tunnels[i] != spared)
      {
        (void) adit_tunnel_stop (platform->tunnels[i], &local);
        keep_first (&first, g_steal_pointer (&local));
      }
  return tell (first, error);
}

/**
 * adit_undo_tunnels:
 * @platform: the back ends
 * @error: return location; the first of what could not be undone
 *
 * Ends what is behind the device and removes that.
 *
 * Returns: whether nothing of the tunnel is left
 */
gboolean
adit_undo_tunnels (AditPlatform *platform, GError **error)
{
  return stop_tunnels (platform, NULL, error);
}

/**
 * adit_undo_but:
 * @platform: the back ends
 * @spared: (nullable): the back end whose next tunnel has begun; it has seen to what was left of its last one
 * @error: return location; the first of what could not be undone
 *
 * As adit_undo_all().
 *
 * Returns: whether everything else is as it was
 */
gboolean
adit_undo_but (AditPlatform *platform, const AditTunnel *spared, GError **error)
{
  GError *first = NULL, *next = NULL;

  (void) adit_undo_network (platform, &first);
  (void) stop_tunnels (platform, spared, &next);    /* each has said what it could not do */
  if (first == NULL)
    first = next;
  else
    g_clear_error (&next);
  return tell (first, error);
}

/**
 * adit_undo_all:
 * @platform: the back ends
 * @error: return location; the first of what could not be undone
 *
 * Puts resolver, routes, kernel settings and device back to what they were before Adit.  Never touches the lock.
 *
 * Returns: whether everything is as it was
 */
gboolean
adit_undo_all (AditPlatform *platform, GError **error)
{
  return adit_undo_but (platform, NULL, error);
}
