/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-names.c: while connected: does whoever is to answer names inside the tunnel answer?  One who stops alone is told of.
 * Nothing else is done about it: what goes on inside still works, and whose turn it is to answer is the user's to say. */
#define G_LOG_DOMAIN "adit-session"

#include "client/core/session-private.h"

#define QUESTION_BYTES 1    /* as short as one can be */

static void ask_next (AditSession *self);

/* Each that is asked inside; one outside is not asked by us, and may well be who answers. */
static const AditAddress *
get_resolver (AditSession *self, guint number)
{
  const AditReach *reach = &self->lock.reach;
  const AditTunnelSpec *spec = adit_session_get_spec (self);

  if (reach->n_outside > 0 || spec == NULL)
    return NULL;
  if (reach->n_inside > 0)
    return number < reach->n_inside ? &reach->inside[number] : NULL;
  return number < spec->n_dns ? &spec->dns[number] : NULL;
}

static void
conclude (AditSession *self, gboolean is_answered)
{
  AditTunnelProgress progress;

  if (!adit_tunnel_read_progress (adit_attempt_get_tunnel (self->attempt), &progress, NULL) ||
      !adit_name_watch_told (&self->names, is_answered, &progress))
    return;
  if (self->names.are_dead)
    g_warning ("nobody answers names in the tunnel, which carries everything else");
  else
    g_info ("names are answered in the tunnel again");
  adit_session_changed (self);
}

static void
on_told (gboolean is_through, gpointer user_data)
{
  AditSession *self = user_data;

  g_clear_pointer (&self->names_probe, adit_path_probe_free);
  if (!is_through)
    ask_next (self);
  if (self->names_probe == NULL)
    conclude (self, is_through);
}

/* One that cannot even be asked, of a family that is switched off, is passed over. */
static void
ask_next (AditSession *self)
{
  const AditAddress *resolver;

  while (self->names_probe == NULL && (resolver = get_resolver (self, self->names_asked)) != NULL)
    {
      self->names_asked++;
      self->names_probe = adit_path_probe_new (resolver, QUESTION_BYTES, on_told, self);
    }
}

/**
 * adit_session_look_at_names:
 * @self: a connected session
 * @progress: its tunnel's counters now
 *
 * Asks those who answer names inside, where it is time to.
 */
void
adit_session_look_at_names (AditSession *self, const AditTunnelProgress *progress)
{
  if (self->names_probe != NULL || get_resolver (self, 0) == NULL ||
      !adit_name_watch_is_due (&self->names, progress, g_get_monotonic_time ()))
    return;
  self->names_asked = 0;
  ask_next (self);
}

/**
 * adit_session_forget_names:
 * @self: a session
 *
 * Nothing is known of who answers names: there is another tunnel or none, or others are asked from now on.
 */
void
adit_session_forget_names (AditSession *self)
{
  g_clear_pointer (&self->names_probe, adit_path_probe_free);
  self->names = (AditNameWatch) { 0 };
}
