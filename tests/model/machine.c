/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.c: the model of a session, of its crash and of the start after it.
 *
 * What it takes over from the product, and from where:
 *   client/core/session-table.c   the table itself, not a word of it twice
 *   client/core/session.c         handle(), enter(), apply_lock(), go_on(), undo(), arm_retry(),
 *                                 on_attempt_done(), adit_session_start()
 *   client/core/attempt.c         the order of a connection: lock, device, routes, resolver, handshake
 *   client/core/session-network.c follow_blocked()
 *   client/core/session-pause.c, client/helper/service-pause.c   what is open for a time, and its end
 *   client/core/undo.c            the way back: resolver, routes, device; every step is tried
 *   client/helper/service-session.c, helper.c, store*.c, recover.c  what is on disk before and after
 * What it leaves out: numbers of tries and seconds (either may happen), which place is wanted, listeners that ask for something
 * else inside "changed", a flush that the firewall's back end puts back by itself.
 *
 * A crash is a kill -9 before any effect or at rest.  Memory is gone then; lock, parts and disk are as they were, for the lock
 * belongs to the kernel, and the back ends note in the journal what they are about to change before they change it. */
#include "tests/model/machine.h"

static void handle (Run *run, AditEvent event, Why why);

/* undo.c: adit_undo_network() */
static gboolean
undo_network (Run *run)
{
  gboolean dns = run_effect (run, EFFECT_UNDO, PART_DNS), route = run_effect (run, EFFECT_UNDO, PART_ROUTE);

  return dns && route;
}

/* undo.c: adit_undo_all() */
static void
undo_all (Run *run)
{
  (void) undo_network (run);
  (void) run_effect (run, EFFECT_UNDO, PART_DEVICE);
}

/* session.c: wants_tunnel() and wants_lockdown() */
static gboolean
wants_tunnel (const Config *config)
{
  return config->wish && !config->paused;
}

static gboolean
wants_lockdown (const Config *config)
{
  return config->lockdown && !config->paused;
}

/* session.c: apply_lock() */
static gboolean
apply_lock (Run *run, guint lock)
{
  gboolean done = run_effect (run, EFFECT_LOCK, lock);

  run->config.refused = !done;
  return done;
}

/* session.c: undo() */
static void
undo (Run *run)
{
  run->config.shell = FALSE;
  if (run->config.refused && run->config.state == ADIT_STATE_BLOCKED && run->machine->fault != FAULT_UNDO_UNLOCKED)
    return;
  if (run->config.state != ADIT_STATE_DISCONNECTING)
    undo_all (run);
  else if (undo_network (run))
    run->config.shell = TRUE;
  else
    (void) run_effect (run, EFFECT_UNDO, PART_DEVICE);
}

/* session.c: adit_session_is_passing(), of the few reasons that are left here; offline needs no timer */
static gboolean
is_passing (Why why)
{
  return why == WHY_PASSING || why == WHY_LOCK_FAILED;
}

/* session.c: arm_retry(), the first of its two timers */
static gboolean
waits_for_lock (const Config *config)
{
  return config->refused ||
         (config->why == WHY_LOCK_FAILED && !wants_tunnel (config) &&
          (config->lockdown || config->lost || config->paused));
}

/* session.c: on_lock_due() and on_retry_due() */
static void
retry_due (Run *run)
{
  Config *config = &run->config;

  if (waits_for_lock (config) && !apply_lock (run, ADIT_LOCK_ALL))
    return;    /* the timer goes on */
  config->timer = TIMER_NONE;
  if (wants_tunnel (config))
    handle (run, ADIT_EVENT_RETRY_DUE, WHY_NONE);
  else if (!config->lost)
    handle (run, ADIT_EVENT_USER_DISCONNECT, WHY_NONE);
  else
    {
      undo_all (run);
      config->why = WHY_SETTINGS_LOST;
    }
}

