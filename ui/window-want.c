/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window-want.c: what a key of the desktop or another program's line wants of the window, done as soon as it can be. */
#include "config.h"
#include "ui/window-private.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/trouble.h"

#define WAIT_S 10    /* for the places; who is connected later than that did not mean to be */

static gboolean
has_place (AditServerList *servers, const AditPlace *place)
{
  g_autoptr (AditPlaceSieve) sieve = adit_place_sieve_new (servers, &(AditPlaceLook) { 0 });
  AditPlaceRow row;

  return adit_place_sieve_find (sieve, place, &row);
}

/* A list that came meanwhile may not have it any more. */
static void
go_to_place (AditWindow *self)
{
  AditServerList *servers = adit_mirror_get_list (self->mirror);
  AditExplanation words;

  if (servers == NULL)
    return;
  if (!has_place (servers, &self->wanted_place))
    {
      adit_explain_error (ADIT_ERROR_NO_SUCH_PLACE, &words);
      adit_trouble_say (GTK_WIDGET (self), words.what, words.remedy);
      return;
    }
  adit_mirror_set_place (self->mirror, &self->wanted_place);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-home", NULL);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static gboolean
is_wished (const AditStatus *status)
{
  return status->state != ADIT_STATE_DISCONNECTED && status->state != ADIT_STATE_DISCONNECTING;
}

static void
forget (AditWindow *self)
{
  self->want = ADIT_WINDOW_WANT_NOTHING;
  g_clear_handle_id (&self->want_source, g_source_remove);
}

/* Where there is no helper, or nobody is signed in, the window says that itself. */
static gboolean
on_waited (gpointer user_data)
{
  AditWindow *self = user_data;
  gboolean lacks_list = adit_mirror_get_account (self->mirror) != NULL && adit_mirror_get_list (self->mirror) == NULL;

  self->want_source = 0;
  self->want = ADIT_WINDOW_WANT_NOTHING;
  if (lacks_list && adit_mirror_get_presence (self->mirror) == ADIT_PRESENCE_HERE)
    adit_trouble_say (GTK_WIDGET (self), _("Your service has not told its places yet."),
                      _("Choose the place in the list as soon as it is there, then connect."));
  return G_SOURCE_REMOVE;
}

/**
 * adit_window_want:
 * @self: a window
 * @want: what is wanted of it; the last wish counts
 */
void
adit_window_want (AditWindow *self, AditWindowWant want)
{
  forget (self);
  self->want = want;
  if (want == ADIT_WINDOW_WANT_PLACE)
    self->want_source = g_timeout_add_seconds (WAIT_S, on_waited, self);
  adit_window_follow_want (self);
}

/**
 * adit_window_go:
 * @self: a window
 * @place: where somebody wants to leave from, whatever is connected now
 */
void
adit_window_go (AditWindow *self, const AditPlace *place)
{
  self->wanted_place = *place;
  adit_window_want (self, ADIT_WINDOW_WANT_PLACE);
}

/**
 * adit_window_search:
 * @self: a window
 * @text: what somebody looks for among the places
 */
void
adit_window_search (AditWindow *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-places", NULL);
  adit_places_page_set_text (self->places, text);
}

/**
 * adit_window_follow_want:
 * @self: a window, whose mirror may have changed
 *
 * Waits until there is a helper and it is known who is signed in.  Where nobody is, the window asks for that, and nothing else is
 * done.
 */
void
adit_window_follow_want (AditWindow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  AditWindowWant want = self->want;

  if (want == ADIT_WINDOW_WANT_NOTHING || adit_mirror_get_presence (self->mirror) != ADIT_PRESENCE_HERE || status == NULL ||
      !adit_mirror_has_accounts (self->mirror))
    return;
  if (want == ADIT_WINDOW_WANT_PLACE && adit_mirror_get_account (self->mirror) != NULL &&
      adit_mirror_get_list (self->mirror) == NULL)
    return;    /* it comes, or on_waited() */
  forget (self);
  if (want == ADIT_WINDOW_WANT_TOGGLED)
    want = is_wished (status) ? ADIT_WINDOW_WANT_DISCONNECTED : ADIT_WINDOW_WANT_CONNECTED;
  if (want == ADIT_WINDOW_WANT_PLACE)
    go_to_place (self);
  else if (want == ADIT_WINDOW_WANT_DISCONNECTED)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.disconnect", NULL);
  else if (!is_wished (status))    /* what stands is not taken down for it */
    gtk_widget_activate_action (GTK_WIDGET (self), status->pause_left_s > 0 ? "win.resume" : "win.connect", NULL);
}
