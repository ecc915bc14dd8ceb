/* SPDX-License-Identifier: GPL-2.0-or-later */
/* portal.c: opens and shuts.  Three things end it, each by itself: the kernel's time on the hole, the clock here, and the end of
 * the program.  A helper that starts ends what an earlier one has left. */
#define G_LOG_DOMAIN "adit-portal"

#include "client/helper/portal.h"

#include "client/base/error.h"
#include "platform/alarm.h"
#include "platform/connectivity.h"
#include "platform/group.h"

#define LOOK_MS 1000

struct _AditPortal
{
  AditPlatform     *platform;
  AditSession      *session;
  AditConnectivity *connectivity;
  gboolean          is_captive;    /* as NetworkManager has it, which looks only while nothing is locked */
  gboolean          is_open;
  AditAlarm        *alarm;         /* (nullable): when its time is over */
  guint             timer;
  AditPortalChanged changed;       /* (nullable) */
  gpointer          user_data;
};

static void
tell (AditPortal *self)
{
  if (self->changed != NULL)
    self->changed (self->user_data);
}

static void
on_captive (gboolean is_captive, gpointer user_data)
{
  AditPortal *self = user_data;

  if (self->is_captive == is_captive)
    return;
  self->is_captive = is_captive;
  tell (self);
}

/**
 * adit_portal_new:
 * @bus: the system bus
 * @platform: outlives the result
 * @session: the same
 *
 * Returns: (transfer full): no hole
 */
AditPortal *
adit_portal_new (GDBusConnection *bus, AditPlatform *platform, AditSession *session)
{
  AditPortal *self = g_new0 (AditPortal, 1);

  self->platform = platform;
  self->session = session;
  self->connectivity = adit_connectivity_new (bus, on_captive, self);
  adit_group_end (ADIT_PORTAL_GROUP);
  return self;
}

/**
 * adit_portal_free:
 * @self: (nullable): a portal; what is open is shut
 */
void
adit_portal_free (AditPortal *self)
{
  if (self == NULL)
    return;
  adit_portal_close (self);
  adit_connectivity_free (self->connectivity);
  g_free (self);
}

/**
 * adit_portal_watch:
 * @self: a portal
 * @changed: (nullable): called when adit_portal_is_likely() may answer something else, or time or its program has ended a hole
 * @user_data: for @changed
 */
void
adit_portal_watch (AditPortal *self, AditPortalChanged changed, gpointer user_data)
{
  self->changed = changed;
  self->user_data = user_data;
}

static void
on_rings (gpointer user_data)
{
  adit_portal_close (user_data);
  tell (user_data);
}

static gboolean
on_look (gpointer user_data)
{
  AditPortal *self = user_data;

  if (!adit_group_is_empty (ADIT_PORTAL_GROUP))
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  adit_portal_close (self);
  tell (self);
  return G_SOURCE_REMOVE;
}

/**
 * adit_portal_open:
 * @self: a portal
 * @pidfd: the program that is going to show the page
 * @uid: its user
 * @gateway: (out caller-allocates): where the page is looked for
 * @seconds: (out): for how long it can be
 * @error: return location; %ADIT_ERROR_BUSY where another one is open, %ADIT_ERROR_INVALID_ARGUMENT, %ADIT_ERROR_OFFLINE,
 *   %ADIT_ERROR_LOCK_FAILED
 *
 * Returns: whether @pidfd, and what it starts, and nobody else, can reach the network's router
 */
gboolean
adit_portal_open (AditPortal *self, int pidfd, guint32 uid, AditAddress *gateway, guint *seconds, GError **error)
{
  AditPortalHole hole;

  if (self->is_open)
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_BUSY, "A program shows the network's page already");
      return FALSE;
    }
  if (!adit_network_find_portal (self->platform->network, &hole, error) || !adit_group_make (ADIT_PORTAL_GROUP, error))
    return FALSE;
  self->is_open = TRUE;    /* first: what the session tells while it is being opened may shut it again */
  self->alarm = adit_alarm_new (adit_alarm_get_now_us () + ADIT_PORTAL_MAX_S * G_TIME_SPAN_SECOND, on_rings, self, error);
  if (self->alarm == NULL || !adit_session_open_portal (self->session, &hole, ADIT_PORTAL_MAX_S, error) ||
      !adit_group_join (ADIT_PORTAL_GROUP, pidfd, uid, error))    /* last: where anything fails nobody is in it to be ended */
    {
      adit_portal_close (self);
      return FALSE;
    }
  self->timer = g_timeout_add (LOOK_MS, on_look, self);
  *gateway = hole.gateway;
  *seconds = ADIT_PORTAL_MAX_S;
  g_message ("one program may reach this network's router");
  return TRUE;
}

/**
 * adit_portal_close:
 * @self: a portal
 *
 * Shuts the hole, then ends the program.
 */
void
adit_portal_close (AditPortal *self)
{
  if (!self->is_open)
    return;
  self->is_open = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->alarm, adit_alarm_free);
  adit_session_close_portal (self->session);
  adit_group_end (ADIT_PORTAL_GROUP);
  g_message ("no program may reach this network's router any more");
}

/**
 * adit_portal_is_open:
 * @self: a portal
 *
 * Returns: whether a program has it
 */
gboolean
adit_portal_is_open (AditPortal *self)
{
  return self->is_open;
}

/**
 * adit_portal_follow:
 * @self: a portal
 *
 * The session has changed: a new wish, or an open lock, ends it.
 */
void
adit_portal_follow (AditPortal *self)
{
  AditState state = adit_session_get_state (self->session);

  if (self->is_open && ((state != ADIT_STATE_BLOCKED && state != ADIT_STATE_DISCONNECTED) ||
                        adit_session_get_lock (self->session) == ADIT_LOCK_OFF))
    adit_portal_close (self);
}

/**
 * adit_portal_is_likely:
 * @self: a portal
 *
 * While nothing is locked NetworkManager's check says it; while locked an answer in a service's place does.
 *
 * Returns: whether this network probably asks people to show themselves
 */
gboolean
adit_portal_is_likely (AditPortal *self)
{
  AditState state = adit_session_get_state (self->session);

  if (adit_session_get_lock (self->session) == ADIT_LOCK_OFF)
    return self->is_captive;
  if (state != ADIT_STATE_BLOCKED && state != ADIT_STATE_CONNECTING)
    return FALSE;
  return adit_session_is_untrusted (self->session) ||
         (state == ADIT_STATE_BLOCKED && g_error_matches (adit_session_get_error (self->session), ADIT_ERROR,
                                                          ADIT_ERROR_SERVICE_NONSENSE));
}