/* session.c: go_on().  Whether it is the first try or a later one is not in the model, so either happens. */
static void
go_on (Run *run)
{
  Config *config = &run->config;

  if (run->machine->fault == FAULT_OPEN_FIRST && config->state == ADIT_STATE_DISCONNECTING)
    {
      handle (run, ADIT_EVENT_UNDONE, WHY_NONE);
      undo_all (run);
      return;
    }
  if (config->state == ADIT_STATE_DISCONNECTING && config->refused && wants_lockdown (config) && !apply_lock (run, ADIT_LOCK_ALL))
    {
      handle (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
      return;
    }
  undo (run);
  if (run->machine->fault != FAULT_NO_WAIT || !config_is_running (config))
    config->stage = STAGE_NONE;
  if (config->state == ADIT_STATE_DISCONNECTING)
    handle (run, ADIT_EVENT_UNDONE, WHY_NONE);
  else if (config->state == ADIT_STATE_CONNECTING && !run->died &&
           !(run->retrying && run->machine->fault == FAULT_IDLE))
    {
      if (run_choose (run, 2) == CHOICE_GOES)
        config->stage = STAGE_OFFER;
      else
        config->timer = TIMER_PAUSE;
    }
  else if (config->state == ADIT_STATE_BLOCKED &&
           (waits_for_lock (config) || (wants_tunnel (config) && is_passing (config->why))) &&
           run->machine->fault != FAULT_NO_RETRY)
    config->timer = TIMER_RETRY;
}

/* session.c: enter() */
static void
enter (Run *run, AditState next, Why why)
{
  Config *config = &run->config;
  guint lock = run->machine->lock[next][wants_lockdown (config)];

  config->timer = TIMER_NONE;
  if (next == ADIT_STATE_CONNECTED)
    lock |= LOCK_HAS_PEER;
  if (next != ADIT_STATE_DISCONNECTING && !apply_lock (run, lock))
    {
      if (next != ADIT_STATE_BLOCKED)
        {
          handle (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
          return;
        }
      why = WHY_LOCK_FAILED;
    }
  if (run->died)
    return;
  config->state = next;
  config->why = next == ADIT_STATE_BLOCKED ? why : WHY_NONE;
  run_tell (run, "now %s", adit_state_get_nick (next));
  if (next == ADIT_STATE_CONNECTED || next == ADIT_STATE_DISCONNECTED)
    return;
  if (config_is_running (config) && run->machine->fault != FAULT_NO_WAIT)
    config->cancelled = TRUE;
  else
    go_on (run);
}

/* session.c: handle() */
static void
handle (Run *run, AditEvent event, Why why)
{
  Config *config = &run->config;
  AditState next;
  gboolean again;

  if (run->died)
    return;
  next = run->machine->next[config->state][event];
  again = next == config->state;
  run_tell (run, "%s", adit_event_get_nick (event));
  if (again && !(next == ADIT_STATE_CONNECTING && event != ADIT_EVENT_UNDONE) &&
      !(next == ADIT_STATE_BLOCKED && (event == ADIT_EVENT_LOCK_FAILED || event == ADIT_EVENT_OFFLINE)))
    return;
  enter (run, next, why);
}

/* session.c: on_attempt_done(), for an attempt that nobody has cancelled */
static void
attempt_done (Run *run, AditEvent event, Why why)
{
  run->config.stage = event == ADIT_EVENT_CONFIRMED ? STAGE_UP : STAGE_NONE;
  handle (run, event, why);
}

/* attempt.c: on_offer() */
static void
offer (Run *run)
{
  gboolean device_first = run->machine->fault == FAULT_DEVICE_FIRST;

  if (device_first)
    (void) run_effect (run, EFFECT_SET_UP, PART_DEVICE);
  if (!apply_lock (run, ADIT_LOCK_PEER | LOCK_HAS_PEER))
    attempt_done (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
  else if (!device_first && !run_effect (run, EFFECT_SET_UP, PART_DEVICE))
    attempt_done (run, ADIT_EVENT_GAVE_UP, WHY_PASSING);
  else
    run->config.stage = STAGE_DEVICE;
}

/* attempt.c: on_tunnel_started() */
static void
device_started (Run *run)
{
  if (!run_effect (run, EFFECT_SET_UP, PART_ROUTE) || !run_effect (run, EFFECT_SET_UP, PART_DNS))
    attempt_done (run, ADIT_EVENT_GAVE_UP, WHY_PASSING);
  else
    run->config.stage = STAGE_HANDSHAKE;
}

/* service-pause.c: adit_service_follow_pause(); whoever dies before it is still in the pause */
static void
forget_pause (Run *run)
{
  if (!run->died)
    run->config.pause_file = run->config.asked_pause = FALSE;
}

/* session-pause.c: close_again() */
static void
close_again (Run *run)
{
  Config *config = &run->config;

  if (config->state == ADIT_STATE_DISCONNECTED && !apply_lock (run, run->machine->lock[config->state][config->lockdown]))
    handle (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
}

/* session-pause.c: adit_session_resume() */
static void
pause_ends (Run *run)
{
  run->config.paused = FALSE;
  if (run->config.wish)
    handle (run, ADIT_EVENT_USER_CONNECT, WHY_NONE);
  else
    close_again (run);
  forget_pause (run);
}

/* service-pause.c: work_pause(); session-pause.c: adit_session_pause() */
static void
user_pauses (Run *run)
{
  Config *config = &run->config;

  config->pause_file = config->asked_pause = TRUE;
  if (config->state == ADIT_STATE_DISCONNECTED && !apply_lock (run, ADIT_LOCK_OFF))
    {
      forget_pause (run);
      return;
    }
  config->paused = TRUE;
  if (config->state != ADIT_STATE_DISCONNECTED)
    handle (run, ADIT_EVENT_USER_DISCONNECT, WHY_NONE);
}

/* service-session.c: take_wish(); session.c: adit_session_connect() */
static void
user_connects (Run *run)
{
  if (!run_effect (run, EFFECT_SAVE_WISH, WISH_CONNECTED))
    return;
  run->config.asked_open = FALSE;
  run->config.wish = TRUE;
  run->config.lost = run->config.paused = FALSE;
  handle (run, ADIT_EVENT_USER_CONNECT, WHY_NONE);
  forget_pause (run);
}

/* store.c: adit_store_save_wish().  A full disk may take nothing more and still let go of what it has. */
static gboolean
save_disconnected (Run *run)
{
  return run_effect (run, EFFECT_SAVE_WISH, WISH_DISCONNECTED) || run_effect (run, EFFECT_SAVE_WISH, WISH_ABSENT);
}

/* service-session.c: work_disconnect(); session.c: adit_session_disconnect() */
static void
user_disconnects (Run *run)
{
  (void) save_disconnected (run);    /* a disk that takes nothing keeps nobody connected */
  run->config.asked_open = TRUE;
  run->config.wish = FALSE;
  run->config.lost = FALSE;
  if (run->config.paused)
    {
      run->config.paused = FALSE;
      if (run->config.lockdown)
        close_again (run);
    }
  handle (run, ADIT_EVENT_USER_DISCONNECT, WHY_NONE);
  forget_pause (run);
}

/* service-session.c: work_set_lockdown(); session-settings.c: adit_session_set_lockdown() */
static void
set_lockdown (Run *run, gboolean on)
{
  Config *config = &run->config;
  guint before = config->asked_lockdown;

  if (!run_effect (run, EFFECT_SAVE_SETTINGS, on ? SETTINGS_ON : SETTINGS_OFF))
    return;
  config->asked_lockdown = on;
  if (config->state == ADIT_STATE_DISCONNECTED && !apply_lock (run, run->machine->lock[config->state][on]))
    {
      /* Told as failed: what held before holds again, if the disk takes it. */
      if (run_effect (run, EFFECT_SAVE_SETTINGS, config->lockdown ? SETTINGS_ON : SETTINGS_OFF) || on)
        config->asked_lockdown = before;
      return;
    }
  config->lockdown = on;
  if (on && config->paused)
    pause_ends (run);
}

/* store.c: adit_store_load_wish(), its @lost */
static gboolean
is_wish_lost (const Config *config, Fault fault)
{
  return config->wish_file == WISH_CORRUPT ||
         (config->wish_file == WISH_ABSENT && config->settings != SETTINGS_ABSENT && fault != FAULT_ABSENCE);
}

/* run-files.c: adit_run_files_want_lock(), and what it reads from store.c */
static gboolean
want_lock (const Config *config, Fault fault)
{
  return config->wish_file == WISH_CONNECTED || is_wish_lost (config, fault) || config->settings == SETTINGS_ON ||
         config->settings == SETTINGS_CORRUPT || config->settings == SETTINGS_MARK_ONLY;
}

/* recover.c: adit_recover_lock(); by itself it is helper.c: keep_locked() */
static gboolean
recover_lock (Run *run)
{
  return (run->config.lock == ADIT_LOCK_OFF && !want_lock (&run->config, run->machine->fault)) ||
         run_effect (run, EFFECT_LOCK, ADIT_LOCK_ALL);
}

/* session.c: adit_session_start() */
static void
start_session (Run *run, Why why)
{
  Config *config = &run->config;
  gboolean present = config->lock != ADIT_LOCK_OFF;
  gboolean undo_first = run->machine->fault == FAULT_UNDO_FIRST;

  if (!present && ((why == WHY_STARTING && !wants_tunnel (config) && !wants_lockdown (config)) ||
                   run->machine->fault == FAULT_QUIET))
    {
      undo_all (run);
      config->state = ADIT_STATE_DISCONNECTED;
      return;
    }
  config->why = why;
  config->lost = why == WHY_SETTINGS_LOST;
  if (undo_first)
    undo_all (run);
  if (!apply_lock (run, ADIT_LOCK_ALL))
    {
      handle (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
      return;
    }
  if (!undo_first)
    undo_all (run);
  if (why == WHY_STARTING)
    handle (run, wants_tunnel (config) ? ADIT_EVENT_USER_CONNECT : ADIT_EVENT_USER_DISCONNECT, WHY_NONE);
}

/* helper.c: start_session(); store-settings.c: adit_store_load_settings(); store.c: adit_store_load_wish() */
static void
start_helper (Run *run)
{
  Config *config = &run->config;
  gboolean fresh = config->settings == SETTINGS_ABSENT || config->settings == SETTINGS_MARK_ONLY;
  gboolean lost = config->settings == SETTINGS_CORRUPT || config->settings == SETTINGS_MARK_ONLY;
  gboolean wish_lost = is_wish_lost (config, run->machine->fault);
  gboolean save_wish, save_settings;

  run->starting = TRUE;
  config->alive = TRUE;
  config->state = ADIT_STATE_BLOCKED;
  config->wish = config->wish_file == WISH_CONNECTED;
  lost = lost || (fresh && (config->wish || config->lock != ADIT_LOCK_OFF));
  config->lockdown = config->settings == SETTINGS_ON || lost;
  save_wish = !lost && !wish_lost && config->wish_file == WISH_ABSENT;
  save_settings = !lost && fresh;
  config->paused = config->pause_file && !lost && !wish_lost;
  if (!config->paused)
    forget_pause (run);
  start_session (run, lost || wish_lost ? WHY_SETTINGS_LOST : WHY_STARTING);
  if (run->died || ((!save_wish || save_disconnected (run)) &&
                    (!save_settings || run_effect (run, EFFECT_SAVE_SETTINGS, config->lockdown ? SETTINGS_ON : SETTINGS_OFF))))
    return;
  (void) recover_lock (run);
  config_forget_memory (config);
}

/* recover.c: recover() and open_lock() */
static void
recover (Run *run, gboolean open)
{
  gboolean saved;

  run->recovering = open ? RECOVERING_OPEN : RECOVERING;
  if (!open && run->machine->fault != FAULT_UNDO_UNLOCKED && !recover_lock (run))
    return;
  undo_all (run);
  if (!open)
    return;
  forget_pause (run);
  saved = save_disconnected (run);
  run->config.asked_open = TRUE;
  if (saved)
    (void) run_effect (run, EFFECT_SAVE_SETTINGS, SETTINGS_OFF);
  run->config.asked_lockdown = FALSE;
  (void) run_effect (run, EFFECT_LOCK, ADIT_LOCK_OFF);
}

/* With no file of ours and no rule left this is a computer on which nobody ever asked for anything: whoever may remove all of
 * them may open. */
static void
forget_if_all_is_gone (Config *config)
{
  if (config->alive || config->lock != ADIT_LOCK_OFF || config->wish_file != WISH_ABSENT || config->settings != SETTINGS_ABSENT)
    return;
  config->asked_open = TRUE;
  config->asked_lockdown = FALSE;
}

/* A power cut: nothing of the kernel's is left, and of the rest only the resolver file, which is a file (resolv-conf.c). */
static void
reboot (Config *config)
{
  config->lock = ADIT_LOCK_OFF;
  config->peer = FALSE;
  config->parts &= PART_DNS;
  config->stuck &= PART_DNS;
  config->pause_file = config->asked_pause = FALSE;
}

/* session.c: on_firewall_disturbed(), where it could not be put back */
static void
lock_removed (Run *run)
{
  run->config.lock = ADIT_LOCK_OFF;
  run->config.peer = FALSE;
  handle (run, ADIT_EVENT_LOCK_FAILED, WHY_LOCK_FAILED);
}

/* session-network.c: follow_blocked().  Going offline is the table's event, and comes in any state. */
static void
online (Run *run)
{
  if (run->machine->fault != FAULT_STAYS_OFFLINE)
    handle (run, ADIT_EVENT_RETRY_DUE, WHY_NONE);
}

static Why
stray_why (AditEvent event)
{
  return event == ADIT_EVENT_LOCK_FAILED ? WHY_LOCK_FAILED : event == ADIT_EVENT_GAVE_UP ? WHY_PASSING :
         event == ADIT_EVENT_OFFLINE ? WHY_OFFLINE : WHY_NONE;
}

/**
 * machine_init:
 * @self: (out): takes the product's table over, cell by cell
 */
void
machine_init (Machine *self)
{
  *self = (Machine) { .fault = FAULT_NONE };
  for (guint state = 0; state < ADIT_N_STATES; state++)
    {
      for (guint event = 0; event < ADIT_N_EVENTS; event++)
        self->next[state][event] = adit_session_table_next (state, event);
      self->lock[state][FALSE] = adit_session_table_lock (state, FALSE);
      self->lock[state][TRUE] = adit_session_table_lock (state, TRUE);
    }
}

static void
act (Run *run, Happening what)
{
  Config *config = &run->config;

  switch (what)
    {
    case HAPPENS_CONNECT: user_connects (run); break;
    case HAPPENS_DISCONNECT: user_disconnects (run); break;
    case HAPPENS_LOCKDOWN_ON: set_lockdown (run, TRUE); break;
    case HAPPENS_LOCKDOWN_OFF: set_lockdown (run, FALSE); break;
    case HAPPENS_PAUSE: user_pauses (run); break;
    case HAPPENS_PAUSE_ENDS: pause_ends (run); break;
    case HAPPENS_PAUSE_RUNS_OUT: config->pause_file = config->asked_pause = FALSE; break;
    case HAPPENS_OFFER: offer (run); break;
    case HAPPENS_DEVICE_STARTED: device_started (run); break;
    case HAPPENS_HANDSHAKE: attempt_done (run, ADIT_EVENT_CONFIRMED, WHY_NONE); break;
    case HAPPENS_TRY_FAILS: attempt_done (run, ADIT_EVENT_TRY_FAILED, WHY_NONE); break;
    case HAPPENS_GIVES_UP: attempt_done (run, ADIT_EVENT_GAVE_UP, WHY_PASSING); break;
    case HAPPENS_GIVES_UP_FOR_LONG: attempt_done (run, ADIT_EVENT_GAVE_UP, WHY_LASTING); break;
    case HAPPENS_LAST_WORD: config->cancelled = FALSE; config->stage = STAGE_NONE; go_on (run); break;
    case HAPPENS_PAUSE_OVER: config->timer = TIMER_NONE; config->stage = STAGE_OFFER; break;
    case HAPPENS_RETRY_DUE: retry_due (run); break;
    case HAPPENS_SHELL_DUE: config->shell = FALSE; (void) run_effect (run, EFFECT_UNDO, PART_DEVICE); break;
    case HAPPENS_LOCK_REMOVED: lock_removed (run); break;
    case HAPPENS_ONLINE: online (run); break;
    case HAPPENS_KILL: config_forget_memory (config); break;
    case HAPPENS_START: start_helper (run); break;
    case HAPPENS_START_FAILS: (void) recover_lock (run); break;
    case HAPPENS_RECOVER: recover (run, FALSE); break;
    case HAPPENS_RECOVER_OPEN: recover (run, TRUE); break;
    case HAPPENS_DEVICE_ENDS: config->parts &= ~PART_DEVICE; break;
    case HAPPENS_FLUSH: config->lock = ADIT_LOCK_OFF; config->peer = FALSE; break;
    case HAPPENS_REBOOT: reboot (config); break;
    case HAPPENS_SETTINGS_CORRUPT: config->settings = SETTINGS_CORRUPT; break;
    case HAPPENS_SETTINGS_DELETED:
      config->settings = config->settings == SETTINGS_ON ? SETTINGS_MARK_ONLY : SETTINGS_ABSENT;
      break;
    case HAPPENS_WISH_CORRUPT: config->wish_file = WISH_CORRUPT; break;
    case HAPPENS_WISH_DELETED: config->wish_file = WISH_ABSENT; break;
    default: handle (run, what - HAPPENS_STRAY, stray_why (what - HAPPENS_STRAY)); break;
    }
}

/**
 * machine_run:
 * @run: with its machine, script and story set; the rest is the answer
 * @from: where it begins
 * @what: an event that may happen there
 *
 * Lets @what happen, by the script and beyond its end as if all went well.
 */
void
machine_run (Run *run, const Config *from, Happening what)
{
  run->from = run->config = *from;
  run->n_choices = 0;
  run->recovering = NOT_RECOVERING;
  run->died = run->starting = FALSE;
  run->retrying = what == HAPPENS_RETRY_DUE;
  run->smooth = TRUE;
  run->broken = NULL;
  act (run, what);
  if (run->died)
    {
      run->config = run->at_death;
      config_forget_memory (&run->config);
    }
  forget_if_all_is_gone (&run->config);
}
