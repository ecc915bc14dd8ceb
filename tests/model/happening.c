/* SPDX-License-Identifier: GPL-2.0-or-later */
/* happening.c: what may happen when, and its words. */
#include "tests/model/machine.h"

/* Any event may come in any state, as if its source had been confused, but for those whose source is the session's own hand:
 * the user's are asked for above, and three are raised only where go_on(), on_attempt_done() and on_retry_due() stand. */
static gboolean
may_stray (const Config *config, AditEvent event)
{
  switch (event)
    {
    case ADIT_EVENT_USER_CONNECT:
    case ADIT_EVENT_USER_DISCONNECT:
      return FALSE;
    case ADIT_EVENT_CONFIRMED:
      return config->state != ADIT_STATE_CONNECTING;
    case ADIT_EVENT_UNDONE:
      return config->state != ADIT_STATE_DISCONNECTING;
    case ADIT_EVENT_RETRY_DUE:
      return config->state != ADIT_STATE_BLOCKED;
    default:
      return TRUE;
    }
}

/**
 * happening_is_possible:
 * @what: an event
 * @config: a configuration at rest
 *
 * Returns: whether it can come now
 */
gboolean
happening_is_possible (Happening what, const Config *config)
{
  gboolean runs = config_is_running (config) && !config->cancelled;

  if (!config->alive)
    switch (what)
      {
      case HAPPENS_PAUSE_RUNS_OUT: return config->pause_file;
      case HAPPENS_DEVICE_ENDS: return (config->parts & PART_DEVICE) != 0;
      case HAPPENS_FLUSH: return config->lock != ADIT_LOCK_OFF;
      case HAPPENS_SETTINGS_CORRUPT: return config->settings == SETTINGS_OFF || config->settings == SETTINGS_ON;
      case HAPPENS_SETTINGS_DELETED: return config->settings == SETTINGS_OFF || config->settings == SETTINGS_ON;
      case HAPPENS_WISH_CORRUPT:
      case HAPPENS_WISH_DELETED: return config->wish_file == WISH_CONNECTED || config->wish_file == WISH_DISCONNECTED;
      default: return what >= HAPPENS_START;
      }
  if (what >= HAPPENS_STRAY && what < HAPPENS_KILL)
    return may_stray (config, what - HAPPENS_STRAY);
  switch (what)
    {
    case HAPPENS_PAUSE: return !config->paused && !config->lost && (config->wish || config->lockdown);
    case HAPPENS_PAUSE_ENDS: return config->paused;
    case HAPPENS_OFFER: return runs && config->stage == STAGE_OFFER;
    case HAPPENS_DEVICE_STARTED: return runs && config->stage == STAGE_DEVICE;
    case HAPPENS_HANDSHAKE: return runs && config->stage == STAGE_HANDSHAKE;
    case HAPPENS_TRY_FAILS:
    case HAPPENS_GIVES_UP:
    case HAPPENS_GIVES_UP_FOR_LONG: return runs;
    case HAPPENS_LAST_WORD: return config->cancelled;
    case HAPPENS_PAUSE_OVER: return config->timer == TIMER_PAUSE;
    case HAPPENS_RETRY_DUE: return config->timer == TIMER_RETRY;
    case HAPPENS_SHELL_DUE: return config->shell;
    case HAPPENS_ONLINE: return config->state == ADIT_STATE_BLOCKED && config->why == WHY_OFFLINE && config->wish;
    case HAPPENS_LOCK_REMOVED: return config->lock != ADIT_LOCK_OFF;
    default: return what <= HAPPENS_LOCKDOWN_OFF || what == HAPPENS_KILL;
    }
}

/**
 * happening_is_users:
 * @what: an event
 *
 * Returns: whether somebody has to do something for it
 */
gboolean
happening_is_users (Happening what)
{
  return what <= HAPPENS_PAUSE || what == HAPPENS_RECOVER || what == HAPPENS_RECOVER_OPEN;
}

/**
 * happening_get_nick:
 * @what: an event
 *
 * Returns: (transfer none): its name
 */
const char *
happening_get_nick (Happening what)
{
  static const char *const nicks[N_HAPPENINGS] = {
    [HAPPENS_CONNECT] = "the user connects", [HAPPENS_DISCONNECT] = "the user disconnects",
    [HAPPENS_LOCKDOWN_ON] = "lockdown on", [HAPPENS_LOCKDOWN_OFF] = "lockdown off", [HAPPENS_OFFER] = "an offer comes",
    [HAPPENS_DEVICE_STARTED] = "the device is there", [HAPPENS_HANDSHAKE] = "handshake", [HAPPENS_TRY_FAILS] = "the try fails",
    [HAPPENS_GIVES_UP] = "gives up", [HAPPENS_GIVES_UP_FOR_LONG] = "gives up for long",
    [HAPPENS_LAST_WORD] = "the cancelled attempt ends", [HAPPENS_PAUSE_OVER] = "pause over", [HAPPENS_RETRY_DUE] = "retry due",
    [HAPPENS_SHELL_DUE] = "the shell goes", [HAPPENS_LOCK_REMOVED] = "another program removes the lock",
    [HAPPENS_ONLINE] = "a link leads out again", [HAPPENS_KILL] = "the helper is killed", [HAPPENS_START] = "the helper starts",
    [HAPPENS_START_FAILS] = "the helper cannot start", [HAPPENS_RECOVER] = "recover", [HAPPENS_RECOVER_OPEN] = "recover --open",
    [HAPPENS_DEVICE_ENDS] = "the device ends with its process", [HAPPENS_FLUSH] = "another program flushes the rules",
    [HAPPENS_REBOOT] = "reboot", [HAPPENS_SETTINGS_CORRUPT] = "the settings are damaged",
    [HAPPENS_PAUSE] = "the user pauses", [HAPPENS_PAUSE_ENDS] = "the pause is over",
    [HAPPENS_PAUSE_RUNS_OUT] = "the pause runs out with nobody there",
    [HAPPENS_SETTINGS_DELETED] = "the settings are deleted", [HAPPENS_WISH_CORRUPT] = "the wish is damaged",
    [HAPPENS_WISH_DELETED] = "the wish is deleted",
  };

  if (what >= HAPPENS_STRAY && what < HAPPENS_KILL)
    return adit_event_get_nick (what - HAPPENS_STRAY);
  return nicks[what];
}
