/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look.c: the one table from state to words, icon, colour and what the large button does. */
#include "config.h"
#include "ui/look.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"

enum { ROW_LOCKDOWN = ADIT_N_STATES, ROW_PAUSED, ROW_PARTLY, ROW_LOOKING, ROW_AWAY, N_ROWS };

/* The words of a state are those of the command line. */
static const struct
{
  const char *word, *sentence, *icon_name, *style_class, *button, *action_name;
  gboolean    suggested;
} rows[N_ROWS] = {
  [ADIT_STATE_BLOCKED] = { NULL, N_("Nothing leaves this computer until this is solved or you disconnect."),
                           "action-unavailable-symbolic", "blocked", N_("Disconnect"), "win.disconnect", FALSE },
  [ADIT_STATE_CONNECTING] = { NULL, N_("Nothing leaves this computer until the tunnel stands."),
                              "network-vpn-acquiring-symbolic", "connecting", N_("Cancel"), "win.disconnect", FALSE },
  [ADIT_STATE_CONNECTED] = { NULL, N_("Everything leaves through the tunnel."),
                             "network-vpn-symbolic", "connected", N_("Disconnect"), "win.disconnect", FALSE },
  [ADIT_STATE_DISCONNECTING] = { NULL, N_("The network is being put back as it was."),
                                 "network-vpn-acquiring-symbolic", "connecting", N_("Disconnect"), NULL, FALSE },
  [ADIT_STATE_DISCONNECTED] = { NULL, N_("Traffic leaves this computer without a tunnel."),
                                "network-vpn-disconnected-symbolic", "disconnected", N_("Connect"), "win.connect", TRUE },
  [ROW_LOCKDOWN] = { NULL, N_("Lockdown is on: nothing leaves this computer until you connect."),
                     "action-unavailable-symbolic", "blocked", N_("Connect"), "win.connect", TRUE },
  [ROW_PAUSED] = { N_("Paused, not protected"), N_("Everything may leave this computer until the pause is over."),
                   "network-vpn-disconnected-symbolic", "disconnected", N_("Resume"), "win.resume", TRUE },
  [ROW_PARTLY] = { NULL, N_("Only the networks that the file names can be reached, through the tunnel."),
                   "network-vpn-symbolic", "connected", N_("Disconnect"), "win.disconnect", FALSE },
  [ROW_LOOKING] = { N_("One moment"), N_("Asking the helper."), "network-vpn-acquiring-symbolic", "unknown", N_("Connect"), NULL,
                    TRUE },
  [ROW_AWAY] = { N_("No helper"), N_("What was locked stays locked; what was open stays open."), "network-vpn-disabled-symbolic",
                 "unknown", N_("Try Again"), "win.look-again", TRUE },
};

static guint
find_row (AditPresence presence, const AditStatus *status, gboolean is_whole)
{
  if (presence == ADIT_PRESENCE_AWAY)
    return ROW_AWAY;
  if (presence != ADIT_PRESENCE_HERE || status == NULL)
    return ROW_LOOKING;
  if (status->state == ADIT_STATE_DISCONNECTED && status->pause_left_s > 0)
    return ROW_PAUSED;
  if (status->state == ADIT_STATE_DISCONNECTED && status->lockdown)
    return ROW_LOCKDOWN;
  if (status->state == ADIT_STATE_CONNECTED && !is_whole)
    return ROW_PARTLY;
  return (guint) status->state < ADIT_N_STATES ? (guint) status->state : (guint) ADIT_STATE_BLOCKED;
}

/**
 * adit_look_find:
 * @presence: whether there is a helper
 * @status: (nullable): what it told
 * @is_whole: whether everything leaves through the tunnel that it speaks of, and not only what goes to some networks
 * @look: (out caller-allocates): words, translated, and names that live for ever
 */
void
adit_look_find (AditPresence presence, const AditStatus *status, gboolean is_whole, AditLook *look)
{
  guint row = find_row (presence, status, is_whole);

  look->word = rows[row].word != NULL ? _(rows[row].word) : adit_explain_state (status->state, status->lockdown);
  look->sentence = _(rows[row].sentence);
  look->icon_name = rows[row].icon_name;
  look->style_class = rows[row].style_class;
  look->button = _(rows[row].button);
  look->action_name = rows[row].action_name;
  look->suggested = rows[row].suggested;
}
